// pipeline() of a page in Chromium: web exports of runs answer as Node's pipeline() does, from texts and from images; files are kept by their hash.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../../src/base/index.ts";
import { pipeline } from "../../../src/runs/answer-pipeline.ts";
import { exportRun } from "../../../src/runs/export-run.ts";
import { fineTune } from "../../../src/runs/fine-tune.ts";
import { launch } from "./chromium.ts";
import { serveStatic } from "./static.ts";

const home = mkdtempSync(join(tmpdir(), "concord-pipeline-"));
const at = (...names: string[]) => join(home, ...names);
const rng = random(6);
const small = { scratch: { vocabulary: 160, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 };
const train = { epochs: 4, learningRate: 3e-3, threads: 1 };

/** Texts with a word that decides; some labels are wrong, so that a temperature is fitted. */
function writeTexts(): void {
  const parts = { joint: ["knee", "hip", "膝盖"], airways: ["cough", "wheeze", "咳嗽"] } as const;
  const rows = Array.from({ length: 200 }, (_, i) => {
    const kind = i % 2 ? "joint" : "airways";
    const word = parts[kind][rng.int(3)]!;
    const text = `day ${i} my ${word} 😀`;
    const start = [...text.slice(0, text.indexOf(word))].length;
    return { text, label: rng.int(9) ? kind : "joint", spans: [[start, start + [...word].length, kind]] };
  });
  writeFileSync(at("rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** Pictures of odd sizes, bright above or below, as PNG; some are turned by their EXIF note, some have an alpha channel. */
async function writeImages(): Promise<string[]> {
  const paths: string[] = [];
  for (let i = 0; i < 80; i++) {
    const label = i % 2 ? "above" : "below";
    const [width, height] = [17 + (i % 5), 23];
    const bright = (y: number) => y < height / 2 === (label === "above");
    const data = Uint8Array.from(
      { length: width * height * 3 },
      (_, k) => (bright(Math.floor(k / (3 * width))) ? 150 : 60) + rng.int(90),
    );
    mkdirSync(at("images", label), { recursive: true });
    const image = sharp(data, { raw: { width, height, channels: 3 } });
    const path = at("images", label, `${i}.png`);
    await (i % 7 === 0 ? image.ensureAlpha() : image).png().toFile(path);
    paths.push(path);
  }
  return paths;
}

let browser: Browser;
let page: Page;
let server: Server;
let requested: string[] = [];
let images: string[] = [];
beforeAll(async () => {
  writeTexts();
  images = (await writeImages()).slice(0, 8);
  const text = { data: at("rows.jsonl"), recipe: { data: { similarity: 1 }, model: small, adapt: train } };
  await fineTune({ ...text, out: at("labels") });
  await fineTune({ ...text, label: "spans", out: at("spans"), recipe: { ...text.recipe, task: "entities" } });
  await fineTune({
    data: at("images"),
    out: at("pictures"),
    recipe: {
      modality: "image",
      data: { attributes: [] },
      model: { scratch: { side: 16, patch: 4, width: 16, layers: 1, heads: 2, inner: 32 } },
      adapt: { epochs: 6, batchSize: 8, learningRate: 5e-3, threads: 1 },
    },
  });
  for (const name of ["labels", "spans", "pictures"]) await exportRun(at(name), { to: "web" });
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "./src/web.ts";', resolveDir: resolve("."), loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  const html = `<!doctype html><link rel="icon" href="data:,">
    <script type="module">import * as concord from "/concord.js"; window.concord = concord;</script>`;
  const served = await serveStatic(
    { "": home, ort: resolve("node_modules/onnxruntime-web/dist") },
    { "/index.html": html, "/concord.js": outputFiles[0]!.contents },
  );
  server = served.server;
  browser = await launch();
  page = await browser.newPage();
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto(served.url);
  await page.waitForFunction(() => "concord" in window);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  server?.close();
  rmSync(home, { recursive: true, force: true });
});

/** What the page's pipeline answers. */
const inPage = (task: string, folder: string, inputs: readonly unknown[], how: "given" | "files" = "given") =>
  page.evaluate(
    async ([task, folder, inputs, how]) => {
      const { pipeline } = (globalThis as unknown as { concord: typeof import("../../../src/web.ts") }).concord;
      const files = new URL("/ort/", location.href);
      const answer = await pipeline(task as "text-classification", folder, { files });
      const blobs = async () =>
        Promise.all((inputs as string[]).map(async (url) => (await fetch(url)).blob() as unknown as string));
      const found = await answer(how === "files" ? await blobs() : (inputs as string[]), { top_k: null });
      await answer.dispose();
      return found as unknown;
    },
    [task, folder, inputs, how] as const,
  );

/** Equal but for numbers, which may differ by rounding. */
function expectClose(got: unknown, wanted: unknown, digits = 4): void {
  const numbers: number[][] = [[], []];
  const [a, b] = [got, wanted].map((value, i) =>
    JSON.parse(JSON.stringify(value), (_, x) => (typeof x === "number" ? numbers[i]!.push(x) && "number" : x)),
  );
  expect(a).toEqual(b);
  for (const [i, x] of numbers[0]!.entries()) expect(x).toBeCloseTo(numbers[1]![i]!, digits);
}

const texts = ["my knee again 😀", "昨天开始咳嗽", "<img src=x> hip", "cough at night ".repeat(20)];

test.each([
  ["text-classification", "labels"],
  ["token-classification", "spans"],
] as const)("%s gives Node's answers, and asks for the manifest's files only", async (task, name) => {
  const own = await pipeline(task, at(name));
  const wanted = await own(texts, { top_k: null });
  await own.dispose();
  requested = [];
  expectClose(await inPage(task, `/${name}/web/`, texts), wanted);
  const files = Object.keys(JSON.parse(readFileSync(at(name, "web/manifest.json"), "utf8")).files);
  const asked = requested.filter((path) => path.startsWith(`/${name}/`)).map((path) => path.slice(name.length + 6));
  expect(asked.sort()).toEqual(["manifest.json", ...files].sort());
});

test("a second visit asks for the manifest only; a new export is fetched anew, and the old files are given up", async () => {
  requested = [];
  await inPage("text-classification", "/labels/web/", texts);
  expect(requested.filter((path) => path.startsWith("/labels/"))).toEqual(["/labels/web/manifest.json"]);
  await exportRun(at("labels"), { to: "web-int8" });
  requested = [];
  await inPage("text-classification", "/labels/web/", texts);
  expect(requested).toContain("/labels/web/onnx/model_quantized.onnx");
  const kept = await page.evaluate(async () => (await (await caches.open("concord-models")).keys()).map((k) => k.url));
  expect(kept.filter((url) => url.includes("/labels/web/onnx/"))).toEqual([
    expect.stringContaining("model_quantized.onnx?sha256="),
  ]);
});

test("image-classification gives Node's answers, from addresses and from files; what is no image is named", async () => {
  const own = await pipeline("image-classification", at("pictures"));
  const wanted = await own(images, { top_k: null });
  await own.dispose();
  const urls = images.map((path) => path.slice(home.length));
  expectClose(await inPage("image-classification", "/pictures/web/", urls), wanted);
  expectClose(await inPage("image-classification", "/pictures/web/", urls, "files"), wanted);
  await expect(inPage("image-classification", "/pictures/web/", ["/rows.jsonl"])).rejects.toThrow(/E_FORMAT/);
  await expect(inPage("image-classification", "/pictures/web/", ["/none.png"])).rejects.toThrow(/E_IO[\s\S]*404/);
});
