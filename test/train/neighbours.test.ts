// Losses of vectors of texts against PyTorch, and what a run learns by them; BM25 and scores of ranks against Python.
// Numbers: test/golden/heads.json (tools/heads-reference.py: torch 2.15.0, scikit-learn 1.9.1).
import { expect, test } from "vitest";
import { gradients } from "../../src/autodiff/index.ts";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { fitBm25, termsOf } from "../../src/baseline/index.ts";
import { ndcgAt, ownDocuments, ranksOf, recallAt, reciprocalAt } from "../../src/eval/index.ts";
import { input, makeGraph, mul, sum } from "../../src/graph/index.ts";
import { initialise, withHead } from "../../src/models/index.ts";
import { referenceRuntime } from "../../src/runtime/index.ts";
import { createTrainer, objectiveOf, type TextExample, type TrainerOptions } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { goldenJson } from "../golden.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyModel } from "./tiny.ts";

interface Golden {
  readonly texts: readonly string[];
  readonly ranking: {
    readonly vectors: readonly (readonly number[])[];
    readonly ranking: { readonly losses: readonly number[]; readonly gradients: readonly (readonly number[])[] };
    readonly triplet: { readonly losses: readonly number[]; readonly gradients: readonly (readonly number[])[] };
  };
  readonly bm25: readonly { readonly query: string; readonly scores: readonly number[] }[];
  readonly search: {
    readonly similarities: readonly (readonly number[])[];
    readonly own: readonly number[];
    readonly ranks: readonly number[];
    readonly ndcgAt10: number;
    readonly recallAt3: number;
    readonly mrrAt10: number;
  };
}
const golden = goldenJson<Golden>("heads.json");
const config = withHead(tinyConfig, "Bert", "embedding");
const model = tinyModel(config);
const row = (id: number) => ({ ids: Int32Array.of(5, id, 6) });

test.each(["neighbours", "triplet"] as const)("%s: losses and gradients of vectors are PyTorch's", async (name) => {
  const objective = objectiveOf({ name, settings: {} });
  const examples = Array.from(
    { length: 5 },
    (_, i): TextExample => ({ ...row(10 + i), counterparts: [row(20 + i), row(30 + i)] }),
  );
  const batch = objective.feeds(examples, { model, draw: random, divisor: 1 });
  expect(batch.examples).toHaveLength(15);
  const specs = objective.inputs(model);
  const values = Object.fromEntries(
    Object.entries(specs).map(([key, [dtype, shape]]) => [key, input(key, dtype, shape)]),
  );
  const vectors = input("vectors", "float32", ["B", 4]);
  const losses = objective.losses({ hidden: [], last: vectors, logits: vectors }, values, {
    model,
    layout: undefined,
    options: {},
    attention: [],
  });
  const [g] = gradients([sum(mul(losses, values.weights!))], [vectors]);
  const exe = await referenceRuntime.compile(makeGraph({ vectors, ...values }, { losses, g: g! }));
  const data = Float32Array.from(golden.ranking.vectors.flat());
  const got = await exe.run({ ...batch.feeds, vectors: hostArray("float32", [15, 4], data) });
  const read = (array: HostArray | undefined) => Array.from(array!.data as Float32Array);
  const far = (a: readonly number[], b: readonly number[]) => Math.max(...b.map((x, i) => Math.abs(x - a[i]!)));
  expect(far(read(got.losses), golden.ranking[name === "triplet" ? name : "ranking"].losses)).toBeLessThan(1e-5);
  expect(far(read(got.g), golden.ranking[name === "triplet" ? name : "ranking"].gradients.flat())).toBeLessThan(1e-4);
});

test("a second text that is another's own too is no stranger to it", () => {
  const twins = [row(10), row(11), row(12)].map(
    (one, i): TextExample => ({ ...one, counterparts: [row(i === 2 ? 21 : 20)] }),
  );
  const { feeds } = objectiveOf({ name: "neighbours", settings: {} }).feeds(twins, { model, draw: random });
  const apart = feeds.apart!.data as Float32Array;
  expect([apart[3], apart[4]! < -1e30, apart[5]]).toEqual([0, true, 0]); // own, the same text, a stranger
});

