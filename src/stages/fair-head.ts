// The model's linear head learned anew by exponentiated gradient, with everything below it as it is.

import { ConcordError, type HostArray } from "../base/index.ts";
import { fairDisparity } from "../fairness/index.ts";
import {
  answersOf,
  exponentiatedGradient,
  type FairRuleOptions,
  type FairScore,
  isBetter,
  type LinearHead,
  singleHeads,
} from "../mitigation/index.ts";
import type { DecisionGroups, ReadRows, TrainedModel } from "./decision-groups.ts";

export interface FairHead {
  /** Under the model's names. */
  readonly head: ReadonlyMap<string, HostArray>;
  readonly replaced: { readonly weight: number[][]; readonly bias: number[] };
  readonly before: FairScore;
  readonly after: FairScore;
  /** Heads of the mixture, its duality gap, and whether one of those that it offers was taken. */
  readonly heads: number;
  readonly gap: number;
  readonly taken: boolean;
}

/**
 * The theory gives a mixture from which a head is drawn for each text. A model folder holds one head and gives a text one answer, so
 * the mixture's heads, their mean, what lies between and the trained head are tried on dev, and the best of them is kept.
 * @throws E_MODEL when the model's logits are not linear in what its head reads
 */
export function fairHead(
  { model, weights, labels }: TrainedModel,
  train: ReadRows,
  dev: ReadRows,
  groups: DecisionGroups,
  { rates, tolerance, cost = 1, smallestCell }: FairRuleOptions,
): FairHead {
  const names = headNames(model.parameters, weights, dev);
  const trainedHead = linearHead(names.map((name) => weights.get(name)!));
  const [inputs, validation] = [flat(train), flat(dev)];
  const rows = { ...train, inputs, groups: groups.names.length, classes: labels.length };
  // a group's share is held to that of all: half of the tolerance keeps two groups within it
  const found = exponentiatedGradient(rows, {
    rates,
    bound: tolerance / 2,
    eps: Math.max(0.01, tolerance),
    iterations: 30,
    learnerIterations: 30,
  });
  const score = (head: LinearHead): FairScore => {
    const answers = answersOf(head, validation, dev.truth.length);
    const right = answers.reduce((n, y, i) => n + Number(y === dev.truth[i]), 0);
    const compared = { ...dev, groups: groups.names.length };
    return { accuracy: right / answers.length, disparity: fairDisparity(rates, compared, answers, smallestCell) };
  };
  const before = score(trainedHead);
  const tried = [trainedHead, ...singleHeads(found)].map((head, i) => ({ head, score: i ? score(head) : before }));
  const best = tried.reduce((a, b) => (isBetter(b.score, a.score, tolerance, before.accuracy - cost) ? b : a));
  return {
    head: new Map(names.map((name, i) => [name, stored(i ? best.head.bias : best.head.weight, weights.get(name)!)])),
    replaced: { weight: tableOf(trainedHead), bias: [...trainedHead.bias] },
    before,
    after: best.score,
    heads: found.weights.filter((w) => w > 0).length,
    gap: found.gap,
    taken: best.head !== trainedHead,
  };
}

const flat = ({ readings }: ReadRows): Float32Array => {
  const width = readings[0]!.features.length;
  const out = new Float32Array(readings.length * width);
  for (const [i, { features }] of readings.entries()) out.set(features, i * width);
  return out;
};

const stored = (data: Float64Array, { shape }: HostArray): HostArray => ({
  dtype: "float32",
  shape,
  data: Float32Array.from(data),
});

const linearHead = ([weight, bias]: readonly HostArray[]): LinearHead => ({
  weight: Float64Array.from(weight!.data as Float32Array),
  bias: Float64Array.from(bias!.data as Float32Array),
});

function tableOf({ weight, bias }: LinearHead): number[][] {
  const width = weight.length / bias.length;
  return Array.from(bias, (_, k) => [...weight.subarray(k * width, (k + 1) * width)]);
}

/** Names of the weight and bias that make logits of features, found by trying: no architecture is asked who it is. */
function headNames(
  parameters: readonly { readonly name: string; readonly shape: readonly number[] }[],
  weights: ReadonlyMap<string, HostArray>,
  { readings }: ReadRows,
): [string, string] {
  const [classes, width] = [readings[0]!.logits.length, readings[0]!.features.length];
  for (const { name, shape } of parameters) {
    const bias = name.replace(/\.weight$/, ".bias");
    if (shape[0] !== classes || shape[1] !== width || shape.length !== 2 || !weights.has(bias)) continue;
    const head = linearHead([weights.get(name)!, weights.get(bias)!]);
    const fits = readings.slice(0, 8).every(({ logits, features }) =>
      tableOf(head).every((row, k) => {
        const z = row.reduce((sum, w, h) => sum + w * features[h]!, head.bias[k]!);
        return Math.abs(z - logits[k]!) <= 1e-3 * Math.max(1, Math.abs(z));
      }),
    );
    if (fits) return [name, bias];
  }
  throw new ConcordError("E_MODEL", {
    operation: "decisions",
    problem: "the model's logits are not linear in what its head reads, so its head cannot be learned anew",
    expected: "a head of one linear layer, such as BERT's",
    hint: "use decisions: linear-post, which works with every head",
    path: "adapt.mitigation.decisions",
  });
}
