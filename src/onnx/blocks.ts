// Weights in unsigned integers of 4 or 8 bits with a scale for each block of numbers, and what reads them: MatMulNBits, GatherBlockQuantized.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import type { BlocksBinding, Emitter } from "./emit.ts";

/** A matrix [rows, columns] in blocks along its columns: value = scale · (code − zero). */
export interface Blocks {
  readonly bits: 4 | 8;
  readonly blockSize: number;
  /** [rows, blocks, bytes of a block]; of 4 bits the first code of a byte is its lower half. A last block is filled with zero points. */
  readonly codes: HostArray<"uint8">;
  /** [rows, blocks] */
  readonly scales: HostArray<"float32">;
  /** [rows, bytes of a row's zero points], packed as codes; undefined where all are in the middle: 8 or 128. */
  readonly zeros?: HostArray<"uint8">;
}

/**
 * Block-wise quantisation, rounded to the nearest code. Symmetric blocks are scaled so that their largest magnitude is the lowest code;
 * others reach from their smallest to their largest number, zero included.
 * @param weight [rows, columns] finite
 * @throws E_ARGUMENT for a weight that is not finite, or a block size that is no power of two from 16 to 256
 * @example quantiseBlocks(weight, { bits: 4, blockSize: 32, symmetric: true })
 */
export function quantiseBlocks(
  weight: HostArray,
  { bits, blockSize, symmetric }: Pick<BlocksBinding, "bits" | "blockSize" | "symmetric">,
): Blocks {
  if (![16, 32, 64, 128, 256].includes(blockSize))
    throw new ConcordError("E_ARGUMENT", {
      operation: "quantise",
      problem: "not a block size",
      expected: "16, 32, 64, 128 or 256",
      got: String(blockSize),
    });
  const [rows, columns] = weight.shape as [number, number];
  const count = Math.ceil(columns / blockSize);
  const perByte = 8 / bits;
  const codes = new Uint8Array((rows * count * blockSize) / perByte);
  const scales = new Float32Array(rows * count);
  const zeroBytes = Math.ceil(count / perByte);
  const zeros = new Uint8Array(rows * zeroBytes);
  const top = 2 ** bits - 1;
  const w = weight.data as Float32Array;
  const put = (into: Uint8Array, at: number, code: number) => {
    if (bits === 8) into[at] = code;
    else into[at >> 1]! |= code << (4 * (at & 1));
  };
  for (let row = 0; row < rows; row++)
    for (let block = 0; block < count; block++) {
      const start = row * columns + block * blockSize;
      const end = Math.min(start + blockSize, (row + 1) * columns);
      const { scale, zero } = gridOf(w, start, end, top, symmetric);
      scales[row * count + block] = scale;
      if (bits === 8) zeros[row * zeroBytes + block] = zero;
      else zeros[row * zeroBytes + (block >> 1)]! |= zero << (4 * (block & 1));
      const first = (row * count + block) * blockSize;
      for (let k = 0; k < blockSize; k++) {
        const code = start + k < end ? Math.floor(w[start + k]! / scale + zero + 0.5) : zero;
        put(codes, first + k, Math.max(0, Math.min(top, code)));
      }
    }
  return {
    bits,
    blockSize,
    codes: hostArray("uint8", [rows, count, blockSize / perByte], codes),
    scales: hostArray("float32", [rows, count], scales),
    ...(!symmetric && { zeros: hostArray("uint8", [rows, zeroBytes], zeros) }),
  };
}

function gridOf(w: Float32Array, start: number, end: number, top: number, symmetric: boolean) {
  let [low, high] = [0, 0];
  for (let i = start; i < end; i++) {
    const x = w[i]!;
    if (!(Math.abs(x) < Number.POSITIVE_INFINITY))
      throw new ConcordError("E_ARGUMENT", { operation: "quantise", problem: "a weight is not finite", got: `${x}` });
    if (x < low) low = x;
    if (x > high) high = x;
  }
  const middle = (top + 1) / 2;
  if (symmetric) return { scale: Math.fround((-low > high ? low : high) / -middle) || 1, zero: middle };
  const scale = Math.fround((high - low) / top) || 1;
  return { scale, zero: Math.max(0, Math.min(top, Math.round(-low / scale))) };
}

/** The numbers that blocks stand for. @param columns of the matrix */
export function fromBlocks({ bits, blockSize, codes, scales, zeros }: Blocks, columns: number): HostArray<"float32"> {
  const [rows, count] = scales.shape as [number, number];
  const read = (from: Uint8Array, at: number) => (bits === 8 ? from[at]! : (from[at >> 1]! >> (4 * (at & 1))) & 15);
  const zeroCodes = zeros ? (zeros.data.length / rows) * (8 / bits) : 0;
  const out = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < columns; j++) {
      const block = Math.floor(j / blockSize);
      const code = read(codes.data, (row * count + block) * blockSize + (j % blockSize));
      const zero = zeros ? read(zeros.data, row * zeroCodes + block) : 2 ** (bits - 1);
      out[row * columns + j] = scales.data[row * count + block]! * (code - zero);
    }
  return hostArray("float32", [rows, columns], out);
}

const microsoft = { domain: "com.microsoft" };

/** x · Bᵀ with B [out, in] stored in blocks. Activations get a scale for each block of each row, so no row changes another's product. */
export function blocksProduct(
  emit: Emitter,
  x: string,
  { array, ...settings }: BlocksBinding,
  key: string,
  bias?: string,
): string {
  const [out, width] = array.shape as [number, number];
  const stored = emit.once(`blocks ${key}`, () => {
    const { codes, scales, zeros } = quantiseBlocks(array, settings);
    const flat = (given: HostArray) => hostArray(given.dtype, [given.data.length], given.data as Float32Array);
    const inputs = [codes, flat(scales), ...(zeros ? [flat(zeros)] : [])];
    return inputs.map((given) => emit.initializer(given));
  });
  const product = emit.node(
    "MatMulNBits",
    [x, ...stored],
    { K: width, N: out, bits: settings.bits, block_size: settings.blockSize, accuracy_level: 4 },
    microsoft,
  );
  return bias ? emit.node("Add", [product, bias]) : product;
}

/** The first bytes of each row: the operator takes no filled last block. */
function withoutPadding(codes: Uint8Array, rows: number, width: number): HostArray<"uint8"> {
  const padded = codes.length / rows;
  if (padded === width) return hostArray("uint8", [rows, width], codes);
  const out = new Uint8Array(rows * width);
  for (let row = 0; row < rows; row++) out.set(codes.subarray(row * padded, row * padded + width), row * width);
  return hostArray("uint8", [rows, width], out);
}

/** Rows of a table stored in blocks; the width of 4-bit tables is even. */
export function blocksRows(emit: Emitter, { array, ...settings }: BlocksBinding, ids: string, key: string): string {
  const [codes, scales, zeros] = emit.once(`block rows ${key}`, () => {
    const blocks = quantiseBlocks(array, settings);
    const [rows, columns] = array.shape as [number, number];
    const bytes = withoutPadding(blocks.codes.data, rows, (columns * settings.bits) / 8);
    return [bytes, blocks.scales, ...(blocks.zeros ? [blocks.zeros] : [])].map((given) => emit.initializer(given));
  });
  return emit.node(
    "GatherBlockQuantized",
    [codes!, ids, scales!, ...(zeros ? [zeros] : [])],
    { gather_axis: 0, quantize_axis: 1, block_size: settings.blockSize, bits: settings.bits },
    microsoft,
  );
}
