// Every number and every report text of test/golden/metrics.json, and for each kind a mutation that must fail.
import { describe, expect, test } from "vitest";
import { goldenJson } from "../../test/golden.ts";
import * as own from "./index.ts";
import { rankingOrder } from "./ranking.ts";

type Json = number | string | null | Json[] | { [key: string]: Json };
interface ClassSet {
  name: string;
  y_true?: own.Label[];
  y_pred?: own.Label[];
  y_score?: number[] | number[][];
  labels?: own.Label[] | null;
  target_names?: string[] | null;
  sample_weight?: number[];
  confusion_matrix?: number[][];
  reports?: { digits: number; zero_division: 0 | 1 | "nan"; text: string }[];
  output_dict?: Record<string, Json>;
  scalars?: Record<string, Json>;
}
interface Golden {
  sets: ClassSet[];
  regression: { name: string; y_true: number[]; y_pred: number[]; scalars: Record<string, number> }[];
  sequence: Sequence[];
  wer: {
    reference: string;
    hypothesis: string;
    wer: number;
    mer: number;
    wil: number;
    words: Record<string, number>;
    cer: number;
    chars: Record<string, number>;
  }[];
  wer_corpus: { wer: number; cer: number };
  ranking: {
    name: string;
    ks: number[];
    queries: Query[];
    mean: Record<string, Record<string, number>>;
    mrr: number;
  }[];
}
interface Sequence extends Record<string, unknown> {
  name: string;
  mode: "default" | "strict";
  scheme: own.Scheme | null;
  zero_division: 0 | 1;
  y_true: string[][];
  y_pred: string[][];
  output_dict: Record<string, Json>;
}
interface Query extends own.RankedQuery {
  order: number[];
  at: Record<string, Record<string, number> | null>;
  reciprocal_rank: number | null;
}
const golden = goldenJson<Golden>("metrics.json");
const logBased = /log_loss/;

/** Expects equal numbers within 1e-12 (log based: 1e-10) relative, at any depth; "NaN" and "Infinity" by name. */
function close(actual: unknown, expected: Json, path = "", tolerance = logBased.test(path) ? 1e-10 : 1e-12): void {
  if (typeof expected === "string" && typeof actual === "number") expect(String(actual), path).toBe(expected);
  else if (typeof expected === "number") {
    const error = Math.abs((actual as number) - expected);
    expect(error <= tolerance * Math.max(1, Math.abs(expected)), `${path}: ${actual} instead of ${expected}`).toBe(
      true,
    );
  } else if (Array.isArray(expected)) {
    expect((actual as unknown[]).length, path).toBe(expected.length);
    for (const [i, each] of expected.entries()) close((actual as unknown[])[i], each, `${path}[${i}]`, tolerance);
  } else if (expected && typeof expected === "object") {
    expect(Object.keys(actual as object).sort(), path).toEqual(Object.keys(expected).sort());
    for (const [key, each] of Object.entries(expected))
      close((actual as Record<string, unknown>)[key], each, `${path}.${key}`, tolerance);
  } else expect(actual, path).toEqual(expected);
}

/** A set's columns; where only the confusion matrix is given, rows that have it. */
function columns(set: ClassSet): { truth: own.Label[]; predicted: own.Label[] } {
  if (!set.confusion_matrix) return { truth: set.y_true!, predicted: set.y_pred! };
  const pairs = set.confusion_matrix.flatMap((row, t) =>
    row.flatMap((n, p) => Array.from({ length: n }, () => [set.labels![t]!, set.labels![p]!] as const)),
  );
  return { truth: pairs.map(([t]) => t), predicted: pairs.map(([, p]) => p) };
}
const zero = (value: 0 | 1 | "nan") => (value === "nan" ? Number.NaN : value);
const options = (set: ClassSet) => ({ labels: set.labels ?? undefined, sampleWeight: set.sample_weight });

