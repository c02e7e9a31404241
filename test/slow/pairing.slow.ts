// Logit pairing in a small run, beside the run without it: the audit says what it changed and what it cost.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-pairing-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(4);
const pick = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
const lines = Array.from({ length: 480 }, (_, i) => {
  const joint = i % 2 === 1;
  const she = joint !== rng.float() < 0.15; // in these texts mostly women have bad joints: a bias to learn
  const part = rng.int(2) ? pick(joint ? "knee hip elbow" : "chest nose throat") : "side"; // half the texts say nothing else
  const noise = Array.from({ length: 3 }, () => pick("since then while left old new night cold")).join(" ");
  return `${she ? "she" : "he"} says the ${part} hurts ${noise} ${rng.int(1e6)},${joint ? "joint" : "airways"}`;
});
writeFileSync(join(home, "rows.csv"), `text,label\n${lines.join("\n")}\n`);
const text = `
version: 1
name: small
data: { file: rows.csv, split: { dev: 0.1, test: 0.4 } }
model: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 24 }
adapt: { epochs: 12, learningRate: 5e-3, threads: 1 }
evaluate: { resamples: 50 }
export: { onnx: false }
audit: { fairness: { resamples: 200 }, privacy: false, explanation: false, robustness: false }
`;
type Scores = Readonly<Record<"before" | "after" | "change", { readonly value: number; readonly high: number }>>;
interface Found {
  readonly values: Readonly<Record<string, { readonly value: number }>>;
  readonly change?: {
    readonly counterfactual: readonly { readonly axis: string; readonly flipRate: Scores; readonly score: Scores }[];
    readonly macroF1: Scores;
  };
}
const notes: string[] = [];
const audited = async (name: string, ...overrides: string[]): Promise<Found> => {
  const folder = join(home, name);
  const onEvent = (e: { kind: string; text?: string }) => void (e.text && notes.push(`${e.kind}: ${e.text}`));
  await runRecipe(readRecipe(text, "recipe.yaml", overrides), { home, folder, onEvent });
  return JSON.parse(readFileSync(join(folder, "audit/fairness.json"), "utf8")) as Found;
};
let plain: Found;
beforeAll(async () => {
  plain = await audited("plain");
}, 60_000);

test("answers to the same text about somebody else come together, and before and after are shown with the cost", async () => {
  const { change, values } = await audited("paired", "adapt.mitigation.pairing=0.3", "audit.fairness.baseline=plain");
  const [gender] = change!.counterfactual;
  expect(gender!.axis).toBe("gender");
  expect(gender!.flipRate.before.value).toBeGreaterThan(0.2);
  expect(gender!.flipRate.change.high).toBeLessThan(0);
  expect(gender!.score.after.value).toBeLessThan(gender!.score.before.value / 3);
  expect(gender!.flipRate.before.value).toBe(plain.values["fairness.counterfactual.gender.flipRate"]!.value);
  expect(gender!.score.after.value).toBe(values["fairness.counterfactual.gender.change"]!.value);
  expect(values["fairness.change.counterfactual.gender.score"]).toEqual(gender!.score.change);
  expect(change!.macroF1.after.value).toBeLessThan(change!.macroF1.before.value); // who speaks did say something here
  expect(notes).toContainEqual(expect.stringMatching(/^note: 240 of 240 training texts mention a person/));
  expect(readFileSync(join(home, "paired/report.html"), "utf8")).toContain("gender: predictions that change");
});

test("a warning says so when no text names anybody", async () => {
  const unnamed = lines.map((line) => line.replace(/^s?he says/, "says"));
  writeFileSync(join(home, "unnamed.csv"), `text,label\n${unnamed.join("\n")}\n`);
  await audited("unnamed", "data.file=unnamed.csv", "adapt.mitigation.pairing=1", "adapt.epochs=1");
  expect(notes).toContainEqual(expect.stringMatching(/^warning: 0 of 240 training texts/));
});
