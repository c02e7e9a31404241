import { describe, expect, test } from "vitest";
import { random } from "../base/index.ts";
import { accuracy, bootstrap, onRows, rocAuc } from "../eval/index.ts";
import { auditFairness } from "./audit-groups.ts";
import { generalisedMean } from "./decision-panel.ts";
import { betweenGroupEntropy, generalisedEntropy } from "./entropy.ts";
import type { Judged } from "./judged.ts";
import { binomial, clusterNumbers } from "./resample.ts";

/** Decisions on two attributes; group `c` of region is answered wrongly more often by `gap`. */
function sample(rows: number, gap: number, seed = 1) {
  const rng = random(seed);
  const region = Array.from({ length: rows }, () => "abc"[rng.int(3)]!);
  const sex = Array.from({ length: rows }, () => "fm"[rng.int(2)]!);
  const truth = Array.from({ length: rows }, () => rng.int(2));
  const predicted = truth.map((t, i) => (rng.float() < 0.15 + (region[i] === "c" ? gap : 0) ? 1 - t : t));
  const scores = predicted.map((p) => Math.min(1, Math.max(0, 0.3 + 0.4 * p + 0.2 * rng.normal())));
  return { judged: { kind: "decisions", truth, predicted, scores } as const, attributes: { region, sex } };
}

test("a planted gap is called for its group; without one nothing is called", () => {
  const planted = sample(3000, 0.2);
  const { called, groupings } = auditFairness(planted.judged, planted.attributes, { resamples: 400 });
  expect(called[0]).toMatchObject({ attributes: ["region"], group: "c", measure: "accuracy" });
  expect(called[0]!.value).toBeCloseTo(0.2, 1);
  expect(groupings.map((g) => g.attributes.join("+"))).toEqual(["region", "sex", "region+sex"]);
  const fair = sample(3000, 0);
  expect(auditFairness(fair.judged, fair.attributes, { resamples: 400 }).called).toEqual([]);
});

/** Decisions of groups of the sizes given, of so many rows a patient; the first is answered wrongly more often by `gap`. */
function groupsOf(sizes: readonly number[], gap: number, each = 1, seed = 3) {
  const rng = random(`groups ${sizes} ${gap} ${each} ${seed}`);
  const [truth, predicted]: [number[], number[]] = [[], []];
  const [group, patient]: [string[], string[]] = [[], []];
  for (const [g, size] of sizes.entries())
    for (let i = 0; i < size; i++) {
      if (i % each === 0) predicted.push(Number(rng.float() < 0.8 - (g === 0 ? gap : 0)));
      else predicted.push(predicted.at(-1)!); // a patient's rows are right or wrong together
      truth.push(1);
      group.push(`g${g}`);
      patient.push(`${g} ${Math.floor(i / each)}`);
    }
  return { judged: { kind: "decisions", truth, predicted } as const, group, patient };
}

test("three verdicts: a gap, within tolerance, undetermined with the gap that would be found", () => {
  const verdict = (sizes: number[], gap: number, tolerance = 0.05) => {
    const { judged, group } = groupsOf(sizes, gap);
    return auditFairness(judged, { group }, { tolerance }).groupings[0]!.gaps[0]!;
  };
  expect(verdict([500, 500, 500], 0.25)).toMatchObject({ verdict: "gap", called: true, group: "g0" });
  expect(verdict([8000, 8000, 8000], 0)).toMatchObject({ verdict: "within", called: false });
  const small = verdict([40, 40, 40], 0);
  expect(small).toMatchObject({ verdict: "undetermined", called: false });
  expect(small.detectable).toBeGreaterThan(0.25);
  expect(verdict([8000, 8000, 8000], 0).detectable).toBeLessThan(0.09);
});

test("a group of few patients is undetermined, however many rows they have; of many patients a gap is found", () => {
  const audited = (sizes: number[], each: number) => {
    const { judged, group, patient } = groupsOf(sizes, 0.7, each);
    return auditFairness(judged, { group }, {}, patient).groupings[0]!.gaps[0]!;
  };
  expect(audited([40, 600, 600], 20)).toMatchObject({ verdict: "undetermined", reason: "few-units", units: 2 });
  expect(audited([40, 600, 600], 20).detectable).toBeNaN();
  expect(audited([200, 600, 600], 4)).toMatchObject({ verdict: "gap", group: "g0", units: 50 });
});

