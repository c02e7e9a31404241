// Contents that may be fetched in chunks, each named by its SHA-256: bytes in memory, or a file.
import { open } from "node:fs/promises";
import { ioError } from "../../formats/node/index.ts";
import { sha256 } from "../blobs.ts";
import { cuts, type Manifest } from "./limits.ts";

/** What a member may fetch. */
export interface Published {
  readonly manifest: Manifest;
  chunk(index: number): Promise<Uint8Array>;
}

/** Bytes in memory, in chunks. */
export function publishedBytes(bytes: Uint8Array, chunkBytes: number): Published {
  const pieces = cuts(bytes.length, chunkBytes).map(([a, b]) => bytes.subarray(a, b));
  return {
    manifest: { bytes: bytes.length, chunkBytes, chunks: pieces.map(sha256) },
    chunk: async (i) => pieces[i]!,
  };
}

/** A file, read chunk by chunk. */
export async function publishedFile(path: string, chunkBytes: number): Promise<Published> {
  const read = async (start: number, end: number) => {
    const file = await open(path, "r");
    try {
      const bytes = new Uint8Array(end - start);
      await file.read(bytes, 0, bytes.length, start);
      return bytes;
    } finally {
      await file.close();
    }
  };
  const file = await open(path, "r").catch((cause: unknown) => {
    throw ioError(cause, "publish file", path);
  });
  const { size } = await file.stat().finally(() => file.close());
  const places = cuts(size, chunkBytes);
  const chunks: string[] = [];
  for (const [start, end] of places) chunks.push(sha256(await read(start, end)));
  return { manifest: { bytes: size, chunkBytes, chunks }, chunk: (i) => read(...places[i]!) };
}
