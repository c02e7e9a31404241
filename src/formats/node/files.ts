// Files by position, and whole files bounded in size; every fault of the system is an E_IO with its path. Knows no format.
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { ConcordError, isConcordError } from "../../base/index.ts";
import type { ByteSource } from "../index.ts";

const reasons: Record<string, [problem: string, hint?: string, expected?: string]> = {
  ENOENT: ["no such file or folder", "check the path", "a file or folder of this name"],
  EACCES: ["permission denied", "check the owner and the mode of the file and its folder"],
  EPERM: ["not permitted", "check the owner and the mode of the file and its folder"],
  EROFS: ["the file system is read-only", "choose another folder"],
  ENOSPC: ["the disk is full", "free some space or choose another folder"],
  EDQUOT: ["the disk quota is used up", "free some space or choose another folder"],
  EFBIG: ["the file grew past a limit", "raise the limit (ulimit -f) or choose another file system"],
  ENOTDIR: ["a part of the path is not a folder", "check the path"],
  EISDIR: ["a folder, not a file", "name a file inside it"],
  ELOOP: ["too many symbolic links", "check where the links lead"],
  EMFILE: ["too many open files", "raise ulimit -n"],
};

/** A system fault as E_IO; a Concord error stays as it is. */
export function ioError(cause: unknown, operation: string, path: string): ConcordError {
  if (isConcordError(cause)) return cause;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? "";
  const [problem, hint, expected] = reasons[code] ?? ["the system refused"];
  const got = code in reasons ? code : ((cause as Error | undefined)?.message ?? String(cause));
  return new ConcordError("E_IO", { operation, problem, expected, got, hint, path, cause });
}

/** An open file. */
export interface FileSource extends ByteSource {
  /** Closes the file; reading after that is an E_IO. */
  close(): Promise<void>;
}

/**
 * Opens a regular file for positioned reads (a symbolic link is followed: model caches are made of them).
 * @param path the file
 * @throws E_IO when it cannot be opened or is not a regular file
 * @example const source = await fileSource("model.safetensors"); try { … } finally { await source.close(); }
 */
export async function fileSource(path: string): Promise<FileSource> {
  const operation = "read file";
  let file: FileHandle | undefined;
  try {
    // Not blocking: a named pipe in a model folder must not hang the reader.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = await file.stat();
    if (facts.isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    if (!facts.isFile()) throw new ConcordError("E_IO", { operation, problem: "not a regular file", path });
    return sourceOf(file, path, facts.size);
  } catch (cause) {
    await file?.close().catch(() => {});
    throw ioError(cause, operation, path);
  }
}

function sourceOf(file: FileHandle, path: string, sizeBytes: number): FileSource {
  const readInto = async (start: number, target: Uint8Array) => {
    try {
      for (let done = 0; done < target.byteLength; ) {
        const length = Math.min(target.byteLength - done, 2 ** 30); // one read moves at most 2 GiB
        const { bytesRead } = await file.read(target, done, length, start + done);
        if (bytesRead === 0)
          throw new ConcordError("E_IO", { operation: "read file", problem: "the file became shorter", path });
        done += bytesRead;
      }
    } catch (cause) {
      throw ioError(cause, "read file", path);
    }
  };
  return {
    name: path,
    sizeBytes,
    readInto,
    read: async (start, length) => {
      const bytes = new Uint8Array(length);
      await readInto(start, bytes);
      return bytes;
    },
    close: () => file.close(),
  };
}

/**
 * A whole file, refused before it is read when it is larger than expected.
 * @param path the file
 * @param maxBytes most bytes; default 16 MiB
 * @throws E_IO when it cannot be read; E_FORMAT when it is larger
 * @example JSON.parse(new TextDecoder().decode(await readWholeFile("config.json")))
 */
export async function readWholeFile(path: string, maxBytes: number = 2 ** 24): Promise<Uint8Array> {
  const source = await fileSource(path);
  try {
    if (source.sizeBytes > maxBytes)
      throw new ConcordError("E_FORMAT", {
        operation: "read file",
        problem: "the file is too large for what it should be",
        expected: `at most ${maxBytes} bytes`,
        got: `${source.sizeBytes} bytes`,
        path,
      });
    return await source.read(0, source.sizeBytes);
  } finally {
    await source.close();
  }
}
