// One file of a model: continued where it was broken off, checked while it arrives, refused where it is longer than announced.
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { ConcordError, isConcordError } from "../base/index.ts";
import { ioError } from "../formats/node/index.ts";
import { maxBytesOf } from "./allowed-files.ts";
import { type Digest, digestOf } from "./checksum.ts";
import { type Answer, ask, type Connection, interrupted, pause, shown, tries, unreachable } from "./http.ts";
import type { ModelName } from "./model-name.ts";
import { checksumOf, type HubFile, refused } from "./repository.ts";

/** A file that was downloaded. */
export interface Downloaded {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Whether the hub gave a checksum to hold it against. */
  readonly checked: boolean;
}

export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** Told the bytes of this file that are there. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Downloads a file to `path`; what an earlier try left there is continued.
 * @throws E_SERVER, E_INTERRUPTED, with what has come so far kept; E_CHECKSUM, E_FORMAT, with nothing kept; E_IO
 */
export async function downloadFile(
  connection: Connection,
  name: ModelName,
  file: HubFile,
  path: string,
  options: DownloadOptions = {},
): Promise<Downloaded> {
  const parts = [name.repository, "resolve", encodeURIComponent(name.revision), file.name];
  const url = `${connection.endpoint}/${parts.join("/")}`;
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 1; ; attempt++) {
    try {
      return await transfer({ connection, name, file, path, url, options });
    } catch (cause) {
      if (isConcordError(cause, "E_CHECKSUM") || isConcordError(cause, "E_FORMAT")) await rm(path, { force: true });
      if (isConcordError(cause)) throw cause;
      if (options.signal?.aborted) throw interrupted(cause);
      if (isOfFiles(cause)) throw ioError(cause, "download a model", path);
      if (attempt === tries) throw unreachable(connection, url, cause);
      await pause(connection, attempt, options.signal);
    }
  }
}

interface Transfer {
  readonly connection: Connection;
  readonly name: ModelName;
  readonly file: HubFile;
  readonly path: string;
  readonly url: string;
  readonly options: DownloadOptions;
}

/** One request for what is missing. Faults of the network come as they are, for another try. */
async function transfer({ connection, name, file, path, url, options }: Transfer): Promise<Downloaded> {
  const { signal, onBytes } = options;
  const have = (await stat(path).catch(() => undefined))?.size ?? 0;
  const isWhole = have > 0 && have === file.sizeBytes;
  if (isWhole)
    return { sizeBytes: have, sha256: await checkFile(path, file, have), checked: file.checksum !== undefined };
  const headers: Record<string, string> = {
    "accept-encoding": "identity",
    ...(have > 0 && { range: `bytes=${have}-` }),
  };
  const answer = await ask(connection, url, { headers, signal });
  if (answer.status === 416) {
    await answer.body.dump();
    await rm(path, { force: true });
    throw new Error("the server does not continue the file");
  }
  if (answer.status !== 200 && answer.status !== 206) throw await refused(connection, answer, url, name);
  const start = startOf(answer, have);
  const total = sizeOf(answer, start, file, url);
  const known = { ...file, checksum: file.checksum ?? checksumOf(answer.first["x-linked-etag"] ?? answer.first.etag) };
  const digest = digestOf(known, total);
  if (start > 0) await feed(digest, path, signal);
  const target = await open(path, start > 0 ? "r+" : "w");
  try {
    await append(answer, target, start, total, digest, { name: file.name, onBytes });
    await target.sync();
  } finally {
    await target.close();
  }
  return { sizeBytes: total, sha256: digest.finish(), checked: known.checksum !== undefined };
}

/** Where the answer's bytes begin: 0 from a server that sends the whole file. */
function startOf({ status, headers }: Answer, have: number): number {
  if (status === 200) return 0;
  const start = Number(/^bytes (\d+)-/.exec(String(headers["content-range"]))?.[1]);
  if (start === have) return start;
  throw new Error("the server sends another part of the file");
}

function sizeOf(answer: Answer, start: number, file: HubFile, url: string): number {
  const length = Number(answer.headers["content-length"]);
  const total = file.sizeBytes ?? (Number.isSafeInteger(length) ? start + length : Number.NaN);
  const most = maxBytesOf(file.name) ?? 0;
  if (total <= most && (Number.isNaN(length) || start + length === total)) return total;
  throw new ConcordError("E_FORMAT", {
    operation: "download a model",
    problem: "the file has not the size that the hub gave",
    expected: `${file.sizeBytes ?? `at most ${most}`} bytes`,
    got: `${start + length} bytes`,
    path: shown(url),
  });
}

async function append(
  { body }: Answer,
  target: FileHandle,
  start: number,
  total: number,
  digest: Digest,
  { name, onBytes }: { name: string; onBytes?: (bytes: number) => void },
): Promise<void> {
  let at = start;
  for await (const part of body as AsyncIterable<Buffer>) {
    if (at + part.length > total)
      throw new ConcordError("E_FORMAT", {
        operation: "download a model",
        problem: "the file has not the size that the hub gave",
        expected: `${total} bytes`,
        got: "more bytes",
        path: name,
      });
    await target.write(part, 0, part.length, at);
    digest.update(part);
    at += part.length;
    onBytes?.(at);
  }
  await target.truncate(at);
  if (at < total) throw new Error("the connection ended before the file");
}

async function feed(digest: Digest, path: string, signal?: AbortSignal): Promise<void> {
  for await (const part of createReadStream(path, { highWaterMark: 2 ** 20, signal })) digest.update(part as Buffer);
}

/** SHA-256 of a file on the disk, held against the hub's checksum. @throws E_CHECKSUM, E_IO */
export async function checkFile(path: string, file: HubFile, sizeBytes: number): Promise<string> {
  const digest = digestOf(file, sizeBytes);
  await feed(digest, path).catch((cause: unknown) => {
    throw ioError(cause, "read", path);
  });
  return digest.finish();
}

const isOfFiles = (cause: unknown): boolean =>
  /^(ENOSPC|EACCES|EPERM|EROFS|EDQUOT|EISDIR|ENOTDIR|EFBIG|EMFILE)$/.test((cause as NodeJS.ErrnoException)?.code ?? "");
