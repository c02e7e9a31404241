// Each op's gradient, and the gradient of that gradient, against central differences in float64 on the interpreter.
import { describe, expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { random } from "../../src/base/index.ts";
import { add, input, mul, stopGradient, sub, sum, type Value } from "../../src/graph/index.ts";
import { gradientError, weighed } from "./differences.ts";
import { subjects } from "./subjects.ts";
import { inFloat64, isDifferentiable, opRecord, type TestedOp, testedOps, trialsOf } from "./trials.ts";

/** Central differences with a step of 1e-5 have an error of about 1e-10. */
const tolerance = 1e-7;

const differentiable = testedOps.filter((op) => isDifferentiable(op) && !subjects[op].noDifferences);
const regular = (op: TestedOp) =>
  trialsOf(op).filter((t) => t.kind !== "extreme" && !t.ties && t.graph.outputs[0]![1].dtype === "float32");

describe.each(differentiable)("%s", (op) => {
  test("has the gradient that central differences give", () => {
    for (const trial of regular(op)) {
      const { inputs, feeds, outputs, wrt } = inFloat64(trial);
      if (wrt.length === 0) continue;
      const seed = weighed(outputs, random(trial.name), "seed");
      const all = { ...inputs, ...Object.fromEntries(seed.inputs.map((v, i) => [`seed${i}`, v])) };
      expect(gradientError(seed.loss, all, wrt, { ...feeds, ...seed.feeds }), trial.name).toBeLessThan(tolerance);
    }
  });

  test("has the second derivative that central differences of the gradient give", () => {
    const { inputs, feeds, outputs, wrt } = inFloat64(regular(op)[0]!);
    const first = weighed(outputs, random(op), "seed");
    const slopes = gradients(
      [first.loss],
      wrt.map((name) => inputs[name]!),
    );
    const second = weighed(slopes, random(`${op} again`), "again");
    const named = (prefix: string, values: readonly Value[]) =>
      Object.fromEntries(values.map((v, i) => [`${prefix}${i}`, v]));
    const all = { ...inputs, ...named("seed", first.inputs), ...named("again", second.inputs) };
    const everywhere = { ...feeds, ...first.feeds, ...second.feeds };
    expect(gradientError(second.loss, all, [...wrt, ...Object.keys(first.feeds)], everywhere)).toBeLessThan(tolerance);
  });
});

describe("an op without a gradient", () => {
  const without = testedOps.filter((op) => !isDifferentiable(op) && op !== "constant" && op !== "stopGradient");
  test.each(without)("%s refuses to be differentiated, and says why", (op) => {
    const trial = trialsOf(op)[0]!;
    const operand = trial.graph.inputs[0]![1];
    const output = trial.graph.outputs[0]![1];
    const refuse = () => gradients([output], [operand]);
    expect(refuse).toThrow(expect.objectContaining({ code: "E_GRADIENT" }));
    expect(refuse).toThrow((opRecord(op).vjp as { none: string }).none);
  });

  test("and one that stops it gives zeros", () => {
    const x = input("x", "float64", [2]);
    const [g] = gradients([sum(stopGradient(x))], [x]);
    expect(g!.node.op).toBe("broadcastTo");
  });
});

test("a gradient that is wrong by a millionth is found", () => {
  const feeds = { x: { dtype: "float64", shape: [3], data: Float64Array.of(0.5, -1, 2) } } as const;
  const x = input("x", "float64", [3]);
  const square = sum(mul(x, x));
  const part = mul(sub(x, stopGradient(x)), 1e-6); // adds nothing to the value and a millionth to the slope
  expect(gradientError(square, { x }, ["x"], feeds)).toBeLessThan(tolerance);
  expect(gradientError(add(square, sum(part)), { x }, ["x"], feeds)).toBeGreaterThan(tolerance);
});
