// The report of real runs of every kind that has no classes to confuse: numbers of pairs without dev, several labels. And what is quoted.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rows } from "../artifacts/run-artifacts.ts";
import { random } from "../base/index.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { runRecipe } from "../runs/run.ts";
import type { Prediction } from "../tasks/index.ts";
import { quotedRows } from "./quoted-rows.ts";

const home = mkdtempSync(join(tmpdir(), "concord-report-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(8);
const words = "rain cold warm walk sleep food tea night home work old new".split(" ");
const some = (n: number) => Array.from({ length: n }, () => words[rng.int(words.length)]!).join(" ");
const rest = `
model: { scratch: { vocabulary: 120, width: 16, layers: 1, heads: 2, inner: 32 }, maxLength: 32 }
adapt: { epochs: 1, threads: 1 }
evaluate: { resamples: 20 }
export: { onnx: false }
`;

async function pageOf(name: string, rows: readonly object[], recipe: string): Promise<string> {
  writeFileSync(join(home, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const whole = `version: 1\nname: ${name}\n${recipe}${rest}`;
  await runRecipe(readRecipe(whole, "recipe.yaml"), { home, folder: join(home, name) });
  return readFileSync(join(home, name, "report.html"), "utf8");
}

test("numbers of pairs, without a dev part: errors, a scatter, both texts quoted, and a warning", async () => {
  const rows = Array.from({ length: 80 }, (_, i) => ({
    one: `first ${some(5)} ${i}`,
    two: `second ${some(5)}`,
    label: rng.normal(),
  }));
  const page = await pageOf(
    "numbers",
    rows,
    "task: regression\ndata: { file: numbers.jsonl, text: one, pair: two, split: { dev: 0, test: 0.4 } }",
  );
  expect(page).toContain("There is no validation set");
  expect(page).toContain("Predicted and true values");
  expect(page).toMatch(/<span class="quote"[^>]*>first [^<]*\nsecond [^<]*<\/span>/);
  expect(page).not.toContain("Validation score after each epoch");
});

test("several labels a text: micro and macro F1, classes with intervals, the least certain rows", async () => {
  const rows = Array.from({ length: 90 }, (_, i) => ({
    text: `${some(6)} ${i}`,
    label: i % 3 ? "a;b" : i % 2 ? "a" : "b",
  }));
  const page = await pageOf("several", rows, "task: multi-label\ndata: { file: several.jsonl }");
  expect(page).toContain("micro F1");
  expect(page).toContain("Scores of each class");
  expect(page).toContain("Least confident predictions");
});

/** Quotes rows of a test part written for it. */
async function quoted(task: string, predictions: readonly Prediction[], examples = 2) {
  const run = join(home, `quoted-${task}`);
  const about = { labels: [], attributes: {} };
  await rows.test.write(
    run,
    predictions.map((_, i) => ({ place: `rows:${i}`, text: `😀 Ann met Bo ${i}`, ...about })),
  );
  const text = `version: 1\nname: q\ntask: ${task}\ndata: { file: x.jsonl }\nreport: { examples: ${examples} }${rest}`;
  const { worst, uncertain } = await quotedRows(readRecipe(text, "recipe.yaml"), home, predictions, () =>
    rows.test.read(run),
  );
  const place = (quotes: typeof worst) => quotes.map((row) => Number(row.place.slice(5)));
  return { worst: place(worst), uncertain: place(uncertain), rows: worst };
}

test("the worst rows are wrong and certain, large errors, or miss and invent most; the least certain come from probabilities", async () => {
  const one = (truth: string, predicted: string, p: number) => ({
    truth,
    predicted,
    probabilities: { [predicted]: p },
  });
  expect(
    await quoted("single-label", [one("a", "b", 0.6), one("a", "a", 0.5), one("b", "a", 0.9), one("b", "b", 0.99)]),
  ).toMatchObject({
    worst: [2, 0],
    uncertain: [1, 0],
  });
  const many = (a: number, b: number) => ({
    truth: ["a"],
    predicted: [...(a > 0.5 ? ["a"] : []), ...(b > 0.5 ? ["b"] : [])],
    probabilities: { a, b },
  });
  expect(await quoted("multi-label", [many(0.9, 0.1), many(0.4, 0.1), many(0.9, 0.95)])).toMatchObject({
    worst: [2, 1],
    uncertain: [1, 0],
  });
  const numbers = [1, 5, -3].map((predicted) => ({ truth: 1, predicted }));
  expect(await quoted("regression", numbers)).toMatchObject({
    worst: [1, 2],
    uncertain: [],
    rows: [{ number: 4 }, { number: -4 }],
  });
  const [ann, bo] = [
    { start: 2, end: 5, type: "PER" },
    { start: 10, end: 12, type: "PER" },
  ];
  const found = await quoted("entities", [
    { truth: [ann], predicted: [ann] },
    { truth: [ann, bo], predicted: [bo] },
    { truth: [ann, bo], predicted: [{ ...bo, type: "LOC" }] },
  ]);
  expect(found).toMatchObject({ worst: [2, 1], rows: [{ truth: "PER: Ann, PER: Bo", predicted: "LOC: Bo" }, {}] });
  expect(await quoted("single-label", [one("a", "b", 0.6)], 0)).toMatchObject({ worst: [], uncertain: [] });
});
