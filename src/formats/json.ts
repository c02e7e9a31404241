// JSON that came from somewhere else: bounded in size and depth, strict UTF-8, no duplicate or `__proto__` names
// (JSON.parse would keep the last silently). Knows no file and no schema.
import { ConcordError, canonicalJson } from "../base/index.ts";
import { shown } from "./source.ts";

/** A value as JSON holds it. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonRecord;
/** A JSON object. Made by {@link parseJson} it has a name `__proto__` only where that was asked for. */
export interface JsonRecord {
  [name: string]: JsonValue;
}

/** Bounds of {@link parseJson}. */
export interface JsonLimits {
  /** Refuse more bytes (or UTF-16 units of a string) than this. Default 16 MiB. */
  readonly maxBytes?: number;
  /** Refuse arrays and objects nested deeper than this. Default 64. */
  readonly maxDepth?: number;
  /** Takes the name `__proto__`, as an own property of its object: for readers that ask Object.hasOwn. Default false. */
  readonly protoName?: boolean;
}

const mostBytes = 2 ** 24;
const mostLevels = 64;

/** True for a JSON object (not an array, not null). */
export function isJsonRecord(value: JsonValue | undefined): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Parses JSON that nobody vouches for.
 * @param input UTF-8 bytes or text; a byte-order mark is skipped
 * @param name what errors call it, usually the file's path
 * @param limits size (16 MiB) and depth (64)
 * @throws E_FORMAT for too much, too deep, bad UTF-8, a syntax fault, a duplicate name or a name `__proto__`
 * @example parseJson('{"a": [1, 2]}', "config.json") // { a: [1, 2] }
 */
export function parseJson(input: Uint8Array | string, name: string, limits: JsonLimits = {}): JsonValue {
  const { maxBytes = mostBytes, maxDepth = mostLevels, protoName = false } = limits;
  if (input.length > maxBytes)
    throw broken(name, "JSON is too large", `at most ${maxBytes} bytes`, `${input.length}`, "is this the right file?");
  const text = typeof input === "string" ? input : decodeUtf8(input, name);
  checkNames(text, maxDepth, name, protoName);
  try {
    return JSON.parse(text) as JsonValue;
  } catch (cause) {
    const hint = /\b(NaN|Infinity)\b/.test(text) ? "NaN and Infinity are not JSON; write null or a number" : undefined;
    throw broken(name, "not valid JSON", "strict JSON (RFC 8259)", (cause as Error).message, hint);
  }
}

/**
 * Parses JSON that has to be in its canonical form (RFC 8785), as what is signed is.
 * @returns undefined for JSON in another form
 * @throws as {@link parseJson}
 * @example parseCanonicalJson('{"a":1,"b":2}', "log.jsonl:1") // { a: 1, b: 2 }; undefined for '{"b":2,"a":1}'
 */
export function parseCanonicalJson(text: string, name: string): JsonValue | undefined {
  const value = writtenBack(text);
  if (value !== undefined) return value;
  const parsed = parseJson(text, name);
  return canonicalJson(parsed) === text ? parsed : undefined;
}

/**
 * The value of a text that is canonical beyond doubt, at three times the speed of looking at each name: JSON.stringify writes canonical JSON but
 * for the order of names, and gives the same text back only where no name stands twice. Undefined where that does not decide.
 */
function writtenBack(text: string): JsonValue | undefined {
  if (text.length > mostBytes || text.includes("\\ud")) return undefined; // a half of a surrogate pair is escaped
  try {
    const value = JSON.parse(text) as JsonValue;
    return isOrdered(value, mostLevels) && JSON.stringify(value) === text ? value : undefined;
  } catch {
    return undefined; // parseJson says what is wrong
  }
}

/** True when the names of every object ascend by UTF-16 units, none is `__proto__`, and nothing is deeper than so many levels. */
function isOrdered(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((one) => isOrdered(one, levels - 1));
  let before: string | undefined;
  for (const name of Object.keys(value)) {
    if (name === "__proto__" || (before !== undefined && before >= name)) return false;
    if (!isOrdered(value[name]!, levels - 1)) return false;
    before = name;
  }
  return true;
}

/** Strict UTF-8. @throws E_FORMAT */
export function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw broken(name, "text is not UTF-8", "valid UTF-8", "an invalid byte sequence");
  }
}

// Walks the text once with a stack of open containers. Syntax faults are left to JSON.parse.
function checkNames(text: string, maxDepth: number, source: string, protoName: boolean): void {
  const open: (Set<string> | undefined)[] = []; // names seen so far; undefined for an array
  let nameNext = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x22 /* " */) {
      const end = endOfString(text, i);
      if (end < 0) return;
      if (nameNext) addName(open.at(-1)!, text.slice(i, end + 1), source, protoName);
      nameNext = false;
      i = end;
    } else if (unit === 0x7b /* { */ || unit === 0x5b /* [ */) {
      if (open.length >= maxDepth)
        throw broken(source, "JSON is nested too deep", `at most ${maxDepth} levels`, `more, at character ${i}`);
      nameNext = unit === 0x7b;
      open.push(nameNext ? new Set() : undefined);
    } else if (unit === 0x7d /* } */ || unit === 0x5d /* ] */) {
      open.pop();
      nameNext = false;
    } else if (unit === 0x2c /* , */) nameNext = open.at(-1) !== undefined;
  }
}

function addName(names: Set<string>, quoted: string, source: string, protoName: boolean): void {
  let name = quoted.slice(1, -1);
  if (name.includes("\\")) {
    try {
      name = JSON.parse(quoted) as string;
    } catch {
      return; // a bad escape: JSON.parse of the whole says where
    }
  }
  if (names.has(name)) throw broken(source, "a name occurs twice in one object", "each name once", shown(name));
  if (name === "__proto__" && !protoName)
    throw broken(source, "a name may not be __proto__", "another name", shown(name));
  names.add(name);
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slash = end;
    while (text.charCodeAt(slash - 1) === 0x5c) slash--;
    if ((end - slash) % 2 === 0) return end;
  }
  return -1;
}

function broken(source: string, problem: string, expected: string, got: string, hint?: string): ConcordError {
  return new ConcordError("E_FORMAT", { operation: "read JSON", problem, expected, got, hint, path: source });
}
