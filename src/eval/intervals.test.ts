// Intervals: coverage, SciPy's values, seeds, strata, clusters, pairs, wrong use.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import { accuracy } from "./agreement.ts";
import { bootstrap, bootstrapMany, onRows, pairedBootstrap, quantile, wilson } from "./intervals.ts";
import { normalCdf, normalQuantile } from "./normal.ts";
import { f1 } from "./scores.ts";

const mean = (x: readonly number[]) => x.reduce((a, b) => a + b, 0) / x.length;
const skewed = [0.3, 1.2, 0.1, 2.5, 0.7, 0.2, 3.1, 0.9, 0.4, 1.1, 0.05, 1.8];

describe("Wilson's interval", () => {
  test("is SciPy's", () => {
    const [a, b] = [wilson(8, 10), wilson(0, 7, 0.9)];
    for (const [own, scipy] of [
      [a.low, 0.4901624715366418],
      [a.high, 0.9433178485456248],
      [b.low, 0],
      [b.high, 0.27876269545254206],
    ] as const)
      expect(Math.abs(own - scipy)).toBeLessThan(1e-13);
  });
  test("holds the share, stays within 0 … 1 and narrows with trials", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, share) => {
        const successes = Math.round(share * trials);
        const { estimate, low, high } = wilson(successes, trials);
        expect(low >= 0 && low <= estimate && estimate <= high && high <= 1).toBe(true);
        const more = wilson(successes * 4, trials * 4);
        expect(more.high - more.low).toBeLessThan(high - low);
      }),
      { numRuns: 50 },
    );
  });
  test("refuses what is no share", () => {
    fault("E_ARGUMENT", () => wilson(3, 2));
    fault("E_ARGUMENT", () => wilson(0, 0));
    fault("E_ARGUMENT", () => wilson(1, 2, 1));
  });
});

describe("the bootstrap", () => {
  test("gives SciPy's BCa and percentile intervals of a skewed mean", () => {
    const run = (method: "bca" | "percentile") =>
      bootstrap(onRows(mean, skewed), skewed.length, { random: random(2), resamples: 40_000, method });
    const [bca, percentile] = [run("bca"), run("percentile")];
    expect(Math.abs(bca.low - 0.59167)).toBeLessThan(0.012); // SciPy 1.17.1 with 400,000 resamples
    expect(Math.abs(bca.high - 1.69167)).toBeLessThan(0.025);
    expect(Math.abs(percentile.low - 0.5375)).toBeLessThan(0.012);
    expect(Math.abs(percentile.high - 1.59583)).toBeLessThan(0.025);
    expect(Math.abs(bca.standardError - 0.27186)).toBeLessThan(0.005);
    expect(bca.estimate).toBeCloseTo(mean(skewed), 14);
  });
  test("repeats with its seed; every option changes the interval", () => {
    const truth = Array.from({ length: 60 }, (_, i) => i % 3);
    const predicted = truth.map((t, i) => (i % 4 === 1 ? (t + 1) % 3 : t));
    const metric = onRows((t: number[], p: number[]) => f1(t, p), truth, predicted);
    const run = (change: object = {}, seed = 1) => {
      const { low, high } = bootstrap(metric, 60, { random: random(seed), resamples: 300, ...change });
      return `${low} ${high}`;
    };
    expect(run()).toBe(run());
    const strata = truth.map((t) => `class ${t}`);
    const clusters = truth.map((_, i) => Math.floor(i / 5));
    for (const change of [{ resamples: 299 }, { confidence: 0.9 }, { method: "percentile" }, { strata }, { clusters }])
      expect(run(change)).not.toBe(run());
    expect(run({}, 2)).not.toBe(run());
  });
  test("keeps the size of every stratum and draws whole clusters", () => {
    const strata = ["a", "a", "a", "b", "b", "c"];
    bootstrap(
      (rows) => {
        expect(
          Array.from(rows, (row) => strata[row]!)
            .sort()
            .join(""),
        ).toMatch(/^a{2,3}b{1,2}c?$/); // the jackknife leaves one out
        return rows.reduce((sum, row) => sum + row, 0);
      },
      6,
      { random: random(1), resamples: 50, strata },
    );
    const clusters = [7, 7, 8, 8, 8, 9];
    bootstrap(
      (rows) => {
        const counts = [0, 1, 2, 3, 4, 5].map((row) => rows.filter((r) => r === row).length);
        expect(counts[0] === counts[1] && counts[2] === counts[3] && counts[3] === counts[4]).toBe(true);
        return rows.length;
      },
      6,
      { random: random(1), resamples: 50, clusters },
    );
  });
  test("correlated rows need clusters: the interval widens", () => {
    const rng = random(4);
    const values = Array.from({ length: 30 }, () => rng.normal()).flatMap((v) => [v, v, v, v]);
    const clusters = values.map((_, i) => Math.floor(i / 4));
    const width = (change: object) => {
      const { low, high } = bootstrap(onRows(mean, values), 120, { random: random(1), resamples: 500, ...change });
      return high - low;
    };
    expect(width({ clusters }) / width({})).toBeGreaterThan(1.6); // √4 = 2 in the limit
  });
  test("covers the true mean about as often as it says", () => {
    let covered = 0;
    for (let k = 0; k < 200; k++) {
      const rng = random(`world ${k}`);
      const sample = Array.from({ length: 40 }, () => -Math.log(1 - rng.float())); // exponential, mean 1
      const { low, high } = bootstrap(onRows(mean, sample), 40, {
        random: rng.split("bootstrap"),
        resamples: 400,
        confidence: 0.9,
      });
      if (low <= 1 && 1 <= high) covered++;
    }
    expect(covered).toBeGreaterThan(165); // 180 expected, standard deviation 4.2; small samples fall a little short
    expect(covered).toBeLessThan(195);
  });
});

