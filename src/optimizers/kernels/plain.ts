// The twin of the WebAssembly kernels in plain TypeScript: same interface, float32 rounding in the same order, so equal
// bits. The oracle of the tests, and a fallback. Knows nothing of lanes except where a sum's order depends on them.
import { addGaussianPlainly } from "./gaussian.ts";
import type { Kernels } from "./kernels.ts";

const { fround, sqrt, max, abs } = Math;

/**
 * The kernels in plain TypeScript over a memory; slow, obvious, equal to {@link wasmKernels} in every bit.
 * @param memory anything with the buffer that the offsets point into
 */
export function plainKernels(memory: { readonly buffer: ArrayBufferLike }): Kernels {
  const floats = new Float32Array(memory.buffer);
  const words = new Uint32Array(memory.buffer);
  return {
    adam(p, g, m, v, count, ...scalars) {
      adamLoop(floats, [p, g, m, v], undefined, count, scalars);
    },
    adamMaximum(p, g, m, v, top, count, ...scalars) {
      adamLoop(floats, [p, g, m, v], top / 4, count, scalars);
    },
    ...descent(floats),
    ...linear(floats),
    addRows(table, indices, rows, rowCount, width, a) {
      const A = fround(a);
      for (let i = 0; i < rowCount; i++) {
        const y = table / 4 + words[indices / 4 + i]! * width;
        const x = rows / 4 + i * width;
        for (let j = 0; j < width; j++) floats[y + j] = floats[y + j]! + fround(A * floats[x + j]!);
      }
    },
    addGaussian(x, from, count, deviation) {
      addGaussianPlainly(floats, words, x / 4, from / 4, count, deviation);
    },
    dropoutMask(x, count, threshold, kept, state) {
      const lanes = words.subarray(state / 4, state / 4 + 16);
      for (let i = 0; i < count; i++) floats[x / 4 + i] = nextWord(lanes, i % 4) < threshold ? 0 : kept;
    },
  };
}

function adamLoop(
  floats: Float32Array,
  offsets: readonly [number, number, number, number],
  top: number | undefined,
  count: number,
  scalars: readonly number[],
): void {
  const [p, g, m, v] = offsets.map((bytes) => bytes / 4) as [number, number, number, number];
  const [S, D, C, A, B, E, L, Z] = scalars.map(fround) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let i = 0; i < count; i++) {
    const x = floats[p + i]!;
    const y = fround(fround(floats[g + i]! * S) + fround(x * C));
    const old = floats[m + i]!;
    const first = fround(old + fround(A * fround(y - old)));
    const second = fround(fround(floats[v + i]! * B) + fround(fround(y * y) * E));
    floats[m + i] = first;
    floats[v + i] = second;
    let root = second;
    if (top !== undefined) {
      root = max(floats[top + i]!, second);
      floats[top + i] = root;
    }
    floats[p + i] = fround(x * D) - fround(fround(L * first) / fround(fround(sqrt(root)) + Z));
  }
}

function descent(floats: Float32Array): Pick<Kernels, "sgd" | "sgdMomentum" | "lion"> {
  return {
    sgd(p, g, count, gradientScale, coupled, learningRate) {
      const [S, C, L] = [fround(gradientScale), fround(coupled), fround(learningRate)];
      for (let i = 0; i < count; i++) {
        const x = floats[p / 4 + i]!;
        const y = fround(fround(floats[g / 4 + i]! * S) + fround(x * C));
        floats[p / 4 + i] = x - fround(L * y);
      }
    },
    sgdMomentum(p, g, b, count, ...scalars) {
      const [S, C, M, X, G, B, L] = scalars.map(fround) as [number, number, number, number, number, number, number];
      for (let i = 0; i < count; i++) {
        const x = floats[p / 4 + i]!;
        const y = fround(fround(floats[g / 4 + i]! * S) + fround(x * C));
        const buffer = fround(fround(floats[b / 4 + i]! * M) + fround(y * X));
        floats[b / 4 + i] = buffer;
        floats[p / 4 + i] = x - fround(L * fround(fround(y * G) + fround(buffer * B)));
      }
    },
    lion(p, g, m, count, ...scalars) {
      const [S, D, B1, X1, B2, X2, L] = scalars.map(fround) as [number, number, number, number, number, number, number];
      for (let i = 0; i < count; i++) {
        const y = fround(floats[g / 4 + i]! * S);
        const old = floats[m / 4 + i]!;
        const direction = fround(fround(old * B1) + fround(y * X1));
        const move = (direction > 0 ? L : 0) - (direction < 0 ? L : 0);
        floats[p / 4 + i] = fround(floats[p / 4 + i]! * D) - move;
        floats[m / 4 + i] = fround(old * B2) + fround(y * X2);
      }
    },
  };
}

function linear(floats: Float32Array): Pick<Kernels, "sumSquares" | "largestMagnitude" | "axpy" | "scale" | "fill"> {
  return {
    sumSquares(x, count) {
      const s = new Float64Array(8);
      const whole = count - (count % 8);
      for (let i = 0; i < whole; i++) s[i % 8] = s[i % 8]! + floats[x / 4 + i]! ** 2;
      let sum = s[0]! + s[1]! + (s[2]! + s[3]!) + (s[4]! + s[5]! + (s[6]! + s[7]!));
      for (let i = whole; i < count; i++) sum += floats[x / 4 + i]! ** 2;
      return sum;
    },
    largestMagnitude(x, count) {
      let most = 0;
      for (let i = 0; i < count; i++) most = max(most, abs(floats[x / 4 + i]!));
      return most;
    },
    axpy(y, x, count, a) {
      const A = fround(a);
      for (let i = 0; i < count; i++) floats[y / 4 + i] = floats[y / 4 + i]! + fround(A * floats[x / 4 + i]!);
    },
    scale(x, count, a) {
      const A = fround(a);
      for (let i = 0; i < count; i++) floats[x / 4 + i] = floats[x / 4 + i]! * A;
    },
    fill(x, count, value) {
      floats.fill(value, x / 4, x / 4 + count);
    },
  };
}

/** Next word of one lane's xoshiro128++ stream; word w of lane l is at index 4w + l. */
function nextWord(state: Uint32Array, lane: number): number {
  const [s0, s1, s2, s3] = [state[lane]!, state[4 + lane]!, state[8 + lane]!, state[12 + lane]!];
  const sum = s0 + s3;
  const word = (((sum << 7) | ((sum >>> 0) >>> 25)) + s0) >>> 0;
  const c = s2 ^ s0;
  const d = s3 ^ s1;
  state[4 + lane] = s1 ^ c;
  state[lane] = s0 ^ d;
  state[8 + lane] = c ^ (s1 << 9);
  state[12 + lane] = (d << 11) | (d >>> 21);
  return word;
}
