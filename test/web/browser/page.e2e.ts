// examples/browser in Chromium: web exports of real runs answer in the page as they do on Node, and send nothing anywhere.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serve } from "../../../examples/browser/serve.ts";
import { random } from "../../../src/base/index.ts";
import { readRecipe } from "../../../src/recipe/read-recipe.ts";
import { exportRun } from "../../../src/runs/export-run.ts";
import { runRecipe } from "../../../src/runs/run.ts";
import { openModel } from "../../../src/stages/open-model.ts";
import { launch } from "./chromium.ts";

const home = mkdtempSync(join(tmpdir(), "concord-page-"));
const rng = random(6);
const pick = <T>(list: readonly T[]): T => list[rng.int(list.length)]!;
const parts = { "joint <b>": ["knee", "hip", "膝盖"], airways: ["cough", "wheeze", "咳嗽"] };
const rows = Array.from({ length: 200 }, (_, i) => {
  const label = pick(Object.keys(parts)) as keyof typeof parts;
  const word = pick(parts[label]);
  const text = `day ${i} my ${word} ${pick(["again", "at night", "😀"])}`;
  const start = [...text.slice(0, text.indexOf(word))].length;
  return { text, label, spans: [[start, start + [...word].length, label.slice(0, 5)]] };
});
writeFileSync(join(home, "rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
const recipe = (task: string, label: string) =>
  readRecipe(
    `version: 1
name: page
task: ${task}
data: { file: rows.jsonl, label: ${label}, similarity: 1 }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 }
adapt: { epochs: 4, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 20 }
`,
    "recipe.yaml",
  );
const texts = ["my knee again 😀", "昨天开始咳嗽", "<img src=x onerror=alert(1)> hip", "cough at night ".repeat(30)];

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(home, { recursive: true, force: true });
});

test.each([
  ["single-label", "label"],
  ["entities", "spans"],
] as const)("%s: the page gives Node's answers", async (task, label) => {
  const folder = join(home, task);
  await runRecipe(recipe(task, label), { home, folder });
  const { predictor, temperature } = await openModel(folder);
  expect(temperature).toBeGreaterThan(0);
  const wanted = await predictor.answers(texts, { temperature });
  await predictor.dispose();
  const out = join(home, `${task}-web`);
  await exportRun(folder, { to: "web", out });
  const { url, server } = await serve(resolve("."), out);
  const context = await browser.newContext({ locale: "zh-CN" });
  try {
    const page = await context.newPage();
    const [said, requested]: [string[], string[]] = [[], []];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => requested.push(request.url()));
    await page.goto(url);
    await page.waitForFunction(() => !(document.querySelector("button") as HTMLButtonElement).disabled);
    expect(await page.textContent("#state")).toBe("就绪。");
    for (const [i, text] of texts.entries()) {
      await page.fill("#text", text);
      await page.click("button");
      await page.waitForFunction(() => !(document.querySelector("button") as HTMLButtonElement).disabled);
      const shown = await page.$$eval("#answer tr", (all) =>
        all.map((tr) => Array.from((tr as HTMLTableRowElement).cells, (cell) => cell.textContent ?? "")),
      );
      const answer = wanted[i]!;
      const expected =
        answer.kind === "entities"
          ? answer.entities.map((e) => [`${e.text} · ${e.type} (${e.start}–${e.end})`, e.probability] as const)
          : answer.kind === "label"
            ? answer.ranked.slice(0, 5).map((r) => [r.label, r.probability] as const)
            : [];
      if (expected.length === 0) expect(shown).toEqual([["未找到", ""]]);
      else expect(shown.map((row) => row[0])).toEqual(expected.map(([what]) => what));
      for (const [k, [, probability]] of expected.entries())
        expect(Math.abs(Number(shown[k]![1]) - probability), text).toBeLessThan(1e-5);
    }
    expect(said).toEqual([]);
    expect(requested.filter((r) => !r.startsWith(url) && !r.startsWith("data:") && !r.startsWith("blob:"))).toEqual([]);
    for (const path of ["model/data/train.jsonl", "model/recipe.yaml", "model/../recipe.yaml", "ort/../package.json"])
      expect((await fetch(new URL(path, url))).status, path).toBe(404);
  } finally {
    await context.close();
    server.close();
  }
});
