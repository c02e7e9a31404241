// What an interval of 95 % covers, simulated: shares of few rows, shares of patients whose rows agree, macro F1 of many classes. Bounds are
// those of issue 15. npm run slow -- intervals
import { expect, test } from "vitest";
import { type Random, random } from "../../src/base/index.ts";
import { eventsOfClasses, macroF1Limits, macroF1Of, shareInterval } from "../../src/eval/index.ts";

test.each([10, 20, 30, 50, 100].flatMap((rows) => [0.5, 0.75, 0.9, 0.95, 0.98].map((truth) => [rows, truth] as const)))(
  "a share of %i rows, truth %f, is covered by 93 percent",
  (rows, truth) => {
    let [covered, weight] = [0, (1 - truth) ** rows];
    for (let k = 0; k <= rows; k++) {
      const hits = Array.from({ length: rows }, (_, i) => Number(i < k));
      const { low, high } = shareInterval(hits);
      if (low <= truth && truth <= high) covered += weight; // exact: by the weight of each outcome
      weight *= ((rows - k) / (k + 1)) * (truth / (1 - truth));
    }
    expect(covered).toBeGreaterThanOrEqual(0.93);
  },
);

const runs = 1500;
/** Of 1500 runs, three standard errors below 95 % less what simulation may miss. */
const least = 0.93 - 3 * Math.sqrt((0.93 * 0.07) / runs);

test.each(
  [
    [5, 10],
    [8, 4],
    [10, 10],
    [20, 5],
    [40, 3],
    [100, 2],
  ].flatMap(([units, rows]) =>
    [0, 0.3, 0.7, 1].flatMap((alike) => [0.6, 0.8, 0.95].map((truth) => [units, rows, alike, truth] as number[])),
  ),
)("a share of %i patients of about %i rows, alike %f, truth %f", (units, rows, alike, truth) => {
  const rng = random(`patients ${units} ${rows} ${alike} ${truth}`);
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const [hits, clusters]: [number[], number[]] = [[], []];
    for (let u = 0; u < units!; u++) {
      const own = Number(rng.float() < truth!);
      for (let i = 1 + rng.int(2 * rows! - 1); i > 0; i--) {
        hits.push(rng.float() < Math.sqrt(alike!) ? own : Number(rng.float() < truth!));
        clusters.push(u);
      }
    }
    const { low, high } = shareInterval(hits, clusters);
    if (low <= truth! && truth! <= high) covered++;
  }
  expect(covered / runs).toBeGreaterThanOrEqual(least);
});

/** A population of classes: shares by rank to the power −skew, recalls about `recall` (falling with rarity where `rareIsWorse`). */
function population(classes: number, skew: number, recall: number, rareIsWorse: boolean, rng: Random) {
  const raw = Array.from({ length: classes }, (_, k) => (k + 1) ** -skew);
  const total = raw.reduce((a, b) => a + b, 0);
  const share = raw.map((x) => x / total);
  const answers = share.map((_, c) => {
    const about = rareIsWorse ? recall + 0.2 - (0.55 * c) / (classes - 1) : recall;
    const own = Math.min(0.98, Math.max(0.15, about + 0.1 * rng.normal()));
    const off = share.map((_, k) => (k === c ? 0 : rng.normal() ** 2));
    const sum = off.reduce((a, b) => a + b, 0) || 1;
    return off.map((x, k) => (k === c ? own : (x / sum) * (1 - own)));
  });
  const f1 = share.map((p, k) => {
    const given = share.reduce((sum, q, c) => sum + q * answers[c]![k]!, 0);
    return (2 * p * answers[k]![k]!) / (p + given);
  });
  return { share, answers, macroF1: f1.reduce((a, b) => a + b, 0) / classes };
}

function drawnFrom(weights: readonly number[], rng: Random): number {
  let at = rng.float();
  for (const [k, w] of weights.entries()) {
    at -= w;
    if (at < 0) return k;
  }
  return weights.length - 1;
}

test.each([
  [2, 20, 0, 0.8, false, 1],
  [2, 100, 0, 0.95, false, 1],
  [5, 200, 1, 0.75, false, 1],
  [10, 50, 1, 0.85, false, 1],
  [26, 100, 0, 0.75, false, 1],
  [26, 260, 0, 0.75, false, 1],
  [26, 400, 1, 0.75, false, 1],
  [26, 1760, 1, 0.75, false, 1],
  [60, 600, 1, 0.7, false, 1],
  [60, 200, 0, 0.7, false, 1],
  [100, 1000, 1, 0.8, false, 1],
  [26, 260, 1, 0.75, true, 1],
  [60, 600, 1, 0.7, true, 1],
  [26, 400, 0, 0.75, false, 3],
  [5, 200, 0, 0.75, false, 8],
] as const)(
  "macro F1 of %i classes by %i rows, skew %f, recall %f, rare worse %s, %i rows a patient: 92 percent",
  (classes, rows, skew, recall, rareIsWorse, each) => {
    const rng = random(`macro ${classes} ${rows} ${skew} ${rareIsWorse} ${each}`);
    const trials = 600;
    let [covered, withheld] = [0, 0];
    for (let run = 0; run < trials; run++) {
      const { share, answers, macroF1 } = population(classes, skew, recall, rareIsWorse, rng);
      const [truth, predicted, patient]: number[][] = [[], [], []];
      for (let p = 0; truth!.length < rows; p++) {
        const own = drawnFrom(share, rng);
        const said = drawnFrom(answers[own]!, rng);
        for (let i = 0; i < each && truth!.length < rows; i++) {
          const again = rng.float() < 0.6;
          const t = again ? own : drawnFrom(share, rng);
          truth!.push(t);
          predicted!.push(again ? said : drawnFrom(answers[t]!, rng));
          patient!.push(p);
        }
      }
      const [low, high] = macroF1Limits(
        macroF1Of(eventsOfClasses(truth!, predicted!, classes, each > 1 ? patient : undefined)),
        0.95,
      );
      if (Number.isNaN(low)) withheld++;
      else if (low <= macroF1 && macroF1 <= high) covered++;
    }
    expect(withheld).toBe(0);
    expect(covered / trials).toBeGreaterThanOrEqual(0.92 - 3 * Math.sqrt((0.92 * 0.08) / trials));
  },
);
