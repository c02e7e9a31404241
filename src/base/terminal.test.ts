// Columns stand under each other whatever the script.
import { expect, test } from "vitest";
import { alignedColumns, padded, terminalWidth } from "./terminal.ts";

test.each([
  ["flu", 3],
  ["流感", 4],
  ["（）：", 6],
  ["ｶﾀ", 4 - 2], // half-width katakana
  ["e\u0301", 1],
  ["–…", 2],
  ["👍", 2],
  ["한글", 4],
  ["𠮷", 2],
])("%s takes %i columns", (text, width) => {
  expect(terminalWidth(text)).toBe(width);
});

test("columns are as wide as their widest text; a remark widens none; numbers stand to the right", () => {
  const lines = alignedColumns(
    [
      ["运行", "行数", "任务"],
      ["disease", "7", "x"],
      ["坏", "E_CONFIG a long remark"],
      ["b", "1200", "单标签"],
    ],
    ["left", "right", "left"],
  );
  expect(lines).toEqual([
    "运行     行数  任务",
    "disease     7  x",
    "坏       E_CONFIG a long remark",
    "b        1200  单标签",
  ]);
  expect(alignedColumns([])).toEqual([]);
  expect([padded("流感", 6, "right"), padded("abc", 2)]).toEqual(["  流感", "abc"]);
});
