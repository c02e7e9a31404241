// Writes safetensors as the format's own library does, byte for byte: tensors by type (widest first) then name, header
// padded with spaces to 8 bytes. Yields chunks, so that nothing is copied; opens no file.
import { ConcordError, type DType, dtypeBytes, type HostArray, sizeOf } from "../base/index.ts";
import { maxHeaderBytes, type TensorEntry } from "./safetensors.ts";
import { shown } from "./source.ts";

/** Named tensors in any order: a Map, or an array of pairs. */
export type NamedTensors = Iterable<readonly [name: string, tensor: HostArray]>;

/** The format's code of each type, in the order in which its library writes them. */
const codes: Record<DType, string> = {
  int64: "I64",
  float64: "F64",
  float32: "F32",
  int32: "I32",
  bfloat16: "BF16",
  float16: "F16",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
};
const rank = Object.fromEntries(Object.keys(codes).map((dtype, i) => [dtype, i])) as Record<DType, number>;

/** A file that is about to be written. */
export interface SafetensorsPlan {
  /** The first bytes of the file: length, JSON, padding. */
  readonly head: Uint8Array;
  /** Every tensor with its place, in file order. */
  readonly parts: readonly { readonly entry: TensorEntry; readonly tensor: HostArray }[];
  readonly sizeBytes: number;
}

/**
 * Lays a file out.
 * @param tensors name and array; each name once
 * @param metadata the `__metadata__` strings; Transformers wants `{ format: "pt" }`
 * @param tail tensors that come after all others, in this order
 * @throws E_ARGUMENT for a name that occurs twice or cannot be written, or data that does not fill the shape
 */
export function planSafetensors(
  tensors: NamedTensors,
  metadata: Readonly<Record<string, string>> = {},
  tail: NamedTensors = [],
): SafetensorsPlan {
  const sorted = [...tensors].sort(([a, x], [b, y]) => rank[x.dtype] - rank[y.dtype] || compareCodePoints(a, b));
  const named = [...sorted, ...tail];
  const header: [string, unknown][] = [];
  const names = Object.keys(metadata).sort(compareCodePoints);
  if (names.length) header.push(["__metadata__", Object.fromEntries(names.map((name) => [name, metadata[name]!]))]);
  const seen = new Set<string>();
  let end = 0;
  for (const [name, tensor] of named) {
    checkTensor(name, tensor, seen);
    const begin = end;
    end += tensor.data.byteLength;
    header.push([name, { dtype: codes[tensor.dtype], shape: tensor.shape, data_offsets: [begin, end] }]);
  }
  const head = encodeHead(header);
  let start = head.byteLength;
  const parts = named.map(([name, tensor]) => {
    const entry = { name, dtype: tensor.dtype, shape: tensor.shape, start, sizeBytes: tensor.data.byteLength };
    start += entry.sizeBytes;
    return { entry, tensor };
  });
  return { head, parts, sizeBytes: start };
}

// Written entry by entry: an object would move names that look like array indices ("0") to its front.
function encodeHead(header: readonly (readonly [string, unknown])[]): Uint8Array {
  const json = `{${header.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
  const bytes = new TextEncoder().encode(json);
  const length = Math.ceil(bytes.byteLength / 8) * 8;
  if (length > maxHeaderBytes) throw refused("the header is too large", `at most ${maxHeaderBytes} bytes`, `${length}`);
  const head = new Uint8Array(8 + length).fill(0x20);
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(bytes, 8);
  return head;
}

function checkTensor(name: string, { dtype, shape, data }: HostArray, seen: Set<string>): void {
  const about = `tensor ${shown(name)}`;
  if (name === "__metadata__" || name === "__proto__" || /\p{Surrogate}/u.test(name))
    throw refused(`${about} cannot be written under this name`, "another name", shown(name));
  if (seen.has(name)) throw refused(`${about} occurs twice`, "each name once", shown(name));
  seen.add(name);
  const needed = sizeOf(shape) * dtypeBytes[dtype];
  if (data.byteLength !== needed)
    throw refused(`${about}: data does not fill ${dtype}[${shape}]`, `${needed} bytes`, `${data.byteLength}`);
}

/**
 * The file as chunks: the head, then each tensor's own bytes (views, not copies).
 * @example for (const chunk of encodeSafetensors(tensors, { format: "pt" })) socket.write(chunk);
 */
export function* encodeSafetensors(
  tensors: NamedTensors,
  metadata?: Readonly<Record<string, string>>,
): Generator<Uint8Array> {
  const plan = planSafetensors(tensors, metadata);
  yield plan.head;
  for (const { tensor } of plan.parts) yield bytesOf(tensor);
}

/**
 * The whole file in memory.
 * @param tensors name and array; each name once
 * @param metadata the `__metadata__` strings; Transformers wants `{ format: "pt" }`
 * @param tail tensors that come after all others, in this order; default none
 * @throws E_ARGUMENT as {@link planSafetensors}
 * @example writeSafetensors([["weight", hostArray("float32", [2], [1, 2])]], { format: "pt" })
 */
export function writeSafetensors(
  tensors: NamedTensors,
  metadata?: Readonly<Record<string, string>>,
  tail?: NamedTensors,
): Uint8Array<ArrayBuffer> {
  const plan = planSafetensors(tensors, metadata, tail);
  const bytes = new Uint8Array(plan.sizeBytes);
  bytes.set(plan.head);
  for (const { entry, tensor } of plan.parts) bytes.set(bytesOf(tensor), entry.start);
  return bytes;
}

/** The bytes of an array, as a view. */
export function bytesOf({ data }: HostArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Order of UTF-8 bytes, which is not JavaScript's own (surrogates sort below U+E000 there). */
export function compareCodePoints(a: string, b: string): number {
  const [x, y] = [a[Symbol.iterator](), b[Symbol.iterator]()];
  for (;;) {
    const [p, q] = [x.next(), y.next()];
    if (p.done || q.done) return Number(q.done ?? false) - Number(p.done ?? false);
    const difference = p.value.codePointAt(0)! - q.value.codePointAt(0)!;
    if (difference) return difference;
  }
}

function refused(problem: string, expected: string, got: string): ConcordError {
  return new ConcordError("E_ARGUMENT", { operation: "write safetensors", problem, expected, got });
}
