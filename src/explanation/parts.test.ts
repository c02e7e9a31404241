import { expect, test } from "vitest";
import { random } from "../base/index.ts";
import type { Parted } from "../predict/index.ts";
import { softmax } from "../predict/index.ts";
import { explainedFaithfulness, judgeParts, partFaithfulness, partMethods, partValues } from "./parts.ts";

const model = { model: { task: "single-label" } } as Parameters<typeof explainedFaithfulness>[0];
/** A model that adds up a worth of each part that it sees, against nothing. */
const additive = (worth: readonly number[]): Parted => ({
  count: worth.length,
  logits: async (sets) =>
    sets.map((hidden) =>
      Float32Array.of(
        worth.reduce((sum, w, part) => sum + (hidden[part] ? 0 : w), 0),
        0,
      ),
    ),
});
const worth = [0.25, -0.5, 3, 0, 0.125, 0, -0.25, 0, 0.5, 0, 0, 0];

test.each(partMethods)("%s of a model that adds its parts up is what each part adds", async (method) => {
  const values = await partValues(additive(worth), 0, method);
  for (const [part, w] of worth.entries()) expect(values[part]).toBeCloseTo(w, 5);
});

test("shap asks about as many sets as it may", async () => {
  let asked = 0;
  const counted: Parted = {
    count: worth.length,
    logits: (sets) => {
      asked += sets.length;
      return additive(worth).logits(sets);
    },
  };
  const rough = await partValues(counted, 0, "shap", { evaluations: 4 });
  expect(asked).toBeLessThanOrEqual(4);
  expect(rough[2]).toBeCloseTo((0.25 - 0.5 + 3 + 0.125) / 6, 5); // a span that was not parted is shared out evenly
});

test("faithfulness of an order of parts is ERASER's, worked out by hand where two parts decide", async () => {
  const two = additive([4, 0, 0, 0, 2, 0, 0, 0, 0, 0]);
  const p = (logit: number, temperature = 1) => softmax([logit, 0], temperature)[0]!;
  const order = [0, 4, 1, 2, 3, 5, 6, 7, 8, 9];
  const found = await partFaithfulness(model, two, { target: 0, order });
  expect(found.comprehensiveness).toBeCloseTo(p(6) - p(0), 6); // the first fifth is both
  expect(found.sufficiency).toBeCloseTo(0, 6);
  expect(found.aopc).toBeCloseTo(p(6) - (3 * p(2) + 2 * p(0)) / 5, 6); // one part at 1, 5 and 10 %
  const worst = await partFaithfulness(model, two, { target: 0, order: order.toReversed() });
  expect(worst.comprehensiveness).toBeCloseTo(0, 6);
  const warm = await partFaithfulness(model, two, { target: 0, order, temperature: 4 });
  expect(warm.comprehensiveness).toBeCloseTo(p(6, 4) - p(0), 6);
  expect(await explainedFaithfulness(model, two, "occlusion")).toEqual(found);
});

test("methods beat a random order of the parts, and explanations of another model are unlike", async () => {
  const inputs = Array.from({ length: 8 }, (_, i) =>
    additive(worth.map((_, part) => worth[(part + i) % worth.length]!)),
  );
  const others = inputs.map(() => additive(worth.map((_, part) => Math.sin(7 * part))));
  const judge = (more: object) =>
    judgeParts(model, inputs, { methods: partMethods, resamples: 100, rng: random(1), ...more });
  const { methods, random: chance, rows } = await judge({ random: [{ part: "all", inputs: others }] });
  expect(rows).toBe(8);
  for (const method of partMethods) {
    const { aboveRandom, aopc, randomised, refused } = methods[method]!;
    expect(aboveRandom.low).toBeGreaterThan(0.1);
    expect(aboveRandom.value).toBeCloseTo(aopc.value - chance.aopc.value, 10);
    expect(Math.abs(randomised!.value)).toBeLessThan(0.5);
    expect(refused).toBe(0);
  }
  const alone = await judge({ methods: ["shap"] });
  expect(Object.keys(alone.methods)).toEqual(["shap"]);
  expect(alone.methods.shap).not.toHaveProperty("randomised");
});
