// The audit's promise on twenty variants of the disease data, ten with a planted gap and ten without: it calls the gap rightly in at
// least nineteen. A linear model on hashed words stands for the model here, for twenty are trained.
import { mkdirSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { generate } from "../../examples/disease/generate/generate.ts";
import { symptoms } from "../../examples/disease/generate/symptoms.ts";
import { random } from "../../src/base/index.ts";
import { rewording, type Wording } from "../../src/counterfactual/index.ts";
import { averageScores } from "../../src/eval/index.ts";
import { auditFairness, type FairnessFindings } from "../../src/fairness/index.ts";
import { trainHashed } from "./hashed-words.ts";

/** What islanders say for what others say: the generator's own tables, so a complete list; a real one would be shorter. */
const words: Wording[] = [...symptoms.values()].flatMap((s) => [
  ...s.en.flatMap((from) => s.isle.map((to) => ({ from, to }))),
  ...s.zh.flatMap((from) => s.岛.map((to) => ({ from, to }))),
]);

/** Trains on a variant and audits its test part. @param own also learn the training texts in the islands' words */
function auditVariant(seed: number, gap: boolean, own = false): { findings: FairnessFindings; macroF1: number } {
  const { labelled } = generate(seed, { gap });
  const names = [...new Set(labelled.map((m) => m.truth))].sort();
  const [reword, rng] = [rewording(own ? words : []), random(seed)];
  const train = labelled.filter((m) => m.part === "train");
  const rows = train.flatMap((m) => {
    const label = names.indexOf(m.label);
    const other = reword(m.text, rng);
    return [{ text: m.text, label }, ...(other === undefined ? [] : [{ text: other, label }])];
  });
  const answer = trainHashed(rows, names.length, seed);
  const held = labelled.filter((m) => m.part === "test");
  const probabilities = held.map((m) => answer(m.text));
  const truth = held.map((m) => names.indexOf(m.truth));
  const predicted = probabilities.map((p) => p.indexOf(Math.max(...p)));
  const findings = auditFairness(
    { kind: "classes", names, truth, predicted },
    { region: held.map((m) => m.patient.region) },
    { seed },
    held.map((m) => m.patient.id),
  );
  return { findings, macroF1: averageScores(truth, predicted, "macro").fScore };
}

const rows: Record<string, unknown>[] = [];

test("the audit calls the gap rightly in at least 19 of 20 variants", () => {
  for (let seed = 100; seed < 120; seed++) {
    const gap = seed % 2 === 0;
    const { findings, macroF1 } = auditVariant(seed, gap);
    const [worst] = findings.groupings[0]!.gaps;
    const called = findings.called.some((c) => c.group === "islands");
    const right = gap ? called : findings.called.length === 0;
    rows.push({
      seed,
      planted: gap,
      called,
      right,
      group: worst!.group,
      gap: worst!.value,
      low: worst!.low,
      high: worst!.high,
      macroF1,
    });
  }
  console.table(rows);
  mkdirSync("bench/results", { recursive: true });
  writeFileSync(
    "bench/results/fairness-variants.json",
    `${JSON.stringify({ measured: new Date().toISOString().slice(0, 10), model: "softmax regression on hashed words", rows }, null, 2)}\n`,
  );
  expect(rows.filter((row) => row.right).length).toBeGreaterThanOrEqual(19);
});

test("learning the training texts in the islands' words at least halves the gap, at no more than 2 points of macro F1, five seeds", () => {
  const table = [200, 201, 202, 203, 204].map((seed) => {
    const [before, after] = [auditVariant(seed, true), auditVariant(seed, true, true)];
    const gapOf = ({ findings }: typeof before) => {
      const { groups } = findings.groupings[0]!;
      const accuracy = (name: string) =>
        (groups[name] as { measures: Record<string, { value: number }> }).measures.accuracy!.value;
      return (accuracy("capital") + accuracy("north") + accuracy("south")) / 3 - accuracy("islands"); // equal rows in the test part
    };
    return { seed, gapBefore: gapOf(before), gapAfter: gapOf(after), f1Before: before.macroF1, f1After: after.macroF1 };
  });
  console.table(table);
  for (const { gapBefore, gapAfter, f1Before, f1After } of table) {
    expect(gapAfter).toBeLessThanOrEqual(gapBefore / 2);
    expect(f1After).toBeGreaterThanOrEqual(f1Before - 0.02);
  }
});
