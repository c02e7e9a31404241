// Recipes that choose an epoch by its validation score, for each kind of task and data: the model that is saved has exactly that score.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { artifacts } from "../../src/artifacts/index.ts";
import { random } from "../../src/base/index.ts";
import { encodePng } from "../../src/modalities/node/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { evaluateRun } from "../../src/runs/evaluate-run.ts";
import { runRecipe } from "../../src/runs/run.ts";
import type { RunEvent } from "../../src/stages/stage.ts";
import { fault, faultLater } from "../fault.ts";

const home = mkdtempSync(join(tmpdir(), "concord-epochs-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(11);
const pick = <T>(list: readonly T[]): T => list[rng.int(list.length)]!;
const fillers = "since monday night at work home left right very much again never before after rain".split(" ");
const some = (count: number) => Array.from({ length: count }, () => pick(fillers)).join(" ");
const write = (name: string, lines: readonly string[]) => writeFileSync(join(home, name), `${lines.join("\n")}\n`);
const parts = { train: 90, dev: 40, test: 40 };

for (const [part, count] of Object.entries(parts)) {
  const rows = Array.from({ length: count }, (_, i) => i);
  const noisy = (i: number) => (rng.float() < 0.25 ? i + 1 : i); // labels that cannot all be learned: scores go up and down
  write(`${part}.csv`, [
    "text,label,price",
    ...rows.map(
      (i) =>
        `${some(5)} ${["knee", "rash"][i % 2]} ${i},${["joint", "skin"][noisy(i) % 2]},${(i % 2) * 300 + rng.int(200)}`,
    ),
  ]);
  write(
    `${part}.jsonl`,
    rows.map((i) => {
      const [before, drug] = [`${some(3)} `, pick(["aspirin", "insulin", "ibuprofen"])];
      const [start, end] = noisy(i) === i ? [before.length, before.length + drug.length] : [0, before.indexOf(" ")];
      const spans = i % 3 ? [[start, end, "drug"]] : []; // some are forgotten, some marked at another word
      return JSON.stringify({ text: `${before}${drug} ${some(2)} ${i}`, spans });
    }),
  );
  for (const i of rows) {
    const label = ["above", "below"][noisy(i) % 2]!;
    const data = Uint8Array.from({ length: 192 }, (_, at) => (at < 96 === (i % 2 === 0) ? 160 : 60) + rng.int(60));
    mkdirSync(join(home, `images-${part}`, label), { recursive: true });
    writeFileSync(join(home, `images-${part}`, label, `${i}.png`), await encodePng({ width: 8, height: 8, data }));
  }
}

const texts = "model: { scratch: { vocabulary: 200, width: 16, layers: 1, heads: 2, inner: 32 }, maxLength: 24 }";
const recipe = (more: string, ...overrides: string[]) =>
  readRecipe(
    `version: 1
name: epochs
adapt: { epochs: 9, batchSize: 16, learningRate: 6e-3, threads: 1, patience: 3, keep: best }
evaluate: { resamples: 20 }
export: { onnx: false }
${more}`,
    "recipe.yaml",
    overrides,
  );
const ofFiles = (ending: string, more: string) =>
  `data: { file: train${ending}, ${more} similarity: 1, split: { files: { dev: dev${ending}, test: test${ending} } } }`;
const images = `modality: image
data: { file: images-train, split: { files: { dev: images-dev, test: images-test } } }
model: { scratch: { side: 8, patch: 4, width: 16, layers: 1, heads: 2, inner: 32, scale: 0.1, dropout: 0 } }
audit: { privacy: false, explanation: false, robustness: false, fairness: false }`;

test.each([
  ["texts", `${ofFiles(".csv", "")}\n${texts}`, "dev.csv", "macroF1", "macro F1"],
  [
    "numbers",
    `task: regression\n${ofFiles(".csv", "label: price,")}\n${texts}`,
    "dev.csv",
    "mae",
    "mean absolute error",
  ],
  ["entities", `task: entities\n${ofFiles(".jsonl", "label: spans,")}\n${texts}`, "dev.jsonl", "f1", "F1"],
  ["images", images, "images-dev", "macroF1", "macro F1"],
])("%s: the model is that of the best epoch, and everybody is told", async (name, more, dev, score, words) => {
  const folder = join(home, name);
  const said: RunEvent[] = [];
  const records = await runRecipe(recipe(more), { home, folder, onEvent: (event) => said.push(event) });
  const { selection } = artifacts.facts.adapt.of(records.adapt!);
  const { epochs } = await artifacts.trainingCurves.read(folder);
  const scores = epochs.map((e) => e.score!);
  const best = score === "mae" ? Math.min(...scores) : Math.max(...scores);
  expect(selection).toEqual({
    score,
    better: score === "mae" ? "lower" : "higher",
    patience: 3,
    keep: "best",
    planned: 9,
    epochs: scores.length,
    stopped: scores.length < 9,
    best: { epoch: scores.indexOf(best) + 1, score: best },
    kept: scores.indexOf(best) + 1,
  });
  expect(scores.length, `${name} should not end with its best epoch`).toBeGreaterThan(selection!.kept);
  // the saved model has that score on the validation rows, and the last epoch has another
  const { record } = await evaluateRun(folder, { data: join(home, dev) });
  expect((record[score] as { value: number }).value).toBeCloseTo(best, score === "mae" ? 2 : 6);
  expect(scores.at(-1)).not.toBeCloseTo(best, 6);
  const metrics = JSON.parse(readFileSync(join(folder, "metrics.json"), "utf8"));
  expect(metrics.validation).toMatchObject({ rows: 40, selection });
  expect(metrics.validation.fitted).toContain("epoch");
  const notes = said.flatMap((e) => (e.kind === "note" ? [e.text] : []));
  const shown = best.toFixed(4);
  expect(notes).toContain(
    `keeping the weights of epoch ${selection!.kept} of ${scores.length}: best validation ${words}, ${shown}`,
  );
  const stopped = `validation ${words} has not improved for 3 epochs; stopping after epoch ${scores.length}; best epoch ${selection!.kept} (${shown})`;
  expect(notes.includes(stopped)).toBe(scores.length < 9);
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).toMatch(
    new RegExp(`The model has the weights of epoch ${selection!.kept}, the best on the validation set \\(${words}`),
  );
  expect(page).toContain("its scores are optimistic. The test set was not used for any choice.");
  expect(page).toContain("The ring marks the epoch whose weights are kept.");
  expect(page).not.toContain("the last one was kept");
});

test("the last epoch is kept unless the recipe says best, and patience alone ends training", async () => {
  const folder = join(home, "last");
  const which = recipe(`${ofFiles(".csv", "")}\n${texts}`, "adapt.keep=null");
  const records = await runRecipe(which, { home, folder });
  const { selection } = artifacts.facts.adapt.of(records.adapt!);
  expect(selection).toMatchObject({ keep: "last", kept: selection!.epochs, stopped: true });
  expect(selection!.best.epoch).toBe(selection!.epochs - 3);
  expect(readFileSync(join(folder, "report.html"), "utf8")).toContain(
    `the last one that ran. The best on the validation set was epoch ${selection!.best.epoch}`,
  );
});

test("interrupted in an epoch and run again, it keeps the same epoch, bit for bit", async () => {
  const which = recipe(`${ofFiles(".csv", "")}\n${texts}`);
  const folder = join(home, "interrupted");
  const stop = new AbortController();
  const onEvent = (event: RunEvent) => event.kind === "note" && event.text.startsWith("epoch 2 ") && stop.abort();
  await faultLater("E_INTERRUPTED", () => runRecipe(which, { home, folder, onEvent, signal: stop.signal }));
  const again = await runRecipe(which, { home, folder });
  const whole = await runRecipe(which, { home, folder: join(home, "whole") });
  const selectionOf = (records: typeof again) => artifacts.facts.adapt.of(records.adapt!).selection;
  expect(selectionOf(again)).toEqual(selectionOf(whole));
  const weights = (name: string) => readFileSync(join(home, name, "model/model.safetensors")).toString("base64");
  expect(weights("interrupted") === weights("whole")).toBe(true);
});

const plain = `data: { file: train.csv, split: { dev: 0.2, test: 0.2 } }\n${texts}`;

test.each<[string[], RegExp]>([
  [["data.split.dev=0"], /adapt\.patience: .*[\s\S]*epochs are scored on validation rows, and the recipe keeps none/],
  [["data.split.dev=0", "adapt.patience=null"], /adapt\.keep: [\s\S]*the recipe keeps none/],
  [["adapt.average=0.5"], /averaged weights belong to no single epoch/],
  [["adapt.privacy.epsilon=8"], /private training states ε for a number of steps that is fixed beforehand/],
  [["together.rounds=3"], /participants of a study train for a fixed number of rounds/],
  [["adapt.patience=0"], /adapt\.patience: the value is wrong[\s\S]*more than 0/],
  [["adapt.keep=first"], /one of: best, last/],
])("refused by name: %s", (overrides, message) => {
  expect(fault("E_CONFIG", () => recipe(plain, ...overrides)).message).toMatch(message);
});

test("a table whose split column gives no validation rows is refused before anything is trained", async () => {
  write("marked.csv", [
    "text,label,part",
    ...Array.from(
      { length: 60 },
      (_, i) => `${some(5)} ${["knee", "rash"][i % 2]} ${i},${["joint", "skin"][i % 2]},${i % 3 ? "train" : "test"}`,
    ),
  ]);
  const marked = `data: { file: marked.csv, split: { column: part } }\npretrain: { epochs: 1 }\n${texts}`;
  const started: string[] = [];
  const onEvent = (event: RunEvent) => event.kind === "progress" && started.push(event.stage);
  const error = await faultLater("E_CONFIG", () =>
    runRecipe(recipe(marked), { home, folder: join(home, "none"), onEvent }),
  );
  expect(error.message).toMatch(/adapt\.patience needs validation rows, and the table gives none/);
  expect(started).toEqual([]);
});

test("few validation rows, and a patience that no run can reach, are warned of", async () => {
  const said: string[] = [];
  await runRecipe(recipe(plain, "adapt.epochs=2", "adapt.keep=null"), {
    home,
    folder: join(home, "few"),
    onEvent: (event) => event.kind === "warning" && said.push(event.text),
  });
  expect(said).toContainEqual(expect.stringMatching(/^Only \d+ validation rows choose the epoch/));
  expect(said).toContain("adapt.patience (3) is not smaller than adapt.epochs (2), so training cannot stop early.");
});
