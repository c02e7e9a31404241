// concord audit --predictions: tables of any system, real ones where they are, both languages, every option.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import type { FairnessFindings } from "../../src/fairness/index.ts";
import { concord } from "../command-line.ts";
import { sharedPath } from "../golden.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-audit-table-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, lines: readonly string[]) => {
  writeFileSync(join(folder, name), `${lines.join("\n")}\n`);
  return join(folder, name);
};

const rng = random(3);
const answers = Array.from({ length: 800 }, (_, i) => {
  const [sex, region] = ["fm"[rng.int(2)], ["north", "south"][rng.int(2)]];
  const truth = rng.int(2);
  const wrong = rng.float() < (region === "south" ? 0.4 : 0.1);
  const p = Math.abs((wrong ? 1 - truth : truth) - 0.3 * rng.float());
  return { truth, said: Number(p > 0.5), p: Number(p.toFixed(4)), sex, region, patient: i >> 2 };
});
const columns = ["truth", "said", "p", "sex", "region", "patient"] as const;
const csv = put("answers.csv", [columns.join(","), ...answers.map((a) => columns.map((c) => a[c]).join(","))]);
const jsonl = put(
  "answers.jsonl",
  answers.map((a) => JSON.stringify(a)),
);
const ask = async (...args: string[]): Promise<FairnessFindings> => {
  const { code, out, err } = await concord(["--json", "audit", "--resamples", "60", "--truth", "truth", ...args]);
  expect(code, err).toBe(0);
  return JSON.parse(out);
};

