// States and events as text: JSON that also holds maps, sets and arrays of numbers. Large arrays are kept apart by their SHA-256.
// Knows no file and no event.
import { ConcordError } from "../base/index.ts";

/** Where large contents go, and come from. */
export interface Contents {
  put(bytes: Uint8Array): Promise<string>;
  get(hash: string): Promise<Uint8Array>;
}

const arrays = { Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array } as const;
type Kind = keyof typeof arrays;
type Numbers = InstanceType<(typeof arrays)[Kind]>;
/** Smaller arrays are in the text itself. */
const inlineBytes = 1024;

const bytesOf = (a: Numbers) => new Uint8Array(a.buffer, a.byteOffset, a.byteLength);
const kindOf = (value: object): Kind | undefined =>
  (Object.keys(arrays) as Kind[]).find((kind) => value instanceof arrays[kind]);

/** The text of a value: of JSON's kinds, Map, Set and typed arrays. `used` gets the hashes of what was kept apart. */
export async function toText(value: unknown, contents: Contents, used: Set<string> = new Set()): Promise<string> {
  return JSON.stringify(await pack(value, contents, used));
}

async function pack(value: unknown, contents: Contents, used: Set<string>): Promise<unknown> {
  if (typeof value === "number" && !Number.isFinite(value)) return { $number: String(value) };
  if (typeof value !== "object" || value === null) return value;
  const inner = (v: unknown) => pack(v, contents, used);
  const kind = kindOf(value);
  if (kind) {
    const bytes = bytesOf(value as Numbers);
    if (bytes.length <= inlineBytes) return { $array: kind, base64: Buffer.from(bytes).toString("base64") };
    const hash = await contents.put(bytes);
    used.add(hash);
    return { $array: kind, sha256: hash };
  }
  const list = async (items: Iterable<unknown>) => {
    const out: unknown[] = [];
    for (const item of items) out.push(await inner(item));
    return out;
  };
  if (value instanceof Map) return { $map: await list(value) };
  if (value instanceof Set) return { $set: await list(value) };
  if (Array.isArray(value)) return await list(value);
  const entries: [string, unknown][] = [];
  for (const [name, v] of Object.entries(value)) if (v !== undefined) entries.push([name, await inner(v)]);
  const plain = Object.fromEntries(entries);
  return entries.some(([name]) => name.startsWith("$")) ? { $object: plain } : plain;
}

/** The value of a text. @throws E_CHECKSUM, E_IO for a content that is not there; E_FORMAT for another text */
export async function fromText(text: string, contents: Contents): Promise<unknown> {
  return await unpack(JSON.parse(text), contents);
}

async function unpack(value: unknown, contents: Contents): Promise<unknown> {
  if (typeof value !== "object" || value === null) return value;
  const list = async (items: unknown) => {
    const out: unknown[] = [];
    for (const item of items as unknown[]) out.push(await unpack(item, contents));
    return out;
  };
  if (Array.isArray(value)) return await list(value);
  const record = value as Record<string, unknown>;
  if (typeof record.$number === "string") return Number(record.$number);
  if (record.$map) return new Map((await list(record.$map)) as [unknown, unknown][]);
  if (record.$set) return new Set(await list(record.$set));
  if (typeof record.$array === "string") return await numbers(record, contents);
  const source = (record.$object ?? record) as Record<string, unknown>;
  const out: Record<string, unknown> = {};
  for (const [name, v] of Object.entries(source))
    Object.defineProperty(out, name, {
      value: await unpack(v, contents),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  return out;
}

async function numbers(record: Record<string, unknown>, contents: Contents): Promise<Numbers> {
  const make = arrays[record.$array as Kind];
  const bytes =
    typeof record.sha256 === "string"
      ? await contents.get(record.sha256)
      : Uint8Array.from(Buffer.from(String(record.base64), "base64")); // a buffer of its own: aligned
  if (!make || bytes.byteLength % make.BYTES_PER_ELEMENT !== 0)
    throw new ConcordError("E_FORMAT", {
      operation: "read journal",
      problem: "an array of another kind or size",
      got: `${record.$array}, ${bytes.byteLength} bytes`,
    });
  return new make(bytes.slice().buffer);
}
