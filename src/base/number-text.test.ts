import { expect, test } from "vitest";
import { maybeThousands, numberFault, numberIn } from "./number-text.ts";

test.each<[unknown, number]>([
  ["12.5", 12.5],
  [" -3 ", -3],
  ["1e3", 1000],
  [".5", 0.5],
  ["１２．５", 12.5],
  ["−7", -7],
  [4, 4],
  ["٤٥", 45],
  ["۱۲٫۵", 12.5],
  ["१२", 12],
])("%j is %d", (value, number) => expect(numberIn(value)).toBe(number));

test.each([
  "",
  " ",
  "0x1F",
  "1,234",
  "2,35",
  "true",
  "Infinity",
  "1e999",
  null,
  undefined,
  true,
  [1],
  Number.NaN,
  "1 234",
  "1_000",
  "0b1",
  "--1",
  "12px",
  "",
])("%j is no number", (value) => expect(numberIn(value)).toBeUndefined());

test.each<[string, ReturnType<typeof numberFault>]>([
  ["2,35", "comma"],
  ["-0,5", "comma"],
  ["1,234", "thousands"],
  ["1,234,567.5", "thousands"],
  ["1.234.567", "thousands"],
  ["1.234,56", "thousands"],
  ["1,10,687.50", "thousands"],
  ["12 500", "thousands"],
  ["12’500.00", "thousands"],
  ["$1,250.00", "currency"],
  ["350 €", "currency"],
  ["¥350", "currency"],
  ["350元", "currency"],
  ["EUR 3", "currency"],
  ["45 %", "percent"],
  ["＞5", "range"],
  ["10-20", "range"],
  ["350 km", "unit"],
  ["37.5°C", "unit"],
  ["good", undefined],
  ["A-12", undefined],
  ["2024-05-01", undefined],
])("%j: %s", (text, fault) => expect(numberFault(text)).toBe(fault));

test.each<[string, "." | ",", number | undefined]>([
  ["2,35", ",", 2.35],
  ["-0,5", ",", -0.5],
  [",5", ",", 0.5],
  ["1,5e3", ",", 1500],
  ["12", ",", 12],
  ["1.234,5", ",", 1234.5],
  ["1.234.567", ",", 1234567],
  ["1.234", ",", 1234],
  ["1 234,5", ",", 1234.5],
  ["1’234,5", ",", 1234.5],
  ["2.35", ",", undefined],
  ["0.500", ",", undefined],
  ["1.23,5", ",", undefined],
  ["1.234.56,7", ",", undefined],
  ["1.234 567", ",", undefined],
  ["1,234,567", ",", undefined],
  ["1,234.5", ".", 1234.5],
  ["1,10,687.50", ".", 110687.5],
  ["1,10,68", ".", undefined],
  ["1,234", ".", 1234],
  ["2.35", ".", 2.35],
  ["2,35", ".", undefined],
  ["1.234,5", ".", undefined],
  ["0x1F", ",", undefined],
])("%j with the mark %j is %d", (text, mark, number) => expect(numberIn(text, mark)).toBe(number));

test("with decimal commas a point that is not between thousands is the fault", () => {
  expect(["2.35", "0.500", "2,35", "1.234,5"].map((text) => numberFault(text, ","))).toEqual([
    "point",
    "point",
    undefined,
    undefined,
  ]);
});

test("whole numbers of Parquet are numbers", () => expect(numberIn(5n)).toBe(5));

test("a point may stand between thousands only before three digits", () => {
  expect(["12.500", "1.000", "-3.250"].map((text) => maybeThousands(text))).toEqual([true, true, true]);
  expect(["0.500", "12.50", "1234.500", "12"].map((text) => maybeThousands(text))).toEqual([
    false,
    false,
    false,
    false,
  ]);
});
