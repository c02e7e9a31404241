// Random cases against scikit-learn, seqeval, jiwer, NumPy and SciPy (fixtures/python-reference.json says which versions):
// weights, label subsets, ties, all schemes, suffix tags, alignments, order of sums.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as own from "./index.ts";
import { pairwiseSum } from "./sums.ts";

interface Reference {
  reports: {
    kind: string;
    y_true: own.Labels;
    y_pred: own.Labels;
    labels: own.Label[] | null;
    w: number[] | null;
    digits: number;
    zd: 0 | 1 | "NaN";
    text: string;
  }[];
  curves: {
    y: number[];
    s: number[];
    w: number[] | null;
    fpr: number[];
    tpr: number[];
    th: (number | "Infinity")[];
    p: number[];
    r: number[];
    t2: number[];
    auc: number;
    ap: number;
    ll: number;
  }[];
  tags: {
    scheme: own.Scheme | "default";
    suffix: boolean;
    y_true: string[][];
    y_pred: string[][];
    zd: 0 | 1;
    text: string;
    ents: [string, number, number][][];
  }[];
  wer: { a: string; b: string; w: number[]; c: number[] }[];
  sums: { a: number[]; s: number }[];
  normal: [x: number, p: number][];
  quantiles: [p: number, x: number][];
}
const reference = JSON.parse(
  readFileSync(new URL("./fixtures/python-reference.json", import.meta.url), "utf8"),
) as Reference;
const close = (actual: readonly number[], expected: readonly (number | "Infinity")[]) => {
  expect(actual).toHaveLength(expected.length);
  for (const [i, x] of actual.entries()) {
    const y = Number(expected[i]);
    expect(x === y || Math.abs(x - y) <= 1e-12 * Math.max(1, Math.abs(y)), `${x} instead of ${y}`).toBe(true);
  }
};

test.each(reference.reports.map((c, i) => [i, c.kind, c] as const))("report %d, %s", (_i, _kind, c) => {
  const options = { labels: c.labels ?? undefined, sampleWeight: c.w ?? undefined, zeroDivision: Number(c.zd) };
  expect(own.renderReport(own.classificationReport(c.y_true, c.y_pred, options), { digits: c.digits })).toBe(c.text);
});

test("ROC and precision-recall curves with ties and weights", () => {
  for (const c of reference.curves) {
    const options = { sampleWeight: c.w ?? undefined };
    const roc = own.rocCurve(c.y, c.s, options);
    const pr = own.precisionRecallCurve(c.y, c.s, options);
    close(roc.falsePositiveRate, c.fpr);
    close(roc.truePositiveRate, c.tpr);
    close(roc.thresholds, c.th);
    close(pr.precision, c.p);
    close(pr.recall, c.r);
    close(pr.thresholds, c.t2);
    close([own.rocAuc(c.y, c.s, options), own.averagePrecision(c.y, c.s, options)], [c.auc, c.ap]);
    expect(Math.abs(own.logLoss(c.y, c.s, options) / c.ll - 1)).toBeLessThan(1e-10);
    expect(own.rocCurve(c.y, c.s, { ...options, dropIntermediate: false }).thresholds.length).toBeGreaterThanOrEqual(
      c.th.length,
    );
  }
});

test.each(reference.tags.map((c, i) => [i, c.scheme, c] as const))("entities and report %d, %s", (_i, _scheme, c) => {
  const options = { scheme: c.scheme === "default" ? undefined : c.scheme, suffix: c.suffix, zeroDivision: c.zd };
  expect(c.y_true.map((tags) => own.taggedEntities(tags, options).map((e) => [e.type, e.first, e.last]))).toEqual(
    c.ents,
  );
  expect(own.renderReport(own.taggingReport(c.y_true, c.y_pred, options), { digits: 3 })).toBe(c.text);
});

test("alignments split into the same hits, substitutions, deletions and insertions", () => {
  for (const c of reference.wer) {
    const [words, characters] = [own.wordErrorRate(c.a, c.b), own.characterErrorRate(c.a, c.b)];
    const counts = (rate: own.EditRate) => [rate.hits, rate.substitutions, rate.deletions, rate.insertions];
    close([...counts(words), words.errorRate, words.matchErrorRate, words.informationLost], c.w);
    close([...counts(characters), characters.errorRate], c.c);
  }
});

test("sums have NumPy's bits, the normal distribution SciPy's 13 digits", () => {
  for (const { a, s } of reference.sums) expect(pairwiseSum(a)).toBe(s);
  for (const [x, p] of reference.normal) expect(Math.abs(own.normalCdf(x) / p - 1)).toBeLessThan(1e-13);
  for (const [p, x] of reference.quantiles)
    expect(Math.abs(own.normalQuantile(p) - x)).toBeLessThan(1e-12 * Math.max(1, Math.abs(x)));
});
