import { expect, test } from "vitest";
import { attributeGroups } from "../../data/index.ts";
import { classificationReport, macroF1Score, mostClasses, shareScore, sparseClassRecords } from "../../eval/index.ts";
import { groupingOf } from "../../fairness/index.ts";
import { scoreLines } from "../../report/index.ts";
import { groupScores, type Rows, type Scoring } from "../scoring.ts";
import { classTable } from "./class-table.ts";
import { entityMetrics } from "./entities.ts";
import { multiLabelMetrics } from "./multi-label.ts";
import { regressionMetrics } from "./regression.ts";

const scoringOf = (own: Rows, language: Scoring["language"] = "en"): Scoring => ({
  language,
  seed: 0,
  resamples: 200,
  smallestCell: 10,
  groups: { sex: attributeGroups(own.map((row) => row.attributes.sex ?? "")) },
  scheme: "IOB2",
  offsets: "code-points",
});
const rows: Rows = Array.from({ length: 60 }, (_, i) => ({
  place: `t:${i}`,
  text: `${i}`,
  labels: [i % 2 ? "b" : "a"],
  group: `p${i >> 1}`,
  attributes: { sex: i < 5 ? "x" : "f" },
}));
const of = (classOf: (i: number) => number) => rows.map((_, i) => [classOf(i)]);

test("a class has precision, recall and F1 with intervals around them; a class without rows has no recall", () => {
  const records = sparseClassRecords(
    rows,
    ["a", "b", "never"],
    of((i) => i % 2),
    of((i) => (i % 6 === 0 ? 1 : i % 2)),
  );
  const [a, b, never] = records;
  expect([a!.support, b!.support]).toEqual([30, 30]);
  expect(a!.precision).toMatchObject({ value: 1, high: 1 });
  expect(a!.precision!.low).toBeCloseTo(0.025 ** (1 / 20)); // 20 of 20 right: the exact interval, not [1, 1]
  expect(a!.recall!.value).toBeCloseTo(20 / 30);
  expect(a!.recall!.low).toBeGreaterThan(0.4);
  expect(a!.recall!.low).toBeLessThan(20 / 30);
  expect(a!.recall!.high).toBeLessThan(0.9);
  expect(b!.f1!.value).toBeCloseTo((2 * 30) / (40 + 30));
  expect(never).toEqual({ label: "never", precision: null, recall: null, f1: null, support: 0 });
});

const accuracyOf = (own: Rows) => shareScore(own, (i) => i % 2);

test("a group with few rows says only that it is small, and no other group gives it away", () => {
  const { sex } = groupScores(scoringOf(rows), rows, "accuracy", accuracyOf(rows));
  expect(sex!.x).toEqual({ rows: "under 10" });
  expect(sex!.f).toEqual({ rows: "withheld" }); // all rows less these would be those of x
  const three = rows.map((row, i) => ({ ...row, attributes: { sex: i < 5 ? "x" : i < 20 ? "m" : "f" } }));
  const shown = groupScores(scoringOf(three), three, "accuracy", accuracyOf(three)).sex!;
  expect(shown.m).toEqual({ rows: "withheld" });
  expect(shown.f).toMatchObject({ rows: 40, accuracy: { value: 0.5 } });
  const none = rows.map((row, i) => ({ ...row, attributes: { sex: i < 20 ? "m" : "f" } }));
  expect(groupScores(scoringOf(none), none, "accuracy", accuracyOf(none)).sex!.m).toMatchObject({ rows: 20 });
});

test("groups of numbers stand in their order, as the audit has them", () => {
  const ages = rows.map((row, i) => ({ ...row, attributes: { sex: ["10+", "5–9", "<5"][i % 3]! } }));
  const found = Object.keys(groupScores(scoringOf(ages), ages, "accuracy", accuracyOf(ages)).sex!);
  expect(found).toEqual(["<5", "5–9", "10+"]);
  expect(found).toEqual(
    groupingOf(
      "sex",
      ages.map((r) => r.attributes.sex),
    ).names,
  );
});

test("rows of one patient that agree count less, and a share of all rows is never certain", () => {
  const every = Int32Array.from(rows.keys());
  const alike = rows.map((row, i) => ({ ...row, group: `p${Math.floor(i / 6)}` }));
  const right = (i: number) => Number(Math.floor(i / 6) % 5 !== 0);
  const [alone, together] = [rows.map((r) => ({ ...r, group: undefined })), alike].map((own) =>
    shareScore(own, right)(every),
  );
  expect(together!.value).toBe(alone!.value);
  expect(together!.high - together!.low).toBeGreaterThan(2 * (alone!.high - alone!.low));
  const perfect = shareScore(alike, () => 1)(every);
  expect(perfect.high).toBe(1);
  expect(perfect.low).toBeLessThan(0.75); // ten patients
});

