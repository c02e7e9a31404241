import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import { wilson } from "../eval/index.ts";
import { misspell } from "../modalities/text/misspell.ts";
import { substitute } from "../modalities/text/synonyms.ts";
import { softmax } from "../predict/index.ts";
import {
  conformalScores,
  predictionInterval,
  predictionSet,
  residualScores,
  strangeness,
  threshold,
} from "./conformal.ts";
import { classDistances, energy, unsureness } from "./foreign.ts";

const rng = random(17);
const labels = ["a", "b", "c", "d"];

/** Rows whose truth is drawn from probabilities that the model states too surely: sets must hold anyway. */
function drawnRows(count: number) {
  return Array.from({ length: count }, () => {
    const logits = labels.map(() => 1.5 * rng.normal());
    const real = softmax(logits);
    let [u, truth] = [rng.float(), 0];
    while (truth < labels.length - 1 && u > real[truth]!) u -= real[truth++]!;
    return { truth, stated: softmax(logits, 0.3) };
  });
}

test.each(["lac", "aps"] as const)(
  "sets by %s hold the truth as often as promised on held-out draws, over 300 random splits",
  (by) => {
    const [calibrating, trying, promised] = [99, 200, 0.9];
    let held = 0;
    for (let split = 0; split < 300; split++) {
      const own = drawnRows(calibrating);
      const scores = conformalScores(
        by,
        own.map((r) => r.stated),
        own.map((r) => r.truth),
      );
      for (const { stated, truth } of drawnRows(trying))
        if (predictionSet(scores, stated, labels, promised).includes(labels[truth]!)) held++;
    }
    // with n = 99 the expected coverage is 0.9 exactly for scores without ties; each split varies as a Beta(90, 10): sd 0.03
    const mean = held / (300 * trying);
    const spread = Math.sqrt((0.9 * 0.1) / 101 / 300 + (0.9 * 0.1) / (300 * trying));
    expect(mean).toBeGreaterThan(promised - 4 * spread);
    if (by === "lac") expect(mean).toBeLessThan(promised + 4 * spread);
  },
);

test("with scores of each label the promise holds for the rare label too, and sets of the common score do not keep it", () => {
  const rare = (count: number) =>
    Array.from({ length: count }, () => {
      const truth = rng.float() < 0.15 ? 1 : 0;
      const p = softmax([2 + rng.normal(), truth === 1 ? 0.5 + rng.normal() : rng.normal() - 1]);
      return { truth, p };
    });
  const [own, other] = [rare(3000), rare(6000)];
  const columns = [own.map((r) => r.p), own.map((r) => r.truth)] as const;
  const [each, together] = [conformalScores("lac", ...columns, ["x", "y"]), conformalScores("lac", ...columns)];
  const coverage = (scores: typeof each) => {
    const those = other.filter((r) => r.truth === 1);
    const held = those.filter((r) => predictionSet(scores, r.p, ["x", "y"], 0.9).includes("y")).length;
    return wilson(held, those.length, 0.999);
  };
  expect(coverage(each).high).toBeGreaterThan(0.9);
  expect(coverage(each).low).toBeGreaterThan(0.82);
  expect(coverage(together).high).toBeLessThan(0.85);
});

test("intervals hold the number as often as promised, whatever the errors look like", () => {
  const rows = (count: number) =>
    Array.from({ length: count }, () => ({ p: rng.normal(), y: 0 })).map(({ p }) => ({
      p,
      y: p + Math.exp(rng.normal()),
    }));
  const own = rows(1000);
  const scores = residualScores(
    own.map((r) => r.p),
    own.map((r) => r.y),
  );
  const tried = rows(4000);
  const held = tried.filter(({ p, y }) => {
    const [low, high] = predictionInterval(scores, p, 0.8);
    return y >= low && y <= high;
  }).length;
  expect(held / tried.length).toBeGreaterThan(0.76);
  expect(held / tried.length).toBeLessThan(0.84);
});