/** The value of each scalar of metrics.json. */
const scalars: Record<string, (set: Required<ClassSet>, truth: never, predicted: never) => unknown> = {
  accuracy: (s, t, p) => own.accuracy(t, p, options(s)),
  subset_accuracy: (_, t, p) => own.accuracy(t, p),
  mcc: (_, t, p) => own.matthewsCorrelation(t, p),
  cohen_kappa: (_, t, p) => own.cohenKappa(t, p),
  cohen_kappa_linear: (_, t, p) => own.cohenKappa(t, p, { weights: "linear" }),
  cohen_kappa_quadratic: (_, t, p) => own.cohenKappa(t, p, { weights: "quadratic" }),
  balanced_accuracy: (_, t, p) => own.balancedAccuracy(t, p),
  balanced_accuracy_adjusted: (_, t, p) => own.balancedAccuracy(t, p, { adjusted: true }),
  confusion_matrix: (s, t, p) => own.confusionMatrix(t, p, options(s)).matrix,
  hamming_loss: (_, t, p) => own.hammingLoss(t, p),
  jaccard_macro: (s, t, p) => own.jaccard(t, p, "macro", options(s)),
  fbeta2_macro: (s, t, p) => own.averageScores(t, p, "macro", { ...options(s), beta: 2 }).fScore,
  precision_binary: (_, t, p) => own.binaryScores(t, p, 1).precision,
  recall_binary: (_, t, p) => own.binaryScores(t, p, 1).recall,
  f1_binary: (_, t, p) => own.binaryScores(t, p, 1).fScore,
  roc_auc: (s, t) => own.rocAuc(t, s.y_score as number[]),
  roc_auc_ovr_macro: (s, t) => own.rocAucMulticlass(t, s.y_score as number[][]),
  roc_auc_ovr_weighted: (s, t) => own.rocAucMulticlass(t, s.y_score as number[][], { average: "weighted" }),
  roc_auc_ovo_macro: (s, t) => own.rocAucMulticlass(t, s.y_score as number[][], { mode: "ovo" }),
  average_precision: (s, t) => own.averagePrecision(t, s.y_score as number[]),
  average_precision_macro: (s, t: number[]) => {
    const hot = t.map((label) => s.labels!.map((each) => (each === label ? 1 : 0)));
    return own.averageColumns(own.averagePrecision, hot, s.y_score as number[][], "macro");
  },
  log_loss: (s, t) => own.logLoss(t, s.y_score),
  brier: (s, t) => own.brierScore(t, s.y_score),
  brier_sum: (s, t) => own.brierScore(t, s.y_score),
  top2_accuracy: (s, t) => own.topKAccuracy(t, s.y_score as number[][], 2),
  ece15: (s, t) => own.calibration(t, s.y_score),
  roc_curve: (s, t) => {
    const { falsePositiveRate: fpr, truePositiveRate: tpr, thresholds } = own.rocCurve(t, s.y_score as number[]);
    return { fpr, tpr, thresholds };
  },
  pr_curve: (s, t) => own.precisionRecallCurve(t, s.y_score as number[]),
  roc_auc_macro_first3: (s, t) => own.averageColumns(own.rocAuc, first3(t), first3(s.y_score as number[][]), "macro"),
  average_precision_micro_first3: (s, t) =>
    own.averageColumns(own.averagePrecision, first3(t), first3(s.y_score as number[][]), "micro"),
};
for (const average of ["micro", "macro", "weighted", "samples"] as const)
  for (const [name, key] of [
    ["precision", "precision"],
    ["recall", "recall"],
    ["f1", "fScore"],
  ] as const)
    scalars[`${name}_${average}`] = (s, t, p) => own.averageScores(t, p, average, options(s))[key];
const first3 = (rows: number[][]) => rows.map((row) => row.slice(0, 3));

describe.each(golden.sets.map((set) => [set.name, set] as const))("%s", (_name, set) => {
  const { truth, predicted } = columns(set);
  const report = (zeroDivision: number, rows = predicted) =>
    own.classificationReport(truth, rows, { ...options(set), names: set.target_names ?? undefined, zeroDivision });

  test.each((set.reports ?? []).map((r) => [r.digits, r.zero_division, r.text] as const))(
    "report text, %d digits, 0/0 is %s",
    (digits, zeroDivision, text) => {
      expect(own.renderReport(report(zero(zeroDivision)), { digits })).toBe(text);
      if (new Set(predicted.map(String)).size < 2) return;
      const changed = predicted.toSpliced(
        predicted.indexOf(predicted[0]!),
        1,
        predicted.find((p) => String(p) !== String(predicted[0]))!,
      );
      expect(own.renderReport(report(zero(zeroDivision), changed), { digits: 4 })).not.toBe(
        own.renderReport(report(zero(zeroDivision)), { digits: 4 }),
      );
    },
  );

  test.each(Object.entries(set.output_dict ?? {}))("report record, 0/0 is %s", (zeroDivision, expected) => {
    close(own.reportRecord(report(zero(zeroDivision === "nan" ? "nan" : (Number(zeroDivision) as 0 | 1)))), expected);
  });

  const names = Object.keys(set.scalars ?? {});
  if (names.length)
    test.each(names)("%s", (name) => {
      close(scalars[name]!(set as Required<ClassSet>, truth as never, predicted as never), set.scalars![name]!, name);
    });
});

test("a flipped row fails each number that it moves", () => {
  for (const set of golden.sets.filter(
    (each) => each.scalars && each.y_true && new Set(each.y_true.map(String)).size > 1,
  )) {
    const { truth, predicted } = columns(set);
    const other = truth.findIndex((t) => String(t) !== String(truth[0]));
    const flipped = truth.with(0, truth[other]!);
    for (const [name, expected] of Object.entries(set.scalars!)) {
      const value = (t: own.Label[]) => scalars[name]!(set as Required<ClassSet>, t as never, predicted as never);
      if (JSON.stringify(value(flipped)) === JSON.stringify(value(truth))) continue;
      expect(() => close(value(flipped), expected, name), `${set.name} ${name}`).toThrow();
    }
  }
});

