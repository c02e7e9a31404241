// The interval of an area under the ROC curve from few patients, of equal and of unequal size, without and with a leak. Bounds are those of
// issue 15. npm run slow -- areas
import { expect, test } from "vitest";
import { deLong } from "../../src/attacks/index.ts";
import { normalCdf, type Random, random } from "../../src/base/index.ts";

const runs = 3000;
/** Three standard errors above a share of runs. */
const above = (share: number) => share + 3 * Math.sqrt((share * (1 - share)) / runs);

interface Setting {
  /** Patients on each side. */
  readonly patients: readonly [number, number];
  /** Rows a patient: as many each, or so many on average with most patients below and few far above. */
  readonly rows: number;
  readonly uneven?: boolean;
  /** Correlation of a patient's rows. */
  readonly alike: number;
  /** How far members lie above others, in standard deviations. */
  readonly leak?: number;
  /** Patients have rows on both sides. */
  readonly shared?: boolean;
}

const rowsOf = ({ rows, uneven }: Setting, rng: Random) =>
  uneven ? Math.max(1, Math.min(6 * rows, Math.ceil((-Math.log(1 - rng.float()) * rows) / 1.5))) : rows;

/** Share of runs in which the interval misses the true area, and in which it lies above 0.5. */
function simulated(setting: Setting): { missed: number; found: number } {
  const { patients, alike, leak = 0, shared } = setting;
  const rng = random(JSON.stringify(setting));
  const truth = normalCdf(leak / Math.SQRT2);
  let [missed, found] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const both = Array.from({ length: Math.max(...patients) }, () => rng.normal());
    const [members, others] = patients.map((count, side) => {
      const scores: number[] = [];
      const units: string[] = [];
      for (let p = 0; p < count; p++) {
        const own = (shared ? both[p]! : rng.normal()) * Math.sqrt(alike) + (side === 0 ? leak : 0);
        for (let i = rowsOf(setting, rng); i > 0; i--) {
          scores.push(own + rng.normal() * Math.sqrt(1 - alike));
          units.push(shared ? `${p}` : `${side} ${p}`);
        }
      }
      return { scores: Float64Array.from(scores), units };
    }) as [{ scores: Float64Array; units: string[] }, { scores: Float64Array; units: string[] }];
    const { low, high } = deLong(members.scores, others.scores, 0.95, {
      positives: members.units,
      negatives: others.units,
    });
    if (low > truth || high < truth) missed++;
    if (low > 0.5) found++;
  }
  return { missed: missed / runs, found: found / runs };
}

const named = (grid: readonly Setting[]) => grid.map((setting) => [JSON.stringify(setting), setting] as const);

test.each(
  named([
    ...[8, 20, 50, 100].flatMap((count) =>
      [
        [1, 0],
        [5, 0.9],
        [10, 0.5],
        [10, 0.9],
      ].map(([rows, alike]) => ({ patients: [count, count] as const, rows: rows!, alike: alike! })),
    ),
    ...[8, 15, 30, 50, 100].flatMap((count) =>
      [0.5, 0.9].map((alike) => ({ patients: [count, count] as const, rows: 10, uneven: true, alike })),
    ),
    { patients: [20, 200], rows: 5, alike: 0.9 },
    { patients: [10, 100], rows: 5, uneven: true, alike: 0.9 },
    { patients: [30, 30], rows: 5, alike: 0.5, shared: true },
    { patients: [50, 50], rows: 10, uneven: true, alike: 0.5, shared: true },
  ]),
)("no leak: the interval misses 0.5 in at most 5 percent: %s", (_, setting) => {
  expect(simulated(setting).missed).toBeLessThanOrEqual(above(0.05));
});

test.each(
  named([
    ...[10, 20, 50].flatMap((count) =>
      [1, 2].flatMap((leak) =>
        [0.5, 0.9].map((alike) => ({ patients: [count, count] as const, rows: 10, alike, leak })),
      ),
    ),
    ...[1, 2, 3, 4].map((leak) => ({ patients: [20, 20] as const, rows: 1, alike: 0, leak })),
    // areas of 0.983, 0.993, 0.998 and 0.9998: nearly every pair is in the right order
    ...[20, 50, 100].flatMap((count) =>
      [3, 3.5, 4, 5].map((leak) => ({ patients: [count, count] as const, rows: 1, alike: 0, leak })),
    ),
    { patients: [50, 50], rows: 10, alike: 0.9, leak: 4 },
  ]),
)("a leak: the interval misses the true area in at most 7 percent: %s", (_, setting) => {
  expect(simulated(setting).missed).toBeLessThanOrEqual(above(0.07));
});

test.each([
  [{ patients: [50, 50], rows: 10, alike: 0.9, leak: 0.5 }, 0.68],
  [{ patients: [20, 20], rows: 10, alike: 0.9, leak: 1 }, 0.83],
  [{ patients: [20, 20], rows: 10, alike: 0.5, leak: 1 }, 0.96],
] as [Setting, number][])("a leak is found: %j", (setting, least) => {
  expect(simulated(setting).found).toBeGreaterThanOrEqual(least);
});
