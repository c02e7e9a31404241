// Serves the page with a web export of a run, on this machine only.
//   npm run build && npm run concord -- export runs/disease --to web
//   node dist/examples/browser/serve.js runs/disease/web      then open the address that it prints
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/**
 * @param root of the project
 * @param model folder that `concord export --to web` wrote
 * @param port 0 takes a free one
 * @throws where the page does not build or the port is taken
 */
export async function serve(root: string, model: string, port = 0): Promise<{ url: string; server: Server }> {
  const bundle = await build({
    entryPoints: [join(root, "examples/browser/page.ts")],
    bundle: true,
    minify: true,
    platform: "browser",
    format: "esm",
    target: "es2022",
    write: false,
    logLevel: "silent",
  });
  const pages: Readonly<Record<string, string | Uint8Array>> = {
    "/": readFileSync(join(root, "examples/browser/index.html")),
    "/page.css": readFileSync(join(root, "examples/browser/page.css")),
    "/page.js": bundle.outputFiles[0]!.contents,
  };
  const { files } = JSON.parse(readFileSync(join(model, "manifest.json"), "utf8")) as { files: object };
  const given = new Set(["manifest.json", ...Object.keys(files)]);
  const server = createServer((request, response) => {
    // with these two the page may use several threads
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("X-Content-Type-Options", "nosniff");
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const page = pages[path];
    if (page !== undefined) return void response.writeHead(200, { "Content-Type": typeOf(path) }).end(page);
    const [, folder, name = ""] = /^\/(ort|model)\/(.+)$/.exec(path) ?? [];
    if (folder === "ort" && /^ort-wasm-simd-threaded\.(mjs|wasm)$/.test(name))
      return sendFile(response, join(root, "node_modules/onnxruntime-web/dist", name));
    if (folder === "model" && given.has(name)) return sendFile(response, join(model, name));
    response.writeHead(404).end();
  });
  await new Promise<void>((done, failed) => server.once("error", failed).listen(port, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

const typeOf = (path: string): string => types[extname(path) || ".html"] ?? "application/octet-stream";

function sendFile(response: ServerResponse, path: string): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
  response.writeHead(200, { "Content-Type": typeOf(path) });
  createReadStream(path).pipe(response);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const model = process.argv[2];
  if (!model || !statSync(join(model, "manifest.json"), { throwIfNoEntry: false })) {
    console.error("usage: serve.js FOLDER [PORT], a folder that concord export --to web wrote");
    process.exit(64);
  }
  const { url } = await serve(process.cwd(), resolve(model), Number(process.argv[3] ?? 8080));
  console.log(url);
}