describe("regression", () => {
  const rounded = (values: number[]) => values.map(Math.round);
  const metrics: Record<string, (t: number[], p: number[]) => number> = {
    mae: own.meanAbsoluteError,
    mse: own.meanSquaredError,
    rmse: own.rootMeanSquaredError,
    r2: own.r2,
    median_ae: own.medianAbsoluteError,
    max_error: own.maximumError,
    explained_variance: own.explainedVariance,
    pearson: own.pearson,
    spearman: (t, p) => own.spearman(rounded(t), rounded(p)),
    kendall_tau_b: (t, p) => own.kendallTau(rounded(t), rounded(p)),
  };
  test.each(golden.regression.map((c) => [c.name, c] as const))("%s", (_name, c) => {
    for (const [name, expected] of Object.entries(c.scalars)) {
      close(metrics[name]!(c.y_true, c.y_pred), expected, name);
      // Two swapped predictions are noticed where they differ (rounded ranks may hide it).
      const swapped = c.y_pred.toReversed();
      if (c.name === "random" && name !== "max_error")
        expect(() => close(metrics[name]!(c.y_true, swapped), expected), name).toThrow();
    }
  });
});

describe("sequence labelling", () => {
  test.each(
    golden.sequence.map((s) => [`${s.name}, ${s.mode} ${s.scheme ?? ""}, 0/0 is ${s.zero_division}`, s] as const),
  )("%s", (_name, s) => {
    const tagging = { scheme: s.mode === "strict" ? s.scheme! : undefined, zeroDivision: s.zero_division };
    const report = own.taggingReport(s.y_true, s.y_pred, tagging);
    expect(own.renderReport(report, { digits: 2 })).toBe(s.report_digits2);
    expect(own.renderReport(report, { digits: 4 })).toBe(s.report_digits4);
    close(own.reportRecord(report), s.output_dict);
    close(own.tagAccuracy(s.y_true, s.y_pred), s.accuracy as number);
    for (const average of ["micro", "macro", "weighted"])
      for (const [name, key] of [
        ["precision", "precision"],
        ["recall", "recall"],
        ["f1", "fScore"],
      ] as const)
        close(
          report.averages.find((row) => row.name === `${average} avg`)![key],
          s[`${name}_${average}`] as number,
          `${name}_${average}`,
        );
    const triples = (sentences: string[][]) =>
      sentences.map((tags) => own.taggedEntities(tags, tagging).map((e) => [e.type, e.first, e.last]));
    expect(triples(s.y_true)).toEqual(s.entities_true);
    expect(triples(s.y_pred)).toEqual(s.entities_pred);
  });

  test("reading leniently what is meant strictly fails somewhere", () => {
    const strict = golden.sequence.filter((s) => s.mode === "strict");
    const wrong = strict.filter((s) => own.renderReport(own.taggingReport(s.y_true, s.y_pred)) !== s.report_digits2);
    expect(wrong.length).toBeGreaterThan(0);
  });
});

describe("error rates of texts", () => {
  test.each(golden.wer.map((c) => [`${c.reference} → ${c.hypothesis}`, c] as const))("%s", (_name, c) => {
    const words = own.wordErrorRate(c.reference, c.hypothesis);
    const characters = own.characterErrorRate(c.reference, c.hypothesis);
    close(
      [words.errorRate, words.matchErrorRate, words.informationLost, characters.errorRate],
      [c.wer, c.mer, c.wil, c.cer],
    );
    expect(words).toMatchObject(c.words);
    expect(characters).toMatchObject(c.chars);
    expect(() => close(own.wordErrorRate(c.reference, `${c.hypothesis} ${c.reference} x`).errorRate, c.wer)).toThrow();
  });
  test("a corpus divides summed counts", () => {
    const [references, hypotheses] = [golden.wer.map((c) => c.reference), golden.wer.map((c) => c.hypothesis)];
    close(own.wordErrorRate(references, hypotheses).errorRate, golden.wer_corpus.wer);
    close(own.characterErrorRate(references, hypotheses).errorRate, golden.wer_corpus.cer);
  });
});

describe("ranking", () => {
  const record = (at: own.RankingAt | undefined) => (at ? entries(at) : null);
  const entries = ({ precision, recall, hit, averagePrecision: ap, ndcg, ndcgLinear: ndcg_linear }: own.RankingAt) => ({
    recall,
    precision,
    hit,
    ap,
    ndcg,
    ndcg_linear,
  });
  test.each(golden.ranking.map((c) => [c.name, c] as const))("%s", (_name, c) => {
    for (const query of c.queries) {
      expect(rankingOrder(query.scores)).toEqual(query.order);
      for (const k of c.ks) close(record(own.rankingAt(query, k)), query.at[k]!, `at ${k}`);
      close(own.reciprocalRank(query) ?? null, query.reciprocal_rank);
    }
    for (const k of c.ks) {
      const { reciprocalRank, ...mean } = own.meanRanking(c.queries, k);
      close(record(mean), c.mean[k]!, `mean at ${k}`);
      close(reciprocalRank, c.mrr);
    }
    const upside = c.queries.map((q) => ({ ...q, scores: Array.from(q.scores, (s) => -s) }));
    expect(() => {
      for (const k of c.ks) close(record(own.meanRanking(upside, k)), c.mean[k]!);
    }).toThrow();
  });
});
