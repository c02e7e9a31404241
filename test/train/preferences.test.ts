// Preferences and policy gradients: losses and gradients are TRL's on the same models and data; each setting changes something, and what
// cannot be is refused.
import { expect, test } from "vitest";
import { type HostArray, hostArray } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { type Model, modelOf, withHead } from "../../src/models/index.ts";
import {
  batchFeeds,
  type Example,
  ignoredLabel,
  lossProgram,
  type ObjectiveChoice,
  objectiveOf,
  predictLosses,
  trainingProgram,
} from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { goldenJson } from "../golden.ts";
import { goldenModel, relativeError } from "../models/golden.ts";
import { cpuRuntime } from "../one-thread.ts";

interface Answer {
  readonly ids: number[];
  readonly answer: number;
}
interface Gradients {
  readonly norms: Readonly<Record<string, number>>;
  readonly values: Readonly<Record<string, number[]>>;
}
type Pairs = Gradients & { beta: number; chosen: Answer[]; rejected: Answer[]; loss: number; margin: number };
interface Golden {
  readonly dpo: Pairs;
  readonly dpoSmoothed: Pairs & { labelSmoothing: number };
  readonly kto: Gradients & {
    beta: number;
    rows: Answer[];
    desirable: boolean[];
    others: Answer[];
    loss: number;
    kl: number;
  };
  readonly orpo: Gradients & { beta: number; losses: number[] };
  readonly grpo: Gradients & {
    clip: number;
    kl: number;
    prompts: number[][];
    answers: number[][];
    advantages: number[];
    old: number[][];
    reference: number[][];
    loss: number;
  };
  readonly reward: Gradients & { head: number[]; chosen: number[][]; rejected: number[][]; loss: number };
}
const golden = goldenJson<{ models: Record<string, Golden> }>("preferences.json").models;

const exampleOf = ({ ids, answer }: Answer): Example => ({
  ids: Int32Array.from(ids),
  label: Int32Array.from(ids, (id, i) => (i < answer ? ignoredLabel : id)),
});

/** Log-probabilities at TRL's reference: every weight a tenth larger. */
async function reference(model: Model, weights: ReadonlyMap<string, HostArray>, answers: readonly Answer[]) {
  const larger = [...weights].map(([name, { shape, data }]) => {
    const more = Float32Array.from(data as Float32Array, (x) => x * Math.fround(1.1));
    return [name, hostArray("float32", shape, more)] as const;
  });
  const executable = await cpuRuntime.compile(lossProgram(model), { threads: 1 });
  const losses = await predictLosses(executable, model, Object.fromEntries(larger), answers.map(exampleOf));
  await executable.dispose();
  return losses.map(({ data }) => Float32Array.of(-data[0]!));
}

/** The loss of a batch and its gradients. */
async function learned(
  { model, weights }: { model: Model; weights: ReadonlyMap<string, HostArray> },
  choice: ObjectiveChoice,
  examples: readonly Example[],
  labelSmoothing = 0,
) {
  const objective = objectiveOf(choice);
  const program = trainingProgram(model, { dropout: false, objective, labelSmoothing });
  const executable = await cpuRuntime.compile(program.graph, { threads: 1 });
  const feeds = batchFeeds(model, examples, {}, objective);
  const results = await executable.run({ ...Object.fromEntries(weights), ...feeds });
  await executable.dispose();
  const losses = results.losses!.data as Float32Array;
  const shares = feeds.weights!.data as Float32Array;
  const gradient = (name: string) => {
    const { dense, rows } = program.gradients.find(({ parameter }) => parameter === name)!;
    const size = (weights.get(name)?.data.length ?? 0) as number;
    const out = new Float32Array(size);
    if (dense) out.set(results[dense]!.data as Float32Array);
    for (const { output, index } of rows) {
      const { data, shape } = results[output]!;
      const ids = feeds[index]!.data as Int32Array;
      ids.forEach((id, r) => {
        for (let c = 0; c < shape[1]!; c++) out[id * shape[1]! + c]! += (data as Float32Array)[r * shape[1]! + c]!;
      });
    }
    return out;
  };
  return { losses, loss: losses.reduce((sum, x, i) => sum + x * shares[i]!, 0), gradient };
}

