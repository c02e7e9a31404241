// Texts of a form: the machine accepts what JavaScript's own expressions accept, a random model writes JSON that a validator takes, and
// what is not covered is refused by name.
import { Ajv } from "ajv";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { fault, faultLater } from "../../../test/fault.ts";
import { random } from "../../base/index.ts";
import { configOf, type JsonValue } from "../../formats/index.ts";
import { initialise, modelOf } from "../../models/index.ts";
import { automatonOf, type Expression, readPattern, utf8Ranges } from "../../patterns/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { jsTokenizer, trainByteBpe } from "../../tokenizers/index.ts";
import { textGenerator } from "../generator.ts";
import { readSchema } from "./json-schema.ts";

const accepts = (expression: Expression) => {
  const automaton = automatonOf(expression);
  return (text: string): boolean => {
    let state: number | undefined = 0;
    for (const byte of new TextEncoder().encode(text))
      state = state === undefined ? state : automaton.next(state, byte);
    return state !== undefined && automaton.accepts(state);
  };
};

const patterns = [
  "abc",
  "a|bc|",
  "(ab)*c?",
  "a{2,4}b{3}c{1,}",
  "[a-c]+[^a-c]",
  '[^\\n"-]*',
  "\\d{4}-\\d\\d?",
  "\\w+\\s\\S",
  ".{0,3}",
  "(?:a|(b|c)d){0,2}",
  "[\\]\\-x]+",
  "é[à-ÿ]*喉[一-龥]|👩",
  "^\\u00e9\\x41\\.$",
  "a*?b+?",
];

test.each(patterns)("the machine of /%s/ accepts what JavaScript's expression accepts", (pattern) => {
  const [ours, theirs] = [accepts(readPattern(pattern)), new RegExp(`^(?:${pattern.replace(/^\^|\$$/g, "")})$`, "u")];
  const sign = fc.constantFrom(...'abcd x-]"\n1234é喉ÿ龥👩A._');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.stringMatching(theirs).map((s) => s.replace(/\p{Surrogate}/gu, "")),
        fc.string({ unit: sign }),
      ),
      (text) => {
        expect(ours(text), JSON.stringify(text)).toBe(theirs.test(text));
      },
    ),
    { numRuns: 150 },
  );
});

test("ranges of code points are their UTF-8 bytes, no more and no less", () => {
  const point = fc.integer({ min: 0, max: 0x10ffff });
  fc.assert(
    fc.property(point, point, point, (a, b, c) => {
      const [from, to] = a < b ? [a, b] : [b, a];
      if (c >= 0xd800 && c <= 0xdfff) return;
      const bytes = new TextEncoder().encode(String.fromCodePoint(c));
      const held = utf8Ranges([from, to]).some(
        (ranges) =>
          ranges.length === bytes.length && ranges.every(([low, high], i) => low <= bytes[i]! && bytes[i]! <= high),
      );
      expect(held).toBe(from <= c && c <= to);
    }),
    { numRuns: 500 },
  );
});

test.each([
  "(?=a)",
  "(?<n>a)",
  "\\1",
  "\\bx",
  "\\p{L}",
  "a**",
  "(a",
  "a)",
  "[a",
  "a{3,1}",
  "a{9999}",
  "x\\",
  "a^b",
  "[z-a]",
])("/%s/ is refused", (pattern) => void fault("E_ARGUMENT", () => readPattern(pattern)));

test("a pattern of too many states is refused, not run for ever", () => {
  fault("E_ARGUMENT", () => automatonOf(readPattern("((a{1000}){1000}){1000}")));
});

const person: JsonValue = {
  type: "object",
  description: "somebody",
  properties: {
    name: { type: "string", minLength: 1, maxLength: 8 },
    age: { type: "integer" },
    kind: { enum: ["a", "b", null] },
    tags: { type: "array", items: { $ref: "#/$defs/tag" }, maxItems: 2 },
    code: { type: "string", pattern: '[A-C"]{2}' },
    score: { type: ["number", "null"] },
    inner: { type: "object", properties: { ok: { type: "boolean" }, no: { const: "x" } }, required: ["ok"] },
  },
  required: ["age", "kind", "inner"],
  $defs: { tag: { anyOf: [{ type: "boolean" }, { type: "string", maxLength: 3 }] } },
};

