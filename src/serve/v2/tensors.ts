// Tensors of the Open Inference Protocol, version 2: read from JSON and from the bytes of the binary extension, and written to both. Pure.
// https://github.com/kserve/open-inference-protocol and the binary tensor data extension of Triton.
import { refused } from "../http/errors.ts";

/** Data types that are read or written here. */
export const datatypes = ["BYTES", "INT64", "INT32", "FP32"] as const;
export type Datatype = (typeof datatypes)[number];

/** A tensor: texts or other bytes, or numbers, in row-major order. */
export interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values:
    | { readonly datatype: "BYTES"; readonly data: readonly Uint8Array[] }
    | { readonly datatype: "INT64" | "INT32" | "FP32"; readonly data: readonly number[] };
}

/** As JSON has it. */
export interface JsonTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const wrong = (name: string, problem: string, expected: string, got?: string) =>
  refused(400, { operation: "read tensor", problem, expected, got, path: `body.inputs.${name.slice(0, 40)}` });

/** Elements of a shape. @throws E_ARGUMENT for sizes that are no whole numbers, or more than a million elements */
function elementsOf({ name, shape }: Pick<JsonTensor, "name" | "shape">): number {
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.every((size) => Number.isInteger(size) && size >= 0) && count <= 1e6) return count;
  throw wrong(name, "the shape is wrong", "whole numbers, at most 1000000 elements", shape.join(", ").slice(0, 60));
}

function datatypeOf({ name, datatype }: JsonTensor): Datatype {
  const found = datatypes.find((one) => one === datatype);
  if (found) return found;
  throw wrong(name, "the data type is not read here", datatypes.join(", "), datatype.slice(0, 40));
}

/** A tensor whose data lie in JSON, flat or nested. @throws E_ARGUMENT where data do not fit type and shape */
export function tensorOfJson(tensor: JsonTensor): Tensor {
  const { name, shape } = tensor;
  const [datatype, count] = [datatypeOf(tensor), elementsOf(tensor)];
  const flat = Array.isArray(tensor.data) ? tensor.data.flat(8) : [];
  if (flat.length !== count)
    throw wrong(name, "data and shape differ in number", `${count} elements`, `${flat.length} elements`);
  if (datatype === "BYTES") {
    if (!flat.every((value) => typeof value === "string")) throw wrong(name, "an element is no text", "texts");
    return { name, shape, values: { datatype, data: flat.map((text) => encoder.encode(text)) } };
  }
  const fits = datatype === "FP32" ? Number.isFinite : Number.isSafeInteger;
  if (!flat.every((value) => fits(value))) throw wrong(name, "an element is no number of the type", datatype);
  return { name, shape, values: { datatype, data: flat } };
}

/** A tensor from little-endian bytes; texts each after their length in four bytes. @throws E_ARGUMENT where they do not fit the shape */
export function tensorOfBytes(tensor: JsonTensor, bytes: Uint8Array): Tensor {
  const { name, shape } = tensor;
  const [datatype, count] = [datatypeOf(tensor), elementsOf(tensor)];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (datatype === "BYTES") return { name, shape, values: { datatype, data: byteElements(name, count, view, bytes) } };
  const size = datatype === "INT64" ? 8 : 4;
  if (bytes.length !== count * size)
    throw wrong(name, "data and shape differ in number", `${count * size} bytes`, `${bytes.length} bytes`);
  const read = {
    INT64: (at: number) => Number(view.getBigInt64(at, true)),
    INT32: (at: number) => view.getInt32(at, true),
    FP32: (at: number) => view.getFloat32(at, true),
  }[datatype];
  const data = Array.from({ length: count }, (_, i) => read(i * size));
  if (!data.every(Number.isFinite)) throw wrong(name, "an element is no number of the type", datatype);
  return { name, shape, values: { datatype, data } };
}

function byteElements(name: string, count: number, view: DataView, bytes: Uint8Array): Uint8Array[] {
  const data: Uint8Array[] = [];
  let at = 0;
  while (data.length < count && at + 4 <= bytes.length) {
    const length = view.getUint32(at, true);
    if (at + 4 + length > bytes.length) break;
    data.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (data.length === count && at === bytes.length) return data;
  throw wrong(name, "the bytes are not elements, each after its length", `${count} elements`, `${bytes.length} bytes`);
}

/** Texts of a tensor. @throws E_ARGUMENT for another type, and for bytes that are no UTF-8 */
export function textsOf({ name, values }: Tensor): string[] {
  if (values.datatype !== "BYTES") throw wrong(name, "the input is no text", "BYTES", values.datatype);
  return values.data.map((bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      throw wrong(name, "the text is not UTF-8", "texts in UTF-8");
    }
  });
}

/** Bytes of a tensor, as the binary extension and raw contents of gRPC have them. */
export function bytesOfTensor({ values }: Pick<Tensor, "values">): Uint8Array {
  if (values.datatype === "BYTES") {
    const all = new Uint8Array(values.data.reduce((sum, { length }) => sum + 4 + length, 0));
    const view = new DataView(all.buffer);
    let at = 0;
    for (const one of values.data) {
      view.setUint32(at, one.length, true);
      all.set(one, at + 4);
      at += 4 + one.length;
    }
    return all;
  }
  const { datatype, data } = values;
  const size = datatype === "INT64" ? 8 : 4;
  const view = new DataView(new ArrayBuffer(data.length * size));
  for (const [i, value] of data.entries()) {
    if (datatype === "INT64") view.setBigInt64(i * size, BigInt(value), true);
    else if (datatype === "INT32") view.setInt32(i * size, value, true);
    else view.setFloat32(i * size, value, true);
  }
  return new Uint8Array(view.buffer);
}

/** Elements as JSON has them. */
export const jsonElements = ({ values }: Pick<Tensor, "values">): (string | number)[] =>
  values.datatype === "BYTES" ? values.data.map((bytes) => decoder.decode(bytes)) : [...values.data];

/** A tensor of texts. */
export const bytesTensor = (name: string, texts: readonly string[]): Tensor => ({
  name,
  shape: [texts.length],
  values: { datatype: "BYTES", data: texts.map((text) => encoder.encode(text)) },
});

/** A tensor of 32-bit numbers, a row for each input. */
export const rowsTensor = (name: string, rows: readonly (readonly number[])[]): Tensor => ({
  name,
  shape: [rows.length, rows[0]?.length ?? 0],
  values: { datatype: "FP32", data: rows.flat() },
});
