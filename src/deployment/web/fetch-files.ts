// The files of a web export from a server: none but those that the manifest names, none larger than it says, each checked before use.
import { ConcordError } from "../../base/index.ts";
import { parseWebManifest, type WebFile, type WebManifest, webManifestName } from "../index.ts";
import { type FileCache, openFileCache } from "./file-cache.ts";

/** How far a download is. */
export interface DownloadProgress {
  /** The file that bytes came of. */
  readonly file: string;
  /** Bytes of all files so far. */
  readonly loaded: number;
  /** Bytes of all files. */
  readonly total: number;
}

export interface FetchOptions {
  /**
   * `sha256-…` of manifest.json, as `concord export --to web` prints it. With it, whoever serves the folder cannot change it; without it, the
   * folder is checked against its own manifest only. Default none.
   */
  readonly integrity?: string;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Aborting ends the download. */
  readonly signal?: AbortSignal;
  /** Keeps files in the browser's Cache Storage, by their hashes. Default true; where a page has none, nothing is kept. */
  readonly cache?: boolean;
}

/** The files of a web export, checked. */
export interface FetchedExport {
  readonly url: string;
  readonly manifest: WebManifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const operation = "open web export";

/**
 * Downloads a web export.
 * @param folder its URL
 * @throws E_IO for what the server does not give; E_CHECKSUM for a file that is not as the manifest says, or a manifest that is not as
 * `integrity` says; E_FORMAT, E_VERSION for a manifest; E_DEPENDENCY where the page cannot compute SHA-256; E_INTERRUPTED after an abort
 */
export async function fetchExport(
  folder: string | URL,
  { integrity, onProgress, signal, cache: keeps = true }: FetchOptions,
): Promise<FetchedExport> {
  const here = (globalThis as { location?: { href: string } }).location?.href;
  const base = new URL(`${String(folder).replace(/\/*$/, "")}/`, here);
  const at = new URL(webManifestName, base).href;
  checkIntegrityForm(integrity);
  const bytes = await download(at, { signal, most: 2 ** 16 });
  checkNoPage(bytes, at);
  await checkManifest(bytes, integrity, at);
  const manifest = parseWebManifest(bytes, at);
  const cache = keeps ? await openFileCache(base, manifest) : undefined;
  const total = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  const stop = new AbortController(); // the first fault ends the other downloads, and nothing is told after it
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let loaded = 0;
  const files = await Promise.all(
    Object.entries(manifest.files).map(async ([file, expected]) => {
      const onBytes = (count: number) => {
        loaded += count;
        if (!stop.signal.aborted) onProgress?.({ file, loaded, total });
      };
      const options = { cache, signal: either, onBytes };
      return [file, await checkedFile(new URL(file, base).href, expected, options)] as const;
    }),
  ).catch((fault: unknown) => {
    stop.abort();
    throw fault;
  });
  await cache?.removeOthers();
  return { url: base.href, manifest, files: new Map(files) };
}

/** Development servers answer with a page where a file is missing. @throws E_IO */
function checkNoPage(bytes: Uint8Array, path: string): void {
  const start = new TextDecoder().decode(bytes.subarray(0, 60)).trim();
  if (!start.startsWith("<")) return;
  throw new ConcordError("E_IO", {
    operation,
    problem: "the server answers with a page instead of the file",
    expected: webManifestName,
    got: start,
    hint: "copy the export into the folder of static files: public/ for Vite and Next.js",
    path,
  });
}

interface Download {
  readonly cache?: FileCache;
  readonly signal?: AbortSignal;
  onBytes(count: number): void;
}

async function checkedFile(
  url: string,
  { bytes: size, sha256 }: WebFile,
  { cache, signal, onBytes }: Download,
): Promise<Uint8Array> {
  const kept = await cache?.find(url, sha256);
  if (kept?.length === size && (await digestOf(kept)) === sha256) {
    onBytes(size);
    return kept;
  }
  const bytes = await download(url, { signal, most: size, onBytes });
  if (bytes.length < size) throw changed(url, `${size} bytes`, `${bytes.length} bytes`);
  const digest = await digestOf(bytes);
  if (digest !== sha256) throw changed(url, `SHA-256 ${sha256}`, digest);
  await cache?.keep(url, sha256, bytes);
  return bytes;
}

const changed = (path: string, expected: string, got: string) =>
  new ConcordError("E_CHECKSUM", {
    operation,
    problem: "the file is not the one that the manifest names",
    expected,
    got,
    hint: "deploy the whole folder again, and clear what a server or a CDN keeps of an earlier one",
    path,
  });

/** @param most bytes that are read */
async function download(
  url: string,
  { signal, most, onBytes }: { readonly signal?: AbortSignal; readonly most: number; onBytes?(count: number): void },
): Promise<Uint8Array> {
  const failed = (got: string, cause?: unknown) =>
    signal?.aborted
      ? new ConcordError("E_INTERRUPTED", { operation, problem: "the download was stopped", path: url, cause })
      : new ConcordError("E_IO", { operation, problem: "a file cannot be read", got, path: url, cause });
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw failed("no answer", cause);
  });
  if (!response.ok || response.status === 204) throw failed(`status ${response.status}`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = response.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw failed("the connection ended", cause);
    });
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel().catch(() => {});
      throw changed(url, `at most ${most} bytes`, "more");
    }
    chunks.push(value);
    onBytes?.(value.length);
    if (signal?.aborted) throw failed("");
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function digestOf(bytes: Uint8Array): Promise<string> {
  return Array.from(await sha256Of(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function sha256Of(bytes: Uint8Array): Promise<Uint8Array> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle; // pages have it in secure contexts only
  if (!subtle)
    throw new ConcordError("E_DEPENDENCY", {
      operation,
      problem: "this page cannot compute SHA-256: browsers allow it only for https and localhost",
      hint: "serve the page by https",
    });
  return new Uint8Array(await subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>));
}

function checkIntegrityForm(integrity: string | undefined): void {
  if (integrity === undefined || /^sha256-[A-Za-z0-9+/]{43}=$/.test(integrity)) return;
  throw new ConcordError("E_ARGUMENT", {
    operation,
    problem: "integrity is not a SHA-256 in base64",
    expected: "sha256-…, as concord export --to web prints it",
    got: integrity,
  });
}

async function checkManifest(bytes: Uint8Array, integrity: string | undefined, path: string): Promise<void> {
  if (integrity === undefined) return;
  const got = `sha256-${btoa(String.fromCharCode(...(await sha256Of(bytes))))}`;
  if (got === integrity) return;
  throw new ConcordError("E_CHECKSUM", {
    operation,
    problem: "the manifest is not the one that this page expects",
    expected: integrity,
    got,
    hint: "if you exported the model again, update integrity in the page",
    path,
  });
}
