// A folder as a server gives it out, in the place of fetch.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { vi } from "vitest";

/**
 * Serves a folder at `http://here/model/` until `vi.unstubAllGlobals`.
 * @param change what the server gives instead of a file
 * @returns names of the files that were asked for
 */
export function serveFolder(folder: string, change: (name: string, bytes: Uint8Array) => Uint8Array = (_, b) => b) {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string | URL, { signal }: { signal?: AbortSignal } = {}) => {
    const name = new URL(url).pathname.replace("/model/", "");
    asked.push(name);
    signal?.throwIfAborted();
    try {
      return new Response(change(name, readFileSync(join(folder, name))) as Uint8Array<ArrayBuffer>);
    } catch {
      return new Response("", { status: 404 });
    }
  });
  return asked;
}
