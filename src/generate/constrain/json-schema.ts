// JSON Schemas read: the JSON texts that a schema allows, as an expression. Objects have their properties in the schema's order. What
// no expression can say is refused by name.
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue } from "../../formats/index.ts";
import {
  characters,
  choice,
  type Expression,
  optional,
  others,
  readPattern,
  repeat,
  sequence,
  text,
} from "../../patterns/index.ts";

/** Says nothing about which texts are allowed. */
const harmless = [
  "title",
  "description",
  "default",
  "examples",
  "$schema",
  "$id",
  "$comment",
  "$defs",
  "definitions",
  "deprecated",
];
const known: Readonly<Record<string, readonly string[]>> = {
  object: ["type", "properties", "required", "additionalProperties"],
  array: ["type", "items", "minItems", "maxItems"],
  string: ["type", "minLength", "maxLength", "pattern"],
  number: ["type"],
  integer: ["type"],
  boolean: ["type"],
  null: ["type"],
};

/** Deepest nesting: a schema that contains itself has no end. */
const deepest = 32;

const space = optional(text(" "));
const digit = characters([0x30, 0x39]);
const whole = sequence(
  optional(text("-")),
  choice(text("0"), sequence(characters([0x31, 0x39]), repeat(digit, 0, 15))),
);
const number = sequence(
  whole,
  optional(sequence(text("."), repeat(digit, 1, 16))),
  optional(
    sequence(
      characters([0x45, 0x45], [0x65, 0x65]),
      optional(characters([0x2b, 0x2b], [0x2d, 0x2d])),
      repeat(digit, 1, 3),
    ),
  ),
);
const hex = characters([0x30, 0x39], [0x41, 0x46], [0x61, 0x66]);
const character = choice(
  characters(
    ...others([
      [0, 0x1f],
      [0x22, 0x22],
      [0x5c, 0x5c],
      [0x7f, 0x7f],
    ]),
  ),
  sequence(
    text("\\"),
    choice(
      characters(...[...'"\\/bfnrt'].map((c) => [c.charCodeAt(0), c.charCodeAt(0)] as const)),
      sequence(text("u"), repeat(hex, 4, 4)),
    ),
  ),
);

/**
 * The JSON texts that a schema allows: on one line, with at most one space after each comma and colon.
 * @throws E_ARGUMENT naming a key that is not covered, and its place
 * @example readSchema({ type: "object", properties: { age: { type: "integer" } }, required: ["age"] })
 */
export const readSchema = (schema: JsonValue): Expression => jsonOf(schema, { root: schema, path: "#", depth: 0 });

interface Place {
  readonly root: JsonValue;
  readonly path: string;
  readonly depth: number;
}

const refused = ({ path }: Place, problem: string, got: unknown) =>
  new ConcordError("E_ARGUMENT", {
    operation: "JSON Schema",
    problem,
    expected: "type, properties, required, items, enum, const, anyOf, $ref, lengths and patterns",
    got: JSON.stringify(got)?.slice(0, 200) ?? "nothing",
    path,
  });

const inside = (at: Place, name: string | number): Place => ({
  ...at,
  path: `${at.path}/${name}`,
  depth: at.depth + 1,
});

function jsonOf(schema: JsonValue, at: Place): Expression {
  if (at.depth > deepest) throw refused(at, "the schema contains itself, or is nested too deep", at.depth);
  if (schema === true || (isJsonRecord(schema) && meaningful(schema).length === 0)) return anyValue(3);
  if (!isJsonRecord(schema)) throw refused(at, "no schema", schema);
  const only = ["$ref", "const", "enum", "anyOf", "oneOf"].find((key) => schema[key] !== undefined);
  const beside = only && meaningful(schema).find((key) => key !== only && key !== "type");
  if (beside) throw refused(inside(at, beside), `${beside} is not covered`, schema[beside]);
  if (typeof schema.$ref === "string") return jsonOf(referred(schema.$ref, at), inside(at, "$ref"));
  if (schema.const !== undefined) return text(JSON.stringify(schema.const));
  if (Array.isArray(schema.enum)) return choice(...schema.enum.map((value) => text(JSON.stringify(value))));
  for (const name of ["anyOf", "oneOf"] as const) {
    const parts = schema[name];
    if (Array.isArray(parts)) return choice(...parts.map((part, i) => jsonOf(part, inside(inside(at, name), i))));
  }
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return types.length === 1
    ? typed(schema, types[0], at)
    : choice(...types.map((type) => typed(schema, type, at, types.length > 1)));
}

const meaningful = (schema: JsonRecord): string[] => Object.keys(schema).filter((key) => !harmless.includes(key));