test("macro F1 has an interval around the value less its bias; without half of the classes it is withheld", () => {
  const score = (classes: number) =>
    macroF1Score(rows, classes, (i) => (i % 6 === 0 ? [[0, 0] as const, [1, 0] as const] : [[i % 2, 1] as const]));
  const { value, low, high, withheld } = score(2)(Int32Array.from(rows.keys()));
  expect(value).toBeCloseTo((40 / 50 + 60 / 70) / 2);
  expect(low).toBeLessThan(value);
  expect(high).toBeGreaterThan(value);
  expect(withheld).toBeUndefined();
  expect(score(5)(Int32Array.from(rows.keys()))).toMatchObject({ value, low: Number.NaN, withheld: "few-classes" });
});

test("several labels are shown with their averages and a row for each label", () => {
  const several = rows.map((row, i) => ({ ...row, labels: i % 3 ? ["a"] : ["a", "b"] }));
  const logits = rows.map((_, i) => Float32Array.of(2, i % 6 ? -1 : 1));
  const { text } = multiLabelMetrics(scoringOf(several), ["a", "b"], { test: several, testLogits: logits });
  expect(text).toMatch(/\n *a +1\.000 +1\.000 +1\.000 +60\n *b +1\.000 +0\.500 +0\.667 +20\n/);
  expect(text).toMatch(/macro F1 0\.833 \[.*micro F1 0\.933 \[/);
  expect(multiLabelMetrics(scoringOf(several, "zh"), ["a", "b"], { test: several, testLogits: logits }).text).toContain(
    "宏平均 F1 0.833",
  );
});

test("a constant answer has no correlation, a constant truth no R², and intervals stay where a score can be", () => {
  const numbered = rows.map((row, i) => ({ ...row, value: i }));
  const of = (own: Rows, answer: (i: number) => number) =>
    regressionMetrics(scoringOf(own), { test: own, testLogits: own.map((_, i) => Float32Array.of(answer(i))) });
  const constant = of(numbered, () => 5);
  expect(constant.record).toMatchObject({ spearman: null, pearson: null });
  const lines = scoreLines(constant.summary, constant.comparison!.lines!, undefined, "en");
  expect(lines).toMatch(/Spearman's ρ: this model –/);
  expect(
    of(
      rows.map((row) => ({ ...row, value: 3 })),
      (i) => i,
    ).record,
  ).toMatchObject({ r2: null });
  const near = of(numbered, (i) => i + 0.01 * (i % 2)).record as Record<string, { high: number; low: number }>;
  expect(near.r2!.high).toBeLessThanOrEqual(1);
  expect(near.mae!.low).toBeGreaterThanOrEqual(0);
  expect(of(numbered.slice(0, 1), () => 1).record).toMatchObject({ mae: null });
});

test("of many classes the most frequent and the worst are shown, and the text says so", () => {
  const all = Array.from({ length: 300 }, (_, i) => `c${i}`);
  const truth = all.flatMap((label, i) => Array.from({ length: i < 30 ? 3 : 2 }, () => label));
  const predicted = truth.map((label) => (label === "c250" ? "c1" : label));
  const shown = classTable(classificationReport(truth, predicted), "en");
  expect(shown.split("\n").filter((line) => /^ *c\d/.test(line))).toHaveLength(mostClasses);
  expect(shown).toMatch(/ c250 +0\.000/);
  expect(shown).toContain("20 of 300 classes");
  const few = classTable(classificationReport(["a", "b"], ["a", "b"]), "en");
  expect(few).not.toContain("of 2 classes");
});

test("with report.outside the table per tag is scikit-learn's classification_report over all tags, to the character", () => {
  const tags = ["O", "B-LOC", "I-LOC"];
  const text = "in New York and Rome now";
  const words = [[0, 2], [3, 6], [7, 11], [12, 15], [16, 20], [21, 24]] as const; // biome-ignore format: ranges
  const spans = [{ start: 3, end: 11, type: "LOC" }, { start: 16, end: 20, type: "LOC" }]; // biome-ignore format: spans
  const row = { place: "t:1", text, labels: ["LOC"], attributes: {}, words: [...words], spans };
  const given = ["O", "B-LOC", "I-LOC", "O", "O", "B-LOC"]; // misses Rome, invents one
  const logits = words.map((range, i) => ({
    range,
    logits: Float32Array.from(tags, (tag) => (tag === given[i] ? 9 : 0)),
  }));
  const of = (outside: boolean) =>
    entityMetrics({ ...scoringOf([row]), outside }, tags, { dev: [], devWords: [], test: [row], testWords: [logits] });
  // print(classification_report(truth, given, digits=3)) of scikit-learn
  expect(of(true).text).toContain(`              precision    recall  f1-score   support

       B-LOC      0.500     0.500     0.500         2
       I-LOC      1.000     1.000     1.000         1
           O      0.667     0.667     0.667         3

    accuracy                          0.667         6
   macro avg      0.722     0.722     0.722         6
weighted avg      0.667     0.667     0.667         6
`);
  expect(of(true).record.tokens).toMatchObject({ O: { support: 3 }, accuracy: 4 / 6 });
  const without = of(false);
  expect(without.text).toMatch(/micro avg +0\.667 +0\.667 +0\.667 +3\n/);
  expect(without.record.tokens).not.toHaveProperty("O");
  expect(of(true).record.f1).toEqual(without.record.f1);
});

test("several labels have a calibration error over each label of each row, and one that lies is found out", () => {
  const several = rows.map((row, i) => ({ ...row, labels: i % 2 ? ["a"] : [] }));
  const of = (a: number, b: number) =>
    multiLabelMetrics(scoringOf(several), ["a", "b"], {
      test: several,
      testLogits: several.map(() => Float32Array.of(a, b)),
    });
  const [honest, lying] = [of(0, -9), of(0, 9)];
  const bins = (honest.record.calibration as { bins: { count: number }[] }).bins;
  expect(bins.map((bin) => bin.count).filter(Boolean)).toEqual([60, 60]); // P(b) ≈ 0, P(a) = 1/2
  expect(honest.record.calibration).toMatchObject({ of: "labels", ece: expect.closeTo(0.00006, 5) });
  expect(lying.record.calibration).toMatchObject({ ece: expect.closeTo(0.49994, 4) });
  expect(lying.record.calibrationError).toMatchObject({ value: expect.closeTo(Math.SQRT1_2, 1) }); // of two bins, one is 1 off
  expect(lying.text).toMatch(/; calibration error 0\.\d+ \[.*\] over 120 label decisions/);
});

test("entities have a calibration error over those that are found: the mean of their words against exactly right ones", () => {
  const tags = ["O", "B-LOC", "I-LOC"];
  const words: [number, number][] = [[0, 3], [4, 8], [9, 13]]; // biome-ignore format: ranges
  const row = { place: "t:1", text: "New York Rome", labels: [], attributes: {}, words };
  const own = [
    { ...row, spans: [{ start: 0, end: 8, type: "LOC" }] },
    { ...row, spans: [{ start: 0, end: 3, type: "LOC" }] }, // found too long
  ];
  const logitsOf = (sure: number) => (["B-LOC", "I-LOC", "O"] as const).map((tag, i) => ({
    range: words[i]!,
    logits: Float32Array.from(tags, (one) => (one === tag ? sure : 0)),
  })); // biome-ignore format: a line a word
  const of = (sure: number) =>
    entityMetrics(scoringOf(own), tags, {
      dev: [],
      devWords: [],
      test: own,
      testWords: [logitsOf(sure), logitsOf(sure)],
    });
  const p = 1 / (1 + 2 * Math.exp(-4));
  const { record, text, stated } = of(4);
  expect(record.calibration).toMatchObject({ of: "entities", ece: expect.closeTo(p - 0.5, 6) }); // one of two is right
  expect(text).toMatch(/; calibration error .* over 2 predicted entities/);
  const put: [number, number][] = [];
  stated!(1, (probability, came) => put.push([probability, came]));
  expect(put).toEqual([[expect.closeTo(p, 6), 0]]);
  const none = of(-4); // O of each word
  expect(none.record.calibration).toMatchObject({ of: "entities" });
  const silent = entityMetrics(scoringOf(own), tags, {
    dev: [],
    devWords: [],
    test: own,
    testWords: own.map(() => words.map((range) => ({ range, logits: Float32Array.of(9, 0, 0) }))),
  });
  expect(silent.record).not.toHaveProperty("calibration");
  expect(silent.text).not.toContain("calibration error");
});
