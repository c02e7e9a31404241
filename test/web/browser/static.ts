// A static server, as any host of files: folders by the first part of a path, and files made in memory.
import { createReadStream, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".png": "image/png",
};

/**
 * Serves until closed.
 * @param folders by the first part of a path; the one named "" has the rest
 * @param files by path
 * @param more headers of each answer
 */
export async function serveStatic(
  folders: Readonly<Record<string, string>>,
  files: Readonly<Record<string, string | Uint8Array>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const asked = normalize(new URL(request.url!, "http://host").pathname);
    const path = asked.endsWith("/") ? `${asked}index.html` : asked;
    const headers = { ...more, "Content-Type": types[extname(path)] ?? "application/octet-stream" };
    if (files[path] !== undefined) return void response.writeHead(200, headers).end(files[path]);
    const [, folder = "", ...rest] = path.split("/");
    const file = folders[folder] === undefined ? join(folders[""] ?? "/none", path) : join(folders[folder], ...rest);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
    response.writeHead(200, headers);
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}
