// The page of a study: what it says, in both languages; nothing from names becomes markup. And how far a study comes.
import { expect, test } from "vitest";
import { type Answers, compare } from "../../examples/together/compare.ts";
import { type StudyReportInput, studyReport } from "../../src/report/index.ts";

const score = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
const input: StudyReportInput = {
  language: "en",
  name: "flu",
  run: "flu-2026-01",
  made: "2026-11-25T10:00:00Z",
  threshold: 2,
  strategy: "fedavg",
  members: [
    { name: "<hospital>", consented: true, rounds: 2, values: { accuracy: 0.75, test: 1200 } },
    { name: "ministry", consented: true, rounds: 1, left: 'the "budget" is spent' },
    { name: "university", consented: false, rounds: 0 },
  ],
  rounds: [
    {
      round: 1,
      task: "train",
      survivors: ["<hospital>", "ministry"],
      examples: 900,
      before: { accuracy: 0.5, macroF1: 0.25 },
    },
    { round: 2, task: "train", survivors: ["<hospital>"], examples: 500, before: { accuracy: 0.6, macroF1: 0.375 } },
  ],
  metrics: {
    rows: 300,
    accuracy: score(0.7),
    macroF1: score(0.625),
    groups: { region: { north: { rows: 90, accuracy: score(0.6) }, south: { rows: "under 10" } } },
  },
};

test("the page names who took part, who left and why, each round and each group, with every name as text", async () => {
  const page = await studyReport(input);
  for (const text of ["&lt;hospital&gt;", "left: the &quot;budget&quot; is spent", "no consent", "1,200"])
    expect(page).toContain(text);
  for (const text of ["0.250", "0.375", "0.625", "under 10", "2 of 3"]) expect(page).toContain(text);
  expect(page).not.toContain("<hospital>");
  expect(page).not.toContain("NaN");
  expect(page).not.toContain("closes");
});

test("a bucket that is left out is named with its reason, and its members are not among those who are counted", async () => {
  const [first] = input.rounds;
  const buckets = [
    { members: ["<hospital>"], sum: "0".repeat(64) },
    { members: ["ministry"], leftOut: "no honest <participants> have such a sum" },
  ];
  const english = await studyReport({ ...input, rounds: [{ ...first!, buckets }] });
  expect(english).toContain(
    "Round 1: the sum of bucket 2 (ministry) is left out: no honest &lt;participants&gt; have such a sum.",
  );
  expect(english).toMatch(/<td[^>]*>&lt;hospital&gt;<\/td>\s*<td[^>]*>900</);
  expect(await studyReport(input)).not.toContain("left out:");
  const chinese = await studyReport({ ...input, language: "zh", rounds: [{ ...first!, buckets }] });
  expect(chinese).toContain("第 1 轮：第 2 桶（ministry）的总和未计入");
});

test("a comparison is shown in Chinese too", async () => {
  const arms = [{ name: "单独", macroF1: score(0.2), accuracy: score(0.3) }];
  const page = await studyReport({ ...input, language: "zh", comparison: { about: "说明", arms, way: score(0.9) } });
  expect(page).toContain('lang="zh-CN"');
  expect(page).toContain("差距的 90 % [80, 100]");
});

const answers: Answers = {
  seed: 1,
  truth: [0, 0, 1, 1, 0, 1],
  patients: ["a", "a", "b", "b", "c", "d"],
  alone: { x: [0, 0, 0, 0, 0, 0], y: [1, 1, 1, 1, 1, 1] }, // macro-F1 1/3 each
  together: [0, 0, 1, 1, 0, 0],
  pooled: [0, 0, 1, 1, 0, 1], // 1
};

test("the way is measured from the mean of the sites alone to pooled", () => {
  const { arms, way } = compare([answers], (arm, site) => site ?? arm, 20);
  expect(arms.map(({ name, macroF1 }) => [name, macroF1.value])).toEqual([
    ["x", expect.closeTo(1 / 3, 12)],
    ["y", expect.closeTo(1 / 3, 12)],
    ["together", expect.closeTo((6 / 7 + 4 / 5) / 2, 12)],
    ["pooled", 1],
  ]);
  expect(way.value).toBeCloseTo(((6 / 7 + 4 / 5) / 2 - 1 / 3) / (2 / 3), 12);
  const twice = compare([answers, { ...answers, seed: 2, together: answers.pooled }], (arm) => arm, 20);
  expect(twice.way.value).toBeCloseTo((way.value + 1) / 2, 12);
});
