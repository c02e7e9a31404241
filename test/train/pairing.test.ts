// Logit pairing: its definition, its gradient through a whole model against central differences, and in the training machine that it
// brings pairs together, resumes to the same bits and refuses what it cannot pair.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { input, interpret, makeGraph, mul, type RefArray, sum } from "../../src/graph/index.ts";
import { tokensOf } from "../../src/modalities/index.ts";
import { initialise, type Task } from "../../src/models/index.ts";
import {
  batchFeeds,
  createTrainer,
  largestBatch,
  pairDistance,
  pairing,
  type TextExample,
  type Trainer,
  type TrainerOptions,
  trainingProgram,
  withCounterparts,
} from "../../src/train/index.ts";
import { gradientError } from "../conformance/differences.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyExamples, tinyJob, tinyModel } from "./tiny.ts";

const model = tinyModel();
const objectiveWith = (strength: number) => (strength > 0 ? pairing({ strength }) : undefined);
const weights = initialise(model, random(1));
/** Every second example has two counterparts: its ids with another one at the second place, which decides the label. */
const examples = tinyExamples(40).map((e, i): TextExample => {
  const other = (id: number) => ({ ids: e.ids.map((own, k) => (k === 1 ? id : own)) });
  return i % 2 ? e : { ...e, counterparts: [other(7), other(8)] };
});
const doubles = (shape: readonly number[], of: (i: number) => number): RefArray => ({
  dtype: "float64",
  shape,
  data: Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => of(i)),
});

test("a batch is followed by one counterpart of each example that has some, without weight", () => {
  const { examples: all, pairs } = withCounterparts(examples.slice(0, 3), random(1));
  expect(all).toHaveLength(5);
  expect(all.slice(0, 3)).toEqual(examples.slice(0, 3));
  expect(all.slice(3).map((e) => [e.weight, e.label])).toEqual([
    [0, examples[0]!.label],
    [0, examples[2]!.label],
  ]);
  expect(pairs.shape).toEqual([5, 5]);
  expect([...pairs.data].map((x, i) => [x, Math.floor(i / 5), i % 5]).filter(([x]) => x !== 0)).toEqual([
    [1, 0, 0],
    [-1, 0, 3],
    [1, 2, 2],
    [-1, 2, 4],
  ]);
});

test("counterparts are drawn evenly", () => {
  const rng = random(2);
  const drawn = Array.from(
    { length: 400 },
    () => tokensOf(withCounterparts([examples[0]!], rng).examples[1]!, 1).ids[1],
  );
  expect(Math.abs(drawn.filter((id) => id === 7).length - 200)).toBeLessThan(40);
});

test("of two labels the distance is the change of the log-odds, whatever is added to both logits", () => {
  const [logits, pairs] = [input("logits", "float64", [3, 2]), input("pairs", "float64", [3, 3])];
  const graph = makeGraph({ logits, pairs }, { d: pairDistance("single-label", logits, pairs) });
  const feeds = {
    logits: doubles([3, 2], (i) => [1, 3, 5, 5, 104, 101][i]!),
    pairs: doubles([3, 3], (i) => [1, 0, -1][i] ?? 0),
  };
  expect([...interpret(graph, feeds).d!.data]).toEqual([5, 0, 0]); // |(3 − 1) − (101 − 104)|
});

test.each<Task>(["single-label", "multi-label", "regression"])(
  "its gradient is that of central differences: %s",
  (task) => {
    const rng = random(4);
    const [logits, pairs, seeds] = [
      input("logits", "float64", [4, 3]),
      input("pairs", "float64", [4, 4]),
      input("s", "float64", [4]),
    ];
    const loss = sum(mul(pairDistance(task, logits, pairs), seeds));
    const feeds = {
      logits: doubles([4, 3], () => rng.normal()),
      pairs: doubles([4, 4], (i) => ({ 0: 1, 2: -1, 5: 1, 7: -1 })[i] ?? 0),
      s: doubles([4], () => rng.normal()),
    };
    expect(gradientError(loss, { logits, pairs, s: seeds }, ["logits"], feeds)).toBeLessThan(1e-8);
  },
);

