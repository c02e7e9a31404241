// Labels as people write them in one field: a name, names between separators, a list (JSON or Python), a 0/1 vector, an object of an
// annotation tool, or a number of a list of names. Pure.
import { cleanName } from "./clean.ts";

/** What a field holds; or why it holds no labels. */
export type FoundLabels =
  | { readonly names: readonly string[]; readonly vector?: number }
  | { readonly reason: "not-a-label" | "unnamed-vector" | "unknown-label" };

export interface LabelOptions {
  /** Between several labels in a text; undefined where a text is one label. */
  readonly separator?: string;
  /** Names of numbered labels and of the places in a 0/1 vector. */
  readonly names?: readonly string[];
}

/**
 * Reads one field.
 * @example labelsIn("['billing', 'urgent']", { separator: ";" }) // { names: ["billing", "urgent"] }
 */
export function labelsIn(field: unknown, { separator, names }: LabelOptions): FoundLabels {
  const value = typeof field === "string" ? opened(field) : field;
  if (value === undefined || value === null || value === "") return { names: [] };
  if (typeof value === "string" && value.includes("{") && /^\s*\{.*['"].*:.*\}\s*$/s.test(value))
    return { reason: "not-a-label" }; // printed by a program
  if (Array.isArray(value)) return listed(value, names);
  if (typeof value === "object") return chosen(value as Readonly<Record<string, unknown>>, names);
  const parts = typeof value === "string" && separator !== undefined ? split(value, separator) : [value];
  return named(parts, names);
}

/** A list or an object that is written into a text, as JSON or as Python prints it; any other text as it is. */
export function opened(text: string): unknown {
  if (!/^\s*[[{(]/.test(text)) return text;
  const trimmed = text.trim();
  if (!/^(\[.*\]|\{.*\}|\(\s*['"].*\))$/s.test(trimmed)) return text;
  try {
    return JSON.parse(trimmed);
  } catch {
    return pythonList(trimmed) ?? text;
  }
}

/** `['a', "b"]`, `('a',)`, `{'a'}` of Python, `['a' 'b']` or `[0 1 0]` of NumPy; undefined for anything else. */
function pythonList(text: string): unknown[] | undefined {
  const inner = text.slice(1, -1).trim();
  if (/^[01](\.0?)?(\s+[01](\.0?)?)+$/.test(inner)) return inner.split(/\s+/).map(Number);
  const item =
    /\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(-?\d+(?:\.\d+)?)|(True|False|None))(?:\s*(?:,|$)|\s+(?=['"]))/sy;
  const items: unknown[] = [];
  for (let at = 0; at < inner.length; at = item.lastIndex) {
    item.lastIndex = at;
    const found = item.exec(inner);
    if (!found) return undefined;
    const [, single, double, number, word] = found;
    const quoted = (single ?? double)?.replace(/\\(.)/g, "$1");
    items.push(quoted ?? (number !== undefined ? Number(number) : word === "None" ? null : word === "True"));
  }
  return items;
}

/** A separator of ASCII stands for its full-width form too: `;` and `；`, `,` and `，`. */
function split(text: string, separator: string): string[] {
  const wide: Readonly<Record<string, string>> = { ";": "；", ",": "，", "|": "｜", "/": "／" };
  const other = Object.hasOwn(wide, separator) ? wide[separator] : undefined;
  const pieces = text.split(separator);
  return other === undefined ? pieces : pieces.flatMap((piece) => piece.split(other));
}

const isBit = (one: unknown): boolean => one === 0 || one === 1 || typeof one === "boolean";

function listed(list: readonly unknown[], names: readonly string[] | undefined): FoundLabels {
  const flat = list.flatMap((one) => choicesOf(one) ?? [one]).filter((one) => one !== null && one !== undefined);
  const bits = flat.length > 1 && flat.every(isBit);
  if (bits && names?.length === flat.length)
    return { names: names.filter((_, i) => Number(flat[i]) === 1), vector: flat.length };
  // a list of class numbers names each once: one that repeats 0 or 1 is a vector
  if (bits && (new Set(flat).size < flat.length || typeof flat[0] === "boolean")) return { reason: "unnamed-vector" };
  const found = named(flat, names);
  return "names" in found && bits ? { ...found, vector: flat.length } : found;
}

/** `{"choices": […]}` of Label Studio, also around one of them. */
function chosen(object: Readonly<Record<string, unknown>>, names: readonly string[] | undefined): FoundLabels {
  const choices = choicesOf(object);
  return choices ? named(choices, names) : { reason: "not-a-label" };
}

function choicesOf(value: unknown): readonly unknown[] | undefined {
  if (typeof value !== "object" || value === null || !("choices" in value)) return undefined;
  return Array.isArray(value.choices) ? value.choices : [value.choices];
}

function named(parts: readonly unknown[], names: readonly string[] | undefined): FoundLabels {
  if (parts.some((one) => typeof one === "object" && one !== null)) return { reason: "not-a-label" };
  const texts = parts.map((one) => cleanName(String(one))).filter((one) => one !== "");
  if (names === undefined) return { names: [...new Set(texts)] };
  const found = texts.map((one) => (/^\d+(\.0+)?$/.test(one) && !names.includes(one) ? names[Number(one)] : one));
  return found.every((one) => one !== undefined && names.includes(one))
    ? { names: [...new Set(found as string[])] }
    : { reason: "unknown-label" };
}

/** The usual spelling of a number: `1.0`, `+1` and `1` are `1`. Undefined for what is no plain number, such as `01`. */
export function numberSpelling(label: string): string | undefined {
  const found = /^([+-]?)(0|[1-9]\d*)(?:\.(\d+))?$/.exec(label);
  if (!found) return undefined;
  const fraction = (found[3] ?? "").replace(/0+$/, "");
  const plain = fraction ? `${found[2]}.${fraction}` : found[2]!;
  return found[1] === "-" && plain !== "0" ? `-${plain}` : plain;
}