/** Every gradient norm, and whole gradients of some parameters; tied tables are one parameter in both. */
function expectGradients(
  { norms, values }: Gradients,
  gradient: (name: string) => Float32Array,
  names: readonly string[],
) {
  const largest = Math.max(...Object.values(norms));
  for (const [name, norm] of Object.entries(norms))
    if (names.includes(name)) expect(Math.abs(Math.hypot(...gradient(name)) - norm) / largest, name).toBeLessThan(2e-4);
  for (const [name, want] of Object.entries(values))
    expect(relativeError(gradient(name), want), name).toBeLessThan(1e-3);
}

const pairsOf = (model: Golden["dpo"], references: readonly Float32Array[]): Example[] =>
  model.chosen.map((chosen, i) => ({
    ...exampleOf(chosen),
    given: { reference: references[i]! },
    against: { ...exampleOf(model.rejected[i]!), given: { reference: references[model.chosen.length + i]! } },
  }));

test.each(Object.keys(golden))("%s: DPO has TRL's loss and gradients, plain and with smoothed labels", async (name) => {
  const { dpo, dpoSmoothed } = golden[name]!;
  const opened = goldenModel(name);
  const references = await reference(opened.model, opened.weights, [...dpo.chosen, ...dpo.rejected]);
  const examples = pairsOf(dpo, references);
  const names = [...opened.weights.keys()];
  const plain = await learned(opened, { name: "dpo", settings: { beta: dpo.beta } }, examples);
  expect(plain.loss).toBeCloseTo(dpo.loss, 5);
  expectGradients(dpo, plain.gradient, names);
  const smooth = await learned(opened, { name: "dpo", settings: { beta: 0.3 } }, examples, dpoSmoothed.labelSmoothing);
  expect(smooth.loss).toBeCloseTo(dpoSmoothed.loss, 5);
  expectGradients(dpoSmoothed, smooth.gradient, names);
  const other = await learned(opened, { name: "dpo", settings: { beta: 0.31 } }, examples);
  expect(Math.abs(other.loss - dpo.loss)).toBeGreaterThan(1e-4);
});

test.each(Object.keys(golden))("%s: KTO has TRL's loss and gradients, its divergence among them", async (name) => {
  const { kto } = golden[name]!;
  const opened = goldenModel(name);
  const references = await reference(opened.model, opened.weights, [...kto.rows, ...kto.others]);
  const examples = kto.rows.map((row, i): Example => {
    const given = { reference: references[i]!, desirable: Float32Array.of(Number(kto.desirable[i])) };
    const against = { ...exampleOf(kto.others[i]!), given: { reference: references[kto.rows.length + i]! } };
    return { ...exampleOf(row), given, against };
  });
  const found = await learned(opened, { name: "kto", settings: { beta: kto.beta } }, examples);
  expect(found.loss).toBeCloseTo(kto.loss, 5);
  expectGradients(kto, found.gradient, [...opened.weights.keys()]);
  const turned = examples.map((e) => ({ ...e, given: { ...e.given, desirable: Float32Array.of(0) } }));
  expect((await learned(opened, { name: "kto", settings: { beta: kto.beta } }, turned)).loss).not.toBeCloseTo(
    kto.loss,
    3,
  );
});

test.each(Object.keys(golden))("%s: ORPO has TRL's odds ratio beside the likelihood of the answer", async (name) => {
  const { orpo, dpo } = golden[name]!;
  const opened = goldenModel(name);
  const examples = pairsOf(
    dpo,
    [...dpo.chosen, ...dpo.rejected].map(() => Float32Array.of(0)),
  );
  const found = await learned(opened, { name: "orpo", settings: { beta: orpo.beta } }, examples);
  expect(relativeError(found.losses.subarray(0, 4), orpo.losses)).toBeLessThan(1e-5);
  expectGradients(orpo, found.gradient, [...opened.weights.keys()]);
});

/** Answers as rollouts give them. */
const rolled = ({ prompts, answers, advantages, old, reference: held }: Golden["grpo"]): Example[] =>
  answers.map((answer, i) => ({
    ...exampleOf({ ids: [...prompts[i]!, ...answer], answer: prompts[i]!.length }),
    given: {
      advantage: Float32Array.of(advantages[i]!),
      old: Float32Array.from(old[i]!),
      reference: Float32Array.from(held[i]!),
    },
  }));

