import { expect, test } from "vitest";
import { reportInput } from "../../../test/report-input.ts";
import { textOf } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { verdictOf, verdictSection } from "./verdict.ts";

const score = (value: number) => ({ value, low: value - 0.02, high: value + 0.02 });
const baselines = (verdict: string, difference: Record<string, unknown>, name = "macroF1") => ({
  score: name,
  models: { majority: { rows: 30, [name]: 0.1 }, linear: { rows: 30, [name]: 0.7 } },
  best: "linear",
  difference,
  verdict,
});
const better = baselines("better", { value: 0.1, low: 0.05, high: 0.15 });
const gapOf = (verdict: string, value: number, more: Record<string, unknown> = {}) => ({
  ...{ group: "north", measure: "accuracy", value, low: value - 0.05, high: value + 0.05, tolerance: 0.05 },
  ...{ side: "below", units: 40, detectable: 0.12, verdict, ...more },
});
const fairness = (...gaps: (readonly [string[], Record<string, unknown>])[]) => ({
  fairness: { smallestCell: 10, groupings: gaps.map(([attributes, gap]) => ({ attributes, gaps: [gap] })) },
});
const region = ["region"];

/** The three leads, with the numbers behind them. */
const points = (beside: unknown, changes: Partial<ReportInput> = {}) => {
  const base = reportInput(["a", "b"]);
  const data = { ...base.data, attributes: { region: { north: { train: 7, test: 12 } } } };
  const metrics = { macroF1: score(0.8), ...(beside === undefined ? {} : { baselines: beside }) };
  const { good, whom, next } = verdictOf({ ...base, data, metrics, ...changes });
  return [good, whom, next].map(({ lead, numbers, bad }) => `${bad ? "! " : ""}${lead} ${numbers ?? ""}`.trim());
};

test("a model that beats the baselines: by how much, with all scores on the same rows", () => {
  const [good] = points(better);
  expect(good).toBe(
    "Better than the best baseline (logistic regression on character TF-IDF): macro F1 better by 0.100 [0.050, 0.150]. macro F1 on the same 12 test rows: this model 0.800 [0.780, 0.820]; majority class 0.100; logistic regression on character TF-IDF 0.700.",
  );
});

test("a baseline that wins is said first, and the next step is no release", () => {
  const worse = baselines("worse", { value: -0.1, low: -0.15, high: -0.05 });
  const [good, , next] = points(worse, { audit: fairness([region, gapOf("gap", 0.2)]) });
  expect(good).toMatch(/^! WORSE than the best baseline .*: macro F1 worse by 0\.100 \[0\.050, 0\.150\]/);
  expect(next).toMatch(/^Do not release this model\. Start from a pretrained model/);
  const model = { ...reportInput(["a"]).model, from: "bert" };
  expect(points(worse, { model })[2]).toContain("Add training rows (now 30)");
});

test("an error that is lower is better; a model worse than the mean comes before its baselines", () => {
  const beside = baselines("better", { value: 2, low: 1, high: 3 }, "mae");
  const metrics = { mae: score(5), r2: score(0.5), baselines: beside };
  expect(points(beside, { metrics })[0]).toContain("mean absolute error better by 2.000 [1.000, 3.000]");
  const [good, , next] = points(beside, { metrics: { ...metrics, r2: score(-0.5) } });
  expect(good).toMatch(/^! R² is -0\.500.*Better than/);
  expect(next).toMatch(/^Do not release/);
});

test("where nothing is told apart the sign of the difference stays, and the baseline may be enough", () => {
  const same = baselines("no-difference", { value: -0.01, low: -0.04, high: 0.02 });
  const [good, , next] = points(same);
  expect(good).toContain("Gain in macro F1: -0.010 [-0.040, 0.020]");
  expect(next).toContain("add training rows (now 30)");
  const untold = baselines("untold", { value: 0.1, low: null, high: null });
  expect(points(untold)[2]).toBe("Add test rows: some classes have too few (now 12 rows in all).");
});

