// A pool of dropout values: each is 0 with the given rate, else 1/(1 − rate). Filling it once and feeding each site a view
// at a random offset costs nothing per step. Sites of one step may overlap in the pool: their masks are then correlated.
import { ConcordError, type Random } from "../base/index.ts";
import { type Kernels, wasmKernels } from "../optimizers/index.ts";

export interface DropoutPoolOptions {
  /** Share of zeros, 0 ≤ rate < 1. */
  readonly rate: number;
  /** Floats in the pool; at least the largest site, better several times as many. */
  readonly length: number;
  /** Where the values and the offsets come from; `split` streams of it are used. */
  readonly random: Random;
  /** Default {@link wasmKernels}. */
  readonly kernels?: (memory: WebAssembly.Memory) => Kernels;
}

export interface DropoutPool {
  readonly rate: number;
  /** All values: 0 or 1/(1 − rate). */
  readonly values: Float32Array;
  /** A view of `length` values at a random offset, 16 floats aligned; draws one integer. @throws E_ARGUMENT above the pool */
  take(length: number): Float32Array;
  /** New values from where the generators stopped. */
  refill(): void;
  /** State words of the offset stream, for a checkpoint. */
  state(): [number, number, number, number];
}

const alignFloats = 16;
const stateBytes = 64;

/**
 * A seeded pool of dropout values in a memory of its own.
 * @throws E_ARGUMENT for a rate outside [0, 1) or a length that is not a positive whole number
 * @example
 * const pool = dropoutPool({ rate: 0.1, length: 1 << 20, random: random(1) });
 * pool.take(16 * 128 * 384); // Float32Array of 0 and 1.1111
 */
export function dropoutPool({ rate, length, random, kernels = wasmKernels }: DropoutPoolOptions): DropoutPool {
  if (!(rate >= 0 && rate < 1)) refuse("the rate is out of range", "0 ≤ rate < 1", rate);
  if (!(Number.isInteger(length) && length > 0)) refuse("the length is out of range", "a whole number > 0", length);
  const filled = Math.ceil(length / 4) * 4;
  const pages = Math.ceil((stateBytes + filled * 4) / 65536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const words = new Uint32Array(memory.buffer, 0, stateBytes / 4);
  for (let lane = 0; lane < 4; lane++)
    for (const [w, word] of random.split(`lane ${lane}`).state().entries()) words[4 * w + lane] = word;
  const offsets = random.split("offsets");
  const fill = kernels(memory).dropoutMask;
  const refill = () => fill(stateBytes, filled, Math.round(rate * 2 ** 32), 1 / (1 - rate), 0);
  refill();
  const values = new Float32Array(memory.buffer, stateBytes, length);
  return {
    rate,
    values,
    refill,
    state: offsets.state,
    take(count) {
      if (!(count >= 0 && count <= length)) refuse("a site is larger than the pool", `at most ${length}`, count);
      const start = offsets.int(Math.floor((length - count) / alignFloats) + 1) * alignFloats;
      return values.subarray(start, start + count);
    },
  };
}

function refuse(problem: string, expected: string, got: number): never {
  throw new ConcordError("E_ARGUMENT", { operation: "dropoutPool", problem, expected, got: String(got) });
}