test.each(Object.keys(golden))("%s: GRPO has TRL's loss and gradients behind the policy that drew", async (name) => {
  const { grpo } = golden[name]!;
  const opened = goldenModel(name);
  const choice = (settings: { clip?: number; kl?: number; temperature?: number }) =>
    ({ name: "grpo", settings: { clip: grpo.clip, kl: grpo.kl, ...settings } }) as const;
  const found = await learned(opened, choice({}), rolled(grpo));
  expect(found.loss).toBeCloseTo(grpo.loss, 5);
  expectGradients(grpo, found.gradient, [...opened.weights.keys()]);
  for (const settings of [{ clip: 0.5 }, { kl: 0 }, { temperature: 0.7 }])
    expect(Math.abs((await learned(opened, choice(settings), rolled(grpo))).loss - grpo.loss)).toBeGreaterThan(1e-4);
});

test("REINFORCE follows the gradient of Σ A·ln π: without a divergence GRPO's at ratio 1, times the tokens", async () => {
  const { grpo } = golden["llama-lm"]!;
  const opened = goldenModel("llama-lm");
  const executable = await cpuRuntime.compile(lossProgram(opened.model), { threads: 1 });
  const examples = rolled(grpo);
  const losses = await predictLosses(executable, opened.model, Object.fromEntries(opened.weights), examples);
  await executable.dispose();
  const found = await learned(opened, { name: "reinforce", settings: { kl: 0 } }, examples);
  for (const [i, { data }] of losses.entries()) expect(found.losses[i]!).toBeCloseTo(data[0]! * grpo.advantages[i]!, 4);
  const held = await learned(opened, { name: "reinforce", settings: { kl: 0.5 } }, examples);
  expect(held.loss).toBeGreaterThan(found.loss + 0.01);
});

test.each(Object.keys(golden))("%s: a reward model has TRL's loss and gradients", async (name) => {
  const { reward } = golden[name]!;
  const { model: writes, weights } = goldenModel(name);
  const family = name === "gpt2-lm" ? "GPT2" : "Llama";
  const model = modelOf(configOf(withHead(writes.config, family, "regression"), "test"));
  const head = hostArray("float32", [1, reward.head.length], Float32Array.from(reward.head));
  const opened = { model, weights: new Map([...weights, ["score.weight", head]]) };
  const examples = reward.chosen.map(
    (ids, i): Example => ({
      ids: Int32Array.from(ids),
      against: { ids: Int32Array.from(reward.rejected[i]!) },
    }),
  );
  const found = await learned(opened, { name: "ranking", settings: {} }, examples);
  expect(found.loss).toBeCloseTo(reward.loss, 5);
  expectGradients(
    reward,
    found.gradient,
    model.parameters.map((p) => p.name),
  );
  const centred = await learned(opened, { name: "ranking", settings: { centre: 1 } }, examples);
  expect(centred.loss).toBeGreaterThan(found.loss + 1e-3);
});

test("refuses settings out of range, answers without a rival, a reference that is not a number, and models that do not write", () => {
  const of = (choice: ObjectiveChoice) => () => objectiveOf(choice);
  expect(fault("E_CONFIG", of({ name: "dpo", settings: { beta: 0 } })).facts.problem).toBe("beta is wrong");
  expect(fault("E_CONFIG", of({ name: "grpo", settings: { clip: 2 } })).facts.path).toBe("objective.clip");
  const { model } = goldenModel("llama-lm");
  const dpo = objectiveOf({ name: "dpo", settings: {} });
  const pair = pairsOf(
    golden["llama-lm"]!.dpo,
    Array.from({ length: 8 }, () => Float32Array.of(1)),
  )[0]!;
  const { against: _, ...alone } = pair;
  expect(fault("E_DATA", () => batchFeeds(model, [alone], {}, dpo)).facts.problem).toContain("no other to be compared");
  const broken = { ...pair, given: { reference: Float32Array.of(Number.NaN) } };
  expect(fault("E_DATA", () => batchFeeds(model, [broken], {}, dpo)).facts.problem).toContain("not finite");
  const judge = goldenModel("bert-regression").model;
  expect(fault("E_CONFIG", () => trainingProgram(judge, { objective: dpo })).facts.path).toBe("objective");
  const ranking = objectiveOf({ name: "ranking", settings: {} });
  expect(fault("E_CONFIG", () => trainingProgram(model, { objective: ranking })).facts.got).toContain("causal-lm");
});
