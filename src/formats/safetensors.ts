// The safetensors format (https://github.com/huggingface/safetensors, format of 0.8): header ⇄ entries, bytes ⇄ host
// arrays. Opens no file and knows no model; hosts are little-endian.
import { ConcordError, type DType, dtypeBytes, dtypes, type HostArray, sizeOf, viewBytes } from "../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue, parseJson } from "./json.ts";
import { type ByteSource, shown } from "./source.ts";

/** Longest header that is read: 16 MiB of JSON, about 150,000 tensors in one file. */
export const maxHeaderBytes = 2 ** 24;

/** Where one tensor lies in its file. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
  /** First byte, from the start of the file. */
  readonly start: number;
  readonly sizeBytes: number;
}

/** What a header says. */
export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  /** In file order, which leaves no gap and no overlap. */
  readonly entries: ReadonlyMap<string, TensorEntry>;
  /** First byte after the header. */
  readonly dataStart: number;
}

/** Our name of each of the format's types, or undefined for one that it defines and Concord does not hold. */
const dtypeOfCode: Readonly<Record<string, DType | undefined>> = {
  ...{ F64: "float64", F32: "float32", F16: "float16", BF16: "bfloat16" },
  ...{ I64: "int64", I32: "int32", I16: "int16", I8: "int8", U8: "uint8", BOOL: "bool" },
  ...{ U16: undefined, U32: undefined, U64: undefined, C64: undefined, F4: undefined, F6_E2M3: undefined },
  ...{ F6_E3M2: undefined, F8_E5M2: undefined, F8_E4M3: undefined, F8_E8M0: undefined },
  ...{ F8_E5M2FNUZ: undefined, F8_E4M3FNUZ: undefined },
};

/**
 * Bytes of a file's head (the 8-byte length and the JSON after it), from its first 8 bytes.
 * @param first the first bytes of the file, at least 8 unless it is shorter
 * @param sizeBytes size of the whole file
 * @param source what errors call it
 * @throws E_FORMAT when the length is more than the file or than {@link maxHeaderBytes}
 */
export function safetensorsHeadBytes(first: Uint8Array, sizeBytes: number, source: string): number {
  if (sizeBytes < 8 || first.byteLength < 8) {
    const hint = "an interrupted download or save?";
    throw broken(source, "the file is too short for a header", "8 bytes and a JSON header", `${sizeBytes} bytes`, hint);
  }
  const length = Number(new DataView(first.buffer, first.byteOffset, 8).getBigUint64(0, true));
  if (length > maxHeaderBytes)
    throw broken(
      source,
      "the header is too large",
      `at most ${maxHeaderBytes} bytes`,
      `${length} bytes`,
      notThisFormat,
    );
  if (length < 2 || length > sizeBytes - 8)
    throw broken(source, "the header does not fit the file", `2 to ${sizeBytes - 8} bytes`, `${length}`, notThisFormat);
  return 8 + length;
}

/**
 * Reads and checks a head: every tensor's type, shape and place; together they fill the rest of the file exactly.
 * @param head the first {@link safetensorsHeadBytes} bytes of the file
 * @param sizeBytes size of the whole file
 * @param source what errors call it
 * @throws E_FORMAT for anything that breaks the format; E_DTYPE for an element type that Concord does not hold
 */
export function parseSafetensorsHead(head: Uint8Array, sizeBytes: number, source: string): SafetensorsHeader {
  if (head[8] !== 0x7b) throw broken(source, "the header is not a JSON object", "{", shownByte(head[8]), notThisFormat);
  const json = parseJson(head.subarray(8), source, { maxBytes: maxHeaderBytes, maxDepth: 8 });
  const { __metadata__: metadata = {}, ...tensors } = json as JsonRecord;
  const dataBytes = sizeBytes - head.byteLength;
  const found = Object.entries(tensors).map(([name, facts]) => readEntry(name, facts, head.byteLength, source));
  found.sort((a, b) => a.start - b.start || a.sizeBytes - b.sizeBytes);
  checkTiling(found, head.byteLength, dataBytes, source);
  return {
    metadata: readMetadata(metadata, source),
    entries: new Map(found.map((entry) => [entry.name, entry])),
    dataStart: head.byteLength,
  };
}

function readMetadata(value: JsonValue, source: string): Record<string, string> {
  if (!isJsonRecord(value) || Object.values(value).some((entry) => typeof entry !== "string"))
    throw broken(source, "__metadata__ is not a map of strings", "text for every name", shown(value));
  return value as Record<string, string>;
}

function readEntry(name: string, facts: JsonValue, dataStart: number, source: string): TensorEntry {
  const fail = (problem: string, expected: string, got: unknown) =>
    broken(source, `tensor ${shown(name)}: ${problem}`, expected, shown(got));
  if (loneSurrogate.test(name)) throw fail("the name is not Unicode text", "whole code points", name);
  if (!isJsonRecord(facts)) throw fail("not described by an object", "{dtype, shape, data_offsets}", facts);
  const { dtype: code, shape, data_offsets: offsets } = facts;
  if (typeof code !== "string" || !Object.hasOwn(dtypeOfCode, code))
    throw fail("unknown dtype", codesKnown, code ?? "nothing");
  const dtype = dtypeOfCode[code];
  if (!dtype)
    throw new ConcordError("E_DTYPE", {
      operation: "read safetensors",
      problem: `tensor ${shown(name)} has an element type that Concord does not hold`,
      expected: codesKnown,
      got: code,
      hint: "convert the file, for example tensor.to(torch.float32) in PyTorch",
      path: source,
    });
  if (!Array.isArray(shape) || shape.length > 64 || !shape.every(isCount))
    throw fail("bad shape", "at most 64 whole numbers from 0", shape ?? "nothing");
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0]! > offsets[1]!)
    throw fail("bad data_offsets", "[begin, end], whole numbers, begin ≤ end", offsets ?? "nothing");
  const [begin, end] = offsets as [number, number];
  const needed = byteProduct(shape as number[], dtypeBytes[dtype]);
  if (needed !== end - begin)
    throw fail(`shape ${shown(shape)} × ${code} differs from data_offsets`, `${needed} bytes`, end - begin);
  return {
    name,
    dtype,
    shape: (shape as number[]).map((size) => size + 0),
    start: dataStart + begin,
    sizeBytes: needed,
  };
}

