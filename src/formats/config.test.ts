import { describe, expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { goldenJson } from "../../test/golden.ts";
import {
  type Check,
  configLimits,
  configOf,
  field,
  flag,
  has,
  integer,
  labels,
  layerCount,
  list,
  modelWidth,
  nullable,
  number,
  oneOf,
  padToken,
  positiveInteger,
  rate,
  readConfig,
  section,
  text,
  vocabularySize,
} from "./config.ts";
import type { JsonRecord, JsonValue } from "./json.ts";

const config = (entries: JsonRecord) => configOf(entries, "config.json");

describe("field", () => {
  const written = goldenJson<JsonRecord>("models", "bert-sequence-classification", "config.json");
  const bert = configOf(written, "config.json");

  test("reads a real config with types", () => {
    expect(field(bert, "hidden_size", modelWidth)).toBe(written.hidden_size);
    expect(field(bert, "hidden_act", oneOf("gelu", "relu"))).toBe(written.hidden_act);
    expect(field(bert, "layer_norm_eps", number(0, 1))).toBe(written.layer_norm_eps);
    expect(field(bert, "bos_token_id", nullable(positiveInteger))).toBeNull();
    expect(field(bert, "use_cache", flag)).toBe(true);
    expect(field(bert, "architectures", list(text))).toEqual(["BertForSequenceClassification"]);
    expect(labels(bert)?.names).toEqual(Object.values(written.id2label as JsonRecord));
  });

  test("a missing entry is its fallback, or an error that names a near one", () => {
    expect(field(bert, "rope_theta", rate, 0.5)).toBe(0.5);
    expect(field(bert, "rope_theta", rate, undefined)).toBeUndefined();
    const { facts } = fault("E_CONFIG", () => field(bert, "hiden_size", modelWidth));
    expect(facts).toMatchObject({
      problem: "no entry hiden_size",
      hint: "did you mean hidden_size?",
      path: "config.json",
    });
  });

  test("an entry that JavaScript's objects have by themselves is not in the file", () => {
    expect(has(config({}), "toString")).toBe(false);
    fault("E_CONFIG", () => field(config({}), "constructor", text));
  });

  test.each<[JsonValue, Check<unknown>]>([
    ["40", modelWidth],
    [1.5, modelWidth],
    [0, modelWidth],
    [-3, layerCount],
    [1e300, positiveInteger],
    [configLimits.width + 1, modelWidth],
    [configLimits.vocabulary + 1, vocabularySize],
    [1e9, layerCount],
    [null, positiveInteger],
    [true, positiveInteger],
    [[1], positiveInteger],
    [1.01, rate],
    [Number.POSITIVE_INFINITY, number(0, Number.POSITIVE_INFINITY)],
    ["gelu_fast", oneOf("gelu", "relu")],
    [1, oneOf("1")],
    [0, flag],
    ["x".repeat(configLimits.text + 1), text],
    [["a", 1], list(text)],
    [{}, list(text)],
    [[1, 2, 3], list(integer(0, 9), 2)],
    ["x", nullable(integer(0, 9))],
  ])("refuses case %#", (value, check) => {
    const { facts, message } = fault("E_CONFIG", () => field(config({ a: value }), "a", check));
    expect(facts).toMatchObject({ path: "config.json > a", problem: "a is wrong", expected: check.expected });
    expect(facts.got).toBeTruthy();
    expect(message.length).toBeLessThan(400);
  });
});

test("a padding token of -1 is none", () => {
  expect(field(config({ a: -1 }), "a", padToken)).toBeNull();
  expect(field(config({ a: 3 }), "a", padToken)).toBe(3);
  fault("E_CONFIG", () => field(config({ a: -2 }), "a", padToken));
});

test("sections carry their path into errors, are undefined when absent or null, and must be objects", () => {
  const outer = config({ rope: { theta: "x" }, none: null, bad: 3 });
  const { facts } = fault("E_CONFIG", () => field(section(outer, "rope")!, "theta", number(1, 1e9)));
  expect(facts.path).toBe("config.json > rope > theta");
  expect(section(outer, "none")).toBeUndefined();
  expect(section(outer, "absent")).toBeUndefined();
  fault("E_CONFIG", () => section(outer, "bad"));
});

test("a file that is not JSON is E_FORMAT, one that is no object is E_CONFIG", () => {
  fault("E_FORMAT", () => readConfig("{", "config.json"));
  fault("E_CONFIG", () => readConfig("[]", "config.json"));
  expect(readConfig('{"a":1}', "config.json").entries).toEqual({ a: 1 });
});

describe("labels", () => {
  const read = (id2label: JsonValue, label2id?: JsonValue) =>
    labels(config(label2id === undefined ? { id2label } : { id2label, label2id }));

  test("come in the order of their ids, with the ids of each", () => {
    const read2 = read({ "1": "spam", "0": "ham" }, { ham: 0, spam: 1 });
    expect(read2?.names).toEqual(["ham", "spam"]);
    expect(read2?.idOf.get("spam")).toBe(1);
    expect(read({ "0": "x" })?.idOf.get("x")).toBe(0);
    expect(labels(config({}))).toBeUndefined();
    expect(read(null)).toBeUndefined();
  });

  test("two ids may share a name when label2id tells one of them, as in ImageNet", () => {
    expect(read({ "0": "crane", "1": "crane" }, { crane: 0 })?.idOf.get("crane")).toBe(0);
  });

  test("ids may be written as text in label2id, as the official image script does", () =>
    expect(read({ "0": "cat", "1": "dog" }, { cat: "0", dog: "1" })?.idOf.get("dog")).toBe(1));

  test("as in Transformers there are as many outputs as entries; one without an entry is LABEL_id", () => {
    expect(read({ "1": "neg", "2": "pos" }, { neg: 1, pos: 2 })?.names).toEqual(["LABEL_0", "neg"]);
    expect(read({ "0": "a", "2": "b" })?.names).toEqual(["a", "LABEL_1"]);
  });

  test.each<[JsonValue, JsonValue | undefined, RegExp]>([
    [{ "00": "a" }, undefined, /an id is not a whole number/],
    [{ a: "0" }, undefined, /an id is not a whole number/],
    [{ "-1": "a" }, undefined, /an id is not a whole number/],
    [{ "0": 1 }, undefined, /0 is wrong/],
    [["a", "b"], undefined, /not an object/],
    [{ "0": "a", "1": "b" }, { a: 1, b: 0 }, /disagree about "a"/],
    [{ "0": "a" }, { a: 0, b: 1 }, /disagree about "b"/],
    [{ "0": "a", "1": "b" }, { a: 0 }, /lacks "b"/],
    [{ "0": "a" }, { a: "1" }, /disagree about "a"/],
    [{ "0": "a" }, { a: "zero" }, /disagree about "a"/],
    [{ "1": "a", "2": "b" }, { a: 2, b: 1 }, /disagree about "a"/],
    [{ "0": "a" }, 7, /not an object/],
    [{ "1": { toString: 1 } }, {}, /lacks/],
  ])("refuses %j with %j", (id2label, label2id, problem) => {
    expect(fault("E_CONFIG", () => read(id2label, label2id)).facts.problem).toMatch(problem);
  });
});
