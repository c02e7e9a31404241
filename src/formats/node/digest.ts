// The digest of a file.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ioError } from "./files.ts";

/** SHA-256 of a file's content, hex. @throws E_IO */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  } catch (cause) {
    throw ioError(cause, "read", path);
  }
  return hash.digest("hex");
}
