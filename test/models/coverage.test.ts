// Architectures and heads against what Python made of the same bytes, recorded in fixtures/transformers-*.json. The tables of
// docs/models.md are measured in the slow suite.
import { expect, test } from "vitest";
import { exportOnnx } from "../../src/predict/index.ts";
import { batchFeeds, evaluationProgram, predictLogits, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { cpuRuntime, openOnnx } from "../one-thread.ts";
import { coverageExamples, seenBy } from "./coverage.ts";
import { relativeError } from "./golden.ts";
import { gradientCases, savedCase, savedCases, savedIds } from "./saved.ts";

test.each(savedCases().filter(({ model }) => model.task !== "features" && !model.image))(
  "$name: packed rows give Python's logits, and the check can fail",
  async ({ name, model, weights }) => {
    const exe = await cpuRuntime.compile(evaluationProgram(model));
    const examples = savedIds.map((ids) => ({ ids: Int32Array.from(ids) }));
    const ours = await predictLogits(exe, model, Object.fromEntries(weights), examples, 2);
    const theirs = seenBy(5).cases[name]!.logits;
    for (const [i, { data }] of ours.entries()) expect(relativeError(data, theirs[i]!), `row ${i}`).toBeLessThan(2e-6);
    expect(
      relativeError(
        ours[0]!.data,
        theirs[0]!.map((x) => x * 1.0001),
      ),
    ).toBeGreaterThan(5e-5);
    await exe.dispose();
  },
);

test.each(["gpt2-single-label", "llama-single-label", "llama-pad-multi-label"])(
  "%s: padding on either side of a batch changes no logit",
  async (name) => {
    const { model, weights } = savedCase(name);
    const session = await openOnnx(exportOnnx(model, weights));
    const padId = model.tokens!.padId;
    const longest = Math.max(...savedIds.map((ids) => ids.length));
    const batch = (left: boolean) => {
      const rows = savedIds.map((ids) => {
        const pad = Array<number>(longest - ids.length).fill(padId);
        const mask = [pad.map(() => 0), ids.map(() => 1)];
        return left ? [[...pad, ...ids], mask.flat()] : [[...ids, ...pad], mask.reverse().flat()];
      });
      const whole = (part: number) => ({
        dtype: "int64" as const,
        shape: [rows.length, longest],
        data: BigInt64Array.from(
          rows.flatMap((row) => row[part]!),
          BigInt,
        ),
      });
      return { input_ids: whole(0), attention_mask: whole(1) };
    };
    const theirs = seenBy(5).cases[name]!.logits;
    // GPT-2 and Llama count positions from the row's start, so that padding on the left moves them: as in Python without position_ids
    for (const left of name.startsWith("llama") ? [false, true] : [false]) {
      const { logits } = await session.run(batch(left));
      const width = theirs[0]!.length;
      theirs.forEach((want, i) => {
        const got = (logits!.data as Float32Array).slice(i * width, (i + 1) * width);
        expect(relativeError(got, want), `${left ? "left" : "right"}, row ${i}`).toBeLessThan(5e-6);
      });
    }
    await session.dispose();
  },
);

test.each(gradientCases)("%s: loss and gradients of every weight are Python's", async (name) => {
  const { model, weights } = savedCase(name);
  const { loss, gradients } = seenBy(4).cases[name]!; // Transformers 5 calls some weights otherwise in memory
  const program = trainingProgram(model, { dropout: false });
  const exe = await cpuRuntime.compile(program.graph);
  const feeds = batchFeeds(model, coverageExamples(model), {});
  const results = await exe.run({ ...Object.fromEntries(weights), ...feeds });
  await exe.dispose();
  const losses = [...(results.losses!.data as Float32Array)];
  expect(losses.reduce((a, b) => a + b) / losses.length).toBeCloseTo(loss!, 5);
  const ours = new Map(stepGradients(program, results, feeds, new Set(), (weight) => weights.get(weight)!.data.length));
  const total = Math.hypot(...Object.values(gradients!).map(([norm]) => norm));
  expect([...ours.keys()].sort()).toEqual(expect.arrayContaining(Object.keys(gradients!).sort()));
  for (const [weight, [norm, product]] of Object.entries(gradients!)) {
    const mine = [...(ours.get(weight) as Float32Array)];
    expect(Math.abs(Math.hypot(...mine) - norm), `norm of ${weight}`).toBeLessThan(2e-5 * total);
    expect(Math.abs(mine.reduce((sum, g, i) => sum + g * Math.sin(i), 0) - product), weight).toBeLessThan(2e-5 * total);
  }
});

test("the loss of where an answer lies is the mean of both cross-entropies over the example's own tokens, by Python's logits", async () => {
  const { model, weights } = savedCase("bert-question-answering");
  const program = trainingProgram(model, { dropout: false });
  const exe = await cpuRuntime.compile(program.graph);
  const examples = coverageExamples(model);
  const { losses } = await exe.run({ ...Object.fromEntries(weights), ...batchFeeds(model, examples, {}) });
  await exe.dispose();
  const logits = seenBy(5).cases["bert-question-answering"]!.logits;
  const cost = (row: readonly number[], column: number, place: number) => {
    const own = row.filter((_, i) => i % 2 === column);
    return Math.log(own.reduce((sum, x) => sum + Math.exp(x), 0)) - own[place]!;
  };
  for (const [i, row] of logits.entries()) {
    const [first, last] = examples[i]!.label as Int32Array;
    const want = (cost(row, 0, first!) + cost(row, 1, last!)) / 2;
    expect((losses!.data as Float32Array)[i]!).toBeCloseTo(want, 4);
  }
  const beyond = examples.map((one) => ({ ...one, label: Int32Array.of(0, 99) }));
  expect(() => batchFeeds(model, beyond, {})).toThrow("no span of tokens");
});
