// Random requests of an OpenAPI document: values that fit its schemas, and values that do not. A function of the seed. Knows no server.
import fc from "fast-check";

type Json = Record<string, unknown>;

/** An address with a method, and what it takes. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Json }[];
  readonly body?: Json;
  /** Values that path parameters take most of the time. */
  readonly known: Readonly<Record<string, readonly string[]>>;
}

export interface RandomRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Every operation of a document. @param known values of path parameters that exist */
export function operationsOf(document: object, known: Operation["known"]): Operation[] {
  const { paths } = document as { paths: Record<string, Record<string, Json>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, facts]) => {
      const content = (facts.requestBody as { content?: Record<string, { schema: Json }> } | undefined)?.content;
      return {
        method: method.toUpperCase(),
        path,
        known,
        parameters: (facts.parameters ?? []) as Operation["parameters"],
        ...(content?.["application/json"] && { body: content["application/json"].schema }),
      };
    }),
  );
}

const words = ["fever and shivers", "sneezing since monday", "发烧", "small", "words", "flu", "text", "BYTES", "label"];
const oddTexts = [
  "",
  "\0",
  "\ud800",
  "a".repeat(5000),
  "__proto__",
  "../../etc/passwd",
  "%{x}",
  "' OR 1=1",
  "\u202e",
  "😀",
];
const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme" }) },
  { weight: 1, arbitrary: fc.constantFrom(...oddTexts) },
);
/** What fits nothing in particular. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, -1, 1e308, 0.5, 2 ** 53, [], {}, [[]], true),
  text,
);

/** Values of a schema; with `wrong` out of a hundred, at any place, something else. */
function valuesOf(schema: Json, wrong: number): fc.Arbitrary<unknown> {
  const right = rightValues(schema, wrong);
  return fc.oneof({ weight: 100 - wrong, arbitrary: right }, { weight: wrong, arbitrary: anything });
}

function rightValues(schema: Json, wrong: number): fc.Arbitrary<unknown> {
  const {
    type,
    properties,
    required = [],
    items,
    prefixItems,
    anyOf,
    oneOf,
    minimum,
    maximum,
  } = schema as {
    type?: string;
    properties?: Record<string, Json>;
    required?: string[];
    items?: Json | false;
    prefixItems?: Json[];
    anyOf?: Json[];
    oneOf?: Json[];
    minimum?: number;
    maximum?: number;
  };
  const variants = anyOf ?? oneOf;
  if (variants) return fc.oneof(...variants.map((one) => rightValues(one, wrong)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  if (properties) {
    const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valuesOf(one, wrong)]));
    const kept = required.filter((name) => name in fields);
    return fc.record(fields, { requiredKeys: wrong ? kept.slice(1) : kept });
  }
  if (type === "object") return fc.dictionary(text, anything, { maxKeys: 3 });
  if (prefixItems) return fc.tuple(...prefixItems.map((one) => valuesOf(one, wrong)));
  if (type === "array") return fc.array(items ? valuesOf(items, wrong) : anything, { minLength: 1, maxLength: 4 });
  if (type === "integer")
    return fc.integer({ min: minimum ?? 0, max: Math.min(maximum ?? 100, (minimum ?? 0) + 2000) });
  if (type === "number")
    return fc.oneof(fc.integer({ min: Math.ceil(minimum ?? 1), max: Math.min(maximum ?? 4, 500) }), fc.double());
  if (type === "boolean") return fc.boolean();
  if (type === "string") return text;
  return anything;
}

/** Bodies that are no JSON, or not of the type that they say. */
const bodies = (json: string): readonly [type: string | undefined, body: Buffer][] => [
  ["application/json", Buffer.from(json).subarray(0, json.length >> 1)],
  ["application/json", Buffer.from([0xff, 0xfe, 0x7b, 0x7d])],
  ["text/plain", Buffer.from(json)],
  ["application/octet-stream", Buffer.from(json)],
  [undefined, Buffer.from(json)],
  ["application/json", Buffer.alloc(0)],
  ["application/json", Buffer.from(`${"[".repeat(3000)}${"]".repeat(3000)}`)],
];

/** A request of an operation; the same of the same seed. */
export function requestOf({ method, path, parameters, body, known }: Operation, seed: number): RandomRequest {
  const wrong = seed % 3 === 0 ? 0 : 8;
  const draw = <T>(from: fc.Arbitrary<T>, salt: number): T => fc.sample(from, { numRuns: 1, seed: seed ^ salt })[0]!;
  const headers: Record<string, string> = {};
  const query = new URLSearchParams();
  let address = path;
  for (const [i, { name, in: where, schema }] of parameters.entries()) {
    const value = draw(valuesOf(schema, wrong), 101 * (i + 1));
    const written = typeof value === "string" ? value : JSON.stringify(value);
    if (where === "path") {
      const usual = known[name] ? draw(fc.constantFrom(...known[name]), 7) : written;
      const given = draw(fc.nat(9), 13) ? usual : written;
      address = address.replace(`{${name}}`, encodeURIComponent(given.replace(/\p{Cs}/gu, "")) || "%20");
    } else if (draw(fc.nat(3), 17 + i) === 0) {
      if (where === "query") query.set(name, written);
      else headers[name] = written.replace(/[^\x20-\x7e]/g, "").slice(0, 200);
    }
  }
  const target = query.size ? `${address}?${query}` : address;
  if (!body) return { method, path: target, headers };
  const json = JSON.stringify(draw(valuesOf(body, wrong), 3));
  const odd = wrong && draw(fc.nat(9), 19) === 0 ? draw(fc.constantFrom(...bodies(json)), 23) : undefined;
  const [type, bytes] = odd ?? (["application/json", Buffer.from(json)] as const);
  return { method, path: target, headers: { ...headers, ...(type && { "content-type": type }) }, body: bytes };
}
