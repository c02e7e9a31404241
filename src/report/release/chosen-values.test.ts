// Values in words, and which of them answer a question: by what they mean, never by their place in an alphabet.
import { expect, test } from "vitest";
import { type Measured, type Passport, statedIn } from "../../passport/index.ts";
import { auditFinding, groupFinding, performanceFinding } from "./chosen-values.ts";
import { plainPage } from "./plain-page.ts";
import { boundWords, valueWords } from "./value-words.ts";

const evidence = Object.fromEntries(
  ["metrics.json", ...["fairness", "privacy", "explanation", "robustness"].map((part) => `audit/${part}.json`)].map(
    (name) => [name, "0"],
  ),
);

const passport = (values: Record<string, Measured>, more: Partial<Passport> = {}): Passport => ({
  format: "concord-passport",
  version: 1,
  name: "triage",
  task: "single-label",
  made: "2026-11-29T10:00:00.000Z",
  about: { limits: [], languages: [] },
  model: { architecture: "bert", parameters: 1000, maxLength: 64, labels: ["a", "b"], method: "full" },
  digests: { model: "0", files: {}, recipe: "0", data: {}, evidence, code: "0" },
  recipe: "",
  versions: {},
  machine: "linux-x64",
  rows: { train: 100, test: 60 },
  values,
  stages: [],
  privacy: null,
  policy: { digest: "0", gates: [], overrides: [] },
  ...more,
});

test("values have words in both languages; a name that nobody knows stays itself", () => {
  expect(valueWords("metrics.macroF1", "en")).toBe("macro F1 on the test set");
  expect(valueWords("fairness.region.gap.accuracy", "en")).toBe("largest gap between groups of region, accuracy");
  expect(valueWords("privacy.membership.threshold.tprAtFpr0.001", "en")).toBe(
    "training rows recognised by the membership inference attack “threshold”, at a false-alarm rate of 0.1 %",
  );
  expect(valueWords("robustness.typos10.loss", "zh")).toBe("10 % 的词拼写错误下损失的准确率");
  expect(valueWords("together.hospital.left", "en")).toBe("hospital left the study before its end");
  expect(valueWords("fairness.region.group.the isles.macroF1", "en")).toBe("macro F1 for region = the isles");
  expect(valueWords("something.new", "en")).toBe("something.new");
});

test("a control is never a finding, and the worst value comes first whatever it is called", () => {
  const given = passport({
    "privacy.membership.blind.auc": { value: 0.9 },
    "privacy.membership.blind.tprAtFpr0.01": { value: 0.9 },
    "privacy.membership.strongest.auc": { value: 0.6 },
    "privacy.membership.strongest.tprAtFpr0.01": { value: 0.02 },
    "explanation.random.aopc": { value: 0.5 },
    "explanation.saliency.aboveRandom": { value: 0.2 },
    "explanation.occlusion.aboveRandom": { value: 0.4 },
    "robustness.clean.accuracy": { value: 0.9 },
    "robustness.synonyms50.loss": { value: 0.01 },
    "robustness.typos30.loss": { value: 0.3 },
  });
  const names = (part: "privacy" | "explanation" | "robustness") =>
    auditFinding(given, part)!.values.map(([name]) => name.split(".").slice(1).join("."));
  expect(names("privacy")).toEqual(["membership.strongest.tprAtFpr0.01", "membership.strongest.auc"]);
  expect(names("explanation")).toEqual(["saliency.aboveRandom", "occlusion.aboveRandom"]);
  expect(names("robustness")).toEqual(["typos30.loss", "synonyms50.loss"]);
  expect(auditFinding(given, "fairness")).toBeUndefined();
  const onlyControl = passport({ "privacy.membership.blind.auc": { value: 0.9 } });
  expect(auditFinding(onlyControl, "privacy")!.values).toEqual([]);
});

test("scores come before baselines; settings of a baseline are no scores; groups are sorted by score without their row counts", () => {
  const given = passport({
    "metrics.baselines.linear.features": { value: 20000 },
    "metrics.baselines.linear.macroF1": { value: 0.7 },
    "metrics.macroF1": { value: 0.8 },
    "metrics.temperature": { value: 1.4 },
    "metrics.groups.sex.female.accuracy": { value: 0.9 },
    "metrics.groups.sex.female.rows": { value: 40 },
    "metrics.groups.sex.male.accuracy": { value: 0.7 },
    "metrics.groups.sex.male.rows": { value: 11 },
  });
  expect(performanceFinding(given).values.map(([name]) => name)).toEqual([
    "metrics.macroF1",
    "metrics.baselines.linear.macroF1",
  ]);
  expect(groupFinding(given)!.values.map(([, { value }]) => value)).toEqual([0.7, 0.9]);
});

test("a gate says which number was compared", () => {
  const measured = { value: 0.75, low: 0.72, high: 0.78 };
  const gate = (more: object) =>
    ({ value: "metrics.macroF1", measured: 0.72, use: "interval", passed: true, ...more }) as const;
  expect(boundWords(gate({ atLeast: 0.7 }), measured, "en")).toBe("lower end of the 95 % interval");
  expect(boundWords(gate({ atMost: 0.8, measured: 0.78 }), measured, "en")).toBe("upper end of the 95 % interval");
  expect(boundWords({ ...gate({ atLeast: 0.7 }), use: "value" }, measured, "en")).toBe("point estimate");
  expect(boundWords(gate({ atLeast: 0.7 }), { value: 0.72 }, "en")).toBe("point estimate; no interval was measured");
});

test("a group of few rows is named and not ranked; a statement without translation is marked in the other language", () => {
  const values = {
    "metrics.accuracy": { value: 0.8, low: 0.7, high: 0.9 },
    "metrics.groups.region.isles.accuracy": { value: 1, low: 0.72, high: 1 },
    "metrics.groups.region.isles.rows": { value: 11 },
    "metrics.groups.region.north.accuracy": { value: 0.8, low: 0.7, high: 0.9 },
    "metrics.groups.region.north.rows": { value: 400 },
    "metrics.groups.region.south.accuracy": { value: 0.7, low: 0.6, high: 0.8 },
    "metrics.groups.region.south.rows": { value: 30 },
  };
  const about = { purpose: "For doctors.", users: { en: "Doctors.", zh: "医生。" }, limits: [], languages: [] };
  const page = plainPage(passport(values, { about }), { signedBy: ["k1"], at: "2026-11-30T09:00:00.000Z" });
  expect(page).toContain("“isles” has only 11 rows, which is too few to say");
  expect(page).toMatch(
    /highest accuracy for “north”, 80 of 100 right \(95 % interval 70 to 90; 400 rows\); lowest for “south”/,
  );
  expect(page).toContain('<span lang="en">For doctors.</span> <small>（所有者未提供中文译文）</small>');
  expect(page.match(/未提供中文译文/g)).toHaveLength(1);
  expect(page.indexOf("Approved for release on 2026-11-30")).toBeLessThan(page.indexOf("What is it for?"));
  expect(page).toContain("Signed by: the holder of key k1…");
});

test("statements: the reader's language first, then the other; anything else is no statement", () => {
  expect(statedIn({ en: "a", zh: "甲" }, "zh")).toEqual({ text: "甲", language: "zh" });
  expect(statedIn({ zh: "甲" }, "en")).toEqual({ text: "甲", language: "zh" });
  expect(statedIn(" ", "en")).toBeUndefined();
  expect(statedIn(7, "en")).toBeUndefined();
  expect(statedIn(null, "en")).toBeUndefined();
});
