import { expect, test } from "vitest";
import { decodeAnswer } from "./decode.ts";

const labels = ["a", "b", "c"];

test("a single label is the likeliest; a temperature changes how sure, never which", () => {
  const [cold, warm] = [1, 4].map((temperature) => decodeAnswer("single-label", labels, [0, 3, 1], { temperature }));
  expect(cold).toMatchObject({ kind: "label", label: "b", ranked: [{ label: "b" }, { label: "c" }, { label: "a" }] });
  if (cold?.kind !== "label" || warm?.kind !== "label") return expect.unreachable();
  expect(warm.label).toBe("b");
  expect(warm.ranked[0]!.probability).toBeLessThan(cold.ranked[0]!.probability);
  expect(cold.ranked.reduce((sum, r) => sum + r.probability, 0)).toBeCloseTo(1, 12);
});

test("below the threshold there is no label, but the probabilities stay", () => {
  const answer = decodeAnswer("single-label", labels, [0, 1, 0], { abstain: 0.9 });
  expect(answer).toMatchObject({ label: null, ranked: [{ label: "b" }, {}, {}] });
});

test("of several labels each likely one is given; none is an answer, an unsure one is not", () => {
  const several = (logits: number[], abstain?: number) => decodeAnswer("multi-label", labels, logits, { abstain });
  expect(several([2, 1, -3])).toMatchObject({ kind: "labels", labels: ["a", "b"] });
  expect(several([2, 1, -3], 0.85)).toMatchObject({ labels: ["a"] });
  expect(several([1, 1, -3], 0.85)).toMatchObject({ labels: null });
  expect(several([-2, -2, -3], 0.85)).toMatchObject({ labels: [] });
});

test("a number is given as it is; labels without names are numbered", () => {
  expect(decodeAnswer("regression", [], [-1.5])).toEqual({ kind: "value", value: -1.5 });
  expect(decodeAnswer("single-label", [], [0, 1])).toMatchObject({ label: "LABEL_1" });
});