const examples = Array.from(
  { length: 24 },
  (_, i): TextExample => ({ ...row(10 + i), counterparts: [row(100 + i), row(100 + ((i + 1) % 24))] }),
);
const trained = async (name: "neighbours" | "triplet", options: Partial<TrainerOptions> = {}) => {
  const trainer = await createTrainer({
    model,
    weights: initialise(model, random(1)),
    runtime: cpuRuntime,
    examples,
    threads: 1,
    objective: objectiveOf({ name, settings: {} }),
    options: { epochs: 12, batchSize: 8, learningRate: 1e-2, dropout: false, seed: 3, ...options },
  });
  while (trainer.step < trainer.steps) await trainer.run();
  const vectors = await trainer.predict([
    ...examples.map(({ ids }) => ({ ids })),
    ...examples.map((_, i) => row(100 + i)),
  ]);
  const weights = [...trainer.weights().values()].flatMap(({ data }) => [...data]);
  await trainer.dispose();
  const found = ownDocuments(examples.map((_, i) => ({ text: String(i), document: String(i) })));
  const dot = (a: Float32Array, b: Float32Array) => a.reduce((total, x, h) => total + x * b[h]!, 0);
  const ranks = ranksOf(found, (i) => examples.map((_, j) => dot(vectors[i]!.data, vectors[24 + j]!.data)));
  return { weights, found: recallAt(ranks, 1)(Int32Array.from(ranks.keys())) };
};

test.each(["neighbours", "triplet"] as const)("%s: texts learn to find their own second text", async (name) => {
  expect((await trained(name)).found).toBeGreaterThan(0.9);
  expect((await trained(name, { epochs: 1, learningRate: 1e-6 })).found).toBeLessThan(0.5);
});

test("triplets are the same in parts; in-batch negatives are not run in parts, and neither is trained privately", async () => {
  const [whole, parts] = [
    await trained("triplet", { epochs: 1 }),
    await trained("triplet", { epochs: 1, accumulate: 2 }),
  ];
  expect(Math.max(...whole.weights.map((x, i) => Math.abs(x - parts.weights[i]!)))).toBeLessThan(1e-3);
  await expect(trained("neighbours", { accumulate: 2 })).rejects.toThrow(
    "neighbours compares all examples that are run at once",
  );
  const privacy = { epsilon: 8, delta: 1e-3 };
  await expect(trained("neighbours", { privacy })).rejects.toThrow("neighbours cannot be trained privately");
  await expect(trained("triplet", { privacy })).rejects.toThrow("triplet cannot be trained privately");
  expect(fault("E_CONFIG", () => objectiveOf({ name: "neighbours", settings: { scale: 0 } })).facts.got).toBe("0");
  expect(fault("E_CONFIG", () => objectiveOf({ name: "triplet", settings: { margin: 3 } })).facts.got).toBe("3");
});

test("BM25 is Okapi's formula; Chinese is searched by characters and pairs of them", () => {
  const search = fitBm25(golden.texts);
  for (const { query, scores } of golden.bm25)
    expect(Math.max(...scores.map((s, i) => Math.abs(s - search.scores(query)[i]!)))).toBeLessThan(1e-9);
  expect(termsOf("Sore 头疼 a-b")).toEqual(["sore", "头", "疼", "a", "b", "头疼"]);
  const [near, far] = fitBm25(["我头疼发烧", "今天下雨了"]).scores("头疼");
  expect(near).toBeGreaterThan(far!);
});

test("scores of ranks are scikit-learn's nDCG, recall and MRR; other documents of the same text are passed over, level ones count half", () => {
  const { similarities, own, ranks, ndcgAt10, recallAt3, mrrAt10 } = golden.search;
  const documents = Array.from({ length: 12 }, (_, d) => String(d));
  const found = ranksOf(
    { documents, own: Int32Array.from(own), others: own.map(() => new Set<number>()) },
    (i) => similarities[i]!,
  );
  expect(found).toEqual(ranks);
  const all = Int32Array.from(ranks.keys());
  expect(ndcgAt(ranks, 10)(all)).toBeCloseTo(ndcgAt10, 12);
  expect(recallAt(ranks, 3)(all)).toBeCloseTo(recallAt3, 12);
  expect(reciprocalAt(ranks, 10)(all)).toBeCloseTo(mrrAt10, 12);
  const twice = ownDocuments([
    { text: "a", document: "x" },
    { text: "a", document: "y" },
    { text: "b", document: "z" },
  ]);
  expect(ranksOf(twice, () => [1, 2, 2])).toEqual([2, 1.5, 1.5]);
});
