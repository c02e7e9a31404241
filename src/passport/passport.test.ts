// Canonical JSON against RFC 8785, gates, and passports that somebody tampered with.

import fc from "fast-check";
import { expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { canonicalBytes, canonicalJson } from "../base/index.ts";
import { checkGates, failing, type Gate, limitText, parsePassport } from "./index.ts";

test("the example of RFC 8785 has its canonical form", () => {
  const value = {
    numbers: JSON.parse("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001]"),
    string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
    literals: [null, true, false],
  };
  expect(canonicalJson(value)).toBe(
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  );
});

test("names are sorted by UTF-16 units, as the RFC's second example", () => {
  const names = ["\u20ac", "\r", "\ufb33", "1", "\ud83d\ude00", "\u0080", "\u00f6"];
  const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"];
  const text = canonicalJson(Object.fromEntries(names.map((name) => [name, 0])));
  expect(Object.keys(JSON.parse(text)).sort()).toEqual([...sorted].sort());
  expect(text).toBe(`{${sorted.map((name) => `${JSON.stringify(name)}:0`).join(",")}}`);
});

test("parsing the canonical form gives the value back, and its canonical form is itself", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ["NaN", { a: Number.NaN }],
  ["infinity", [Number.POSITIVE_INFINITY]],
  ["half a surrogate pair", "\ud800x"],
  ["half a surrogate pair in a name", { "\udc00": 1 }],
  ["undefined in a list", [undefined]],
  ["a big integer", 1n],
])("%s has no canonical form and is refused", (_, value) => {
  expect(() => canonicalJson(value)).toThrow("E_ARGUMENT");
});

const values = {
  "metrics.macroF1": { value: 0.75, low: 0.72, high: 0.77 },
  "metrics.groups.region.islands.accuracy": { value: 0.58, low: 0.53, high: 0.63 },
  "metrics.groups.region.north.accuracy": { value: 0.81 },
};
const gate = (given: Partial<Gate> & { value: string }): Gate => ({ use: "value", ...given });

test("a gate compares the estimate, or the less favourable end of its interval", () => {
  const one = (given: Partial<Gate>) => checkGates([gate({ value: "metrics.macroF1", ...given })], values)[0]!;
  expect(one({ atLeast: 0.74 })).toMatchObject({ passed: true, measured: 0.75 });
  expect(one({ atLeast: 0.74, use: "interval" })).toMatchObject({ passed: false, measured: 0.72 });
  expect(one({ atMost: 0.76 })).toMatchObject({ passed: true, measured: 0.75 });
  expect(one({ atMost: 0.76, use: "interval" })).toMatchObject({ passed: false, measured: 0.77 });
  expect(one({ atLeast: 0.7, atMost: 0.74 })).toMatchObject({ passed: false });
});

test("a star stands for one group, and each group has to pass", () => {
  const found = checkGates(
    [gate({ value: "metrics.groups.region.*.accuracy", needs: ["islands"], atLeast: 0.6 })],
    values,
  );
  expect(found.map((g) => [g.value.split(".")[3], g.passed])).toEqual([
    ["islands", false],
    ["north", true],
  ]);
  expect(failing(found, []).length).toBe(1);
  const override = { value: "metrics.groups.region.islands.accuracy", reason: "a pilot", keyid: "", at: "" };
  expect(failing(found, [override])).toEqual([]);
});

test("a gate on a value that nobody measured is an error that names the nearest, never a pass", () => {
  expect(() => checkGates([gate({ value: "metrics.macroF2", atLeast: 0 })], values)).toThrow(
    /E_CONFIG[\s\S]*did you mean metrics\.macroF1/,
  );
  expect(() => checkGates([gate({ value: "fairness.*.difference", needs: ["sex"], atMost: 1 })], values)).toThrow(
    "E_CONFIG",
  );
});

test("a gate with a star names what it needs: what was not measured, or came out as null, fails it", () => {
  const measured = { "fairness.region.gap.accuracy": { value: 0.01 }, "fairness.sex.gap.accuracy": { value: null } };
  const value = "fairness.*.gap.accuracy";
  const check = (more: Partial<Gate>, of: Record<string, unknown> = measured) =>
    checkGates([gate({ value, atMost: 0.05, use: "interval", ...more })], of);
  const { "fairness.sex.gap.accuracy": _, ...withoutSex } = measured;
  expect(() => check({}, withoutSex)).toThrow(/E_CONFIG[\s\S]*does not say what it needs[\s\S]*needs: \[region\]/);
  expect(() => check({ needs: ["region", "sex"] }, withoutSex)).toThrow(/not measured: fairness\.sex\.gap\.accuracy/);
  expect(() => check({ needs: ["region"] })).toThrow(/not measured: fairness\.sex\.gap\.accuracy/);
  expect(() => check({ value: "fairness.sex.gap.accuracy" })).toThrow(/not measured/);
  expect(() => check({ value: "fairness.region.gap.accuracy", needs: ["region"] })).toThrow(/has no \*/);
  expect(check({ needs: ["region"] }, withoutSex)).toMatchObject([{ passed: true }]);
});

