// Captum's numbers on the reference model: integrated gradients by four rules, input × gradient, saliency, attention rollout.
import { expect, test } from "vitest";
import { goldenJson } from "../../test/golden.ts";
import { coveredModels, goldenModel, relativeError } from "../../test/models/golden.ts";
import type { HostArray } from "../base/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { type GradientAnswer, gradientProgram } from "./gradient-program.ts";
import { type Integrated, integratedGradients } from "./integrated.ts";
import type { QuadratureRule } from "./quadrature.ts";
import { rolloutProgram } from "./rollout.ts";

type Rows = number[][];
interface Golden {
  readonly model: string;
  readonly input_ids: Rows;
  readonly baseline_ids: Rows;
  readonly attention_mask: Rows;
  readonly token_type_ids: Rows;
  readonly targets: number[];
  readonly n_steps: number;
  readonly f_input: number[];
  readonly f_baseline: number[];
  readonly integrated_gradients: Readonly<Record<string, { attributions: Rows; delta: number[] }>>;
  readonly input_x_gradient: Rows;
  readonly saliency_l2: Rows;
  readonly gradient_l1: Rows;
  readonly rollout: number[][][];
  readonly tolerance: Readonly<Record<string, number>>;
}
const golden = goldenJson<Golden>("explain.json");
const { model, weights } = goldenModel(/models\/([\w-]+)/.exec(golden.model)![1]!);
const floats = weights as ReadonlyMap<string, HostArray<"float32">>;
const lengths = golden.attention_mask.map((row) => row.reduce((a, b) => a + b, 0));
const texts = golden.input_ids.map((ids, i) => ({
  ids: ids.slice(0, lengths[i]),
  typeIds: golden.token_type_ids[i]!.slice(0, lengths[i]),
}));
/** Rows of a table with nothing but the tokens that are no padding. */
const trimmed = (rows: Rows): number[] => rows.flatMap((row, i) => row.slice(0, lengths[i]));

const rules: Readonly<Record<string, QuadratureRule>> = {
  riemann_trapezoid: "trapezoid",
  gausslegendre: "gauss-legendre",
  riemann_right: "right",
  riemann_middle: "middle",
  riemann_left: "left",
};

test.each(Object.keys(golden.integrated_gradients))(
  "integrated gradients by %s equal Captum's, with the same delta",
  async (name) => {
    const program = await gradientProgram(model, floats, cpuRuntime);
    const { attributions, delta } = golden.integrated_gradients[name]!;
    const got: Integrated[] = [];
    for (const [i, text] of texts.entries())
      got.push(
        await integratedGradients(program, {
          text,
          baseline: golden.baseline_ids[i]!.slice(0, lengths[i]),
          target: golden.targets[i]!,
          rule: rules[name],
          steps: golden.n_steps,
          tolerance: Number.POSITIVE_INFINITY,
        }),
      );
    const tolerance = golden.tolerance[name]!;
    const flat = got.flatMap((g) => [...g.tokens]);
    expect(relativeError(flat, trimmed(attributions))).toBeLessThanOrEqual(tolerance);
    got.forEach((g, i) => {
      expect(Math.abs(g.delta - delta[i]!)).toBeLessThanOrEqual(golden.tolerance.delta_abs!);
      expect(g.steps).toBe(golden.n_steps);
    });
    expect(
      relativeError(
        got.map((g) => g.logit),
        golden.f_input,
      ),
    ).toBeLessThanOrEqual(golden.tolerance.fx!);
    expect(
      relativeError(
        got.map((g) => g.baselineLogit),
        golden.f_baseline,
      ),
    ).toBeLessThanOrEqual(golden.tolerance.fb!);
    // the comparison is not blind: one attribution moved by a thousandth of the largest fails it
    const moved = flat.map((x, i) => (i === 1 ? x + 1e-3 * Math.max(...flat.map(Math.abs)) : x));
    expect(relativeError(moved, trimmed(attributions))).toBeGreaterThan(tolerance);
    await program.dispose();
  },
);

test("input × gradient, saliency and the gradient's L1 norm equal PyTorch's", async () => {
  const program = await gradientProgram(model, floats, cpuRuntime);
  const got: GradientAnswer[] = [];
  for (const [i, text] of texts.entries())
    got.push(await program.run({ text, target: golden.targets[i]!, points: [1], weights: [1] }));
  const check = (key: "products" | "norm2" | "norm1", want: Rows, tolerance: number) =>
    expect(
      relativeError(
        got.flatMap((g) => [...g[key]]),
        trimmed(want),
      ),
    ).toBeLessThanOrEqual(tolerance);
  check("products", golden.input_x_gradient, golden.tolerance.input_x_gradient!);
  check("norm2", golden.saliency_l2, golden.tolerance.saliency_l2!);
  check("norm1", golden.gradient_l1, golden.tolerance.gradient_l1!);
  await program.dispose();
});