test("thresholds are the ⌈(n + 1)·coverage⌉-th smallest; too few rows promise nothing, so every label is in the set", () => {
  expect(threshold([0.1, 0.2, 0.3, 0.4], 0.5)).toBe(0.3);
  expect(threshold([1, 2, 3, 4, 5, 6, 7, 8, 9], 0.9)).toBe(9);
  expect(threshold([1, 2, 3], 0.9)).toBe(Number.POSITIVE_INFINITY);
  expect(predictionSet({ by: "lac", all: [0.1] }, [0.2, 0.5, 0.3], ["a", "b", "c"], 0.9)).toEqual(["b", "c", "a"]);
  expect(predictionSet({ by: "lac", all: [0.1, 0.1, 0.1] }, [0.6, 0.4], ["a", "b"], 0.5)).toEqual([]);
  expect(strangeness("aps", [0.2, 0.5, 0.3])).toEqual([1, 0.5, 0.8]);
  for (const wrong of [0, 1, Number.NaN]) expect(() => threshold([1], wrong)).toThrow(/E_ARGUMENT/);
  expect(() => conformalScores("lac", [], [])).toThrow(/E_DATA/);
  expect(() => residualScores([1], [])).toThrow(/E_DATA/);
});

test("misspellings change about the share that is asked for, keep short words, and repeat with the seed", () => {
  const text = "The patient reported severe headaches since yesterday evening and could not sleep properly";
  const words = (t: string) => t.split(" ");
  const wrong = (rate: number) => {
    const own = random(2);
    let [changed, all] = [0, 0];
    for (let k = 0; k < 200; k++) {
      const after = words(misspell(text, rate, own));
      words(text).forEach((w, i) => {
        if (w.length < 4) expect(after[i]).toBe(w);
        else [changed, all] = [changed + Number(after[i] !== w), all + 1];
      });
    }
    return changed / all;
  };
  expect(wrong(0.3)).toBeGreaterThan(0.24);
  expect(wrong(0.3)).toBeLessThan(0.33);
  expect(wrong(1)).toBeGreaterThan(0.9);
  expect(misspell(text, 0.5, random(1))).toBe(misspell(text, 0.5, random(1)));
  expect(misspell("头痛发烧在家", 1, random(1))).not.toBe("头痛发烧在家");
  expect(misspell("a an 123 !?", 1, random(1))).toBe("a an 123 !?");
});

test("synonyms replace whole words in both languages and keep a capital; a text without any stays", () => {
  expect(substitute("Doctor, my kid is very tired", 1, random(3))).toMatch(
    /^Physician, my child is (really|extremely) (exhausted|weary)$/,
  );
  expect(substitute("最近孩子晚上咳嗽", 1, random(3))).toMatch(/^(近来|近日)小孩(夜里|夜间)咳嗽$/);
  expect(substitute("kidney stones", 1, random(3))).toBe("kidney stones");
  expect(substitute("Doctor", 1e-9, random(3))).toBe("Doctor");
});

test("foreign rows are further from the classes, less sure and of higher energy than the model's own", () => {
  const row = (centre: number[]) => centre.map((c, h) => c + rng.normal() * (h + 1));
  const classes = [
    [0, 0, 30],
    [10, 0, 30],
  ];
  const rows = Array.from({ length: 400 }, (_, i) => row(classes[i % 2]!));
  const { distance } = classDistances(
    rows,
    rows.map((_, i) => i % 2),
  );
  expect(distance([0, 0, 30])).toBeLessThan(0.5);
  expect(distance([10, 2, 33])).toBeLessThan(5);
  expect(distance([5, 0, 30])).toBeGreaterThan(10);
  expect(distance([0, 10, 30])).toBeGreaterThan(10); // five deviations of that axis
  expect(distance([0, 0, 39])).toBeLessThan(distance([0, 10, 30])); // three of the wider one
  expect(energy([5, 0])).toBeLessThan(energy([1, 0]));
  expect(energy([1000, 0])).toBe(-1000);
  expect(unsureness([3, 0])).toBeLessThan(unsureness([0.1, 0]));
  expect(() => classDistances([], [])).toThrow(/E_DATA/);
});
