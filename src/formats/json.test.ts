import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { parseJson } from "./json.ts";

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
