// Integrated gradients of the architectures beside the reference set: attributions add up to the change of the logit (completeness,
// Sundararajan 2017, arXiv:1703.01365), which they do only where every path from a word's row to the logit is in the gradient.
import { expect, test } from "vitest";
import { gradientProgram } from "../../src/explanation/gradient-program.ts";
import { cpuRuntime } from "../one-thread.ts";
import { gradientCases, savedCases, savedIds } from "./saved.ts";

const cases = savedCases().filter(({ name, model }) => gradientCases.includes(name) && model.tokens?.readsWords);

test.each(cases)("$name", async ({ model, weights }) => {
  const program = await gradientProgram(model, weights, cpuRuntime);
  const ids = savedIds[0]!;
  const steps = 400;
  const points = Array.from({ length: steps + 2 }, (_, i) => (i === 0 ? 0 : i > steps ? 1 : (i - 0.5) / steps));
  const counted = points.map((_, i) => (i === 0 || i > steps ? 0 : 1 / steps));
  const { products, logits } = await program.run({
    text: { ids, typeIds: ids.map(() => 0) },
    baseline: ids.map(() => 5),
    target: 1,
    points,
    weights: counted,
  });
  await program.dispose();
  const change = logits.at(-1)! - logits[0]!;
  expect(Math.abs(change)).toBeGreaterThan(0.05);
  expect(Math.abs(products.reduce((a, b) => a + b) - change)).toBeLessThan(0.01 * Math.abs(change));
});

test("nine architectures are among them, decoders too", () => expect(cases).toHaveLength(9));
