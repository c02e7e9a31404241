// Files of web exports in the browser's Cache Storage, under their hashes: a new version never meets an old copy. What fails here is not kept.
import type { WebManifest } from "../index.ts";

/** Copies of one export's files. */
export interface FileCache {
  find(url: string, sha256: string): Promise<Uint8Array | undefined>;
  keep(url: string, sha256: string, bytes: Uint8Array): Promise<void>;
  /** Removes the files of earlier versions of the export. */
  removeOthers(): Promise<void>;
}

const cacheName = "concord-models";

const keyOf = (url: string, sha256: string): string => `${url}?sha256=${sha256}`;

/** @returns undefined where the page has no Cache Storage: insecure or private pages, Node */
export async function openFileCache(base: URL, { files }: WebManifest): Promise<FileCache | undefined> {
  const cache = await (globalThis.caches as CacheStorage | undefined)?.open(cacheName).catch(() => undefined);
  if (!cache) return undefined;
  return {
    async find(url, sha256) {
      const found = await cache.match(keyOf(url, sha256)).catch(() => undefined);
      return found && new Uint8Array(await found.arrayBuffer());
    },
    // a full disk must not keep a page from answering
    keep: (url, sha256, bytes) =>
      cache.put(keyOf(url, sha256), new Response(bytes as Uint8Array<ArrayBuffer>)).catch(() => {}),
    async removeOthers() {
      const kept = new Set(Object.entries(files).map(([name, { sha256 }]) => keyOf(new URL(name, base).href, sha256)));
      for (const { url } of await cache.keys().catch(() => []))
        if (url.startsWith(base.href) && !kept.has(url)) await cache.delete(url).catch(() => false);
    },
  };
}
