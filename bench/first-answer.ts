// How long until a model answers: pipeline() of Concord beside pipeline() of transformers.js, on one ONNX export, in turn. In Node each round is a
// process; in Chromium each is a new visitor, who then comes a second time. `node dist/bench/run.js first-answer`; CONCORD_BENCH_REPEATS: rounds (7).
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { random } from "../src/base/index.ts";
import { webManifestBytes } from "../src/deployment/index.ts";
import { configOf } from "../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../src/models/index.ts";
import { loadModel, saveModel } from "../src/models/node/index.ts";
import { tokenizerConfig } from "../src/predict/index.ts";
import { saveOnnx } from "../src/stages/save-onnx.ts";
import { jsTokenizer, trainWordPiece } from "../src/tokenizers/index.ts";
import { openTokenizer } from "../src/tokenizers/node/index.ts";
import { chromium, launchChromium } from "./chromium.ts";
import { type Answered, text, warmAnswers } from "./first-answer-child.ts";
import { median, shared } from "./peers.ts";

const repeats = Number(process.env.CONCORD_BENCH_REPEATS ?? 7);
const labels = ["access", "hardware", "invoice", "other"];

type Row = Record<string, string | number>;
type Side = "concord" | "transformers";
/** Figures of rounds, by what was measured and by side. */
type Figures = Map<string, Record<Side, number[]>>;

