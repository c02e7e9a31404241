// WebAssembly: a small training graph on two threads beside the matmul rate of tfjs-wasm (and jax-js), interleaved in one
// page of Chromium, which is where tfjs has threads; and in Node, where it has one. Peers are installed into a temporary folder.
// npx tsx bench/wasm.ts
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { wasmRuntime } from "../src/runtime/web/ort.ts";
import { chromium, launchChromium } from "./chromium.ts";
import { machine, median } from "./peers.ts";
import { ourGraph, ourProducts, rounds, type Tfjs, tfjsProducts } from "./wasm-rounds.ts";

const threads = 2;
const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 15);
const peers = ["@tensorflow/tfjs-core@4.22.0", "@tensorflow/tfjs-backend-wasm@4.22.0", "@jax-js/jax@0.1.25"];

type Row = Record<string, string | number>;
type Rates = Readonly<Record<string, readonly number[]>>;

/** Runs both parts. Rows of figures, and lines that say what was absent. */
export async function wasmBench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), "concord-wasm-bench-"));
  try {
    const installed = installPeers(folder);
    if (!installed) console.log("tfjs and jax-js could not be installed: ours alone");
    const page = existsSync(chromium) ? await inPage(folder, installed) : undefined;
    if (!page) console.log(`${chromium} is absent (tools/install-browser.sh): no bench in a page`);
    const node = await inNode(folder, installed);
    return [...(page ? rowsOf("Chromium", page) : []), ...rowsOf("Node", node)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Into a folder outside the repository: they are no dependencies of the project. */
function installPeers(folder: string): boolean {
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...peers];
  return spawnSync("npm", args, { cwd: folder, stdio: "ignore" }).status === 0;
}

/** Medians, and each one's ratio to our graph, taken round by round. */
function rowsOf(where: string, rates: Rates): Row[] {
  const [, ours] = Object.entries(rates)[0]!;
  return Object.entries(rates).map(([what, values]) => ({
    where,
    what,
    "GFLOP/s, median": round(median(values)),
    "GFLOP/s, best": round(Math.max(...values)),
    "ours ÷ this, median of rounds": round(median(values.map((x, i) => ours[i]! / x))),
  }));
}

const round = (x: number): number => Math.round(x * 100) / 100;

async function inNode(folder: string, installed: boolean): Promise<Rates> {
  const contenders = [await ourGraph(wasmRuntime, threads), ...(await ourProducts(wasmRuntime, threads))];
  if (installed) {
    const require = createRequire(join(folder, "package.json"));
    const tf = require("@tensorflow/tfjs-core") as Tfjs & { setBackend(name: string): Promise<boolean> };
    require("@tensorflow/tfjs-backend-wasm");
    await tf.setBackend("wasm");
    contenders.push(...tfjsProducts(tf).map((c) => ({ ...c, name: `${c.name} (1 thread: all it has in Node)` })));
  }
  return rounds(contenders, repeats, () => performance.now());
}

async function inPage(folder: string, installed: boolean): Promise<Rates> {
  await bundle(folder, installed);
  const server = createServer((request, response) => {
    response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    response.setHeader("Cross-Origin-Embedder-Policy", "require-corp");
    const file = servedFile(folder, new URL(request.url!, "http://host").pathname);
    if (!file || !existsSync(file)) return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": types[extname(file)] ?? "application/octet-stream" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page.html`);
    const request = { repeats, threads, ...(installed && { tfjs: "/tfjs.js", jax: "/jax.js" }) };
    const { rates, notes } = await page.evaluate(ask, request);
    console.log(`${browser.version()}: ${notes.join(", ")}`);
    return rates;
  } finally {
    await browser.close();
    server.close();
  }
}

/** Runs in the page. */
const ask = (request: unknown): Promise<{ rates: Rates; notes: string[] }> =>
  new Promise((resolve, reject) => {
    const worker = new Worker("/worker.js", { type: "module" });
    worker.addEventListener("message", ({ data }) => data.bench && resolve(data.bench));
    worker.addEventListener("error", (event) => reject(new Error(event.message)));
    worker.postMessage(request);
  });

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
};

function servedFile(folder: string, path: string): string | undefined {
  const [, first = "", name] = path.split("/");
  if (name === undefined) return join(folder, "served", first);
  if (first === "ort") return resolve("node_modules/onnxruntime-web/dist", name);
  return first === "tfjs" ? join(folder, "node_modules/@tensorflow/tfjs-backend-wasm/dist", name) : undefined;
}

async function bundle(folder: string, installed: boolean): Promise<void> {
  const { build } = await import("esbuild");
  const served = join(folder, "served");
  mkdirSync(served);
  writeFileSync(join(served, "page.html"), "<!doctype html><title>bench</title>");
  const common = { bundle: true, platform: "browser", format: "esm", logLevel: "error" } as const;
  await build({ ...common, entryPoints: ["bench/wasm-page.ts"], outfile: join(served, "worker.js") });
  const peer = (contents: string, outfile: string) =>
    build({ ...common, stdin: { contents, resolveDir: folder }, outfile: join(served, outfile) });
  if (!installed) return;
  await peer(
    'export * as tf from "@tensorflow/tfjs-core"; export * as wasm from "@tensorflow/tfjs-backend-wasm";',
    "tfjs.js",
  );
  await peer('export * from "@jax-js/jax";', "jax.js");
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const rows = await wasmBench();
  console.table(rows);
  console.log(JSON.stringify({ measured: new Date().toISOString().slice(0, 10), machine: machine(), rows }));
  process.exit(0); // the thread pools would keep it alive
}
