// Frozen weights in 4-bit NormalFloat (Dettmers 2023, arXiv:2305.14314): one of 16 numbers, which are quantiles of a normal distribution, times
// the largest magnitude of a block of 64. The matrix is made anew where it is read, so that no float32 copy stays.
import { ConcordError, type HostArray, hostArray } from "../base/index.ts";
import type { Emitter, Nf4Binding } from "./emit.ts";
import { elementTypes } from "./wire.ts";

/** The 16 numbers, as the paper's appendix E and bitsandbytes have them. */
export const nf4Values: readonly number[] = [
  -1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334,
  -0.09105003625154495, 0, 0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224,
  0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1,
];

const blockSize = 64;
const middles = nf4Values.slice(1).map((value, i) => Math.fround((value + nf4Values[i]!) / 2));

/** An array in NF4. */
export interface Nf4 {
  readonly shape: readonly number[];
  /** Two codes a byte, the first in its upper half; the last block is filled up with zeros. */
  readonly codes: HostArray<"uint8">;
  /** Largest magnitude of each block of 64 numbers in the order of the array. */
  readonly scales: HostArray<"float32">;
}

/**
 * Rounds an array to NF4.
 * @throws E_ARGUMENT for a number that is not finite
 * @example const { codes, scales } = quantiseNf4(weight); // 4.5 bits a weight
 */
export function quantiseNf4({ shape, data }: HostArray): Nf4 {
  const w = data as Float32Array;
  const blocks = Math.ceil(w.length / blockSize);
  const codes = new Uint8Array((blocks * blockSize) / 2);
  const scales = new Float32Array(blocks);
  for (let block = 0; block < blocks; block++) {
    const [from, to] = [block * blockSize, Math.min(w.length, (block + 1) * blockSize)];
    let most = 0;
    for (let i = from; i < to; i++) {
      const size = Math.abs(w[i]!);
      if (!(size < Number.POSITIVE_INFINITY))
        throw new ConcordError("E_ARGUMENT", {
          operation: "quantise",
          problem: "a weight is not finite",
          got: `${w[i]}`,
        });
      if (size > most) most = size;
    }
    scales[block] = most;
    for (let i = from; i < from + blockSize; i++)
      codes[i >> 1]! |= codeOf(i < to && most > 0 ? Math.fround(w[i]! / most) : 0) << (i & 1 ? 0 : 4);
  }
  return { shape, codes: hostArray("uint8", [codes.length], codes), scales: hostArray("float32", [blocks], scales) };
}

/** The nearest of the 16 numbers; of two as near the lower one. */
function codeOf(x: number): number {
  let code = 0;
  for (let step = 8; step > 0; step >>= 1) if (x > middles[code + step - 1]!) code += step;
  return code;
}

/** The numbers that NF4 stands for. */
export function fromNf4({ shape, codes, scales }: Nf4): HostArray<"float32"> {
  const length = shape.reduce((a, b) => a * b, 1);
  const out = Float32Array.from({ length }, (_, i) => {
    const byte = codes.data[i >> 1]!;
    return Math.fround(nf4Values[i & 1 ? byte & 15 : byte >> 4]!) * scales.data[Math.floor(i / blockSize)]!;
  });
  return hostArray("float32", shape, out);
}

/** Both numbers of each byte, [256, 2]. */
const pairs = Float32Array.from({ length: 512 }, (_, i) => nf4Values[i & 1 ? (i >> 1) & 15 : i >> 5]!);

/**
 * The matrix, made where it is read.
 * @param signal something that is known only when running, without which the runtime would make the matrix once and keep it
 */
export function nf4Matrix(emit: Emitter, { array }: Nf4Binding, key: string, signal: string | undefined): string {
  const [codes, scales, table] = emit.once(`nf4 ${key}`, () => {
    const { codes, scales } = quantiseNf4(array);
    return [
      emit.initializer(codes),
      emit.initializer({ ...scales, shape: [scales.data.length, 1] }),
      emit.initializer(hostArray("float32", [256, 2], pairs)),
    ];
  }) as [string, string, string];
  const late = signal === undefined ? codes : emit.node("Concat", [codes, nothing(emit, signal)], { axis: 0 });
  const places = emit.node("Cast", [late], { to: elementTypes.int32 });
  const numbers = emit.node("Gather", [table, places], { axis: 0 });
  const scaled = emit.node("Mul", [emit.node("Reshape", [numbers, emit.ints([-1, blockSize])]), scales]);
  const length = array.data.length;
  const whole =
    length % blockSize === 0
      ? scaled
      : emit.node("Slice", [emit.node("Reshape", [scaled, emit.ints([-1])]), emit.ints([0]), emit.ints([length])]);
  return emit.node("Reshape", [whole, emit.ints(array.shape)]);
}

/** No bytes, which are known only when `signal` is. */
const nothing = (emit: Emitter, signal: string): string =>
  emit.node(
    "Cast",
    [emit.node("Slice", [emit.node("Reshape", [signal, emit.ints([-1])]), emit.ints([0]), emit.ints([0])])],
    { to: elementTypes.uint8 },
  );
