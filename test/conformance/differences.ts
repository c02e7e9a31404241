// Central differences in float64: the slope of Σ seeds·outputs along each element of each operand, by running the interpreter.
import { gradients } from "../../src/autodiff/index.ts";
import type { Random } from "../../src/base/index.ts";
import { add, input, interpret, makeGraph, mul, type RefArray, sum, type Value } from "../../src/graph/index.ts";

/** Feeds of operands that are values of a graph. */
export type Feeds = Readonly<Record<string, RefArray>>;

const noise = (shape: readonly number[], rng: Random): RefArray => ({
  dtype: "float64",
  shape,
  data: new Float64Array(shape.reduce((a, b) => a * b, 1)).map(() => rng.normal()),
});

/** Σ seeds·outputs with random seeds. */
export function weighed(
  outputs: readonly Value[],
  rng: Random,
  name: string,
): { loss: Value; inputs: Value[]; feeds: Feeds } {
  const inputs = outputs.map((v, i) => input(`${name}${i}`, v.dtype, v.shape));
  const feeds = Object.fromEntries(outputs.map((v, i) => [`${name}${i}`, noise(v.shape as number[], rng)]));
  return { loss: outputs.map((v, i) => sum(mul(v, inputs[i]!))).reduce((a, b) => add(a, b)), inputs, feeds };
}

/**
 * Largest disagreement between the gradient graph of a loss and central differences, relative to the largest slope (at least 1).
 * @param inputs all inputs of the loss, by their names in `feeds` @param wrt those that are moved
 */
export function gradientError(
  loss: Value,
  inputs: Readonly<Record<string, Value>>,
  wrt: readonly string[],
  feeds: Feeds,
): number {
  const grads = gradients(
    [loss],
    wrt.map((name) => inputs[name]!),
  );
  const analytic = interpret(makeGraph(inputs, Object.fromEntries(wrt.map((name, i) => [name, grads[i]!]))), feeds);
  const forward = makeGraph(inputs, { loss });
  const at = (name: string, i: number, by: number): number => {
    const data = feeds[name]!.data.slice();
    data[i] = data[i]! + by;
    return interpret(forward, { ...feeds, [name]: { ...feeds[name]!, data } }).loss!.data[0]!;
  };
  let [worst, scale] = [0, 1];
  for (const name of wrt)
    for (const [i, x] of feeds[name]!.data.entries()) {
      const step = 1e-5 * Math.max(1, Math.abs(x));
      const slope = (at(name, i, step) - at(name, i, -step)) / (2 * step);
      const difference = Math.abs(slope - analytic[name]!.data[i]!);
      worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
      scale = Math.max(scale, Math.abs(slope));
    }
  return worst / scale;
}