describe("the bootstrap at its edges", () => {
  test("a metric that is undefined in some resamples says so; nowhere defined is an error", () => {
    const metric = onRows((x: number[]) => (x.includes(1) ? mean(x) : Number.NaN), [1, 0, 0, 0, 0]);
    expect(bootstrap(metric, 5, { random: random(1), resamples: 200 }).undefinedCount).toBeGreaterThan(20);
    fault("E_DATA", () => bootstrap(() => Number.NaN, 5, { random: random(1) }));
  });
  test("a metric that never varies has an interval of no width", () => {
    const { low, high, standardError } = bootstrap(() => 0.75, 5, { random: random(1), resamples: 20 });
    expect([low, high, standardError]).toEqual([0.75, 0.75, 0]);
  });
  test("wrong use is named", () => {
    const metric = () => 1;
    fault("E_ARGUMENT", () => bootstrap(metric, 0, { random: random(1) }));
    fault("E_ARGUMENT", () => bootstrap(metric, 3, { random: random(1), resamples: 0 }));
    fault("E_ARGUMENT", () => bootstrap(metric, 3, { random: random(1), confidence: 0 }));
    fault("E_SHAPE", () => bootstrap(metric, 3, { random: random(1), strata: [1, 2] }));
    fault("E_DATA", () => bootstrap(metric, 3, { random: random(1), strata: [1, 2, 2], clusters: [0, 0, 1] }));
    fault("E_SHAPE", () => onRows(mean as never, [1, 2], [1]));
  });
});

describe("the paired bootstrap", () => {
  const truth = Array.from({ length: 200 }, (_, i) => i % 2);
  const noisy = (seed: number, share: number) =>
    truth.map((t, i) => (random(`${seed}/${i}`).float() < share ? 1 - t : t));
  const compare = (a: number[], b: number[]) =>
    pairedBootstrap(
      onRows((t: number[], p: number[]) => accuracy(t, p), truth, a),
      onRows((t: number[], p: number[]) => accuracy(t, p), truth, b),
      200,
      { random: random(1), resamples: 1000 },
    );
  test("finds a real difference and its sign", () => {
    const result = compare(noisy(1, 0.1), noisy(2, 0.3));
    expect(result.low).toBeGreaterThan(0);
    expect(result.pValue).toBeLessThan(0.01);
    expect(compare(noisy(2, 0.3), noisy(1, 0.1)).high).toBeLessThan(0);
  });
  test("finds none between equals, and none at all between a system and itself", () => {
    const result = compare(noisy(1, 0.2), noisy(2, 0.2));
    expect(result.low < 0 && result.high > 0 && result.pValue > 0.05).toBe(true);
    expect(compare(noisy(1, 0.2), noisy(1, 0.2))).toMatchObject({ estimate: 0, low: 0, high: 0, pValue: 1 });
  });
});

test("quantiles interpolate and the normal quantile inverts its distribution", () => {
  expect([0, 0.25, 0.5, 1].map((q) => quantile([1, 2, 4], q))).toEqual([1, 1.5, 2, 4]);
  fc.assert(
    fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
      expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-14);
    }),
  );
  expect([normalQuantile(0), normalQuantile(1), normalQuantile(2)]).toEqual([-Infinity, Infinity, Number.NaN]);
});

test("several metrics from the same draws have the intervals that each has alone; an undefined one is NaN", () => {
  const at = (f: (x: number[]) => number) => (rows: Int32Array) => f(Array.from(rows, (i) => skewed[i]!));
  const largest = (x: number[]) => Math.max(...x);
  const options = () => ({ random: random(5), resamples: 300 });
  const [first, second, none] = bootstrapMany(
    (rows) => [at(mean)(rows), at(largest)(rows), Number.NaN],
    skewed.length,
    options(),
  );
  for (const [many, f] of [
    [first!, mean],
    [second!, largest],
  ] as const) {
    const alone = bootstrap(at(f), skewed.length, { ...options(), method: "percentile" });
    expect([many.estimate, many.low, many.high]).toEqual([alone.estimate, alone.low, alone.high]);
  }
  expect(none).toMatchObject({ estimate: Number.NaN, low: Number.NaN, high: Number.NaN });
});
