// JSON in its one canonical form (RFC 8785): what is hashed and signed, so that the same facts have the same bytes everywhere.
import { ConcordError } from "./errors.ts";

/**
 * RFC 8785 (JCS): names sorted by UTF-16 units, numbers as ECMAScript writes them, no white space. Entries that are undefined are
 * left out.
 * @throws E_ARGUMENT for what JSON cannot hold: NaN, infinities, undefined in an array, lone surrogates, functions, big integers
 * @example canonicalJson({ b: 1e21, a: [true, "€"] }) // '{"a":[true,"€"],"b":1e+21}'
 */
export function canonicalJson(value: unknown, path = "$"): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw unfit(path, "a number that is not finite", String(value));
    return JSON.stringify(value);
  }
  if (typeof value === "string") {
    if (!isWellFormed(value)) throw unfit(path, "half of a surrogate pair", JSON.stringify(value).slice(0, 40));
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((v, i) => canonicalJson(v, `${path}[${i}]`)).join(",")}]`;
  if (typeof value !== "object") throw unfit(path, "no JSON value", typeof value);
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${canonicalJson(k, path)}:${canonicalJson(v, `${path}.${k}`)}`).join(",")}}`;
}

/** The canonical form as UTF-8. */
export const canonicalBytes = (value: unknown): Uint8Array => new TextEncoder().encode(canonicalJson(value));

/** False for half of a surrogate pair. String.isWellFormed is ten times as fast where there is one (Node 20; browsers since 2023). */
const isWellFormed = (text: string): boolean =>
  (text as { isWellFormed?(): boolean }).isWellFormed?.() ??
  !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);

const unfit = (path: string, problem: string, got: string) =>
  new ConcordError("E_ARGUMENT", { operation: "canonical JSON", problem, expected: "I-JSON (RFC 7493)", got, path });
