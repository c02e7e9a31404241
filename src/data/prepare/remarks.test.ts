// What is said of a whole table, on both sides of each border.
import { expect, test } from "vitest";
import { tableRemarks } from "./remarks.ts";
import type { Quarantined, Refusal, Row } from "./text-rows.ts";

const row = (label: string, i: number): Row => ({ place: `t.csv:${i}`, labels: [label], attributes: {} });
const rows = (count: number, label: (i: number) => string = (i) => `l${i % 2}`) =>
  Array.from({ length: count }, (_, i) => row(label(i), i));
const put = (count: number, reason: Refusal = "no-text"): Quarantined[] =>
  Array.from({ length: count }, () => ({ place: "t.csv:1", reason, got: "nothing" }));

interface Table {
  readonly all: readonly Row[];
  readonly kept?: readonly Row[];
  readonly quarantined?: readonly Quarantined[];
  readonly excluded?: number;
}
const said = ({ all, kept = all, quarantined = [], excluded = 0 }: Table, more: object = {}) =>
  tableRemarks({ count: all.length + quarantined.length + excluded, quarantined, excluded, rows: all }, kept, {
    kind: "label",
    columns: { text: "text", label: "label" },
    ...more,
  });

test("few rows: 49 are few, 50 are not; eight are said as eight", () => {
  expect(said({ all: rows(50) })).toEqual([]);
  expect(said({ all: rows(49) })).toEqual(["only 49 rows can be used: scores of so few say almost nothing"]);
  expect(said({ all: rows(8) })[0]).toMatch(/^only 8 rows/);
});

test("rows left out: 51 of 300 are said, 29 of 300 are not; unlabelled rows that are meant do not count", () => {
  const all = rows(300);
  expect(said({ all, kept: all.slice(51) })).toEqual([
    "51 of 300 rows are left out (51 repeats, 0 rejected, 0 excluded by label)",
  ]);
  expect(said({ all, kept: all.slice(29) })).toEqual([]);
  expect(said({ all: rows(270), quarantined: put(15, "too-long"), excluded: 15 })).toEqual([
    "30 of 300 rows are left out (0 repeats, 15 rejected, 15 excluded by label)",
  ]);
  const quarantined = put(200, "no-label");
  expect(said({ all: rows(100), quarantined }, { accept: ["unlabelled"] })).toEqual([]);
  expect(said({ all: rows(100), quarantined })).toHaveLength(1);
});

test("one label for nearly all: 91 of 100 are said, 90 are not; several labels a row have no such label", () => {
  const one = (most: number) => rows(100, (i) => (i < most ? "no" : "yes"));
  expect(said({ all: one(91) })).toEqual([
    '91 % of the rows have the label "no": always answering it looks good by accuracy',
  ]);
  expect(said({ all: one(90) })).toEqual([]);
  expect(said({ all: one(95) }, { kind: "labels" })).toEqual([]);
});

test("a label that is an id: more than half of the rows have their own", () => {
  expect(said({ all: rows(100, (i) => `id${i}`) })).toEqual([
    "the label has 100 different values in 100 rows: it looks like an id",
  ]);
  expect(said({ all: rows(100, (i) => `id${i % 51}`) })).toHaveLength(1);
  expect(said({ all: rows(100, (i) => `id${i % 50}`) })).toEqual([]);
  const numbers = (value: (i: number) => number) => rows(60).map((one, i) => ({ ...one, labels: [], value: value(i) }));
  expect(said({ all: numbers((i) => 60 - i) }, { kind: "value" })).toEqual([
    "the numbers to predict count the rows: they look like an id",
  ]);
  expect(said({ all: numbers((i) => 60 - i - (i === 3 ? 9 : 0)) }, { kind: "value" })).toEqual([]);
});

test("empty texts: 1 of 100 is said, 1 of 101 is not", () => {
  expect(said({ all: rows(99), quarantined: put(1) })).toEqual(["1 of 100 rows have no text"]);
  expect(said({ all: rows(100), quarantined: put(1) })).toEqual([]);
});

test("a table without a line of names has a row for them", () => {
  const columns = { text: "my knee hurts since monday and I cannot walk", label: "joint" };
  expect(said({ all: rows(60) }, { columns })).toEqual([
    "the first line looks like a row, and not like names of columns",
  ]);
  expect(said({ all: rows(60) }, { columns: { text: "what the patient says", label: "joint" } })).toEqual([]);
});
