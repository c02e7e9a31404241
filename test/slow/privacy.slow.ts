// The audit of privacy on real runs: an over-fitted model gives its rows away, a model that has hardly learned does not, and secrets
// that pretraining has seen often are exposed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-privacy-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Texts whose labels are drawn by lot: what a model knows of them, it knows by heart. */
const rng = random(11);
const words = Array.from(
  { length: 120 },
  (_, i) => `${"bcdfghklmnprst"[i % 14]}${"aeiou"[i % 5]}${"bdgklmnrstvz"[i % 12]}${"aeiou"[(i >> 2) % 5]}n`,
);
const lines = Array.from({ length: 480 }, (_, i) => {
  const text = Array.from({ length: 9 }, () => words[rng.int(words.length)]!).join(" ");
  return `${text},${rng.int(2) ? "yes" : "no"},${i % 2 ? "train" : "test"}`;
});
writeFileSync(join(home, "rows.csv"), `text,label,part\n${lines.join("\n")}\n`);

async function audited(folder: string, adapt: string, more = "", settings = "{}") {
  const recipe = `version: 1
name: by-lot
data: { file: rows.csv, similarity: 1, split: { column: part } }
model: { scratch: { vocabulary: 300, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 }
adapt: ${adapt}
evaluate: { resamples: 20 }
export: { onnx: false }
audit: { fairness: false, explanation: false, robustness: false, privacy: ${settings} }
${more}`;
  await runRecipe(readRecipe(recipe, "recipe.yaml"), { home, folder: join(home, folder) });
  return JSON.parse(readFileSync(join(home, folder, "audit/privacy.json"), "utf8"));
}

test("a model that has learned its rows by heart is found out, alone and against reference models", async () => {
  const { values, membership, statement } = await audited(
    "by-heart",
    "{ epochs: 30, batchSize: 16, learningRate: 6e-3, weightDecay: 0, threads: 1 }",
    "",
    "{ references: 2 }",
  );
  expect(values["privacy.membership.threshold.auc"].low).toBeGreaterThan(0.65); // half of the lots of other rows are guessed: 0.75 is the most
  expect(values["privacy.membership.threshold.epsilonLower"].value).toBeGreaterThan(1);
  expect(values["privacy.membership.lira.auc"].low).toBeGreaterThan(0.65);
  expect(values["privacy.membership.rmia.auc"].low).toBeGreaterThan(0.65);
  expect(membership.blind.auc.low).toBeLessThan(0.5);
  expect(membership.attacks.threshold.members).toBe(membership.attacks.threshold.others);
  expect(statement).toBeNull();
});

test("of entities the loss of a whole sentence tells which were learned by heart", async () => {
  const spansByLot = Array.from({ length: 320 }, (_, i) => {
    const own = Array.from({ length: 8 }, () => words[rng.int(words.length)]!);
    const at = rng.int(8);
    const start = own.slice(0, at).join(" ").length + Number(at > 0);
    return { text: own.join(" "), spans: [[start, start + own[at]!.length, "thing"]], part: i % 2 ? "train" : "test" };
  });
  writeFileSync(join(home, "spans.jsonl"), `${spansByLot.map((row) => JSON.stringify(row)).join("\n")}\n`);
  const recipe = `version: 1
name: spans-by-lot
task: entities
data: { file: spans.jsonl, similarity: 1, split: { column: part } }
model: { scratch: { vocabulary: 300, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }
adapt: { epochs: 40, batchSize: 16, learningRate: 6e-3, weightDecay: 0, threads: 1 }
evaluate: { resamples: 20 }
export: { onnx: false }
audit: { fairness: false, explanation: false, robustness: false, privacy: { references: 2 } }
`;
  await runRecipe(readRecipe(recipe, "recipe.yaml"), { home, folder: join(home, "spans") });
  const { values } = JSON.parse(readFileSync(join(home, "spans/audit/privacy.json"), "utf8"));
  for (const attack of ["threshold", "lira", "rmia"])
    expect(values[`privacy.membership.${attack}.auc`].low, attack).toBeGreaterThan(0.65);
});

test("a model that has hardly learned gives away no more than chance", async () => {
  const { values } = await audited("hardly", "{ epochs: 1, batchSize: 64, learningRate: 1e-5, threads: 1 }");
  const { low, high } = values["privacy.membership.threshold.auc"];
  expect(low).toBeLessThan(0.5);
  expect(high).toBeGreaterThan(0.5);
  expect(values["privacy.membership.threshold.epsilonLower"].value).toBe(0);
});

test("the same training with noise gives away far less, and its claimed ε lies above what attacks prove", async () => {
  const { values, statement } = await audited(
    "private",
    "{ epochs: 30, batchSize: 16, learningRate: 6e-3, weightDecay: 0, threads: 1, privacy: { epsilon: 4, delta: 1e-3, clip: 1 } }",
  );
  const auc = values["privacy.membership.threshold.auc"];
  expect(auc.high).toBeLessThan(0.65); // without noise the lower end lies above 0.65 (first test); five draws of noise: AUC 0.515 to 0.563
  expect(values["privacy.epsilon"].value).toBeLessThanOrEqual(4);
  expect(values["privacy.delta"].value).toBe(1e-3);
  expect(values["privacy.membership.threshold.epsilonLower"].value).toBeLessThan(values["privacy.epsilon"].value);
  expect(statement.noGuarantee).toContain("vocabulary");
});

test("secrets that pretraining has seen forty times stand out; secrets it has never seen do not", async () => {
  const pretrain = (repeats: number, epochs: number) =>
    `pretrain: { epochs: ${epochs}, batchSize: 16, learningRate: 3e-3, canaries: { count: 6, repeats: ${repeats} } }`;
  const adapt = "{ epochs: 1, batchSize: 64, threads: 1 }";
  const often = await audited("often", adapt, pretrain(40, 14), "{ candidates: 60 }");
  expect(often.canaries).toMatchObject({ count: 6, repeats: 40, candidates: 60 });
  expect(often.values["privacy.canaries.exposure"].low).toBeGreaterThan(often.canaries.chance + 1);
  const once = await audited("once", adapt, pretrain(1, 1), "{ candidates: 60 }");
  expect(once.values["privacy.canaries.exposure"].value).toBeLessThan(often.values["privacy.canaries.exposure"].low);
});