test("answers in texts: a group whose answers are half right by F1 lies behind, beside those that are exact", () => {
  const group = Array.from({ length: 400 }, (_, i) => (i % 4 === 0 ? "few" : "most"));
  const truth = group.map((_, i) => (i % 5 === 0 ? [] : ["the red barn", "a barn"]));
  const predicted = group.map((g, i) => (i % 5 === 0 ? "" : g === "few" ? "red barn door" : "red barn"));
  const found = auditFairness({ kind: "answers", truth, predicted }, { group }, { resamples: 200 });
  const { few, most } = found.groupings[0]!.groups as Record<string, { measures: Record<string, { value: number }> }>;
  expect(most!.measures).toMatchObject({ answerF1: { value: 1 }, exactMatch: { value: 1 } });
  expect(few!.measures.exactMatch!.value).toBeCloseTo(0.2, 10); // those without an answer
  expect(few!.measures.answerF1!.value).toBeCloseTo(0.2 + 0.8 * 0.8, 10); // 2 of 3 words, and 2 of 2: F1 4/5
  expect(found.called[0]).toMatchObject({ group: "few", measure: "answerF1" });
  expect(found.baseline).toBeUndefined();
});

test("without a difference the largest difference between groups reaches 0", () => {
  const { judged, group } = groupsOf([60, 60, 60, 60, 60, 60], 0);
  const { between } = auditFairness(judged, { group }).groupings[0]!;
  expect(between.accuracy!.difference.value).toBeGreaterThan(0.05);
  expect(between.accuracy!.difference.low).toBe(0);
});

test("calibrated probabilities of few rows have a calibration error near 0, and no gap by it", () => {
  const rng = random(8);
  const scores = Array.from({ length: 1500 }, () => rng.float());
  const truth = scores.map((p) => Number(rng.float() < p));
  const group = scores.map((_, i) => (i < 30 ? "few" : i < 700 ? "many" : "bent"));
  const told = scores.map((p, i) => (group[i] === "bent" ? p ** 4 : p));
  const judged = { kind: "decisions", truth, predicted: told.map((p) => Number(p > 0.5)), scores: told } as const;
  const { groups, gaps } = auditFairness(judged, { group }, { measures: ["calibrationError"] }).groupings[0]!;
  const errorOf = (name: string) =>
    (groups[name] as { measures: Record<string, { value: number }> }).measures.calibrationError!;
  expect(errorOf("few").value).toBeLessThan(0.08);
  expect(errorOf("many").value).toBeLessThan(0.05);
  expect(errorOf("bent").value).toBeGreaterThan(0.25);
  expect(gaps[0]).toMatchObject({ group: "bent", verdict: "gap" });
});

test("a rate of few cases is not shown, nor that of another group which would give it away", () => {
  const group = [..."a".repeat(40), ..."b".repeat(40), ..."c".repeat(120)];
  // label x: 3 rows of a, 20 of b, 60 of c
  const truth = group.map((g, i) => Number(g === "a" ? i < 3 : i % 2 === 0));
  const { groups } = auditFairness({ kind: "classes", names: ["y", "x"], truth, predicted: truth }, { group })
    .groupings[0]!;
  const rate = (name: string) =>
    (groups[name] as { measures: Record<string, { value: number }> }).measures["x.truePositiveRate"]!.value;
  expect([rate("a"), rate("b")]).toEqual([Number.NaN, Number.NaN]);
  expect(rate("c")).toBe(1);
  const { groups: lone } = auditFairness(
    { kind: "classes", names: ["y", "x"], truth, predicted: truth },
    { group: group.map((g, i) => (i < 5 ? "rare" : g)) },
  ).groupings[0]!;
  expect(lone.rare).toEqual({ rows: "under 10" });
  expect(lone.a).toEqual({ rows: "withheld" });
});

test("options change what is found: pairs, tolerance, measures, the smallest cell", () => {
  const { judged, attributes } = sample(600, 0.25);
  const audit = (options: Parameters<typeof auditFairness>[2]) =>
    auditFairness(judged, attributes, { resamples: 100, ...options });
  expect(audit({ pairs: false }).groupings).toHaveLength(2);
  expect(audit({ tolerance: 0.5 }).called).toEqual([]);
  expect(audit({ measures: ["selectionRate", "auc"] }).groupings[0]!.gaps.map((g) => g.measure)).toEqual([
    "selectionRate",
    "auc",
  ]);
  const few = audit({ smallestCell: 100 }).groupings.at(-1)!;
  expect(Object.values(few.groups).some((g) => g.rows === "under 100")).toBe(true);
  const other = audit({ seed: 5 }).groupings[0]!.overall.auc!;
  expect(other.low).not.toBe(audit({}).groupings[0]!.overall.auc!.low);
  const narrow = audit({ confidence: 0.5 }).groupings[0]!.overall.accuracy!;
  expect(narrow.low).toBeGreaterThan(audit({}).groupings[0]!.overall.accuracy!.low);
});

