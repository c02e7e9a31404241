// Every page that a single party writes, in Chromium: axe finds nothing, in the light and the dark, at a desk and on a phone.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AxeResults } from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { random } from "../../../src/base/index.ts";
import { binned, profileOf } from "../../../src/watch/index.ts";
import { openWatchStore, startRecorder } from "../../../src/watch/node/index.ts";
import { launch } from "./chromium.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const home = mkdtempSync(join(tmpdir(), "concord-pages-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = (name: string) => join(home, name);

function concord(language: string, ...args: string[]): void {
  const command = ["--import", "tsx", join("src", "cli", "main.ts"), "--lang", language, ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  if (status !== 0) throw new Error(`concord ${args.join(" ")}: exit ${status}\n${stderr}`);
}

const rng = random(8);
const pick = (list: readonly string[]) => list[rng.int(list.length)]!;
const signs = { "joint pain": ["knee", "hip"], 皮肤: ["rash", "起疹子"], airways: ["cough", "咳嗽"] };
const rows = Array.from({ length: 360 }, (_, i) => {
  const label = pick(Object.keys(signs)) as keyof typeof signs;
  const region = pick(["north", "south", "islands"]);
  const shown = region === "islands" && i % 2 === 0 ? "" : pick(signs[label]);
  return { text: `his mother ${pick(["since monday", "at night", "very much"])} ${shown} ${i}`, label, region };
});

const recipe = (language: string, seed: number) => `version: 1
name: pages
seed: ${seed}
data: { file: rows.jsonl, attributes: [region] }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
adapt: { epochs: 3, learningRate: 3e-3, threads: 1 }
evaluate: { resamples: 50 }
audit: { explanation: { rows: 8 }, privacy: {}, robustness: { rows: 40 }, fairness: { resamples: 50 } }
report: { language: ${language} }
`;

/** A store of answers, as a server that watches writes it: some groups, some drift, an alert, true labels. */
async function watched(path: string): Promise<void> {
  const store = await openWatchStore(path);
  const rng = random(5);
  const measured = (shift: number) => ({
    numbers: { "input.tokens": 20 + 5 * rng.normal() + shift, "answer.confidence": rng.float() },
    answer: pick(["joint pain", "皮肤"]),
  });
  const profile = profileOf(Array.from({ length: 300 }, () => measured(0)));
  const model = {
    model: "triage",
    version: "3f2a91bc00de",
    profile,
    gates: [{ value: "metrics.accuracy", atLeast: 0.95 }],
  };
  const recorder = await startRecorder(store, [model], { rules: [{ when: "drift" }, { when: "gate" }] });
  const bins = binned(profile);
  for (let i = 0; i < 600; i++) {
    const one = measured(i > 200 ? 8 : 0);
    const region = pick(["north", "south", "islands"]);
    const about = { model: model.model, version: model.version, abstained: i % 20 === 0, ms: 3 + rng.float() };
    recorder.keep({
      id: `r${i}`,
      at: 1_790_000_000_000 + i * 60_000,
      ...about,
      answer: one.answer,
      confidence: 0.8,
      groups: { region },
      bins: bins(one),
    });
    await recorder.feedback(`r${i}`, i % (region === "islands" ? 2 : 5) ? one.answer : "other");
  }
  await recorder.close();
}

/** A run, and everything that commands make of it. @returns names of the pages in the folder */
function pagesIn(language: string): string[] {
  const [one, other] = [`${language}-1`, `${language}-2`];
  for (const [seed, run] of [one, other].entries()) {
    writeFileSync(at(`${run}.yaml`), recipe(language, seed + 1));
    concord(language, "run", at(`${run}.yaml`), "--out", at(run));
  }
  concord(language, "explain", at(one), "his knee hurts", "--out", at(`${language}-why.html`));
  concord(language, "compare", at(one), at(other), "--out", at(`${language}-compare.html`));
  const columns = ["--truth", "label", "--predicted", "guess", "--attributes", "region"];
  concord(language, "audit", at("answers.csv"), ...columns, "--out", at(`${language}-audit.html`));
  concord(language, "monitor", at("watch.sqlite"), "--out", at(`${language}-monitor.html`));
  return [`${one}/report.html`, ...["why", "compare", "audit", "monitor"].map((name) => `${language}-${name}.html`)];
}

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await watched(at("watch.sqlite"));
  writeFileSync(at("rows.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const answers = rows.map(({ label, region }, i) => [label, i % 4 ? label : "airways", region].join(","));
  writeFileSync(at("answers.csv"), `label,guess,region\n${answers.join("\n")}\n`);
});
afterAll(() => browser?.close());

describe.each(["en", "zh"])("in %s", (language) => {
  let pages: string[];
  beforeAll(() => {
    pages = pagesIn(language);
  });

  test.each([
    [1280, "light"],
    [1280, "dark"],
    [390, "light"],
    [390, "dark"],
  ] as const)("%i pixels, %s: axe finds nothing, and only charts scroll to the side", async (width, colorScheme) => {
    // axe is a script, which the page's own policy would refuse
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, bypassCSP: true });
    const page = await context.newPage();
    for (const name of pages) {
      await page.goto(pathToFileURL(at(name)).href);
      await page.evaluate(axe);
      const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResults;
      expect(found.passes.length).toBeGreaterThan(10);
      const violations = found.violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes[0]!.html.slice(0, 150)}`);
      expect(violations).toEqual([]);
      const wide = await page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll(".scroll, pre")]
          .filter((e) => e.scrollWidth > e.clientWidth + 1)
          .map((e) => `${e.tagName} ${e.ariaLabel}`),
      );
      expect(wide).toEqual([]);
    }
    await context.close();
  });
});