export async function firstAnswerBench(): Promise<Row[]> {
  const home = mkdtempSync(join(tmpdir(), "concord-first-answer-"));
  try {
    const folder = join(home, "model");
    const what = await writeModel(folder);
    console.log(what);
    const figures: Figures = new Map();
    for (let round = 0; round <= repeats; round++)
      for (const side of ["concord", "transformers"] as const) {
        const found = inNode(side, folder);
        if (round > 0) add(figures, "Node", side, found); // the first round fills the disk's cache
      }
    if (existsSync(chromium)) await inChromium(home, figures);
    else console.log(`${chromium} is absent (tools/install-browser.sh): nothing in a page`);
    return rowsOf(figures);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** MiniLM with a head of random weights, or where it is absent a model of its shape: weights do not change times. @returns which */
async function writeModel(folder: string): Promise<string> {
  const base = join(shared, "models/minilm-l6");
  const head = { task: "single-label", labels } as const;
  if (existsSync(base)) {
    const { model, weights } = await loadModel(base, { head });
    await save(folder, model, weights, await openTokenizer(base));
    return "all-MiniLM-L6-v2 with a head of random weights";
  }
  const tokenizer = await jsTokenizer(trainWordPiece([text], { vocabSize: 200, minFrequency: 1 }));
  const config = {
    model_type: "bert",
    vocab_size: 30522,
    hidden_size: 384,
    num_hidden_layers: 6,
    num_attention_heads: 12,
    intermediate_size: 1536,
    max_position_embeddings: 512,
    type_vocab_size: 2,
  };
  const model = modelOf(configOf(withHead(config, "Bert", head.task, labels), "bench"));
  await save(folder, model, initialise(model, random(1)), tokenizer);
  return "a BERT of all-MiniLM-L6-v2's shape with random weights, and a small vocabulary";
}

/** A model folder that both sides open, with the manifest that a page wants. */
async function save(
  folder: string,
  model: Parameters<typeof saveModel>[1],
  weights: Parameters<typeof saveModel>[2],
  tokenizer: Parameters<typeof tokenizerConfig>[0],
): Promise<void> {
  await saveModel(folder, model, weights, {
    "tokenizer.json": JSON.stringify(tokenizer.source),
    "tokenizer_config.json": tokenizerConfig(tokenizer, 256, model),
  });
  await saveOnnx(folder, model, weights);
  const entries = ["config.json", "tokenizer.json", "tokenizer_config.json", "onnx/model.onnx"].map((name) => {
    const bytes = readFileSync(join(folder, name));
    return [name, { bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") }] as const;
  });
  const manifest = { format: "concord-web", version: 1, files: Object.fromEntries(entries) } as const;
  writeFileSync(join(folder, "manifest.json"), webManifestBytes(manifest));
}

function inNode(side: Side, folder: string): Answered {
  const args = [join(import.meta.dirname, "first-answer-child.js"), side, folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${side} ended with ${status}: ${stderr.slice(-2000)}`);
  return JSON.parse(stdout) as Answered;
}

function add(figures: Figures, where: string, side: Side, { firstMs, warmMs, score }: Answered): void {
  for (const [what, value] of [
    [`${where}: first answer, ms`, firstMs],
    [`${where}: warm answer, ms`, warmMs],
    [`${where}: score`, score],
  ] as const) {
    const sides = figures.get(what) ?? { concord: [], transformers: [] };
    sides[side].push(value);
    figures.set(what, sides);
  }
}

/** Medians and the median ratio of rounds. @throws where the sides do not give the same answer */
function rowsOf(figures: Figures): Row[] {
  return [...figures].flatMap(([what, { concord, transformers }]) => {
    const ratio = median(concord.map((ms, round) => transformers[round]! / ms));
    if (!what.endsWith("score"))
      return [
        {
          what,
          concord: rounded(median(concord)),
          "transformers.js": rounded(median(transformers)),
          "transformers.js ÷ concord, median of rounds": rounded(ratio),
          rounds: concord.length,
        },
      ];
    if (Math.abs(median(concord) - median(transformers)) > 1e-3)
      throw new Error(`${what}: ${median(concord)} and ${median(transformers)} are different answers`);
    return [];
  });
}

const rounded = (x: number): number => Number(x.toPrecision(3));

/** Each round a visitor with an empty cache, who then loads the page again. */
async function inChromium(home: string, figures: Figures): Promise<void> {
  const served = join(home, "served");
  mkdirSync(served);
  await bundle(served);
  const server = await serve(served, home);
  const browser = await launchChromium();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  console.log(`Chromium ${browser.version()}, one thread each (no cross-origin isolation)`);
  try {
    for (let round = 0; round <= repeats; round++)
      for (const side of ["concord", "transformers"] as const) {
        const visits = await visited(browser, `${url}${side}.html`);
        if (round > 0) for (const [where, found] of Object.entries(visits)) add(figures, where, side, found);
      }
  } finally {
    await browser.close();
    server.close();
  }
}

async function visited(browser: Browser, url: string): Promise<Record<string, Answered>> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const visits: Record<string, Answered> = {};
  for (const where of ["Chromium, first visit", "Chromium, second visit"]) {
    await page.goto(url);
    const done = await page.waitForFunction(() => (globalThis as { answered?: unknown }).answered, null, {
      timeout: 120_000,
    });
    const found = (await done.jsonValue()) as Answered | { readonly error: string };
    if ("error" in found) throw new Error(`${url}: ${found.error}`);
    visits[where] = found;
  }
  await context.close();
  return visits;
}

/** A page for each side: times from before its library is imported. */
async function bundle(served: string): Promise<void> {
  const { build } = await import("esbuild");
  const opens: Readonly<Record<Side, string>> = {
    concord: `const { pipeline } = await import("./src/web.ts");
      const classify = await pipeline("text-classification", "/model/", { files: new URL("/ort/", location.href) });`,
    transformers: `const { env, pipeline } = await import("@huggingface/transformers");
      Object.assign(env, { localModelPath: "/", allowLocalModels: true, allowRemoteModels: false });
      env.backends.onnx.wasm.wasmPaths = "/ort-theirs/";
      env.backends.onnx.wasm.numThreads = 1;
      const classify = await pipeline("text-classification", "model", { dtype: "fp32", device: "wasm" });`,
  };
  for (const [side, open] of Object.entries(opens)) {
    const contents = `
      const work = async () => {
        const start = performance.now();
        ${open}
        const [best] = await classify(${JSON.stringify(text)});
        const firstMs = performance.now() - start;
        const times = [];
        for (let i = 0; i < ${warmAnswers}; i++) {
          const from = performance.now();
          await classify(${JSON.stringify(text)});
          times.push(performance.now() - from);
        }
        times.sort((a, b) => a - b);
        return { firstMs, warmMs: times[times.length >> 1], score: best.score };
      };
      work().then((found) => { globalThis.answered = found; }, (error) => { globalThis.answered = { error: String(error) }; });`;
    await build({
      stdin: { contents, resolveDir: resolve("."), loader: "ts" },
      bundle: true,
      splitting: true,
      minify: true,
      platform: "browser",
      format: "esm",
      outdir: join(served, side),
      logLevel: "error",
    });
    const script = readdirSync(join(served, side)).find((name) => name.startsWith("stdin"))!;
    const page = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/${side}/${script}"></script>`;
    writeFileSync(join(served, `${side}.html`), page);
  }
}

const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".json": "application/json",
  ".wasm": "application/wasm",
};

/** The pages, the model and both builds of onnxruntime-web, as a server that lets browsers keep files. */
async function serve(served: string, home: string): Promise<Server> {
  const theirs = "node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist";
  const folders: Readonly<Record<string, string>> = {
    model: join(home, "model"),
    ort: resolve("node_modules/onnxruntime-web/dist"),
    "ort-theirs": resolve(existsSync(theirs) ? theirs : "node_modules/onnxruntime-web/dist"),
  };
  const server = createServer((request, response) => {
    const [, first = "", ...rest] = new URL(request.url!, "http://host").pathname.split("/");
    const file = folders[first] ? join(folders[first], ...rest) : join(served, first, ...rest);
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return void response.writeHead(404).end();
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "Content-Type": type, "Cache-Control": "max-age=3600" });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return server;
}
