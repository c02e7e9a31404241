// Reading values out of untrusted JSON: each function returns a value of one kind or throws E_TOKENIZER with the path of
// the key. Knows JSON kinds and sizes, not what a tokenizer is.
import { ConcordError, nearestName } from "../base/index.ts";

/** Makes the error for the entry at `path`. */
export function fault(path: string, problem: string, facts: { expected?: string; got?: string; hint?: string } = {}) {
  return new ConcordError("E_TOKENIZER", { operation: "read tokenizer", problem, path, ...facts });
}

/** A short rendering of any value, for messages. */
export function brief(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return `array of ${value.length}`;
  if (typeof value === "object") return `object with ${Object.keys(value).length} keys`;
  const text = typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
  return text.length > 64 ? `${text.slice(0, 60)}…` : text;
}

/** An object. */
export function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw fault(path, "wrong type", { expected: "an object", got: brief(value) });
  return value as Record<string, unknown>;
}

/** An own entry of an object: `constructor` and the like are not found in its prototype. */
export function entry(from: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(from, key) ? from[key] : undefined;
}

/** An array of at most `most` entries. */
export function array(value: unknown, path: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw fault(path, "wrong type", { expected: "an array", got: brief(value) });
  if (value.length > most)
    throw fault(path, "absurd size", { expected: `at most ${most} entries`, got: String(value.length) });
  return value;
}

/** A text of at most `most` UTF-16 units without lone surrogates. @throws E_TOKENIZER for anything else */
export function text(value: unknown, path: string, most = 4096): string {
  if (typeof value !== "string") throw fault(path, "wrong type", { expected: "a string", got: brief(value) });
  if (value.length > most)
    throw fault(path, "absurd size", { expected: `at most ${most} characters`, got: String(value.length) });
  if (/\p{Surrogate}/u.test(value))
    throw fault(path, "text with a lone surrogate", { got: JSON.stringify(value.slice(0, 40)) });
  return value;
}

/** One character. */
export function character(value: unknown, path: string): string {
  const found = text(value, path, 2);
  if (found === "" || String.fromCodePoint(found.codePointAt(0)!) !== found)
    throw fault(path, "wrong length", { expected: "one character", got: brief(value) });
  return found;
}

/** A boolean; `otherwise` where the entry is absent. @throws E_TOKENIZER for anything else */
export function flag(value: unknown, path: string, otherwise?: boolean): boolean {
  if (value === undefined && otherwise !== undefined) return otherwise;
  if (typeof value !== "boolean") throw fault(path, "wrong type", { expected: "true or false", got: brief(value) });
  return value;
}

/** A whole number in [least, most]. @throws E_TOKENIZER for anything else */
export function integer(value: unknown, path: string, least: number, most: number): number {
  if (typeof value !== "number" || !Number.isInteger(value))
    throw fault(path, "wrong type", { expected: "a whole number", got: brief(value) });
  if (value < least || value > most)
    throw fault(path, "out of range", { expected: `${least} … ${most}`, got: String(value) });
  return value;
}

/** A finite number. */
export function finite(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value))
    throw fault(path, "wrong type", { expected: "a finite number", got: brief(value) });
  return value;
}

/** One of some words; the nearest is suggested. @throws E_TOKENIZER for anything else */
export function oneOf<const T extends string>(value: unknown, path: string, known: readonly T[]): T {
  if (typeof value === "string" && (known as readonly string[]).includes(value)) return value as T;
  const near = typeof value === "string" && value.length < 100 ? nearestName(value, known) : undefined;
  throw fault(path, "unknown value", {
    expected: known.join(", "),
    got: brief(value),
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  });
}

/** `null` and absent entries stay null; everything else is read. */
export function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : read(value);
}
