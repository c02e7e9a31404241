// NumPy's .npy files (numpy.lib.format, versions 1 to 3): one little-endian, row-major array. Opens no file; runs no
// pickle, so object arrays are refused.
import { ConcordError, type DType, dtypeBytes, type HostArray } from "../base/index.ts";
import { decodeTensor } from "./safetensors.ts";
import { bytesOf } from "./safetensors-write.ts";
import { shown } from "./source.ts";

const maxNpyHeaderBytes = 2 ** 16;

/** NumPy's code of each type; bfloat16 has none. */
const descriptors: Readonly<Partial<Record<DType, string>>> = {
  float64: "<f8",
  float32: "<f4",
  float16: "<f2",
  int64: "<i8",
  int32: "<i4",
  int16: "<i2",
  int8: "|i1",
  uint8: "|u1",
  bool: "|b1",
};

/**
 * Reads one array. It is a view of `bytes` where that is aligned (NumPy aligns data to 64 bytes), else a copy.
 * @param bytes the file
 * @param source what errors call it
 * @throws E_FORMAT for a file that is broken or in column order; E_DTYPE for a type that Concord does not hold
 * @example const { shape, data } = readNpy(new Uint8Array(await blob.arrayBuffer()), "x.npy");
 */
export function readNpy(bytes: Uint8Array, source: string): HostArray {
  const { text, dataStart } = headerOf(bytes, source);
  // NumPy writes this dictionary and no other; `shape` is (), (3,) or (3, 4).
  const entry = (name: string, value: string) =>
    new RegExp(`[{,]\\s*'${name}'\\s*:\\s*(${value})\\s*[,}]`).exec(text)?.[1];
  const descriptor = entry("descr", "'[^']{1,8}'")?.slice(1, -1);
  const order = entry("fortran_order", "True|False");
  const shapeText = entry("shape", "\\([\\d,\\s]*\\)");
  if (!descriptor || !order || !shapeText || !/^\s*\{[^{}]*\}\s*$/.test(text))
    throw broken(source, "the header is not NumPy's", "{'descr': …, 'fortran_order': …, 'shape': …}", shown(text));
  const shape = shapeText
    .slice(1, -1)
    .split(",")
    .map((size) => size.trim());
  if (shape.at(-1) === "") shape.pop(); // the comma of (3,), the nothing of ()
  const sizes = shape.map((size) => (/^\d+$/.test(size) ? Number(size) : Number.NaN));
  if (sizes.length > 64 || !sizes.every(Number.isSafeInteger))
    throw broken(source, "bad shape", "whole numbers", shapeText);
  const dtype = (Object.keys(descriptors) as DType[]).find((name) => descriptors[name] === descriptor);
  if (!dtype) throw unheld("read", descriptor, source);
  if (order === "True" && sizes.length > 1)
    throw broken(source, "the array is in column order", "row order", "fortran_order", "np.ascontiguousarray(x)");
  const sizeBytes = sizes.reduce((product, size) => product * size, dtypeBytes[dtype]);
  const got = bytes.byteLength - dataStart;
  if (sizeBytes !== got) throw broken(source, `data does not fill ${dtype}[${sizes}]`, `${sizeBytes} bytes`, `${got}`);
  return decodeTensor({ name: source, dtype, shape: sizes, start: 0, sizeBytes }, bytes.subarray(dataStart), source);
}

function headerOf(bytes: Uint8Array, source: string): { text: string; dataStart: number } {
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  const version = bytes[6] ?? 0;
  if (magic !== "\x93NUMPY" || version < 1 || version > 3 || bytes.byteLength < 12)
    throw broken(source, "not a .npy file", "\\x93NUMPY and version 1, 2 or 3", shown([...bytes.subarray(0, 8)]));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [start, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > maxNpyHeaderBytes || start + length > bytes.byteLength)
    throw broken(source, "the header does not fit", `at most ${maxNpyHeaderBytes} bytes, inside the file`, `${length}`);
  return { text: new TextDecoder("latin1").decode(bytes.subarray(start, start + length)), dataStart: start + length };
}

/**
 * One array as NumPy writes it, byte for byte (version 1, data aligned to 64 bytes).
 * @param array any type but bfloat16
 * @throws E_DTYPE for bfloat16
 * @example await writeFile("x.npy", writeNpy(hostArray("float32", [2], [1, 2])))
 */
export function writeNpy(array: HostArray): Uint8Array {
  const { dtype, shape } = array;
  const descriptor = descriptors[dtype];
  if (!descriptor) throw unheld("write", dtype);
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const dictionary = `{'descr': '${descriptor}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // NumPy leaves room for the first size to grow to 21 digits, then pads to 64 with spaces and ends the line.
  const room = shape.length ? 21 - `${shape[0]}`.length : 0;
  const text = dictionary + " ".repeat(room);
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const bytes = new Uint8Array(10 + length + array.data.byteLength);
  const header = `\x93NUMPY\x01\x00${String.fromCharCode(length & 255, length >> 8)}${text.padEnd(length - 1)}\n`;
  for (let i = 0; i < header.length; i++) bytes[i] = header.charCodeAt(i);
  bytes.set(bytesOf(array), 10 + length);
  return bytes;
}

function unheld(operation: string, got: string, path?: string): ConcordError {
  const expected = Object.entries(descriptors).map(([dtype, code]) => `${dtype} (${code})`);
  return new ConcordError("E_DTYPE", {
    operation: `${operation} .npy`,
    problem: "an element type that this format and Concord do not share",
    expected: expected.join(", "),
    got: shown(got),
    hint: "convert it, for example x.astype('<f4') in NumPy",
    path,
  });
}

function broken(source: string, problem: string, expected: string, got: string, hint?: string): ConcordError {
  return new ConcordError("E_FORMAT", { operation: "read .npy", problem, expected, got, hint, path: source });
}
