// What a recipe may ask of an adapter: settings of each kind, and what is refused with the reason.
import { expect, test } from "vitest";
import { adapterNames } from "../nn/index.ts";
import { recipeSchema } from "./recipe.ts";

const faults = (adapt: object) => {
  const recipe = { version: 1, name: "x", data: { file: "a.csv" }, model: { from: "m" }, adapt };
  const { error } = recipeSchema.safeParse(recipe);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
};
const privacy = { epsilon: 3, delta: 1e-5 };

test("every kind of adapter can be asked for by its name alone", () => {
  for (const kind of adapterNames) expect(faults({ adapter: { kind } }), kind).toEqual([]);
});

test.each<[string, object, RegExp]>([
  ["a setting of another kind", { adapter: { kind: "prompt", rank: 2 } }, /^adapt\.adapter\.rank: .*: tokens$/],
  ["a setting where there is none", { adapter: { kind: "ia3", tokens: 2 } }, /has no settings/],
  [
    "two adapters",
    { method: "lora", adapter: { kind: "lora" } },
    /^adapt\.adapter: method: lora is an adapter already/,
  ],
  ["frozen layers beside it", { adapter: { kind: "lora" }, freezeLayers: 1 }, /^adapt\.freezeLayers: /],
  ["private training that does not hold", { adapter: { kind: "prompt" }, privacy }, /^adapt\.adapter\.kind: private/],
  [
    "a base in integers that it cannot read",
    { adapter: { kind: "dora" }, base: "nf4" },
    /^adapt\.base: its base cannot/,
  ],
  ["a frozen base without an adapter", { base: "nf4" }, /^adapt\.base: without an adapter/],
  ["a rate of 0", { adapter: { kind: "lora" }, encoderRate: 0 }, /^adapt\.encoderRate: /],
])("%s is refused", (_name, adapt, fault) => {
  expect(faults(adapt).join("\n")).toMatch(fault);
});

test.each(["lora", "miss", "bottleneck", "biases"])("%s may be trained privately", (kind) => {
  expect(faults({ adapter: { kind }, privacy })).toEqual([]);
});

test("a base in fewer bits goes with an adapter, by either way of asking for one", () => {
  expect(faults({ adapter: { kind: "prompt" }, base: "nf4" })).toEqual([]);
  expect(faults({ method: "lora", base: "int8" })).toEqual([]);
});