// Infinity once it is past what a number counts exactly, as the format's own library refuses overflow in any order.
function byteProduct(shape: readonly number[], itemBytes: number): number {
  let product = itemBytes;
  for (const size of shape) {
    product *= size;
    if (!Number.isSafeInteger(product)) return Number.POSITIVE_INFINITY;
  }
  return product;
}

function checkTiling(entries: readonly TensorEntry[], dataStart: number, dataBytes: number, source: string): void {
  let at = dataStart;
  for (const { name, start, sizeBytes } of entries) {
    if (start !== at) {
      const problem = `tensor ${shown(name)} ${start < at ? "overlaps the tensor before it" : "leaves a gap before it"}`;
      throw broken(source, problem, `begin ${at - dataStart}`, `${start - dataStart}`);
    }
    at += sizeBytes;
  }
  const [reported, problem] = [
    at - dataStart,
    at - dataStart > dataBytes ? "the file is truncated" : "bytes follow the last tensor",
  ];
  if (reported !== dataBytes)
    throw broken(source, problem, `${reported} bytes of tensors`, `${dataBytes}`, "an interrupted download or save?");
}

/**
 * One tensor from its bytes: a view of them when they are aligned for its type, else a copy.
 * @param entry what the header says
 * @param bytes exactly its `sizeBytes` bytes
 * @param source what errors call it
 * @throws E_FORMAT for a boolean that is neither 0 nor 1
 */
export function decodeTensor(entry: TensorEntry, bytes: Uint8Array, source: string): HostArray {
  const { dtype, shape, name } = entry;
  if (dtype === "bool" && bytes.some((byte) => byte > 1))
    throw new ConcordError("E_FORMAT", {
      operation: "read tensor",
      problem: `${shown(name)}: a boolean is neither 0 nor 1`,
      expected: "0 or 1",
      got: `${bytes.find((byte) => byte > 1)}`,
      path: source,
    });
  const aligned = bytes.byteOffset % dtypeBytes[dtype] === 0 ? bytes : bytes.slice();
  return { dtype, shape, data: viewBytes(dtype, aligned.buffer, aligned.byteOffset, sizeOf(shape)) };
}

/**
 * Reads a whole file that is in memory. Tensors are views of `bytes` where they are aligned (in a file written by
 * the format's library: always, if `bytes` starts at a multiple of 8).
 * @param bytes the file
 * @param source what errors call it, usually its path
 * @returns tensors by name in file order, and the `__metadata__` strings
 * @throws E_FORMAT for anything that breaks the format; E_DTYPE for an element type that Concord does not hold
 * @example const { tensors } = readSafetensors(new Uint8Array(await response.arrayBuffer()), "model.safetensors");
 */
export function readSafetensors(
  bytes: Uint8Array,
  source: string,
): { tensors: Map<string, HostArray>; metadata: Readonly<Record<string, string>> } {
  const headBytes = safetensorsHeadBytes(bytes, bytes.byteLength, source);
  const { entries, metadata } = parseSafetensorsHead(bytes.subarray(0, headBytes), bytes.byteLength, source);
  const tensors = new Map<string, HostArray>();
  for (const entry of entries.values()) {
    const part = bytes.subarray(entry.start, entry.start + entry.sizeBytes);
    tensors.set(entry.name, decodeTensor(entry, part, source));
  }
  return { tensors, metadata };
}

/** Reads and checks only the head of a source. @throws as {@link parseSafetensorsHead} */
export async function readSafetensorsHead(source: ByteSource): Promise<SafetensorsHeader> {
  const { name, sizeBytes } = source;
  const headBytes = safetensorsHeadBytes(await source.read(0, Math.min(8, sizeBytes)), sizeBytes, name);
  return parseSafetensorsHead(await source.read(0, headBytes), sizeBytes, name);
}

/** Reads one tensor of a source, and no other byte. @throws as {@link decodeTensor} */
export async function readTensor(source: ByteSource, entry: TensorEntry): Promise<HostArray> {
  return decodeTensor(entry, await source.read(entry.start, entry.sizeBytes), source.name);
}

const codesKnown = Object.keys(dtypeOfCode)
  .filter((code) => dtypes.includes(dtypeOfCode[code]!))
  .join(" ");
const notThisFormat = "is this a safetensors file? (a pointer of Git LFS and a pickle are not)";
const loneSurrogate = /\p{Surrogate}/u;

const isCount = (value: JsonValue): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const shownByte = (byte: number | undefined) => (byte === undefined ? "nothing" : `0x${byte.toString(16)}`);

function broken(source: string, problem: string, expected: string, got: string, hint?: string): ConcordError {
  return new ConcordError("E_FORMAT", { operation: "read safetensors", problem, expected, got, hint, path: source });
}
