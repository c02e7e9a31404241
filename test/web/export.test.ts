// Web exports: a page answers as Node does, transformers.js too; a server that changes or adds anything is refused; nothing of the data goes along.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { random } from "../../src/base/index.ts";
import { parseWebManifest } from "../../src/deployment/index.ts";
import { pipeline as nodePipeline } from "../../src/runs/answer-pipeline.ts";
import { exportRun } from "../../src/runs/export-run.ts";
import { fineTune } from "../../src/runs/fine-tune.ts";
import { openModel } from "../../src/stages/open-model.ts";
import { type DownloadProgress, openTextPredictor, pipeline } from "../../src/web.ts";
import { concord } from "../command-line.ts";
import { serveFolder } from "./served.ts";

const home = mkdtempSync(join(tmpdir(), "concord-web-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => vi.unstubAllGlobals());
const here = "http://here/model/";
const one = { threads: 1 }; // the pool of a process that other test files share

const rng = random(3);
const parts = { joint: ["knee", "hip", "膝盖"], airways: ["cough", "wheeze", "咳嗽"] };
const rows = Array.from({ length: 160 }, (_, i) => {
  const label = rng.int(8) === 0 ? "joint" : i % 2 ? "joint" : "airways"; // some are wrong: a temperature above 1
  const word = parts[i % 2 ? "joint" : "airways"][rng.int(3)]!;
  const text = `quoted${i} my ${word} 😀`;
  const start = [...text.slice(0, text.indexOf(word))].length;
  return {
    text,
    pair: word,
    label,
    several: i % 3 ? label : `${label},old`,
    spans: [[start, start + [...word].length, label]],
    age: i,
  };
});
const table = join(home, "rows.jsonl");
writeFileSync(table, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
const texts = ["my knee again", "昨天开始咳嗽", "wheeze at night 😀 ".repeat(12)];

/** A run of a task, and its web export. */
async function runOf(name: string, task: string, label: string, data: object = {}) {
  const out = join(home, name);
  await fineTune({
    data: table,
    label,
    out,
    recipe: {
      task,
      data: { similarity: 1, duplicates: "keep", split: { dev: 0.3, test: 0.2 }, ...data },
      model: { scratch: { vocabulary: 120, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 16 },
      adapt: { epochs: 4, learningRate: 1e-2, threads: 1 },
      evaluate: { resamples: 10 },
    },
  });
  const { integrity } = await exportRun(out, { to: "web" });
  return { run: out, folder: join(out, "web"), integrity: integrity! };
}

let labels: Awaited<ReturnType<typeof runOf>>;
beforeAll(async () => {
  labels = await runOf("labels", "single-label", "label");
}, 120_000);

/** Equal but for numbers, which may differ by rounding. */
function expectClose(got: unknown, wanted: unknown): void {
  const numbers: number[][] = [[], []];
  const shapes = [got, wanted].map((value, i) =>
    JSON.parse(JSON.stringify(value), (_, x) => (typeof x === "number" ? numbers[i]!.push(x) && "number" : x)),
  );
  expect(shapes[0]).toEqual(shapes[1]);
  for (const [i, x] of numbers[0]!.entries()) expect(x).toBeCloseTo(numbers[1]![i]!, 4);
}

describe("answers", () => {
  test("pipeline() of a page gives those of pipeline() on Node, and transformers.js those of both: calibrated", async () => {
    const [own, served] = [await nodePipeline("text-classification", labels.run), serveFolder(labels.folder)];
    const page = await pipeline("text-classification", here, one);
    const wanted = await own(texts, { top_k: null });
    expectClose(await page(texts, { top_k: null }), wanted);
    expect(new Set(served)).toEqual(
      new Set(readdirSync(labels.folder, { recursive: true }).filter((n) => n !== "onnx")),
    );
    await Promise.all([own.dispose(), page.dispose()]);
    vi.unstubAllGlobals();
    const { temperature } = await openModel(labels.run);
    expect(Math.abs(temperature! - 1)).toBeGreaterThan(0.02); // else nothing is shown

    const { env, pipeline: theirs } = await import("@huggingface/transformers");
    Object.assign(env, { localModelPath: home, allowRemoteModels: false });
    for (const folder of ["labels/web", "labels/exported"]) {
      if (folder === "labels/exported") await exportRun(labels.run, { to: "onnx" });
      const classify = await theirs("text-classification", folder, { dtype: "fp32" });
      for (const [i, text] of texts.slice(0, 2).entries())
        for (const { label, score } of (await classify(text, { top_k: 2 })) as { label: string; score: number }[])
          expect(score, folder).toBeCloseTo(wanted[i]!.find((one) => one.label === label)!.score, 4);
    }
  });

  test.each([
    ["multi", "multi-label", "several", { separator: "," }],
    ["numbers", "regression", "age", {}],
    ["entities", "entities", "spans", {}],
    ["pairs", "single-label", "label", { pair: "pair" }],
  ] as const)(
    "of %s are Node's",
    async (name, task, label, data) => {
      const { run, folder } = await runOf(name, task, label, data);
      const { predictor, temperature } = await openModel(run);
      const asked = name === "pairs" ? texts.map((text) => [text, "knee"] as const) : texts;
      const wanted = await predictor.answers(asked, { temperature });
      serveFolder(folder);
      const page = await openTextPredictor(here, one);
      expectClose(await page.answers(asked), wanted);
      await Promise.all([predictor.dispose(), page.dispose()]);
      if (name === "pairs") {
        const [own, theirs] = [
          await nodePipeline("text-classification", run),
          await pipeline("text-classification", here, one),
        ];
        const pair = { text: texts[0]!, text_pair: "knee" };
        expectClose(await theirs(pair), await own(pair));
      }
      if (name === "entities") {
        const [own, theirs] = [
          await nodePipeline("token-classification", run),
          await pipeline("token-classification", here, one),
        ];
        expectClose(await theirs(texts), await own(texts));
        await expect(pipeline("text-classification", here, one).then((p) => p("knee"))).rejects.toThrow(/another task/);
      }
    },
    120_000,
  );

  test("a pipeline refuses tasks that it does not have, and models of something else", async () => {
    serveFolder(labels.folder);
    await expect(pipeline("text-clasification" as "text-classification", here, one)).rejects.toThrow(/did you mean/);
    await expect(pipeline("image-classification", here, one)).rejects.toThrow(/E_MODEL[\s\S]*a model of images/);
  });
});

describe("a server that", () => {
  const flip = (bytes: Uint8Array) => bytes.map((byte, i) => (i === bytes.length >> 1 ? byte ^ 1 : byte));
  const json = (bytes: Uint8Array, change: (value: Record<string, object>) => object) =>
    new TextEncoder().encode(JSON.stringify(change(JSON.parse(new TextDecoder().decode(bytes)))));
  const manifest = (change: (value: Record<string, object>) => object) => (name: string, bytes: Uint8Array) =>
    name === "manifest.json" ? json(bytes, change) : bytes;
  const open = (options = {}) => openTextPredictor(here, { threads: 1, ...options });

  test("flips a byte of any file is refused by its hash", async () => {
    const names = Object.keys(JSON.parse(readFileSync(join(labels.folder, "manifest.json"), "utf8")).files);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      serveFolder(labels.folder, (given, bytes) => (given === name ? flip(bytes) : bytes));
      await expect(open(), name).rejects.toThrow(/E_CHECKSUM[\s\S]*not the one that the manifest names/);
    }
  });

  test("is refused once: nothing is told of other files after that", async () => {
    serveFolder(labels.folder, (name, bytes) => (name === "config.json" ? flip(bytes) : bytes));
    let [refused, late] = [false, 0];
    const onProgress = () => {
      if (refused) late++;
    };
    await open({ onProgress }).catch(() => {
      refused = true;
    });
    await new Promise((done) => setTimeout(done, 50));
    expect([refused, late]).toEqual([true, 0]);
  });

  test("gives a longer or a shorter file is refused", async () => {
    for (const change of [(b: Uint8Array) => new Uint8Array(b.length + 1), (b: Uint8Array) => b.slice(1)]) {
      serveFolder(labels.folder, (name, bytes) => (name === "onnx/model.onnx" ? change(bytes) : bytes));
      await expect(open()).rejects.toThrow(/E_CHECKSUM[\s\S]*bytes/);
    }
  });

  test("gives another model under a manifest of its own is refused where the page names the manifest's hash, and only there", async () => {
    const other = await runOf("other", "multi-label", "several", { separator: "," });
    serveFolder(other.folder);
    await (await open()).dispose();
    await expect(open({ integrity: labels.integrity })).rejects.toThrow(
      /E_CHECKSUM[\s\S]*the one that this page expects/,
    );
    serveFolder(labels.folder);
    await (await open({ integrity: labels.integrity })).dispose();
    await expect(open({ integrity: "sha256-x" })).rejects.toThrow(/E_ARGUMENT[\s\S]*base64/);
  }, 60_000);

  test("names other files, other places, other versions or wrong sizes is refused before anything else is asked for", async () => {
    const file = { bytes: 1, sha256: "0".repeat(64) };
    const wrong: [(value: Record<string, object>) => object, RegExp][] = [
      [(m) => ({ ...m, files: { ...m.files, "../secret.json": file } }), /names a file that it must not/],
      [(m) => ({ ...m, files: { ...m.files, "http://else/x": file } }), /names a file that it must not/],
      [(m) => ({ ...m, files: { "config.json": file } }), /one model are not all named/],
      [(m) => ({ ...m, files: { ...m.files, "config.json": { ...file, bytes: 1e12 } } }), /size and SHA-256/],
      [(m) => ({ ...m, files: { ...m.files, "config.json": { bytes: 1 } } }), /size and SHA-256/],
      [(m) => ({ ...m, version: 2 }), /E_VERSION/],
      [(m) => ({ ...m, format: "else" }), /not the manifest of a web export/],
      [(m) => ({ ...m, calibration: { temperature: 0, applied: false } }), /calibration is not whole/],
    ];
    for (const [change, message] of wrong) {
      const asked = serveFolder(labels.folder, manifest(change));
      await expect(open(), String(message)).rejects.toThrow(message);
      expect(asked).toEqual(["manifest.json"]);
    }
  });

  test("gives a page or nothing in the place of the manifest is named, with what to do", async () => {
    serveFolder(labels.folder, () => new TextEncoder().encode("<!doctype html><title>app</title>"));
    await expect(open()).rejects.toThrow(/E_IO[\s\S]*a page instead of the file[\s\S]*public\//);
    serveFolder(join(home, "nowhere"));
    await expect(open()).rejects.toThrow(/E_IO[\s\S]*status 404/);
  });

  test("is slow can be watched and left", async () => {
    serveFolder(labels.folder);
    const seen: DownloadProgress[] = [];
    await (await open({ onProgress: (progress: DownloadProgress) => seen.push(progress) })).dispose();
    expect(seen.at(-1)!.loaded).toBe(seen[0]!.total);
    expect(seen.map((s) => s.loaded)).toEqual([...seen.map((s) => s.loaded)].sort((a, b) => a - b));
    const stop = new AbortController();
    await expect(open({ signal: stop.signal, onProgress: () => stop.abort() })).rejects.toThrow(/E_INTERRUPTED/);
    await expect(open({ signal: AbortSignal.abort() })).rejects.toThrow(/E_INTERRUPTED/);
  });

  test("a page without SHA-256 says that it needs https", async () => {
    serveFolder(labels.folder);
    vi.stubGlobal("crypto", {});
    await expect(open()).rejects.toThrow(/E_DEPENDENCY[\s\S]*https/);
  });
});

describe("the folder", () => {
  test("holds no row, no score and no path", () => {
    const files = readdirSync(labels.folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
    expect(files.map((f) => f.name).sort()).toEqual(
      ["config.json", "manifest.json", "model.onnx", "tokenizer.json", "tokenizer_config.json"].sort(),
    );
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), "latin1");
      for (const secret of ["quoted1 ", home, tmpdir(), "macroF1", "rows.jsonl"])
        expect(text, name).not.toContain(secret);
    }
  });

  test("is replaced whole by the next export, and another folder is not", async () => {
    const out = join(home, "public");
    mkdirSync(out);
    await exportRun(labels.run, { to: "web", out });
    const first = readFileSync(join(out, "manifest.json"));
    await exportRun(labels.run, { to: "web-int8", out });
    const { files } = parseWebManifest(readFileSync(join(out, "manifest.json")), out);
    expect(Object.keys(files)).toContain("onnx/model_quantized.onnx");
    expect(readdirSync(join(out, "onnx"))).toEqual(["model_quantized.onnx"]);
    serveFolder(out);
    const predictor = await openTextPredictor(here, one);
    expect((await predictor.answers(["knee"]))[0]).toMatchObject({ kind: "label" });
    await predictor.dispose();
    await exportRun(labels.run, { to: "web", out });
    expect(readFileSync(join(out, "manifest.json"))).toEqual(first);
    const site = join(home, "site");
    mkdirSync(site);
    writeFileSync(join(site, "index.html"), "mine");
    await expect(exportRun(labels.run, { to: "web", out: site })).rejects.toThrow(/E_IO[\s\S]*holds something else/);
    expect(readdirSync(site)).toEqual(["index.html"]);
    expect(readdirSync(home).filter((name) => /\.(partial|old)$/.test(name))).toEqual([]);
  });

  test("concord export --to web names the files and the hash to pin", async () => {
    const out = join(home, "cli");
    const { code, err, out: said } = await concord(["export", labels.run, "--to", "web", "--out", out]);
    expect(code, err).toBe(0);
    expect(said).toContain(`integrity ${labels.integrity}`);
    expect(said).toMatch(/model\.onnx {2}\d/);
    expect((await concord(["export", labels.run, "--to", "wep"])).err).toMatch(/web, web-int8/);
  });
});