test("a value at its limit passes; what is shown is the end that decides", () => {
  const one = (given: Partial<Gate>) => checkGates([gate({ value: "metrics.macroF1", ...given })], values)[0]!;
  expect(one({ atLeast: 0.75 }).passed).toBe(true);
  expect(one({ atMost: 0.75 }).passed).toBe(true);
  const both = { atLeast: 0.71, atMost: 0.9, use: "interval" } as const;
  expect(one(both)).toMatchObject({ measured: 0.77, passed: true });
  expect(one({ ...both, atLeast: 0.73 })).toMatchObject({ measured: 0.72, passed: false });
  expect(one({ ...both, atMost: 0.76 })).toMatchObject({ measured: 0.77, passed: false });
  expect(one({ use: "interval", atLeast: 0.5 })).toMatchObject({ measured: 0.72 });
  expect(one({ use: "interval", atMost: 0.9 })).toMatchObject({ measured: 0.77 });
});

test("results of a star come in the order of names, whatever order they were measured in", () => {
  const backwards = Object.fromEntries(Object.entries(values).reverse());
  const found = checkGates([gate({ value: "metrics.*", needs: ["macroF1"], atLeast: 0 })], backwards);
  expect(found.map((g) => g.value)).toEqual(Object.keys(values).sort());
});

test("an empty list of needs is none: the value has to be there, and a star is refused", () => {
  const check = (value: string) => () => checkGates([gate({ value, needs: [], atLeast: 0 })], values);
  expect(fault("E_CONFIG", check("metrics.macroF2")).facts.problem).toContain("not measured: metrics.macroF2");
  expect(fault("E_CONFIG", check("metrics.*")).facts.problem).toContain("does not say what it needs");
  expect(check("metrics.macroF1")()).toHaveLength(1);
});

test("a limit as text has what is asked for, with digits or as the caller writes numbers", () => {
  expect(limitText({ atLeast: 0.7 })).toBe("≥ 0.7");
  expect(limitText({ atMost: 0.1 })).toBe("≤ 0.1");
  expect(limitText({ atLeast: 0.7, atMost: 0.9 }, (x) => `${100 * x} %`)).toBe("≥ 70 %, ≤ 90 %");
  expect(limitText({})).toBe("");
});

test("a value that is nothing was not measured", () => {
  for (const nothing of [undefined, null, 3, "0.5", {}])
    fault("E_CONFIG", () => checkGates([gate({ value: "a.b", atLeast: 0 })], { "a.b": nothing }));
});

test("an override is for one value: it passes no other gate that failed", () => {
  const found = checkGates([gate({ value: "metrics.groups.region.*.accuracy", needs: ["north"], atLeast: 1 })], values);
  const override = { value: found[0]!.value, reason: "a pilot", keyid: "", at: "" };
  expect(failing(found, [override]).map((g) => g.value)).toEqual([found[1]!.value]);
});

test("errors of gates say where: the policy, unless another place is given", () => {
  expect(fault("E_CONFIG", () => checkGates([gate({ value: "no.such" })], values)).facts.path).toBe("policy");
  expect(fault("E_CONFIG", () => checkGates([gate({ value: "no.such" })], values, "p.yaml")).facts.path).toBe("p.yaml");
});

const passport = {
  format: "concord-passport",
  version: 1,
  name: "n",
  task: "single-label",
  made: "2026-11-25T00:00:00.000Z",
  about: { limits: [], languages: [] },
  model: { architecture: "bert", parameters: 1, maxLength: 8, labels: [], method: "full" },
  digests: { model: "a", files: {}, recipe: "b", data: {}, evidence: {}, code: "c" },
  recipe: "",
  versions: {},
  machine: "",
  rows: {},
  values,
  stages: [],
  privacy: null,
  policy: { digest: "d", gates: [], overrides: [] },
};
const encode = (text: string) => new TextEncoder().encode(text);

test("a passport in canonical form is read", () => {
  expect(parsePassport(canonicalBytes(passport), "p").values).toEqual(values);
});

test.each([
  ["with names in another order", JSON.stringify(passport), "E_FORMAT"],
  ["with white space", JSON.stringify(JSON.parse(canonicalJson(passport)), null, 1), "E_FORMAT"],
  ["with a name that occurs twice", canonicalJson(passport).replace('"task":', '"task":"x","task":'), "E_FORMAT"],
  ["of a newer version", canonicalJson({ ...passport, version: 2 }), "E_VERSION"],
  ["with a value that is no number", canonicalJson({ ...passport, values: { x: { value: "1" } } }), "E_FORMAT"],
  ["without its digests", canonicalJson({ ...passport, digests: undefined }), "E_FORMAT"],
  ["that is something else", "[]", "E_FORMAT"],
])("a passport %s is refused", (_, text, code) => {
  expect(() => parsePassport(encode(text), "p")).toThrow(code);
});

test("a gate takes the interval of an extreme of several groups, never its value", () => {
  const gap = { value: 0.08, low: 0.01, high: 0.15, extreme: true } as const;
  const values = { "fairness.region.gap.accuracy": gap, "fairness.region.accuracy.difference": gap };
  const by =
    (use: "value" | "interval", value = "fairness.region.gap.accuracy") =>
    () =>
      checkGates([{ value, ...(value.includes("*") && { needs: ["region.accuracy"] }), atMost: 0.1, use }], values);
  expect(by("value")).toThrow(/E_CONFIG[\s\S]*use: interval/);
  expect(by("value", "fairness.*.difference")).toThrow(/far out by chance/);
  expect(by("interval")()).toMatchObject([{ measured: 0.15, passed: false }]);
});
