// Gaussian noise on the gradients of a step, each tensor from its own parts of the key stream. Knows no key.
import { ConcordError } from "../base/index.ts";
import type { ParameterStore } from "../optimizers/index.ts";
import type { NoiseSource } from "../privacy/index.ts";

/** What is added to each value. */
export interface AddedNoise {
  /** Standard deviation of the whole noise. */
  readonly deviation: number;
  /**
   * Gaussian numbers, each of deviation/√draws, that one value gets. One is a float32 that few pairs of words can make, so that its last
   * bits may tell what it was added to (Mironov 2012); the sums of four are too many to try (Holohan & Braghin 2021, arXiv:2107.10138).
   */
  readonly draws: 1 | 4;
}

/** Tensors that a step can tell apart: each draw reads the stream this far on. */
const mostTensors = 2 ** 22;

/**
 * gradient ← gradient + deviation·N(0, 1) for each of the parameters, a function of (step, place in the list).
 * @throws E_ARGUMENT for more than 2²² parameters
 * @example addNoise(store, ["head.weight"], aesNoise(key), { deviation: 0.8, draws: 4 }, 17)
 */
export function addNoise(
  store: ParameterStore,
  parameters: readonly string[],
  noise: NoiseSource,
  { deviation, draws }: AddedNoise,
  step: number,
): void {
  if (parameters.length > mostTensors)
    throw new ConcordError("E_ARGUMENT", {
      operation: "private noise",
      problem: "too many parameters",
      expected: `at most ${mostTensors}`,
      got: String(parameters.length),
    });
  const each = deviation / Math.sqrt(draws);
  for (const [i, name] of parameters.entries()) {
    const { offset, size } = store.parameter(name).gradient!;
    const whole = Math.ceil(size / 8) * 8; // segments are aligned to 16 floats: the surplus lies between them
    for (let draw = 0; draw < draws; draw++) {
      let at = offset;
      for (const piece of noise.bytes({ stream: "noise", step, tensor: i + draw * mostTensors }, whole * 4)) {
        const words = new Float32Array(piece.buffer, piece.byteOffset, piece.byteLength / 4); // bits, never read as numbers here
        store.stage(words, (from, start, count) => store.kernels.addGaussian(at + start * 4, from, count, each));
        at += piece.byteLength;
      }
    }
  }
}
