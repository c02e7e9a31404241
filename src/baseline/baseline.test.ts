import { expect, test } from "vitest";
import { mostFrequent } from "../base/index.ts";
import {
  denseRows,
  fitCentroids,
  fitClasses,
  fitLabels,
  fitNumber,
  ngramFeatures,
  scoresOf,
  wordTags,
} from "./index.ts";

// Reference values: scikit-learn 1.9.1, TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 3), sublinear_tf=True).
test("n-grams inside words have scikit-learn's weights", () => {
  const features = ngramFeatures(["aab ab", "Ba c", "c", "发烧 头痛"], { longest: 3 });
  expect(features.width).toBe(34);
  const { starts, values } = features.rows(["aab ab", "c", "", "ab"]);
  const row = (i: number) => [...values.subarray(starts[i], starts[i + 1])].sort((a, b) => b - a);
  expect(row(0)).toContainEqual(expect.closeTo(0.364838, 5)); // "ab"
  expect(row(0)).toContainEqual(expect.closeTo(0.268329, 5)); // " "
  expect(row(0)).toContainEqual(expect.closeTo(0.215479, 5)); // " ab"
  expect(row(1)).toContainEqual(expect.closeTo(0.43619, 5)); // "c "
  expect(row(2)).toEqual([]);
  for (const i of [0, 1, 3]) expect(Math.hypot(...row(i))).toBeCloseTo(1, 12);
});

test("rare n-grams are left out, and of many the most common stay", () => {
  const texts = ["ab", "ab", "cd"];
  expect(ngramFeatures(texts, { shortest: 2, longest: 2, leastTexts: 2 }).width).toBe(3); // " a", "ab", "b "
  expect(ngramFeatures(texts, { most: 1 }).width).toBe(1);
  expect(() => ngramFeatures(["", " "])).toThrow("E_DATA");
});

// Reference values: scikit-learn 1.9.1, LogisticRegression(C=2, tol=1e-10) and Ridge(alpha=0.5, tol=1e-12) on these rows.
const rows = [
  [0.13, -0.13, 0.64], [1.1, -0.54, 0.36], [1.3, 1.95, -0.7], [-1.27, -0.62, 0.04], [-1.33, -0.22, -1.25], [-0.73, 0.46, -0.32],
  [0.41, 1.04, -0.13], [2.37, -0.67, 0.35], [0.9, 1.09, -0.74], [-0.92, -0.46, 0.22], [-0.01, -0.21, -0.16], [0.54, 1.21, 0.36],
]; // biome-ignore format: a table
const labels = [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2];
const exact = { strength: 2, tolerance: 1e-10, iterations: 1000 };

test("softmax, logistic and ridge regression end where scikit-learn's do", () => {
  const given = denseRows(rows);
  const close = (values: Iterable<number>, wanted: readonly number[]) =>
    expect([...values]).toEqual(wanted.map((x) => expect.closeTo(x, 4)));
  const classes = fitClasses(given, labels, 3, exact);
  close(classes.weight, [-0.61801, 0.59053, 0.02747, -0.02283, -1.29947, 1.3223, 1.09426, -0.86368, -0.23058]);
  const [first] = scoresOf(classes, given);
  const mean = first!.reduce((a, b) => a + b, 0) / 3;
  close(
    first!.map((x) => x - mean),
    [0.93818, -0.16238, -0.7758],
  );
  const one = fitLabels(
    given,
    labels.map((l) => [Number(l === 1)]),
    exact,
  );
  close([...one.weight, ...one.bias], [0.75126, -1.68244, -1.03127, -0.72486]);
  const values = [3.71, 5.36, 0.05, 2.99, 1.48, 1.19, 1.26, 6.88, 1.35, 3.11, 3.33, 1.3];
  const number = fitNumber(given, values, exact);
  close([...number.weight, ...number.bias], [0.93066, -1.8559, 0.54314, 2.9831]);
});

test("a fit from another one's end is the same fit", () => {
  const given = denseRows(rows);
  const start = fitClasses(given, labels, 3, { strength: 100 });
  const [warm, cold] = [fitClasses(given, labels, 3, { ...exact, start }), fitClasses(given, labels, 3, exact)];
  for (const [i, w] of warm.weight.entries()) expect(w).toBeCloseTo(cold.weight[i]!, 6);
});

test("the nearest centroid answers by angle, and the most frequent class where nothing is known", () => {
  const features = ngramFeatures(["red apple", "red cherry", "blue sea"]);
  const nearest = fitCentroids(features.rows(["red apple", "red cherry", "blue sea"]), [0, 0, 1], 2);
  expect([...nearest(features.rows(["a red one", "the sea", "§"]))]).toEqual([0, 1, 0]);
});

test("the most frequent value, equal counts by spelling; a word's usual tag", () => {
  expect(mostFrequent(["b", "a", "b", "a", "c"])).toBe("a");
  expect(mostFrequent([])).toBeUndefined();
  const tags = wordTags(
    [["Paris", "is"], ["Paris", "Hilton"], ["Paris"]],
    [["B-LOC", "O"], ["B-PER", "I-PER"], ["B-LOC"]],
  );
  expect(tags(["Paris", "Hilton", "new"])).toEqual(["B-LOC", "I-PER", "O"]);
});
