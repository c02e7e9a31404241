// From Parquet's stored values to plain ones: numbers, texts, true and false, null, lists and objects. Whole numbers and decimals that
// a double cannot hold become texts with all their digits; times become ISO 8601 texts. Pure.
import { ConcordError } from "../base/index.ts";
import { unreadable } from "../data/index.ts";
import type { ClassNames } from "./hub-names.ts";

/** What is used of a column's description in the file. */
export interface ParquetElement {
  readonly name: string;
  readonly type?: string;
  readonly repetition_type?: string;
  readonly converted_type?: string;
  readonly logical_type?: { readonly type: string; readonly unit?: string };
  readonly scale?: number;
}

/** A column and what lies in it. */
export interface ParquetNode {
  readonly element: ParquetElement;
  readonly children: readonly ParquetNode[];
}

/** How one column's values are read. */
export interface ColumnReader {
  readonly name: string;
  /** Why the column is left out. */
  readonly unreadable?: string;
  /** @param line of the row, for errors @throws E_DATA for a class number without a name */
  read(value: unknown, line: number): unknown;
}

/** Stored types are read raw, but for texts and unsigned numbers; what they mean is done here. */
export const plainElements = <E extends ParquetElement>(schema: readonly E[]): E[] =>
  schema.map((element) => {
    const { type, converted_type: converted, logical_type: logical } = element;
    const kept =
      type === undefined ||
      converted === "UTF8" ||
      converted?.startsWith("UINT") ||
      logical?.type === "STRING" ||
      logical?.type === "INTEGER" ||
      logical?.type === "FLOAT16";
    return kept ? element : { ...element, converted_type: undefined, logical_type: undefined };
  });

/** @param names of numbered classes, by column */
export function columnReaders(root: ParquetNode, names: ReadonlyMap<string, ClassNames>, file: string): ColumnReader[] {
  return root.children.map((node) => {
    const { name } = node.element;
    const reason = unreadableReason(node);
    if (reason !== undefined) return { name, unreadable: reason, read: () => unreadable(reason) };
    const read = readerOf(node, names.get(name));
    return {
      name,
      read: (value, line) => {
        try {
          return read(value);
        } catch (cause) {
          if (!(cause instanceof RangeError)) throw cause;
          throw new ConcordError("E_DATA", {
            operation: "read data",
            problem: `the column ${name} holds a class number that has no name`,
            expected: "numbers of the names that the file's metadata lists",
            got: cause.message,
            hint: "write the file again with the datasets library, or write names instead of numbers",
            path: `${file}:${line}`,
          });
        }
      },
    };
  });
}

type Read = (value: unknown) => unknown;

/** What this reader does not take: its kind, or nothing for what it does. */
function unreadableReason({ element, children }: ParquetNode): string | undefined {
  if (element.logical_type?.type === "VARIANT") return "VARIANT";
  for (const child of children) {
    const reason = unreadableReason(child);
    if (reason !== undefined) return reason;
  }
  const meaning = element.logical_type?.type ?? element.converted_type;
  if (meaning === "BSON" || meaning === "INTERVAL" || meaning === "GEOMETRY" || meaning === "GEOGRAPHY") return meaning;
  const known =
    meaning === "DECIMAL" || meaning === "UUID" || meaning === "FLOAT16" || meaning === "STRING" || meaning === "UTF8";
  return element.type === "FIXED_LEN_BYTE_ARRAY" && !known ? "bytes" : undefined;
}

