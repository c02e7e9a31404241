import { expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { type PrepareOptions, prepareTexts } from "./prepare-texts.ts";
import type { SourceRow } from "./source-row.ts";

const words =
  "ache back cough dizzy ear fever gut head itch joint knee lung migraine neck ooze pain queasy rash sore throat ulcer vomit weak".split(
    " ",
  );
const sentence = (seed: number) => {
  const rng = random(`sentence ${seed}`);
  return Array.from({ length: 12 }, () => words[rng.int(words.length)]).join(" ");
};
const table = (records: readonly Record<string, unknown>[]) =>
  (async function* (): AsyncGenerator<SourceRow> {
    for (const [i, fields] of records.entries()) yield { file: "rows.csv", line: i + 2, fields };
  })();
const options: PrepareOptions = { columns: { text: "text", label: "label" }, kind: "single-label", seed: 1 };
const plain = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    text: sentence(i),
    label: ["flu", "cold"][i % 2],
    patient: `p${i >> 2}`,
    sex: i % 3 ? "f" : "m",
  }));
const faultOf = (records: readonly Record<string, unknown>[], more: Partial<PrepareOptions> = {}) =>
  prepareTexts(table(records), { ...options, ...more }).then(
    () => expect.unreachable(),
    (error) => error as Error & { code: string; facts: Record<string, string> },
  );

test("in = kept + dropped + quarantined, whatever is in the rows", async () => {
  const records = [
    ...plain(200),
    ...plain(20),
    { text: " ", label: "flu" },
    { text: Number.NaN, label: "flu" },
    { text: "x", label: null },
    { text: "y".repeat(200_000), label: "flu" },
  ];
  const { report, rows, parts, quarantined } = await prepareTexts(table(records), options);
  expect(report.rows).toEqual({ in: 224, kept: 200, dropped: 20, quarantined: 4, excluded: 0 });
  expect(report.quarantine).toEqual({ "no-text": 2, "no-label": 1, "too-long": 1 });
  expect(quarantined.map((q) => q.place)).toEqual(["rows.csv:222", "rows.csv:223", "rows.csv:224", "rows.csv:225"]);
  expect(rows.length).toBe(parts.length);
  expect(report.parts).toEqual({ train: 160, dev: 20, test: 20 });
});

test("similar texts and one patient's rows share a part", async () => {
  const records = plain(200).flatMap((r, i) =>
    i % 10 ? [r] : [r, { ...r, text: `${r.text}!!`, label: "cold", patient: `q${i}` }],
  );
  const { rows, parts, report } = await prepareTexts(table(records), {
    ...options,
    columns: { ...options.columns, group: "patient" },
  });
  const partOf = new Map<string, string>();
  for (const [i, row] of rows.entries())
    for (const key of [row.group!, row.text.replaceAll("!", "")])
      expect(partOf.get(key) ?? partOf.set(key, parts[i]!).get(key)).toBe(parts[i]);
  expect(report.duplicates.nearClusters).toBe(20);
  expect(report.duplicates.nearRows).toBe(40);
});

test("parts named by the data are kept, and what they tear apart is counted", async () => {
  const records = plain(40).map((r, i) => ({ ...r, part: ["train", "train", "validation", "test"][i % 4] }));
  const columns = { ...options.columns, part: "part", group: "patient" };
  const { report } = await prepareTexts(table(records), { ...options, columns });
  expect(report.parts).toEqual({ train: 20, dev: 10, test: 10 });
  expect(report.duplicates.straddling).toBe(10);
  expect(report.warnings.join()).toMatch(/too good/);
  const error = await faultOf([...records, { ...records[0], text: "another one", part: "holdout" }], { columns });
  expect(error.message).toMatch(/names no part[\s\S]*holdout/);
});

test("small cells of an attribute are not counted", async () => {
  const records = plain(200).map((r, i) => ({ ...r, sex: i < 3 ? "x" : r.sex }));
  const { report } = await prepareTexts(table(records), {
    ...options,
    columns: { ...options.columns, attributes: ["sex"] },
  });
  expect(Object.values(report.attributes.sex!.x!)).toContain("under 10");
  expect(report.attributes.sex!.f!.train).toBeGreaterThan(50);
});

test("several labels a row, numbers, and pairs are read", async () => {
  const many = plain(60).map((r, i) => ({ ...r, label: i % 5 ? (i % 2 ? "flu; cold" : "cold") : "" }));
  const multi = await prepareTexts(table(many), { ...options, kind: "multi-label" });
  expect(multi.labels).toEqual(["cold", "flu"]);
  expect(multi.rows[1]!.labels).toEqual(["flu", "cold"]);
  const numbers = await prepareTexts(table(plain(60).map((r, i) => ({ ...r, label: `${i / 7}` }))), {
    ...options,
    kind: "regression",
  });
  expect(numbers.rows[7]!.value).toBe(1);
  const pairs = await prepareTexts(table(plain(60).map((r) => ({ ...r, second: "and a cough" }))), {
    ...options,
    columns: { ...options.columns, pair: "second" },
  });
  expect(pairs.rows[0]!.pair).toBe("and a cough");
});

test.each<[string, Record<string, unknown>[], Partial<PrepareOptions>, RegExp]>([
  ["no rows", [], {}, /there are no rows/],
  ["one class", plain(40).map((r) => ({ ...r, label: "flu" })), {}, /same label/],
  [
    "labels that differ by case or width",
    plain(40).map((r, i) => ({ ...r, label: i % 3 ? r.label : "ＦＬＵ" })),
    {},
    /case, width[\s\S]*data\.rename/,
  ],
  ["a wrong column", plain(40), { columns: { text: "texts", label: "label" } }, /did you mean text/],
  [
    "mostly empty texts",
    plain(40).map((r, i) => ({ ...r, text: i % 3 ? "" : r.text })),
    {},
    /26 of 40 rows[\s\S]*rows\.csv:3/,
  ],
  ["values that are no numbers", plain(40), { kind: "regression" }, /not a finite number/],
  [
    "a label that training never sees",
    plain(40).map((r, i) => ({ ...r, label: i === 39 ? "gout" : r.label, part: i < 30 ? "train" : "test" })),
    { columns: { text: "text", label: "label", part: "part" } },
    /no training row has[\s\S]*gout/,
  ],
])("%s: refused", async (_name, records, more, message) => {
  const error = await faultOf(records, more);
  expect(error.code).toBe("E_DATA");
  expect(error.message).toMatch(message);
});

test("labels that were merged are one class", async () => {
  const records = plain(40).map((r, i) => ({ ...r, label: i % 3 ? r.label : "FLU" }));
  expect((await prepareTexts(table(records), { ...options, rename: { FLU: "flu" } })).labels).toEqual(["cold", "flu"]);
});