test("attention rollout equals the reference", async () => {
  const program = await rolloutProgram(model, floats, cpuRuntime);
  const [got, want]: [number[], number[]] = [[], []];
  for (const [i, text] of texts.entries()) {
    const rows = await program.run(text);
    got.push(...rows.flatMap((row) => [...row]));
    want.push(...golden.rollout[i]!.slice(0, lengths[i]).flatMap((row) => row.slice(0, lengths[i])));
  }
  expect(relativeError(got, want)).toBeLessThanOrEqual(golden.tolerance.rollout!);
  await program.dispose();
});

test.each(coveredModels.filter((name) => /sequence-classification|multilabel|regression/.test(name)))(
  "%s: the logit through rows of the word table is the reference's, and the attributions add up to its change",
  async (name) => {
    const { model: other, weights: own, io } = goldenModel(name);
    const program = await gradientProgram(other, own as typeof floats, cpuRuntime);
    const numbers = (key: string) => Array.from((io.get(key)?.data as BigInt64Array | undefined) ?? [], Number);
    const length = numbers("attention_mask").slice(0, io.get("input_ids")!.shape[1]).filter(Boolean).length;
    const ids = numbers("input_ids").slice(0, length);
    const typeIds = io.has("token_type_ids") ? numbers("token_type_ids").slice(0, length) : ids.map(() => 0);
    const baseline = ids.map((id, i) => (i === 0 || i === length - 1 ? id : other.tokens!.padId));
    const logits = io.get("logits")!.data as Float32Array;
    const found = await integratedGradients(program, { text: { ids, typeIds }, baseline, target: 0, steps: 64 });
    expect(Math.abs(found.logit - logits[0]!)).toBeLessThan(2e-5);
    expect(found.missed).toBeLessThan(1e-3); // DistilBERT's head has a kink: the rule converges slowly there
    await program.dispose();
  },
);

test("few steps miss the whole and are doubled; without leave to double they are refused", async () => {
  const program = await gradientProgram(model, floats, cpuRuntime);
  const asked = {
    text: texts[0]!,
    baseline: golden.baseline_ids[0]!.slice(0, lengths[0]),
    target: 0,
    rule: "left" as const,
  };
  const doubled = await integratedGradients(program, { ...asked, steps: 1, mostSteps: 512, tolerance: 0.01 });
  expect(doubled.steps).toBeGreaterThan(1);
  expect(doubled.missed).toBeLessThanOrEqual(0.01);
  const refused = integratedGradients(program, { ...asked, steps: 1, mostSteps: 1, tolerance: 0.01 });
  await expect(refused).rejects.toMatchObject({
    code: "E_ARGUMENT",
    facts: { hint: expect.stringContaining("steps") },
  });
  const short = integratedGradients(program, { ...asked, baseline: [1] });
  await expect(short).rejects.toMatchObject({ code: "E_ARGUMENT" });
  await program.dispose();
});

test("the gradient of a word's label is its slope on the way from the baseline, for that word's token alone", async () => {
  const words = goldenModel("bert-token-classification");
  const program = await gradientProgram(words.model, words.weights as typeof floats, cpuRuntime);
  const ids = [5, 9, 14, 21, 8, 6];
  const text = { ids, typeIds: ids.map(() => 0) };
  const ask = (token: number, points: number[], weights: number[]) =>
    program.run({ text, baseline: [5, 3, 3, 3, 3, 6], target: 1, token, points, weights });
  const slopes: number[] = [];
  for (const token of [1, 4]) {
    const { products } = await ask(token, [0.6], [1]);
    const { logits } = await ask(token, [0.59, 0.61], [0, 0]);
    const slope = products.reduce((a, b) => a + b, 0);
    expect(slope).toBeCloseTo((logits[1]! - logits[0]!) / 0.02, 2);
    slopes.push(slope);
  }
  expect(slopes[0]).not.toBeCloseTo(slopes[1]!, 2);
  await program.dispose();
});

test("a model that predicts masked words has no gradient of an answer", async () => {
  const words = goldenModel("bert-masked-lm");
  await expect(gradientProgram(words.model, words.weights as typeof floats, cpuRuntime)).rejects.toMatchObject({
    code: "E_MODEL",
  });
});
