import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { canonicalJson } from "../base/index.ts";
import { parseCanonicalJson, parseJson } from "./json.ts";

describe("parseJson", () => {
  test.each([
    '{"a":{"a":1,"b":[{"a":1},{"a":2}]},"b":"a,b:{\\"a\\"}"}',
    '[1,-2.5e3,true,false,null,"\\u00e9\\\\",[],{}]',
    '"\\\\\\""',
    "3",
    ' { "constructor" : 1 , "toString" : 2 } ',
  ])("reads %s as JSON.parse does", (text) => {
    expect(parseJson(text, "x")).toEqual(JSON.parse(text));
    expect(parseJson(new TextEncoder().encode(text), "x")).toEqual(JSON.parse(text));
  });

  test.each([
    ['{"a":1,"a":2}', /occurs twice/],
    ['{"b":{"a":1,"\\u0061":2}}', /occurs twice/],
    ['{"__proto__":{}}', /__proto__/],
    ['{"\\u005f_proto__":{}}', /__proto__/],
    ["{", /not valid/],
    ["", /not valid/],
    ['{"a\\x":1}', /not valid/],
    ['"abc', /not valid/],
    ["[1,]", /not valid/],
    ["}}]]", /not valid/],
    ["[[[[1]]]]", /too deep/],
  ])("refuses %s", (text, problem) => {
    const { facts } = fault("E_FORMAT", () => parseJson(text, "some.json", { maxDepth: 3 }));
    expect(facts.problem).toMatch(problem);
    expect(facts.path).toBe("some.json");
  });

  test("refuses more bytes than its limit before it parses, and a million open brackets without a stack overflow", () => {
    expect(fault("E_FORMAT", () => parseJson("[1,2,3]", "x", { maxBytes: 6 })).facts.got).toBe("7");
    expect(fault("E_FORMAT", () => parseJson("[".repeat(1e6), "x")).facts.problem).toMatch(/too deep/);
    expect(parseJson(`${"[".repeat(1e5)}${"]".repeat(1e5)}`, "x", { maxDepth: 1e5 })).toHaveLength(1);
  });

  test("says that NaN is not JSON, and skips a byte-order mark in bytes", () => {
    expect(fault("E_FORMAT", () => parseJson('{"a": NaN}', "x")).facts.hint).toMatch(/NaN/);
    expect(parseJson(Uint8Array.of(0xef, 0xbb, 0xbf, 0x31), "x")).toBe(1);
  });
});

test("a reader that asks for own properties may take the name __proto__, and nothing else changes", () => {
  const value = parseJson('{"__proto__": 1, "a": {"__proto__": {"b": 2}}}', "config.json", { protoName: true });
  expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(() => parseJson('{"__proto__": 1, "__proto__": 2}', "config.json", { protoName: true })).toThrow(/twice/);
});

test("canonical JSON is read as parseJson reads it; another form of the same value is not", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = canonicalJson(value);
      expect(parseCanonicalJson(text, "a")).toEqual(parseJson(text, "a"));
      const written = JSON.stringify(value);
      expect(parseCanonicalJson(written, "a") !== undefined).toBe(written === text);
      expect(parseCanonicalJson(` ${text}`, "a")).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['{"10":1,"9":2}', true], // by UTF-16 units; JavaScript has these names in another order
  ['{"9":2,"10":1}', false],
  ['{"b":1,"a":2}', false],
  ['[{"b":1,"a":2}]', false],
  ['{"a":{"b":1,"a":2}}', false],
  ['{"a":1.0}', false],
  ["-0", false],
  ['"\\u0041"', false],
  ['"\\\\ud800"', true], // a backslash and five letters
])("canonical JSON: %s", (text, canonical) => {
  expect(parseCanonicalJson(text, "a")).toEqual(canonical ? JSON.parse(text) : undefined);
});

test.each([
  ["a name twice", '{"a":1,"a":1}', "E_FORMAT"],
  ["a name __proto__", '{"__proto__":1}', "E_FORMAT"],
  ["65 levels", "[".repeat(65) + "]".repeat(65), "E_FORMAT"],
  ["a syntax fault", '{"a":1', "E_FORMAT"],
  ["half of a surrogate pair", '"\\ud800"', "E_ARGUMENT"],
  ["more than 16 MiB", `"${"a".repeat(2 ** 24)}"`, "E_FORMAT"],
] as const)("JSON that has to be canonical is refused with %s", (_, text, code) => {
  fault(code, () => parseCanonicalJson(text, "a"));
});

test("64 levels of canonical JSON are read", () => {
  expect(parseCanonicalJson("[".repeat(64) + "]".repeat(64), "a")).toBeDefined();
});