test("the program's gradient of every parameter is that of central differences, and differs from the one without pairs", () => {
  const short = examples.slice(0, 2).map((e) => ({
    ...e,
    ids: e.ids.slice(0, 4),
    counterparts: e.counterparts?.map(({ ids }) => ({ ids: ids.slice(0, 4) })),
  }));
  const { examples: batch, pairs } = withCounterparts(short, random(3));
  const feeds = { ...batchFeeds(model, batch, { divisor: 2 }), pairs };
  const grown = [...weights].map(
    ([name, a]) => [name, { ...a, data: a.data.map((x) => (x === 1 ? x : 12 * x)) }] as const,
  ); // fresh ones hardly move logits
  const given = Object.fromEntries([...Object.entries(feeds), ...grown].map(([name, a]) => [name, asDoubles(a)]));
  const gradientsWith = (strength: number) => {
    const program = trainingProgram(model, { dropout: false, objective: objectiveWith(strength) });
    const at = (name: string, i: number, by: number) => {
      const data = given[name]!.data.slice();
      data[i]! += by;
      const inputs = Object.fromEntries(
        program.graph.inputs.map(([n]) => [n, n === name ? { ...given[n]!, data } : given[n]!]),
      );
      return { inputs, results: interpret(program.graph, inputs) };
    };
    return { program, at };
  };
  const [paired, plain] = [gradientsWith(0.7), gradientsWith(0)];
  const rng = random(9);
  const [{ results }, { results: unpaired }] = [paired.at("ids", 0, 0), plain.at("ids", 0, 0)];
  let changed = 0;
  for (const { parameter, dense } of paired.program.gradients.filter((g) => g.dense && !g.rows.length)) {
    const objective = (by: number, i: number) => {
      const { losses } = paired.at(parameter, i, by).results;
      return losses!.data.reduce((total, l, b) => total + l * given.weights!.data[b]!, 0);
    };
    const i = rng.int(weights.get(parameter)!.data.length);
    const slope = (objective(1e-5, i) - objective(-1e-5, i)) / 2e-5;
    const got = results[dense!]!.data[i]!;
    expect(Math.abs(got - slope), parameter).toBeLessThan(1e-6 * Math.max(1e-2, Math.abs(slope)));
    const without = plain.program.gradients.find((g) => g.parameter === parameter)!.dense!;
    changed += Number(Math.abs(unpaired[without]!.data[i]! - got) > 1e-3 * Math.abs(got));
  }
  expect(changed).toBeGreaterThan(10);
});

const asDoubles = (a: { dtype: string; shape: readonly number[]; data: ArrayLike<number | bigint> }): RefArray => ({
  dtype: a.dtype === "float32" ? "float64" : (a.dtype as "int32"),
  shape: a.shape,
  data: Float64Array.from(a.data, Number),
});

const make = (strength: number, options: Partial<TrainerOptions> = {}) =>
  createTrainer({
    objective: objectiveWith(strength),
    model,
    weights,
    runtime: cpuRuntime,
    examples,
    threads: 1,
    options: { epochs: 4, batchSize: 8, learningRate: 1e-2, seed: 3, ...options },
  });
const finish = async (trainer: Trainer, from = 0) => {
  for (let k = from; k < trainer.steps; k++) await trainer.run();
  const done = [...trainer.weights().values()].map(({ data }) => data.slice());
  await trainer.dispose();
  return done;
};

test("the stronger the pull, the nearer are the logits of pairs", async () => {
  const apart = async (strength: number) => {
    const trainer = await make(strength);
    while (trainer.step < trainer.steps) await trainer.run();
    const named = examples.filter((e) => e.counterparts);
    const others = named.map(({ counterparts }) => ({ ids: counterparts![0]!.ids }));
    const [own, other] = [await trainer.predict(named), await trainer.predict(others)];
    await trainer.dispose();
    const odds = (a: { data: Float32Array }) => a.data[1]! - a.data[0]!;
    return own.reduce((total, a, i) => total + Math.abs(odds(a) - odds(other[i]!)), 0) / own.length;
  };
  const [none, some, much] = [await apart(0), await apart(0.2), await apart(5)];
  expect(some).toBeLessThan(none);
  expect(much).toBeLessThan(some / 2);
});

test("saved and restored in the middle of an epoch, it ends with the same bits", async () => {
  const whole = await finish(await make(1, { accumulate: 2 }));
  const first = await make(1, { accumulate: 2 });
  for (let k = 0; k < 7; k++) await first.run();
  const { tensors, state } = first.save();
  const saved = {
    tensors: new Map([...tensors].map(([name, a]) => [name, { ...a, data: a.data.slice() } as typeof a])),
    state: JSON.parse(JSON.stringify(state)),
  };
  await first.dispose();
  const second = await make(1, { accumulate: 2 });
  second.restore(saved);
  expect(await finish(second, 7)).toEqual(whole);
});

test("group-robust training with pairs tells groups' losses apart as without", async () => {
  const trainer = await make(1, { groupRobust: 0.5 });
  await trainer.run();
  expect((trainer.save().state.groups as number[]).every(Number.isFinite)).toBe(true);
  await trainer.dispose();
});

test("memory is estimated with the counterparts of the batch", () => {
  const job = { ...tinyJob({ batchSize: 4 }), examples };
  const [plain, paired] = [
    largestBatch(job),
    largestBatch({ ...job, objective: { name: "pairing", settings: { strength: 1 } } }),
  ];
  expect(paired.examples).toBe(8);
  expect(paired.tokens).toBeGreaterThan(plain.tokens);
});

test("private training, and models that label words, are refused", async () => {
  await expect(make(1, { privacy: { epsilon: 8, delta: 1e-5 } })).rejects.toThrow(
    /pairing cannot be trained privately/,
  );
  expect(() => pairing({ strength: -1 })).toThrow(/pairing/);
  const logits = input("logits", "float32", ["M", 3]);
  expect(() => pairDistance("token", logits, input("pairs", "float32", ["B", "B"]))).toThrow(/whole texts/);
});