describe("intervals from counts agree with a row bootstrap", () => {
  const { judged, attributes } = sample(900, 0.1, 3);
  const findings = auditFairness(judged, attributes, { resamples: 2000, pairs: false });
  const group = findings.groupings[0]!.groups.c as {
    measures: Record<string, { low: number; high: number; value: number }>;
  };
  const inGroup = attributes.region.map((r) => r === "c");

  test.each(["accuracy", "auc", "truePositiveRate"])("%s", (measure) => {
    const metric = onRows(
      (t, p, s, inside) => {
        const rows = inside.flatMap((yes, i) => (yes ? [i] : []));
        const of = <T>(column: T[]) => rows.map((i) => column[i]!);
        if (measure === "accuracy") return accuracy(of(t), of(p));
        if (measure === "auc") return rocAuc(of(t), of(s));
        return of(t).reduce((n, x, i) => n + x * of(p)[i]!, 0) / of(t).reduce((n, x) => n + x, 0);
      },
      judged.truth,
      judged.predicted,
      judged.scores,
      inGroup,
    );
    const rows = bootstrap(metric, 900, { random: random(9), resamples: 800, method: "percentile" });
    const own = group.measures[measure]!;
    expect(own.value).toBeCloseTo(rows.estimate, 12);
    expect(Math.abs(own.low - rows.low)).toBeLessThan(0.3 * rows.standardError);
    expect(Math.abs(own.high - rows.high)).toBeLessThan(0.3 * rows.standardError);
  });

  test("redrawing patients gives wider intervals where a patient's rows agree", () => {
    const twice = <T>(column: readonly T[]) => column.flatMap((x) => [x, x]);
    const doubled: Judged = {
      kind: "decisions",
      truth: twice(judged.truth),
      predicted: twice(judged.predicted),
    };
    const region = { region: twice(attributes.region) };
    const patients = twice(judged.truth.map((_, i) => `p${i}`));
    const width = (clusters?: string[]) => {
      const { low, high } = auditFairness(doubled, region, { resamples: 1000 }, clusters).groupings[0]!.overall
        .accuracy!;
      return high - low;
    };
    expect(width(patients) / width()).toBeGreaterThan(1.25);
    expect(width(patients) / width()).toBeLessThan(1.6);
  });
});

test("AUC across a group's border is what the definition says", () => {
  const { judged, attributes } = sample(400, 0.1, 4);
  const { groupings } = auditFairness(judged, attributes, { resamples: 10, pairs: false });
  const own = (groupings[0]!.groups.a as { measures: Record<string, { value: number }> }).measures;
  const pick = (keep: (inside: boolean, truth: number) => boolean) => {
    const rows = judged.truth.flatMap((t, i) => (keep(attributes.region[i] === "a", t) ? [i] : []));
    return rocAuc(
      rows.map((i) => judged.truth[i]!),
      rows.map((i) => judged.scores[i]!),
    );
  };
  expect(own.auc!.value).toBeCloseTo(
    pick((inside) => inside),
    12,
  );
  expect(own.bpsnAuc!.value).toBeCloseTo(
    pick((inside, t) => (inside ? t === 0 : t === 1)),
    12,
  );
  expect(own.bnspAuc!.value).toBeCloseTo(
    pick((inside, t) => (inside ? t === 1 : t === 0)),
    12,
  );
  expect(groupings[0]!.generalisedMeans.auc).toBeLessThan(1);
  expect(generalisedMean([0.9, 0.6])).toBeCloseTo(((0.9 ** -5 + 0.6 ** -5) / 2) ** (-1 / 5), 12);
});

test("classes, several labels and numbers have measures of their own, and gaps", () => {
  const { attributes } = sample(900, 0, 5);
  const worse = attributes.region.map((r) => Number(r === "c"));
  const rng = random(2);
  const truth = worse.map(() => rng.int(3));
  const predicted = truth.map((t, i) => (rng.float() < 0.1 + 0.4 * worse[i]! ? (t + 1) % 3 : t));
  const probabilities = predicted.map((p) => [0, 1, 2].map((k) => (k === p ? 0.8 : 0.1)));
  const options = { resamples: 200, pairs: false };
  const classes = auditFairness(
    { kind: "classes", names: ["x", "y", "z"], truth, predicted, probabilities },
    attributes,
    options,
  );
  expect(classes.called[0]).toMatchObject({ group: "c", attributes: ["region"] });
  expect(Object.keys(classes.groupings[0]!.overall)).toEqual(
    expect.arrayContaining(["macroF1", "x.truePositiveRate", "z.selectionRate", "calibrationError"]),
  );
  expect(classes.groupings[0]!.parity.equalizedOdds!.difference.value).toBeGreaterThan(0.2);
  const hot = (rows: number[]) => rows.map((r) => [0, 1, 2].map((k) => Number(k === r)));
  const labels = auditFairness(
    { kind: "labels", names: ["x", "y", "z"], truth: hot(truth), predicted: hot(predicted) },
    attributes,
    options,
  );
  expect(labels.called[0]).toMatchObject({ group: "c", measure: "exactMatch" });
  const guesses = truth.map((t, i) => t + (1 + worse[i]!) * rng.normal());
  const numbers = auditFairness({ kind: "numbers", truth, predicted: guesses }, attributes, options);
  expect(numbers.called[0]).toMatchObject({ group: "c", measure: "mae" });
  expect(numbers.groupings[0]!.overall.mae!.value).toBeCloseTo(
    guesses.reduce((sum, g, i) => sum + Math.abs(g - truth[i]!), 0) / 900,
    10,
  );
});

