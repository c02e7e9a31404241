// What decisions that treat groups alike reach on the disease data, on held-out patients, ten seeds. A gap in answers is planted: of
// half of the diseases the islands have more rows, of the others the rest, and a model goes by that where a message leaves it open.
import { expect, test } from "vitest";
import { generate, type Message } from "../../examples/disease/generate/generate.ts";
import { hashText, random } from "../../src/base/index.ts";
import { averageScores } from "../../src/eval/index.ts";
import { fairDisparity, fairRates } from "../../src/fairness/index.ts";
import {
  answersOf,
  exponentiatedGradient,
  fitFairRule,
  groupEstimator,
  isBetter,
  singleHeads,
} from "../../src/mitigation/index.ts";
import { decided, fitTemperature, groupsByLabel, type Reading, softmax } from "../../src/predict/index.ts";
import { trainHashed } from "./hashed-words.ts";

const groups = ["elsewhere", "islands"];
const rates = fairRates("demographic-parity", [1]);
const tolerance = 0.05;
const cost = 0.05;

/** Messages whose diseases lie unevenly between groups, by patients: half to train, a quarter each to fit and to test. */
function planted(seed: number) {
  const { labelled } = generate(seed);
  const names = [...new Set(labelled.map((m) => m.truth))].sort();
  const rng = random(`planted ${seed}`);
  const kept = labelled.filter((m) => {
    const more = (m.patient.region === "islands") === (names.indexOf(m.truth) % 2 === 1);
    return more || rng.float() < 0.5;
  });
  const fold = (m: Message) => hashText(`${seed} ${m.patient.id}`) % 4;
  const part = (folds: readonly number[]) => kept.filter((m) => folds.includes(fold(m)));
  return { names, train: part([0, 1]), dev: part([2]), test: part([3]) };
}

const width = 64;
/** A frozen embedding of a text: its words at random places, which tells of its dialect as sentence vectors do. */
function embedding(text: string): number[] {
  const words = text.toLowerCase().match(/[a-z']+|\p{Script=Han}/gu) ?? [];
  const sums = new Array<number>(width).fill(0);
  for (const word of words) {
    const rng = random(hashText(word));
    for (let h = 0; h < width; h++) sums[h]! += (rng.float() < 0.5 ? -1 : 1) / Math.sqrt(words.length);
  }
  return sums;
}

function readBy(answer: (text: string) => ArrayLike<number>, names: readonly string[]) {
  return (messages: readonly Message[]) => {
    const readings = messages.map(({ text }): Reading => {
      const logits = Float32Array.from(answer(text), (p) => Math.log(Math.max(p, 1e-6)));
      return { logits, features: Float32Array.from([...logits, ...embedding(text)]) };
    });
    return {
      readings,
      truth: Int32Array.from(messages, (m) => names.indexOf(m.truth) % 2),
      groupOf: Int32Array.from(messages, (m) => Number(m.patient.region === "islands")),
      groups: 2,
    };
  };
}
type Part = ReturnType<ReturnType<typeof readBy>>;

const flat = ({ readings }: Part) => Float64Array.from(readings.flatMap((r) => [...r.features]));
const best = (scores: ArrayLike<number>) => Number(scores[1]! > scores[0]!);
const scored = (part: Part, answers: ArrayLike<number>) => ({
  disparity: fairDisparity(rates, part, answers),
  accuracy: part.truth.reduce((n, t, i) => n + Number(t === answers[i]), 0) / part.truth.length,
  macroF1: averageScores([...part.truth], Array.from(answers), "macro").fScore,
});

/** Answers to the test part by a rule fitted on dev. */
function byRule(kind: "group-thresholds" | "linear-post", train: Part, dev: Part, held: Part): number[] {
  const temperature = fitTemperature(
    dev.readings.map((r) => r.logits),
    [...dev.truth],
  );
  const own = dev.readings.map((r) => softmax(r.logits, temperature));
  const features = train.readings.map((r) => r.features);
  const estimator = groupEstimator({ ...train, features, label: train.truth, classes: 2 });
  const joint = dev.readings.flatMap((r, i) => groupsByLabel({ estimator }, r.features, own[i]!).flat());
  const probabilities = Float64Array.from(own.flat());
  const blind = kind === "linear-post" ? Float64Array.from(joint) : undefined;
  const { scale, shift } = fitFairRule({ ...dev, probabilities, joint: blind }, { rates, tolerance, cost });
  const facts = { format: "concord-decisions", version: 1, attribute: "region", criterion: "", labels: [] } as const;
  const rule = { ...facts, fitted: {}, kind, temperature, groups, scale, shift, estimator };
  return held.readings.map((r, i) => best(decided(rule, r, groups[held.groupOf[i]!])));
}

/** Answers to the test part by the best head on dev. */
function byHead(train: Part, dev: Part, held: Part): Int32Array {
  const rows = { ...train, inputs: flat(train), classes: 2 };
  const found = exponentiatedGradient(rows, { rates, bound: tolerance / 2, eps: tolerance, iterations: 30 });
  const on = (part: Part) => (head: Parameters<typeof answersOf>[0]) => answersOf(head, flat(part), part.truth.length);
  const before = scored(
    dev,
    dev.readings.map((r) => best(r.logits)),
  );
  const tried = singleHeads(found).map((head) => ({ head, score: scored(dev, on(dev)(head)) }));
  const { head } = tried.reduce((a, b) => (isBetter(b.score, a.score, tolerance, before.accuracy - cost) ? b : a));
  return on(held)(head);
}

/** Per option: most macro F1 lost in the mean of the seeds and in the worst seed, and the seeds of ten in which the gap is halved. */
const claims = [
  ["group-thresholds", 0.02, 0.035, 10],
  ["linear-post", 0.055, 0.09, 9],
  ["exponentiated-gradient", 0.06, 0.09, 9],
] as const;

test("on held-out patients thresholds halve the planted gap for 2 points of macro F1, rules that know no group for 6, in the mean of ten seeds", () => {
  const table: Record<string, string | number>[] = [];
  for (const seed of [300, 301, 302, 303, 304, 305, 306, 307, 308, 309]) {
    const { names, train, dev, test: held } = planted(seed);
    const rows = train.map((m) => ({ text: m.text, label: names.indexOf(m.truth) % 2 }));
    const read = readBy(trainHashed(rows, 2, seed, 6), names);
    const parts = [read(train), read(dev), read(held)] as const;
    const before = scored(
      parts[2],
      parts[2].readings.map((r) => best(r.logits)),
    );
    const put = (option: string, answers: ArrayLike<number>) => {
      const after = scored(parts[2], answers);
      table.push({
        seed,
        option,
        gapBefore: before.disparity,
        gapAfter: after.disparity,
        f1Before: before.macroF1,
        f1After: after.macroF1,
      });
    };
    put("group-thresholds", byRule("group-thresholds", ...parts));
    put("linear-post", byRule("linear-post", ...parts));
    put("exponentiated-gradient", byHead(...parts));
  }
  console.table(table);
  for (const [option, inTheMean, inTheWorst, seeds] of claims) {
    const rows = table.filter((row) => row.option === option);
    const halved = rows.filter((row) => Number(row.gapAfter) <= Number(row.gapBefore) / 2);
    expect(halved.length, option).toBeGreaterThanOrEqual(seeds);
    const lost = rows.map((row) => Number(row.f1Before) - Number(row.f1After));
    expect(lost.reduce((sum, each) => sum + each) / lost.length, option).toBeLessThan(inTheMean);
    expect(Math.max(...lost), option).toBeLessThan(inTheWorst);
  }
});