test("texts of a schema are accepted, others are not", () => {
  const allowed = accepts(readSchema(person));
  const inner = '"inner":{"ok":true}';
  for (const text of [
    `{"age":3,"kind":"a",${inner}}`,
    `{"name":"x\\n","age": -12, "kind": null, "tags": [true, "ab"], "code":"A\\"", "score":1.5e3, ${inner}}`,
    `{"age":0,"kind":"b","tags":[],${inner.replace("}", ',"no":"x"}')}}`,
  ])
    expect(allowed(text), text).toBe(true);
  for (const text of [
    "{}",
    `{"age":03,"kind":"a",${inner}}`,
    `{"kind":"a","age":3,${inner}}`,
    `{"age":3,"kind":"c",${inner}}`,
    `{"age":3,,"kind":"a",${inner}}`,
    `{"age":3,"kind":"a","tags":[true,true,true],${inner}}`,
    `{"name":"","age":3,"kind":"a",${inner}}`,
    `{"age":3,"kind":"a",${inner}} `,
  ])
    expect(allowed(text), text).toBe(false);
});

test("an object without properties is any object, and an empty schema any value", () => {
  const [object, value] = [accepts(readSchema({ type: "object" })), accepts(readSchema({}))];
  for (const json of ["{}", '{"a": [1, {"b": null}]}']) expect([object(json), value(json)]).toEqual([true, true]);
  for (const json of ["[]", "3", '"a"']) expect([object(json), value(json)]).toEqual([false, true]);
  expect(accepts(readSchema({ type: "object", additionalProperties: false }))('{"a":1}')).toBe(false);
});

test.each<[JsonValue, string]>([
  [{ type: "string", format: "date" }, "#/format"],
  [{ type: "object", patternProperties: {}, properties: { a: { allOf: [] } } }, "#/patternProperties"],
  [{ type: "object", properties: { a: { type: "integer", minimum: 3 } } }, "#/properties/a/minimum"],
  [{ $ref: "#/nowhere" }, "#"],
  [{ $ref: "http://other" }, "#"],
  [{ anyOf: [], minLength: 1 }, "#/minLength"],
  [{ type: "date" }, "#"],
])("%j is refused at its key", (schema, path) => {
  expect(fault("E_ARGUMENT", () => readSchema(schema)).facts.path).toBe(path);
});

test("a schema that contains itself is refused", () => {
  const loop: JsonValue = { type: "object", properties: { next: { $ref: "#" } } };
  expect(fault("E_ARGUMENT", () => readSchema(loop)).facts.problem).toContain("contains itself");
});

describe("a random model", async () => {
  const tokenizer = await jsTokenizer(
    trainByteBpe(['{"age": 3, "kind": "a"} true false null "name"'], { vocabSize: 290 }),
  );
  const config = {
    model_type: "gpt2",
    architectures: ["GPT2LMHeadModel"],
    vocab_size: tokenizer.vocabSize,
    n_embd: 16,
    n_layer: 1,
    n_head: 2,
    n_positions: 256,
    initializer_range: 0.3,
  };
  const model = modelOf(configOf(config, "test"));
  const generator = await textGenerator(model, initialise(model, random(3)), tokenizer, cpuRuntime, { threads: 1 });
  afterAll(() => generator.dispose());
  const seeds = [1, 2, 3, 4, 5, 6];

  test("writes JSON that a validator takes, for each seed, alone and in a batch", async () => {
    const valid = new Ajv().compile(person as object);
    const options = { form: { schema: person }, temperature: 1, maxTokens: 220 };
    let finished = 0;
    for (const seed of seeds) {
      const [one, other] = await generator.continuations(["a", "who is it"], { ...options, seed });
      expect((await generator.continuations(["who is it"], { ...options, seed }))[0]).toEqual(other);
      if (one!.finish !== "stop") continue;
      finished++;
      expect(valid(JSON.parse(one!.text)), one!.text).toBe(true);
    }
    expect(finished).toBeGreaterThan(2);
  });

  test("keeps to a pattern, ends where it ends, and streams it", async () => {
    for (const seed of seeds) {
      let text = "";
      const options = { form: { pattern: "(yes|no), [a-f]{3}喉" }, temperature: 1, seed };
      for await (const piece of generator.stream("a", options)) text += piece.text;
      expect(text).toMatch(/^(yes|no), [a-f]{3}喉$/);
    }
  });

  test("refuses beams with a form", async () => {
    await faultLater("E_ARGUMENT", () => generator.continuations(["a"], { form: { pattern: "a" }, beams: 2 }));
  });
});