test("attributes that cannot be compared are named with the reason", () => {
  const { judged } = sample(60, 0);
  const { skipped, groupings } = auditFairness(judged, {
    country: judged.truth.map(() => "x"),
    id: judged.truth.map((_, i) => `${i}`),
    room: judged.truth.map((_, i) => `${i >> 1}`),
  });
  expect(groupings).toEqual([]);
  expect(skipped).toEqual([
    { attribute: "country", reason: "constant" },
    { attribute: "id", reason: "one-value-per-row" },
    { attribute: "room", reason: "all-groups-small" },
  ]);
});

test.each([
  ["scores that are NaN", { kind: "decisions", truth: [0, 1], predicted: [0, 1], scores: [0.2, Number.NaN] }, /finite/],
  [
    "probabilities that do not sum to 1",
    {
      kind: "classes",
      names: ["a", "b"],
      truth: [0, 1],
      predicted: [0, 1],
      probabilities: [
        [0.5, 0.5],
        [0.5, 0.9],
      ],
    },
    /sum to 1/,
  ],
  [
    "a probability above 1",
    {
      kind: "classes",
      names: ["a", "b"],
      truth: [0, 1],
      predicted: [0, 1],
      probabilities: [
        [0.5, 0.5],
        [1.5, -0.5],
      ],
    },
    /outside/,
  ],
  ["columns of unequal length", { kind: "numbers", truth: [0, 1], predicted: [0] }, /equally long/],
] as [string, Judged, RegExp][])("%s are refused", (_, judged, problem) => {
  expect(() => auditFairness(judged, {})).toThrow(problem);
});

test("binomial draws have the mean and the variance of their distribution, few or many", () => {
  for (const [n, p] of [
    [20, 0.1],
    [1000, 0.4],
    [100000, 0.7],
    [50, 0.9],
  ] as const) {
    const rng = random(n);
    const draws = Array.from({ length: 20000 }, () => binomial(n, p, rng));
    const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean - n * p) / Math.sqrt((n * p * (1 - p)) / draws.length)).toBeLessThan(4);
    expect(variance / (n * p * (1 - p))).toBeCloseTo(1, 1);
  }
});

test("generalised entropy by its formula, and the part between groups", () => {
  const benefits = [0, 1, 1, 2];
  expect(generalisedEntropy(benefits)).toBeCloseTo((1 + 0 + 0 + 1) / (4 * 2), 12);
  expect(generalisedEntropy(benefits, 1)).toBeCloseTo((2 * Math.log(2)) / 4, 12);
  expect(betweenGroupEntropy(benefits, ["a", "a", "b", "b"])).toBeCloseTo(
    (2 * (0.25 - 1) + 2 * (2.25 - 1)) / (4 * 2),
    12,
  );
  expect(() => generalisedEntropy([-1, 2])).toThrow(/below 0/);
});

test("rows that are all of different clusters are redrawn as rows", () => {
  expect(clusterNumbers(["a", "b", "c"])).toBeUndefined();
  expect(clusterNumbers(["a", "b", "a"])).toMatchObject({ count: 2 });
});

test("a group that is behind comes first, however narrow the interval of one that is not is", () => {
  // 12 rows of a with 3 errors lie behind; 2000 of b lie a little ahead of the 2000 of c
  const group = [..."a".repeat(12), ..."b".repeat(2000), ..."c".repeat(2000)];
  const truth = group.map(() => 1);
  const predicted = group.map((g, i) => Number(g === "a" ? i >= 3 : (i * 7) % 100 >= (g === "b" ? 10 : 10)));
  const [gap] = auditFairness({ kind: "decisions", truth, predicted }, { group }).groupings[0]!.gaps;
  expect(gap).toMatchObject({ group: "a", side: "below", called: false });
  expect(gap!.value).toBeGreaterThan(0.1);
});
