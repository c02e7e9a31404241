// What a search tries, and how far answers are from others.
import { expect, test } from "vitest";
import { faultLater } from "../../test/fault.ts";
import { ConcordError } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { modelOf } from "../models/index.ts";
import { answeringHeads } from "../predict/index.ts";
import { compressSchema } from "../recipe/index.ts";
import { mixedOf, storingCandidates, trainedCandidates, variantsOf } from "./candidates.ts";
import { divergence } from "./divergence.ts";
import { mainScore } from "./main-score.ts";
import { fewest } from "./mixed-precision.ts";
import { makeOnce } from "./once.ts";
import type { StepContext } from "./step.ts";

const parsed = (given: unknown) => compressSchema.safeParse(given);
const faultOf = (given: unknown) => parsed(given).error?.issues.map(({ message }) => message);

test("lists of steps are tried besides none, and lists of the same steps are numbered", () => {
  const { candidates } = compressSchema.parse({
    target: { size: 0.5 },
    candidates: [[{ distil: { layers: 2 } }], [{ prune: { width: 0.5 } }, { distil: {} }], [{ distil: { layers: 1 } }]],
  });
  expect(variantsOf(candidates!).map(({ name, steps }) => [name, steps.length])).toEqual([
    ["distil 1", 1],
    ["prune + distil", 2],
    ["distil 2", 1],
  ]);
});

test("without candidates ways that train are tried, as far as the model goes", () => {
  const of = (config: object) =>
    trainedCandidates(modelOf(configOf({ vocab_size: 40, max_position_embeddings: 8, ...config }, "config.json")));
  const bert = of({
    model_type: "bert",
    hidden_size: 32,
    num_attention_heads: 2,
    intermediate_size: 64,
    num_hidden_layers: 5,
  });
  expect(bert.map(({ name, epochs }) => `${name} ${epochs}`)).toEqual([
    "prune 3",
    "distil 3",
    "int8, static, trained 2",
  ]);
  expect(bert[0]!.steps[0]!.prune).toMatchObject({ heads: 0.5, width: 0.5 });
  expect(bert[1]!.steps[0]!.distil).toMatchObject({ layers: 3 });
  const flat = of({ model_type: "distilbert", dim: 32, hidden_dim: 64, n_heads: 2, n_layers: 1 });
  expect(flat.map(({ name }) => name)).not.toContain("distil"); // one layer cannot be halved
  expect(flat[0]!.steps[0]!.prune).toMatchObject({ heads: 0, width: 0.5 }); // its config cannot say which heads are gone
});

test("minutes are of a search without candidates", () => {
  expect(parsed({ target: { size: 0.5 }, minutes: 1 }).success).toBe(true);
  const misplaced = ["minutes are those of a search that names no candidates: name a target, and leave candidates out"];
  expect(faultOf({ target: { size: 0.5 }, minutes: 1, candidates: [] })).toEqual(misplaced);
  expect(faultOf({ steps: [{ quantise: "int8" }], minutes: 1 })).toEqual(misplaced);
});

test("without rows enough for ranges, fixed ranges are not tried; mixed precision is of integers", () => {
  const names = (isRanged: boolean) => storingCandidates(isRanged).map(({ name }) => name);
  expect(names(true).filter((name) => !names(false).includes(name))).toEqual([
    "int8, static",
    "int8, static, smooth 0.7",
  ]);
  const mixed = storingCandidates(false).map((one) => mixedOf(one, 0.01)?.steps[0]?.quantise?.sensitivity);
  expect(mixed).toEqual([undefined, ...Array.from({ length: 4 }, () => ({ drop: 0.01, rows: 64 }))]);
});

test("candidates need a target and leave storing to it; mixed precision and eight bits need weights in fewer", () => {
  const distil = { distil: { layers: 1 } };
  expect(faultOf({ steps: [distil], candidates: [[distil]] })).toEqual(["candidates are tried for a target: name one"]);
  expect(faultOf({ target: { size: 0.5 }, candidates: [[distil, { quantise: "int8" }]] })).toEqual([
    "a target chooses how weights are stored: leave out the step quantise",
  ]);
  const quantised = (quantise: unknown) => parsed({ steps: [{ quantise }] }).success;
  expect(quantised({ to: "int8", sensitivity: { drop: 0.01 } })).toBe(true);
  expect(quantised({ to: "fp16", sensitivity: { drop: 0.01 } })).toBe(false);
  expect(quantised({ to: "int4", eightBits: ["bert"] })).toBe(true);
  expect(quantised({ to: "int8", eightBits: ["bert"] })).toBe(false);
});

test("divergence: none between equal answers, that of Kullback and Leibler between others, squares between numbers", () => {
  const { "single-label": single, "multi-label": several, regression } = answeringHeads;
  const row = (...values: number[]) => [Float32Array.from(values)];
  expect(divergence(single, row(1, -2), row(1, -2))).toBe(0);
  expect(divergence(single, row(0, 0), row(Math.log(3), 0))).toBeCloseTo(0.5 * Math.log(2 / 3) + 0.5 * Math.log(2), 6);
  expect(divergence(several, row(0), row(Math.log(3)))).toBeCloseTo(0.5 * Math.log(2 / 3) + 0.5 * Math.log(2), 6);
  expect(divergence(regression, [...row(1), ...row(2)], [...row(1), ...row(5)])).toBe(4.5);
  expect(divergence(single, row(0, 0), row(0, 200))).toBeLessThan(Number.POSITIVE_INFINITY);
});

test("as few matrices are kept as fit, found without asking about each number; where none fits, that is said", async () => {
  for (const least of [1, 2, 5, 8, 13]) {
    const asked: number[] = [];
    const fits = async (count: number) => {
      asked.push(count);
      return count >= least;
    };
    expect(await fewest(13, fits, () => new ConcordError("E_GATE", { operation: "", problem: "" }))).toBe(least);
    expect(asked.length).toBeLessThanOrEqual(8);
  }
  const unreached = () => new ConcordError("E_GATE", { operation: "compress", problem: "nothing fits" });
  await faultLater("E_GATE", () => fewest(6, async () => false, unreached));
  await faultLater("E_GATE", () => fewest(0, async () => false, unreached));
});

test("without validation rows nothing is scored", async () => {
  const context = { rows: { dev: [] } } as unknown as StepContext;
  const { facts } = await faultLater("E_DATA", () => mainScore(context, {} as Parameters<typeof mainScore>[1]));
  expect(facts.problem).toContain("candidates are scored on validation rows");
});

test("a thing of one object is made once, that of another anew", async () => {
  const once = makeOnce();
  let made = 0;
  const make = async () => ++made;
  const [one, other] = [{}, {}];
  expect([await once(one, "a", make), await once(one, "a", make), await once(one, "b", make)]).toEqual([1, 1, 2]);
  expect(await once(other, "a", make)).toBe(3);
});
