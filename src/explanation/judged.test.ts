import { afterAll, beforeAll, expect, test } from "vitest";
import { type LinearModel, linearModel } from "../../test/audit/bag-of-words.ts";
import { random } from "../base/index.ts";
import { softmax } from "../predict/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { classWords } from "./class-words.ts";
import { type Explainer, explainer } from "./explainer.ts";
import { faithfulness, rankWords } from "./faithfulness.ts";
import { smallestFlip } from "./flip.ts";
import { judgeMethods } from "./judged.ts";
import { nearest } from "./nearest.ts";

const rng = random(11);
const fillers = "the a my since and with on day night home work rain tea bus".split(" ");
const texts = Array.from({ length: 30 }, (_, i) => {
  const words = Array.from({ length: 12 }, () => fillers[rng.int(fillers.length)]!);
  words[rng.int(12)] = i % 2 ? "fever" : "cough";
  return words.join(" ");
});
/** Only two words matter. */
const worthOf = (token: string): number[] => (token === "fever" ? [3, -1] : token === "cough" ? [-1, 3] : [0, 0]);
let linear: LinearModel;
let other: LinearModel;
let [own, random1]: Explainer[] = [];
beforeAll(async () => {
  linear = await linearModel(texts, ["flu", "cold"], worthOf);
  other = await linearModel(texts, ["flu", "cold"]);
  own = explainer(linear.weights, linear.predictor, cpuRuntime);
  random1 = explainer(other.weights, other.predictor, cpuRuntime);
});
afterAll(async () => {
  for (const made of [own, random1]) await made?.dispose();
  for (const { predictor } of [linear, other]) await predictor.dispose();
});

test("comprehensiveness and sufficiency are ERASER's, worked out by hand where one word decides", async () => {
  const seen = await own!.read(texts[1]!);
  const at = seen.words.findIndex((w) => w.word === "fever");
  const order = [at, ...seen.words.keys()].filter((w, i, all) => all.indexOf(w) === i);
  const [good] = await faithfulness(linear.predictor, [{ seen, target: 0, order }]);
  const [bad] = await faithfulness(linear.predictor, [{ seen, target: 0, order: [...order].reverse() }]);
  const loss = softmax([3, -1])[0]! - 0.5;
  expect(good!.comprehensiveness).toBeCloseTo(loss, 5);
  expect(good!.sufficiency).toBeCloseTo(0, 5);
  expect(good!.aopc).toBeCloseTo(loss, 5);
  expect(bad!.comprehensiveness).toBeCloseTo(0, 5);
  expect(bad!.sufficiency).toBeCloseTo(loss, 5);
  expect(bad!.aopcSufficiency).toBeCloseTo(loss, 5);
  const [warm] = await faithfulness(linear.predictor, [{ seen, target: 0, order }], { temperature: 4 });
  expect(warm!.comprehensiveness).toBeCloseTo(softmax([3, -1], 4)[0]! - 0.5, 5);
  expect(rankWords([1, -3, 2])).toEqual([2, 0, 1]);
});

test("methods that find the deciding word are above a random order; explanations of random weights are unlike", async () => {
  const judge = (more: object = {}) =>
    judgeMethods(own!, texts, {
      methods: ["occlusion", "shap", "integratedGradients"],
      resamples: 200,
      rng: random(0),
      evaluations: 60,
      random: [{ part: "all", explainer: random1! }],
      ...more,
    });
  const { methods, random: chance, rows } = await judge();
  expect(rows).toBe(30);
  for (const method of ["occlusion", "shap", "integratedGradients"] as const) {
    const { aopc, aboveRandom, randomised, refused } = methods[method]!;
    expect(aopc.value).toBeCloseTo(softmax([3, -1])[0]! - 0.5, 2);
    expect(aboveRandom.low).toBeGreaterThan(0.1);
    expect(aboveRandom.value).toBeCloseTo(aopc.value - chance.aopc.value, 6);
    expect(Math.abs(randomised!.value)).toBeLessThan(0.5);
    expect(refused).toBe(0);
  }
  expect((await judge({ methods: ["occlusion"] })).methods.occlusion).toEqual(methods.occlusion);
  expect((await judge({ methods: ["occlusion"], random: undefined })).methods.occlusion!.randomised).toBeUndefined();
});

test("against a model of the opposite head the same label is explained, and its sign is turned", async () => {
  const turned = await linearModel(texts, ["flu", "cold"], (token) => worthOf(token).map((x) => -x));
  const opposite = explainer(turned.weights, turned.predictor, cpuRuntime);
  const { methods } = await judgeMethods(own!, texts, {
    methods: ["occlusion", "saliency"],
    resamples: 50,
    rng: random(0),
    random: [
      { part: "head", explainer: opposite },
      { part: "all", explainer: random1! },
    ],
  });
  expect(methods.occlusion!.cascade!.head!.value).toBeLessThan(-0.9); // sizes alone would agree
  expect(methods.saliency!.cascade).toBeUndefined(); // the same for every word of a linear model: no order to compare
  expect(methods.occlusion!.randomised).toEqual(methods.occlusion!.cascade!.all);
  await opposite.dispose();
  await turned.predictor.dispose();
});

test("the smallest edit of a text that one word decides is that word", async () => {
  const text = `${texts[1]} cough`;
  const { edit, before, words } = await smallestFlip(linear.predictor, `${texts[1]} fever cough`);
  expect(before).toBe("flu");
  expect(edit!.removed.map((w) => words[w]!.word)).toEqual(["fever", "fever"]);
  expect(edit).toMatchObject({ after: "cold", proof: "fewest" });
  expect(edit!.texts[0]).not.toContain("fever");
  const few = await smallestFlip(linear.predictor, `${texts[1]} fever cough`, { pairsAmong: 3 });
  expect(few.edit!.proof).toBe("enough");
  await expect(smallestFlip(linear.predictor, text, { label: "colt" })).rejects.toMatchObject({ code: "E_ARGUMENT" });
  expect((await smallestFlip(linear.predictor, "fever")).edit).toBeUndefined();
});

test("words that drive a class have their mean, interval and support; rare and opposing ones are left out", () => {
  const explained = Array.from({ length: 12 }, (_, i) => ({
    label: i < 10 ? "flu" : "cold",
    words: [
      { word: i % 2 ? "Fever" : "fever", value: 2 + (i % 3) * 0.1 },
      { word: "no", value: -1 },
      { word: ".", value: 5 },
      ...(i < 3 ? [{ word: "rare", value: 9 }] : []),
    ],
  }));
  const found = classWords(explained);
  expect(found.get("flu")).toEqual([
    { word: "fever", value: expect.closeTo(2.09, 8), low: expect.any(Number), high: expect.any(Number), rows: 10 },
  ]);
  expect(found.get("cold")).toEqual([]);
  expect(
    classWords(explained, { support: 3 })
      .get("flu")!
      .map((w) => w.word),
  ).toEqual(["rare", "fever"]);
  expect(classWords(explained, { support: 3, most: 1 }).get("flu")).toHaveLength(1);
});

test("the nearest rows by cosine, not by length", () => {
  expect(
    nearest(
      [1, 0],
      [
        [0, 1],
        [9, 1],
        [0.5, 0],
        [-1, 0],
      ],
      2,
    ),
  ).toEqual([
    { row: 2, cosine: 1 },
    { row: 1, cosine: expect.closeTo(9 / Math.sqrt(82), 12) },
  ]);
  expect(nearest([1, 0], [[0, 0]], 1)[0]!.cosine).toBe(0);
});
