// Labels as people write them: what one field holds, and what is no label.
import { expect, test } from "vitest";
import { labelsIn, numberSpelling } from "./label-values.ts";

const several = { separator: ";" };
const names = ["billing", "delivery", "quality"];

test.each<[string, unknown, readonly string[]]>([
  ["a name", "billing", ["billing"]],
  ["names between separators, also full-width", " billing;urgent；new ", ["billing", "urgent", "new"]],
  ["a list", ["billing", "urgent", "billing"], ["billing", "urgent"]],
  ["a list as JSON", '["billing", "urgent"]', ["billing", "urgent"]],
  ["a list as Python prints it", "['billing', \"it's\", 'a\\'b']", ["billing", "it's", "a'b"]],
  ["a tuple, a set, NumPy's strings", "('billing', 'urgent')", ["billing", "urgent"]],
  ["NumPy's strings", "['billing' 'urgent']", ["billing", "urgent"]],
  ["numbers in a list", "[3, 7]", ["3", "7"]],
  ["choices of Label Studio", '{"choices": ["billing", "urgent"]}', ["billing", "urgent"]],
  ["one choice", { choices: "billing" }, ["billing"]],
  ["a list with a null", [null, "billing"], ["billing"]],
  ["an empty list", "[]", []],
  ["nothing", "", []],
  ["a name in brackets", "[NAME]", ["[NAME]"]],
  ["a name in parentheses", "(other)", ["(other)"]],
])("%s", (_, field, expected) => expect(labelsIn(field, several)).toMatchObject({ names: expected }));

test.each<[string, unknown, string]>([
  ["places in a text", [[11, 15, "CITY"]], "not-a-label"],
  ["an object", { a: 1 }, "not-a-label"],
  ["an object as JSON", '{"a": 1}', "not-a-label"],
  ["an object as Python prints it", "{'choices': ['a']}", "not-a-label"],
  ["a vector", [0, 1, 0, 0], "unnamed-vector"],
  ["a vector as text", "[0, 0, 1]", "unnamed-vector"],
  ["a vector of NumPy", "[0. 0. 1.]", "unnamed-vector"],
  ["true and false", [true, false], "unnamed-vector"],
])("%s is no label", (_, field, reason) => expect(labelsIn(field, several)).toEqual({ reason }));

test("names give numbers and vectors their labels; what they do not name is refused", () => {
  const read = (field: unknown) => labelsIn(field, { ...several, names });
  expect(read([0, 1, 1])).toMatchObject({ names: ["delivery", "quality"] });
  expect(read("[1 0 1]")).toMatchObject({ names: ["billing", "quality"] });
  expect(read("2")).toMatchObject({ names: ["quality"] });
  expect(read("1.0;0")).toMatchObject({ names: ["delivery", "billing"] });
  expect(read("quality")).toMatchObject({ names: ["quality"] });
  expect(read("3")).toEqual({ reason: "unknown-label" });
  expect(read("speed")).toEqual({ reason: "unknown-label" });
});

test("without a separator a text is one label, separators and all", () => {
  expect(labelsIn("a;b", {})).toEqual({ names: ["a;b"] });
  expect(labelsIn("['a', 'b']", {})).toMatchObject({ names: ["a", "b"] }); // the caller refuses two
});

test("numbers have one spelling; what only looks like one keeps its own", () => {
  const spelled = ["1", "1.0", "+1", "1.50", "-0", "-2.0", "12345678901234567890.0"].map(numberSpelling);
  expect(spelled).toEqual(["1", "1", "1", "1.5", "0", "-2", "12345678901234567890"]);
  expect(["01", "1e3", "1.", "one", ""].map(numberSpelling)).toEqual(Array(5).fill(undefined));
});