test("a table with scores gives rates, areas and calibration by group, and calls the planted gap in words of both languages", async () => {
  const args = ["audit", "--predictions", csv, "--truth", "truth", "--score", "p", "--attributes", "region,sex"];
  const english = await concord([...args, "--lang", "en", "--resamples", "20"]);
  expect(english.out).toMatch(/^region: gap found: south, accuracy 0\.\d+ worse than the other groups \[/m);
  expect(english.out).toMatch(/^sex: (not determined|within the limit): /m);
  const chinese = await concord([...args, "--lang", "zh", "--resamples", "20"]);
  expect(chinese.out).toMatch(/region：发现差距：south 的准确率比其余各组差/);
  const { groupings, called } = await ask("--predictions", csv, "--score", "p", "--attributes", "region,sex");
  expect(called[0]).toMatchObject({ attributes: ["region"], group: "south" });
  const south = groupings[0]!.groups.south as { rows: number; measures: Record<string, { value: number }> };
  const own = answers.filter((a) => a.region === "south");
  expect(south.rows).toBe(own.length);
  expect(south.measures.accuracy!.value).toBeCloseTo(own.filter((a) => a.truth === a.said).length / own.length, 12);
  expect(Object.keys(south.measures)).toEqual(
    expect.arrayContaining(["auc", "bpsnAuc", "bnspAuc", "calibrationError"]),
  );
});

test("JSON lines give the same numbers as CSV", async () => {
  const from = (file: string) => ask("--predictions", file, "--predicted", "said", "--attributes", "sex");
  expect(await from(jsonl)).toEqual(await from(csv));
});

test("each option changes something", async () => {
  const base = ["--predictions", csv, "--attributes", "region,sex"];
  const plain = await ask(...base, "--score", "p");
  expect((await ask(...base, "--score", "p", "--threshold", "0.9")).groupings[0]!.overall.selectionRate).not.toEqual(
    plain.groupings[0]!.overall.selectionRate,
  );
  expect((await ask(...base, "--score", "p", "--no-pairs")).groupings).toHaveLength(2);
  expect((await ask(...base, "--score", "p", "--tolerance", "0.9")).called).toEqual([]);
  expect((await ask(...base, "--score", "p", "--measures", "auc")).groupings[0]!.gaps[0]!.measure).toBe("auc");
  expect((await ask(...base, "--score", "p", "--group", "patient")).clusters).toBe(200);
  expect((await ask(...base, "--score", "p", "--smallest", "300")).groupings).toHaveLength(2);
  expect(
    (await ask(...base, "--predicted", "said", "--positive", "0")).groupings[0]!.overall.selectionRate!.value,
  ).toBeCloseTo(1 - plain.groupings[0]!.overall.selectionRate!.value, 12);
  expect((await ask(...base, "--predicted", "p", "--numbers")).kind).toBe("numbers");
  const out = join(folder, "audit.json");
  await ask(...base, "--score", "p", "--out", out);
  expect(JSON.parse(readFileSync(out, "utf8"))).toMatchObject({ format: "concord-audit", part: "fairness", rows: 800 });
});

test("classes with columns of probabilities", async () => {
  const file = put("classes.csv", [
    "y,a,b,sex",
    ...answers.map(({ truth, p, sex }) => `${truth ? "b" : "a"},${1 - p},${p},${sex}`),
  ]);
  const { kind, groupings } = await ask(
    "--truth",
    "y",
    "--predictions",
    file,
    "--probabilities",
    "a,b",
    "--attributes",
    "sex",
  );
  expect(kind).toBe("classes");
  expect(groupings[0]!.overall.accuracy!.value).toBeCloseTo(
    answers.filter((a) => a.truth === a.said).length / answers.length,
    12,
  );
});

const adult = sharedPath("data", "adult.data");
test.skipIf(!adult)(
  "Adult: a rule by education, audited by sex and race, has the rates that counting gives",
  async () => {
    const rows = readFileSync(adult!, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(", "));
    const file = put("adult.csv", [
      "rich,said,sex,race",
      ...rows.map((r) => [Number(r[14] === ">50K"), Number(Number(r[4]) >= 13), r[9], r[8]].join(",")),
    ]);
    const { groupings, rows: count } = await ask(
      "--truth",
      "rich",
      "--predictions",
      file,
      "--predicted",
      "said",
      "--attributes",
      "sex,race",
    );
    expect(count).toBe(32561);
    const women = rows.filter((r) => r[9] === "Female");
    const found = groupings[0]!.groups.Female as {
      rows: number;
      measures: Record<string, { value: number; low: number; high: number }>;
    };
    expect(found.rows).toBe(women.length);
    const rate = women.filter((r) => Number(r[4]) >= 13).length / women.length;
    expect(found.measures.selectionRate!.value).toBeCloseTo(rate, 12);
    const se = Math.sqrt((rate * (1 - rate)) / women.length);
    expect((found.measures.selectionRate!.high - found.measures.selectionRate!.low) / (2 * 1.96 * se)).toBeCloseTo(
      1,
      0,
    );
    expect(groupings.map((g) => g.attributes.join("+"))).toEqual(["sex", "race", "sex+race"]);
  },
);

const compas = sharedPath("data", "compas-scores-two-years.csv");
test.skipIf(!compas)(
  "COMPAS: the error rates that ProPublica published, and the gap called; aggregates only",
  async () => {
    const rows = readFileSync(compas!, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const file = put("compas.csv", [
      "recid,high,race",
      ...rows.map((r) => `${r.at(-1)!.trim()},${Number(Number(r[11]) > 4)},${r[9]}`),
    ]);
    const { groupings, called } = await ask(
      "--truth",
      "recid",
      "--predictions",
      file,
      "--predicted",
      "high",
      "--attributes",
      "race",
      "--measures",
      "falsePositiveRate,falseNegativeRate",
    );
    const rate = (race: string, measure: string) =>
      100 * (groupings[0]!.groups[race] as { measures: Record<string, { value: number }> }).measures[measure]!.value;
    expect(rate("African-American", "falsePositiveRate")).toBeCloseTo(44.85, 1);
    expect(rate("Caucasian", "falsePositiveRate")).toBeCloseTo(23.45, 1);
    expect(rate("African-American", "falseNegativeRate")).toBeCloseTo(27.99, 1);
    expect(rate("Caucasian", "falseNegativeRate")).toBeCloseTo(47.72, 1);
    expect(called.map((gap) => gap.group)).toContain("African-American");
  },
);

/** The same answers written in another way. */
const rewritten = (name: string, header: string, line: (a: (typeof answers)[number], i: number) => string) =>
  put(name, [header, ...answers.map(line)]);
const refused = async (file: string, ...args: string[]): Promise<string> => {
  const { code, err } = await concord(["audit", "--lang", "en", "--predictions", file, "--attributes", "sex", ...args]);
  expect(code, err).toBe(65);
  return err;
};

test("truth and answers that cannot be compared are refused, and what is to be done is said", async () => {
  const money = (truth: number) => (truth ? ">50K" : "<=50K");
  const dots = rewritten(
    "dots.csv",
    "y,said,sex",
    (a, i) => `${money(a.truth)}${i % 3 ? "" : "."},${money(a.said)},${a.sex}`,
  );
  for (const more of [[], ["--positive", ">50K"]])
    expect(await refused(dots, "--truth", "y", "--predicted", "said", ...more)).toMatch(
      /two spellings of one[\s\S]*>50K\./,
    );
  const scores = rewritten("scores.csv", "y,said,sex", (a) => `${a.truth},${a.p},${a.sex}`);
  expect(await refused(scores, "--truth", "y", "--predicted", "said")).toMatch(
    /scores, not predictions[\s\S]*--score said/,
  );
  const words = rewritten(
    "words.csv",
    "y,said,sex",
    (a) => `${a.truth ? "ill" : "well"},${a.said ? "sick" : "fine"},${a.sex}`,
  );
  expect(await refused(words, "--truth", "y", "--predicted", "said")).toMatch(
    /800 of 800 rows have a prediction that is the label of no row/,
  );
  expect(await refused(csv, "--truth", "truth", "--predicted", "said", "--positive", "yes")).toMatch(
    /no row of truth has the positive value/,
  );
  const { err } = await concord([
    "audit",
    "--predictions",
    csv,
    "--attributes",
    "sex",
    "--truth",
    "said",
    "--predicted",
    "said",
  ]);
  expect(err).toMatch(/every prediction would be correct/);
});

test("scores that a threshold does not tell apart are refused", async () => {
  const deciles = rewritten("deciles.csv", "y,decile,sex", (a) => `${a.truth},${1 + Math.floor(9.99 * a.p)},${a.sex}`);
  const from = (...more: string[]) => refused(deciles, "--truth", "y", "--score", "decile", ...more);
  expect(await from()).toMatch(/no threshold is given[\s\S]*scores from 1 to 10/);
  expect(await from("--threshold", "0.5")).toMatch(/all scores of decile lie above the threshold 0.5/);
  expect(await from("--threshold", "10")).toMatch(/all scores of decile lie at or below the threshold 10/);
  const { rows } = await ask(
    "--predictions",
    deciles,
    "--truth",
    "y",
    "--score",
    "decile",
    "--threshold",
    "5",
    "--attributes",
    "sex",
  );
  expect(rows).toBe(800);
});

test("one number in two spellings is one label; other labels that differ by case only are two where both columns have both", async () => {
  const plain = await ask("--predictions", csv, "--predicted", "said", "--attributes", "sex");
  const floats = rewritten("floats.csv", "truth,said,sex", (a) => `${a.truth},${a.said}.0,${a.sex}`);
  expect((await ask("--predictions", floats, "--predicted", "said", "--attributes", "sex")).groupings).toEqual(
    plain.groupings,
  );
  const letters = rewritten("letters.csv", "truth,said,sex", (a) => `${"aA"[a.truth]},${"aA"[a.said]},${a.sex}`);
  expect((await ask("--predictions", letters, "--predicted", "said", "--attributes", "sex")).kind).toBe("classes");
});

test("rows without a truth or an answer are left out and counted; an answer that no truth has is said", async () => {
  const holes = rewritten(
    "holes.csv",
    "y,said,sex",
    (a, i) => `${i < 30 ? "" : i < 40 ? "NA" : a.truth},${i >= 40 && i < 45 ? "" : i === 50 ? 2 : a.said},${a.sex}`,
  );
  const args = [
    "audit",
    "--lang",
    "en",
    "--resamples",
    "200",
    "--predictions",
    holes,
    "--truth",
    "y",
    "--predicted",
    "said",
    "--missing",
    "NA",
    "--attributes",
    "sex",
  ];
  const { out } = await concord(args);
  expect(out).toMatch(/^40 rows without a true label are skipped\n5 rows without a prediction are skipped/);
  expect(out).toMatch(/1 rows have predictions that are no true label of the table\. They count as wrong: 2/);
  expect(out).toMatch(/^755 rows/m);
  expect(
    await refused(
      rewritten("none.csv", "y,said,sex", (a) => `,${a.said},${a.sex}`),
      "--truth",
      "y",
      "--predicted",
      "said",
    ),
  ).toMatch(/no row has a true label and a prediction/);
});

/** The columns truth and said of a table, audited in English. @param attributes and further options */
const audited = (file: string, ...attributes: string[]) => {
  const columns = ["--predictions", file, "--truth", "truth", "--predicted", "said", "--attributes", ...attributes];
  return concord(["audit", "--lang", "en", "--resamples", "200", ...columns]);
};

test("an attribute that is a number is grouped by a rule that is said, or by edges", async () => {
  const file = rewritten(
    "ages.csv",
    "truth,said,age,id",
    (a, i) => `${a.truth},${a.said},${18 + ((i * 37) % 73)},${i}`,
  );
  const told = (...attributes: string[]) => audited(file, ...attributes);
  const found = await told("age");
  expect(found.out).toMatch(
    /^age is numeric\. It is cut at its quintiles into groups that begin at \d+, \d+, \d+, \d+\./,
  );
  expect(found.out.match(/^ {2}\S+ +1\d\d {2}0\.\d+ \[/gm)).toHaveLength(5);
  const given = await told("age", "--bins", "age=40,65");
  expect(given.out).toMatch(/^ {2}0–39 .*\n {2}40–64 .*\n {2}65\+ /m);
  const each = await ask(
    "--predictions",
    file,
    "--predicted",
    "said",
    "--attributes",
    "age",
    "--bins",
    "age=none",
    "--smallest",
    "5",
  );
  expect(Object.keys(each.groupings[0]!.groups)).toHaveLength(73);
  expect((await told("age", "--bins", "age=65,40")).err).toMatch(/ascending numbers/);
  expect((await told("age", "--bins", "sex=65")).err).toMatch(/there is no such attribute/);
  expect((await told("id")).err).toMatch(/it names rows, not groups/);
});

test("the score of all rows stands beside a constant answer's, groups are counted, and hidden ones are told", async () => {
  const file = rewritten(
    "small.csv",
    "truth,said,region",
    (a, i) => `${a.truth},${a.said},${i < 6 ? "isle" : i < 13 ? "cape" : a.region}`,
  );
  const { out } = await audited(file, "region");
  const majority = Math.max(...[0, 1].map((side) => answers.filter((a) => a.truth === side).length)) / 800;
  expect(out).toContain(`majority-class baseline ${majority.toFixed(3)}`);
  expect(out).toMatch(/^ {2}north +\d+ {2}0\.\d+ \[/m);
  expect(out).toContain("2 groups with 13 rows in total are not shown");
});

/** The terminal's lines of an audit of the same answers written in another way. */
const told = async (file: string, ...args: string[]): Promise<string> => {
  const { code, out, err } = await concord([
    "audit",
    "--lang",
    "en",
    "--resamples",
    "100",
    "--predictions",
    file,
    ...args,
  ]);
  expect(code, err).toBe(0);
  return out;
};
const yhat = ["--truth", "truth", "--predicted", "said", "--attributes"];

test("where no answer is right there is no verdict; where all are, or one answer is given to all, that is said", async () => {
  const turned = rewritten("turned.csv", "truth,said,sex", (a) => `${a.truth},${1 - a.truth},${a.sex}`);
  expect(await refused(turned, ...yhat.slice(0, 4))).toMatch(
    /none of 800 predictions is right[\s\S]*mean the opposite/,
  );
  const copy = rewritten("copy.csv", "truth,said,sex", (a) => `${a.truth},${a.truth},${a.sex}`);
  expect(await told(copy, ...yhat, "sex")).toMatch(/All predictions are correct\. Check that they are not a copy/);
  const never = await told(
    rewritten("never.csv", "truth,said,sex", (a) => `${a.truth},0,${a.sex}`),
    ...yhat,
    "sex",
  );
  expect(never).toMatch(/All rows have the same prediction[\s\S]*no better than this baseline/);
  expect(never).toMatch(/labels that are never predicted: 1 \(\d+\)/);
});

test("spellings that are surely one label are read as one, and said; what only seems to be one is refused by name", async () => {
  const plain = await ask("--predictions", csv, "--predicted", "said", "--attributes", "sex");
  const words = rewritten("true.csv", "truth,said,sex", (a) => `${a.truth},${a.said ? "True" : "False"},${a.sex}`);
  const found = await ask("--predictions", words, "--predicted", "said", "--attributes", "sex");
  expect(found.groupings).toEqual(plain.groupings);
  expect(await told(words, ...yhat, "sex")).toMatch(/read as the same label: .*1 \(1, True\)/);
  expect(await told(csv, ...yhat, "sex")).not.toMatch(/read as the same label/);
  const spam = (one: string, two: string) => (side: number) => (side ? one : two);
  const [mine, hub] = [spam("spam", "ham"), spam("LABEL_1", "LABEL_0")];
  const written = (name: string, own: (n: number) => string, other: (n: number) => string) =>
    rewritten(name, "truth,said,sex", (a) => `${own(a.truth)},${other(a.said)},${a.sex}`);
  const from = (file: string) => refused(file, ...yhat.slice(0, 4));
  expect(await from(written("case.csv", mine, spam("Spam", "ham")))).toMatch(/write them alike: \w+ as \w+/);
  expect(await from(written("typo.csv", mine, spam("spamm", "ham")))).toMatch(/write them alike: spamm as spam/);
  expect(await from(written("hub.csv", String, hub))).toMatch(/LABEL_\d as \d/);
  const other = await told(
    rewritten("other.csv", "truth,said,sex", (a, i) => `${mine(a.truth)},${i % 40 ? mine(a.said) : "eggs"},${a.sex}`),
    ...yhat,
    "sex",
  );
  expect(other).toMatch(
    /20 rows have predictions that are no true label of the table\. They count as wrong: eggs \(20\)/,
  );
});

test("a word for nothing among numbers of the truth is asked about; fractions on both sides are numbers", async () => {
  const nothing = rewritten("na.csv", "truth,said,sex", (a, i) => `${i % 20 ? a.truth : "NA"},${a.said},${a.sex}`);
  expect(await refused(nothing, ...yhat.slice(0, 4))).toMatch(/NA \(40 times\)[\s\S]*--missing NA/);
  expect(await told(nothing, ...yhat, "sex", "--missing", "NA")).toMatch(/^40 rows without a true label are skipped/);
  const prices = rewritten("prices.csv", "truth,said,sex", (a, i) => `${i / 7},${i / 7 + a.p},${a.sex}`);
  expect(await refused(prices, ...yhat.slice(0, 4))).toMatch(/these are numbers, not classes[\s\S]*--numbers/);
});

test("numbers with words among them are cut, words and missing values stay groups, and groups stand in the order of numbers", async () => {
  const file = rewritten("words-among.csv", "truth,said,age", (a, i) => {
    const age = i % 40 === 0 ? "" : i % 40 === 1 ? "NA" : String(3 + ((i * 37) % 120));
    return `${a.truth},${a.said},${age}`;
  });
  const out = await told(file, ...yhat, "age", "--bins", "age=9,18,100");
  expect(out).toMatch(/^ {2}0–8 .*\n {2}9–17 .*\n {2}18–99 .*\n {2}100\+ /m);
  expect(out).toMatch(/^ {2}\(missing\) +20 {2}/m);
  expect(out).toMatch(/^ {2}NA +20 {2}/m);
  expect((await told(file, ...yhat, "age")).match(/^ {2}\S+ +1\d\d {2}0\.\d+ \[/gm)).toHaveLength(5);
});

test("a selection rate is lower or higher, not worse; the measures that are judged stand in the table; both languages", async () => {
  const args = [...yhat, "region", "--measures", "selectionRate"];
  const out = await told(csv, ...args);
  expect(out).toMatch(/selection rate 0\.\d+ (lower|higher) than in the other groups/);
  expect(out).toMatch(/^ {2}region +rows +accuracy +selection rate\n {2}north +\d+ {2}0\.\d+ \[.* {2}0\.\d+ \[/m);
  expect(out).not.toMatch(/worse/);
  const { out: chinese } = await concord([
    "audit",
    "--predictions",
    csv,
    ...args,
    "--lang",
    "zh",
    "--resamples",
    "100",
  ]);
  expect(chinese).toMatch(/选择率比其余各组[低高]/);
});

test("a key that the first line of JSON lacks is a missing value; rows without a unit are units of their own", async () => {
  const file = put(
    "keys.jsonl",
    answers.map(({ patient, sex, ...a }, i) =>
      JSON.stringify(i < 15 ? a : i < 30 ? { ...a, sex } : { ...a, sex, patient }),
    ),
  );
  const found = await ask("--predictions", file, "--predicted", "said", "--attributes", "sex", "--group", "patient");
  expect(found.groupings[0]!.groups).toHaveProperty("(none)");
  expect(found.clusters).toBe(30 + new Set(answers.slice(30).map((a) => a.patient)).size);
});
