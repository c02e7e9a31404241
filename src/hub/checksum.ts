// Checks a file against a hub's checksum while it is written or copied.
import { createHash, type Hash } from "node:crypto";
import { ConcordError } from "../base/index.ts";
import type { HubFile } from "./repository.ts";

/** Takes a file's bytes in order. */
export interface Digest {
  update(bytes: Uint8Array): void;
  /** SHA-256 of all bytes. @throws E_CHECKSUM where they are not those of the hub */
  finish(): string;
}

/** @param sizeBytes of the whole file: a Git blob's checksum begins with it */
export function digestOf({ name, checksum }: HubFile, sizeBytes: number): Digest {
  const sha256 = createHash("sha256");
  const git: Hash | undefined =
    checksum?.algorithm === "git-sha1" ? createHash("sha1").update(`blob ${sizeBytes}\0`) : undefined;
  return {
    update: (bytes) => {
      sha256.update(bytes);
      git?.update(bytes);
    },
    finish: () => {
      const digest = sha256.digest("hex");
      const found = git ? git.digest("hex") : digest;
      if (checksum && found !== checksum.value)
        throw new ConcordError("E_CHECKSUM", {
          operation: "download a model",
          problem: "the file is not the one that the hub describes",
          expected: checksum.value,
          got: found,
          hint: "run the same command again; if it stays so, the mirror or the cache holds another file",
          path: name,
        });
      return digest;
    },
  };
}