test("without a baseline or a score, that is said", () => {
  expect(points(undefined)[0]).toMatch(/^There is no baseline.*this model 0\.800/);
  const unmeasured = points(undefined, { metrics: {}, testRows: 0 });
  expect(unmeasured[0]).toBe("! The model was not measured on a test set.");
  expect(unmeasured[2]).toContain("Add a test set");
});

test("a gap that was found: the group, by how much, and its training rows", () => {
  const [, whom, next] = points(better, { audit: fairness([region, gapOf("gap", 0.2)]) });
  expect(whom).toBe(
    "! north (region): gap found. Largest difference, region: gap found: north, accuracy 0.200 worse than the other groups [0.150, 0.250]; limit 0.050.",
  );
  expect(next).toContain("add training rows of north (region) (now 7 of 30)");
  const both = fairness([region, gapOf("gap", 0.2)], [["region", "sex"], gapOf("gap", 0.3, { group: "north|(none)" })]);
  const [, two, without] = points(better, { audit: both });
  expect(two).toMatch(/^! north \+ \(missing\) \(region \+ sex\): gap found\. The audit found 2 gaps in all\./);
  expect(without).toContain("add training rows of north + (missing) (region + sex), or set");
});

test("gaps that are not determined: the group that is worse, and the rows that are missing", () => {
  const audit = (...gaps: Record<string, unknown>[]) => ({ audit: fairness(...gaps.map((g) => [region, g] as const)) });
  const [, worse, next] = points(better, audit(gapOf("undetermined", 0.06)));
  expect(worse).toMatch(/^! Worse for north \(region\)\. It is not determined whether the limit is exceeded\./);
  expect(next).toContain("40 independent units, so only gaps above 0.120");
  const unknown = points(better, audit(gapOf("undetermined", 0.04, { detectable: null, units: 3 })));
  expect(unknown[1]).toMatch(/^Not determined: the audit has too few rows/);
  expect(unknown[2]).toContain("It has only 3 independent units.");
  const mixed = points(better, audit(gapOf("within", 0.04), gapOf("undetermined", 0.03, { group: "south" })));
  expect(mixed[1]).toContain("south"); // what is open comes before what is within the limit
});

test("no gap: the model may be released; a group that is better is not called worse", () => {
  const [, whom, next] = points(better, { audit: fairness([region, gapOf("within", -0.06)]) });
  expect(whom).toContain("No gap detected");
  expect(whom).toContain("no group is worse in accuracy; north is 0.060 better than the other groups [0.010, 0.110]");
  expect(next).toContain("concord policy init");
});

test("groups that nobody audited, that cannot be compared, or that nobody named", () => {
  const groups = { region: { north: { rows: 9, accuracy: score(0.6) }, south: { rows: 9, accuracy: score(0.9) } } };
  const open = points(better, { metrics: { macroF1: score(0.8), baselines: better, groups } });
  expect(open[1]).toBe(
    "Not determined: the fairness audit was not run. Worst accuracy: 0.600 [0.580, 0.620] for north (region).",
  );
  expect(open[2]).toContain("concord audit");
  expect(points(better, { audit: fairness() })[1]).toContain("no two of them have enough rows");
  const data = { ...reportInput(["a"]).data, attributes: {} };
  const none = points(better, { data });
  expect(none[1]).toBe("Unknown: no groups were named.");
  expect(none[2]).toContain("data.attributes");
});

test("Chinese says the same, and nothing from data becomes markup", () => {
  const audit = fairness([["<b>"], gapOf("gap", 0.2, { group: "<i>" })]);
  const metrics = { macroF1: score(0.8), baselines: better };
  const page = textOf(verdictSection({ ...reportInput(["a"]), language: "zh", metrics, audit }));
  expect(page).toContain("&lt;i&gt;（&lt;b&gt;）：发现差距。");
  expect(page).toContain("优于最好的基线");
  expect(page).toContain("发布前请缩小差距");
  expect(page).not.toMatch(/<[ib]>|\{\w+\}/);
});
