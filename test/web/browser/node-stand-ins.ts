// What test files use of node:fs, node:path and node:url, inside a worker: files come from the test server, at once.

/** A file's bytes, or its text. */
export function readFileSync(path: string, encoding?: "utf8"): Uint8Array | string {
  const bytes = new Uint8Array(request(path));
  return encoding ? new TextDecoder().decode(bytes) : bytes;
}

/** The names in a folder. */
export const readdirSync = (path: string): string[] => JSON.parse(readFileSync(`${path}/`, "utf8") as string);

export const existsSync = (): boolean => false;

export const join = (...parts: string[]): string => parts.join("/");

export const fileURLToPath = (url: URL): string => url.pathname;

function request(path: string): ArrayBuffer {
  const xhr = new XMLHttpRequest();
  xhr.open("GET", path, false); // a worker may wait for the answer
  xhr.responseType = "arraybuffer";
  xhr.send();
  if (xhr.status !== 200) throw new Error(`${path}: ${xhr.status}`);
  return xhr.response as ArrayBuffer;
}
