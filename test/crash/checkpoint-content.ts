// What the checkpoint of a step holds in the crash test: derived from the step alone, so that any one can be checked.
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import type { JsonValue } from "../../src/formats/index.ts";

/** 4 MiB of tensors, any bit pattern (NaN too); cheap to make, so that the writer spends its time writing. */
export function tensorsAt(step: number): [name: string, tensor: HostArray][] {
  return [
    ["param.weight", hostArray("float32", [512, 1024], new Float32Array(pattern(512 * 1024, step).buffer))],
    ["adam.moment", hostArray("int32", [512, 1024], pattern(512 * 1024, -step))],
    ["order", hostArray("int32", [3], [step, step + 1, step + 2])],
  ];
}

function pattern(length: number, seed: number): Int32Array {
  const words = new Int32Array(length);
  for (let i = 0; i < length; i++) words[i] = Math.imul(i + seed, 0x9e3779b1) ^ seed;
  return words;
}

export const stateAt = (step: number): JsonValue => ({
  step,
  epoch: Math.floor(step / 7),
  random: random(step).state(),
});