function referred(ref: string, at: Place): JsonValue {
  let value: JsonValue | undefined = at.root;
  for (const key of ref.replace(/^#\/?/, "").split("/").filter(Boolean))
    value = isJsonRecord(value) ? value[key.replaceAll("~1", "/").replaceAll("~0", "~")] : undefined;
  if (!ref.startsWith("#") || value === undefined) throw refused(at, "the schema refers to what is not in it", ref);
  return value;
}

/** @param several the keys of other types may stand beside */
function typed(schema: JsonRecord, type: JsonValue | undefined, at: Place, several = false): Expression {
  if (typeof type !== "string" || !Object.hasOwn(known, type)) throw refused(at, "no type that is covered", type);
  const allowed = several ? Object.values(known).flat() : known[type]!;
  const other = meaningful(schema).find((key) => !allowed.includes(key));
  if (other) throw refused(inside(at, other), `${other} is not covered`, schema[other]);
  if (type === "object") return objectOf(schema, at);
  if (type === "array") return arrayOf(schema, at);
  if (type === "string") return stringOf(schema, at);
  if (type === "boolean") return choice(text("true"), text("false"));
  if (type === "null") return text("null");
  return type === "integer" ? whole : number;
}

function countIn(schema: JsonRecord, key: string, at: Place): number | undefined {
  const value = schema[key];
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 1000) return value;
  throw refused(inside(at, key), "no count from 0 to 1000", value);
}

function stringOf(schema: JsonRecord, at: Place): Expression {
  if (typeof schema.pattern === "string") return sequence(text('"'), escaped(readPattern(schema.pattern)), text('"'));
  const [least, most] = [countIn(schema, "minLength", at) ?? 0, countIn(schema, "maxLength", at)];
  return sequence(text('"'), repeat(character, least, most), text('"'));
}

/** What a JSON string writes in another way: a quote, a backslash and line breaks. Other control characters cannot occur. */
const written: readonly (readonly [number, string])[] = [
  [0x22, '\\"'],
  [0x5c, "\\\\"],
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x09, "\\t"],
];

/** Texts as they stand in a JSON string. */
function escaped(expression: Expression): Expression {
  if (expression.kind === "repeat") return { ...expression, part: escaped(expression.part) };
  if (expression.kind !== "characters") return { ...expression, parts: expression.parts.map(escaped) };
  const { ranges } = expression;
  const holds = (point: number) => ranges.some(([from, to]) => from <= point && point <= to);
  const plain = others([...others(ranges), [0, 0x1f], [0x22, 0x22], [0x5c, 0x5c]]);
  return choice(characters(...plain), ...written.flatMap(([point, as]) => (holds(point) ? [text(as)] : [])));
}

/** `separator` between the parts that are there; those that are not required may be left out. */
function objectOf(schema: JsonRecord, at: Place): Expression {
  if (schema.properties === undefined && schema.additionalProperties !== false) return anyObject(3);
  const properties = schema.properties ?? {};
  if (!isJsonRecord(properties)) throw refused(inside(at, "properties"), "no schemas by name", properties);
  if (schema.additionalProperties !== undefined && typeof schema.additionalProperties !== "boolean")
    throw refused(
      inside(at, "additionalProperties"),
      "further properties with a schema are not covered",
      schema.additionalProperties,
    );
  const required = Array.isArray(schema.required) ? schema.required : [];
  const members = Object.entries(properties).map(([name, value]) => ({
    wanted: required.includes(name),
    value: sequence(text(`${JSON.stringify(name)}:`), space, jsonOf(value, inside(inside(at, "properties"), name))),
  }));
  return sequence(text("{"), listed(members), text("}"));
}

/** Members in their order, a comma between any two that are there. */
function listed(members: readonly { readonly wanted: boolean; readonly value: Expression }[]): Expression {
  const separator = sequence(text(","), space);
  /** After one that is there. */
  const after = (i: number): Expression => {
    const rest = members.slice(i).map(({ wanted, value }) => {
      const one = sequence(separator, value);
      return wanted ? one : optional(one);
    });
    return sequence(...rest);
  };
  const firsts: Expression[] = [];
  for (const [i, { wanted, value }] of members.entries()) {
    firsts.push(sequence(value, after(i + 1)));
    if (wanted) return choice(...firsts);
  }
  return choice(...firsts, text(""));
}

function arrayOf(schema: JsonRecord, at: Place): Expression {
  const item = jsonOf(schema.items ?? true, inside(at, "items"));
  const [least, most] = [countIn(schema, "minItems", at) ?? 0, countIn(schema, "maxItems", at)];
  if (most === 0) return text("[]");
  const rest = repeat(
    sequence(text(","), space, item),
    Math.max(0, least - 1),
    most === undefined ? undefined : most - 1,
  );
  const some = sequence(item, rest);
  return sequence(text("["), least === 0 ? optional(some) : some, text("]"));
}

const anyString = sequence(text('"'), repeat(character, 0), text('"'));
const list = (part: Expression) => optional(sequence(part, repeat(sequence(text(","), space, part), 0)));

/** Any JSON object, nested no deeper. */
const anyObject = (depth: number): Expression =>
  sequence(text("{"), list(sequence(anyString, text(":"), space, anyValue(depth - 1))), text("}"));

/** Any JSON value, nested no deeper. */
function anyValue(depth: number): Expression {
  const plain = [anyString, number, text("true"), text("false"), text("null")];
  if (depth === 0) return choice(...plain);
  return choice(...plain, sequence(text("["), list(anyValue(depth - 1)), text("]")), anyObject(depth));
}
