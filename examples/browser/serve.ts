// Serves the page with the exported model of a run, on this machine only.
//   npm run build && node dist/examples/browser/serve.js runs/disease      then open the address that it prints
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** What the page may read of a run folder: the model, never the data. */
const given = new Set(
  ["config.json", "decisions.json", "tokenizer.json", "tokenizer_config.json"]
    .map((f) => `model/${f}`)
    .concat("onnx/model.onnx", "metrics.json"),
);
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

/** @param root of the project @param port 0 takes a free one @throws where the page does not build or the port is taken */
export async function serve(root: string, run: string, port = 0): Promise<{ url: string; server: Server }> {
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
  const server = createServer((request, response) => {
    // with these two the page may use several threads
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    response.setHeader("X-Content-Type-Options", "nosniff");
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const page = pages[path];
    if (page !== undefined) return void response.writeHead(200, { "Content-Type": typeOf(path) }).end(page);
    const [, folder, name = ""] = /^\/(ort|run)\/(.+)$/.exec(path) ?? [];
    if (folder === "ort" && /^ort-wasm-simd-threaded\.(mjs|wasm)$/.test(name))
      return sendFile(response, join(root, "node_modules/onnxruntime-web/dist", name));
    const file = join(run, name);
    // most models have no decisions: 204 says so, where a 404 would stand as a fault in the browser's console
    if (name === "model/decisions.json" && !existsSync(file)) return void response.writeHead(204).end();
    if (folder === "run" && given.has(name)) return sendFile(response, file);
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
  const run = process.argv[2];
  if (!run || !statSync(join(run, "onnx/model.onnx"), { throwIfNoEntry: false })) {
    console.error("usage: serve.js RUN [PORT], a finished run with onnx/model.onnx");
    process.exit(64);
  }
  const { url } = await serve(process.cwd(), resolve(run), Number(process.argv[3] ?? 8080));
  console.log(url);
}
