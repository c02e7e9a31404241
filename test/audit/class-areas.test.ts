// One-vs-rest areas of several classes: scikit-learn's numbers, and draws that spread as redrawn rows and clusters do.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { auditFairness, type FairnessFindings, fairnessValues } from "../../src/fairness/index.ts";

interface Oracle {
  readonly names: string[];
  readonly truth: number[];
  readonly group: string[];
  readonly probabilities: number[][];
  readonly overall: number;
  readonly groups: Record<string, { macroAuc: number; macroBpsnAuc: number; macroBnspAuc: number; byClass: number[] }>;
}
const oracle = JSON.parse(readFileSync(new URL("./class-areas.json", import.meta.url), "utf8")) as Oracle;
const { names, truth, group, probabilities } = oracle;
const predicted = probabilities.map((row) => row.indexOf(Math.max(...row)));
type Measures = Record<string, { value: number; low: number; high: number }>;
const measuresOf = (found: FairnessFindings, name: string) =>
  (found.groupings[0]!.groups[name] as { measures: Measures }).measures;
const audit = (options = {}, clusters?: string[]) =>
  auditFairness({ kind: "classes", names, truth, predicted, probabilities }, { region: group }, options, clusters);
const found = audit();

describe("values equal scikit-learn's", () => {
  test("of all rows", () => {
    expect(found.groupings[0]!.overall.macroAuc!.value).toBeCloseTo(oracle.overall, 12);
    expect(found.groupings[0]!.overall.macroBpsnAuc!.value).toBeNaN(); // all rows have no outside
  });
  test.each(Object.entries(oracle.groups))(
    "of group %s, within and across its border, and by class",
    (name, wanted) => {
      const measures = measuresOf(found, name);
      for (const measure of ["macroAuc", "macroBpsnAuc", "macroBnspAuc"] as const)
        expect(measures[measure]!.value, measure).toBeCloseTo(wanted[measure], 12);
      for (const [k, area] of wanted.byClass.entries())
        expect(measures[`${names[k]}.auc`]!.value).toBeCloseTo(area, 12);
    },
  );
});

test("gates can name them, and gaps can be called by them", () => {
  const values = fairnessValues(found);
  const areas = Object.values(oracle.groups).map((own) => own.macroAuc);
  expect(values["fairness.region.macroAuc.difference"]!.value).toBeCloseTo(Math.max(...areas) - Math.min(...areas), 12);
  expect(values["fairness.region.macroAuc.mean"]!.value).toBeCloseTo(
    (areas.reduce((sum, x) => sum + x ** -5, 0) / 3) ** (-1 / 5),
    12,
  );
  expect(values["fairness.region.group.c.macroBnspAuc"]!.value).toBe(measuresOf(found, "c").macroBnspAuc!.value);
  const flu = values["fairness.region.flu.auc.difference"]!;
  expect(flu.low).toBeLessThan(flu.value); // a largest difference
  expect(flu.high).toBeGreaterThan(flu.value);
  const [gap] = audit({ measures: ["macroAuc"] }).groupings[0]!.gaps;
  expect(gap).toMatchObject({ group: "c", measure: "macroAuc", called: true });
});

/** Largest class minus the rest's lower scores, by counting pairs: slow, plain. */
function plainArea(rows: readonly number[]): number {
  const areas = names.map((_, k) => {
    const [yes, no] = [rows.filter((r) => truth[r] === k), rows.filter((r) => truth[r] !== k)];
    let pairs = 0;
    for (const a of yes)
      for (const b of no) pairs += (1 + Math.sign(probabilities[a]![k]! - probabilities[b]![k]!)) / 2;
    return pairs / (yes.length * no.length);
  });
  const known = areas.filter((x) => !Number.isNaN(x));
  return known.reduce((a, b) => a + b, 0) / known.length;
}

const deviation = (values: readonly number[]) => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
};

test.each([
  ["rows", 1],
  ["clusters of three rows", 3],
])("intervals are as wide as those of redrawn %s", (_, size) => {
  const cluster = truth.map((_, row) => Math.floor(row / size));
  const count = Math.ceil(truth.length / size);
  const rng = random(5);
  const redrawn = Array.from({ length: 400 }, () => {
    const times = new Map<number, number>();
    for (let i = 0; i < count; i++) {
      const c = rng.int(count);
      times.set(c, (times.get(c) ?? 0) + 1);
    }
    return plainArea(
      truth.flatMap((_, row) => (group[row] === "a" ? Array<number>(times.get(cluster[row]!) ?? 0).fill(row) : [])),
    );
  });
  const clusters = size === 1 ? undefined : cluster.map(String);
  const { low, high } = measuresOf(audit({ resamples: 2000 }, clusters), "a").macroAuc!;
  const wide = (high - low) / (2 * 1.96);
  expect(wide / deviation(redrawn)).toBeGreaterThan(0.8);
  expect(wide / deviation(redrawn)).toBeLessThan(1.2);
});