function readerOf(node: ParquetNode, names: ClassNames | undefined): Read {
  const { element, children } = node;
  if (children.length === 0) {
    const leaf = leafOf(element);
    const one = Array.isArray(names) ? named(names) : leaf;
    const value: Read = (v) => (v === undefined || v === null ? null : one(v));
    return (v) => (Array.isArray(v) ? v.map(value) : value(v));
  }
  const [repeated] = children;
  const kind = element.logical_type?.type ?? element.converted_type;
  if (kind === "LIST" && children.length === 1 && repeated!.element.repetition_type === "REPEATED") {
    const single = repeated!.children.length === 1 ? repeated!.children[0]! : undefined;
    const item = single ? readerOf(single, names) : readerOf(repeated!, names);
    return (v) => (Array.isArray(v) ? v.map(item) : (v ?? null));
  }
  if ((kind === "MAP" || kind === "MAP_KEY_VALUE") && repeated?.children.length === 2) {
    const item = readerOf(repeated.children[1]!, undefined);
    return (v) => (isObject(v) ? mapObject(v, () => item) : (v ?? null));
  }
  const inner = names === undefined || Array.isArray(names) ? {} : (names as { readonly [field: string]: ClassNames });
  const fields = new Map(children.map((child) => [child.element.name, readerOf(child, inner[child.element.name])]));
  const same: Read = (v) => v ?? null;
  const struct: Read = (v) => (isObject(v) ? mapObject(v, (key) => fields.get(key) ?? same) : (v ?? null));
  return (v) => (Array.isArray(v) ? v.map(struct) : struct(v));
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const mapObject = (value: Record<string, unknown>, reader: (key: string) => Read) =>
  Object.fromEntries(Object.entries(value).map(([key, child]) => [key, reader(key)(child)]));

/** The name of a class number; −1 is none, as the datasets library has it. */
const named =
  (names: readonly string[]): Read =>
  (value) => {
    const id = Number(value);
    if (id === -1) return null;
    const name = names[id];
    if (name === undefined) throw new RangeError(`${value}, of ${names.length} names`);
    return name;
  };

function leafOf({ type, converted_type: converted, logical_type: logical, scale }: ParquetElement): Read {
  const meaning = logical?.type ?? converted;
  if (meaning === "DECIMAL") return (v) => decimal(v, scale ?? 0);
  if (converted === "DATE" || meaning === "DATE") return (v) => isoDate(Number(v));
  if (converted === "TIMESTAMP_MILLIS") return (v) => isoTime(big(v) * 1_000_000n);
  if (converted === "TIMESTAMP_MICROS") return (v) => isoTime(big(v) * 1000n);
  if (meaning === "TIMESTAMP") return (v) => isoTime(big(v) * nanos(logical?.unit));
  if (type === "INT96") return (v) => isoTime(big(v));
  if (converted === "TIME_MILLIS") return (v) => clock(big(v) * 1_000_000n);
  if (converted === "TIME_MICROS") return (v) => clock(big(v) * 1000n);
  if (meaning === "TIME") return (v) => clock(big(v) * nanos(logical?.unit));
  if (meaning === "UUID") return (v) => (v instanceof Uint8Array ? uuid(v) : v);
  if (meaning === "JSON") return (v) => json(textOf(v));
  return plain;
}

const nanos = (unit: string | undefined): bigint => (unit === "NANOS" ? 1n : unit === "MICROS" ? 1000n : 1_000_000n);
const big = (value: unknown): bigint => (typeof value === "bigint" ? value : BigInt(Math.trunc(Number(value))));

/** A value whose type says all there is to say. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Uint8Array) return textOf(value);
  if (value instanceof Date) return value.toISOString();
  return value;
}

function textOf(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(value);
  } catch {
    return unreadable("bytes");
  }
}

function json(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** A decimal as a number where its digits allow, else as text. */
function decimal(value: unknown, scale: number): number | string {
  const units = value instanceof Uint8Array ? signed(value) : big(value);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, "");
  const text = `${units < 0n ? "-" : ""}${whole}${fraction ? `.${fraction}` : ""}`;
  return String(Number(text)) === text ? Number(text) : text;
}

function signed(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return bytes.length > 0 && bytes[0]! >= 0x80 ? value - (1n << BigInt(8 * bytes.length)) : value;
}

const pad = (n: bigint | number, length: number): string => String(n).padStart(length, "0");
const day = 86_400_000_000_000n;

const isoDate = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

/** Of nanoseconds since 1970, in UTC; a fraction only where there is one. */
function isoTime(ns: bigint): string {
  const days = ns >= 0n ? ns / day : -((-ns + day - 1n) / day);
  return `${isoDate(Number(days))}T${clock(ns - days * day)}Z`;
}

/** Of nanoseconds since midnight. */
function clock(ns: bigint): string {
  const seconds = ns / 1_000_000_000n;
  const fraction = pad(ns % 1_000_000_000n, 9).replace(/0+$/, "");
  const time = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => pad(part, 2)).join(":");
  return fraction ? `${time}.${fraction}` : time;
}

function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
