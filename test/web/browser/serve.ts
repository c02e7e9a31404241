// A loopback server of the test page: its scripts, onnxruntime-web's files and the reference set.
import { createReadStream, readdirSync, statSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { goldenFolder } from "../../golden.ts";

const page = `<!doctype html><title>Concord</title><script type="module">
  const workers = new Map();
  const answers = new Map();
  const start = (name) => {
    const worker = new Worker("/worker.js", { type: "module", name });
    worker.onmessage = ({ data }) => answers.get(data.id)(data);
    worker.onerror = (event) => { for (const answer of answers.values()) answer({ error: event.message }); };
    return worker;
  };
  window.ask = (name, task, options) => new Promise((resolve, reject) => {
    if (!workers.has(name)) workers.set(name, start(name));
    const id = answers.size;
    answers.set(id, ({ result, error }) => error === undefined ? resolve(result) : reject(new Error(error)));
    workers.get(name).postMessage({ id, task, options });
  });
  document.title = "ready";
</script>`;

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

const folders: Record<string, string> = {
  golden: goldenFolder,
  ort: fileURLToPath(new URL("../../../node_modules/onnxruntime-web/dist", import.meta.url)),
};

export interface TestServer {
  readonly url: string;
  close(): void;
}

/** Serves until closed. @param isolated with the headers that let the page share memory between threads */
export async function serve(workerScript: Uint8Array, isolated: boolean): Promise<TestServer> {
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
      response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    }
    const path = new URL(request.url!, "http://host").pathname;
    if (path === "/") send(response, ".html", page);
    else if (path === "/worker.js") send(response, ".js", workerScript);
    else sendFile(response, path);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() };
}

function send(response: ServerResponse, extension: string, body: string | Uint8Array): void {
  response.writeHead(200, { "Content-Type": types[extension] ?? "application/octet-stream" }).end(body);
}

/** A file, or for a path that ends in / the folder's names as JSON. */
function sendFile(response: ServerResponse, path: string): void {
  const [, folder = "", ...rest] = normalize(path).split("/");
  const base = folders[folder];
  const file = base && join(base, ...rest);
  if (!file || !statSync(file, { throwIfNoEntry: false })) {
    response.writeHead(404).end();
    return;
  }
  if (path.endsWith("/")) {
    send(response, ".json", JSON.stringify(readdirSync(file)));
    return;
  }
  response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
  createReadStream(file).pipe(response);
}
