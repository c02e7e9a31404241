import { expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { compressSchema } from "../recipe/index.ts";
import { type CompressOptions, compressSettings } from "./compress-settings.ts";

test("options become the steps of a recipe, in the order in which they can be applied", () => {
  const settings = compressSettings({
    to: "int8",
    factorise: "keeps=0.9,recovery",
    training: "epochs=2,learningRate=1e-5",
    distil: "layers=3",
    trim: true,
    prune: "method=movement, heads=0.25, width=0.5, training.epochs=4",
    tolerance: ["accuracy=0.01"],
  });
  expect(settings).toEqual({
    steps: [
      { prune: { method: "movement", heads: 0.25, width: 0.5, training: { epochs: 4 } } },
      { trim: {} },
      { distil: { layers: 3 } },
      { factorise: { keeps: 0.9, recovery: {} } },
      { quantise: { to: "int8", training: { epochs: 2, learningRate: 1e-5 } } },
    ],
    tolerances: { accuracy: 0.01 },
  });
  expect(compressSchema.safeParse(settings).success).toBe(true);
});

test("without --to the weights of the smaller model stay as they are; nothing at all is left to the recipe", () => {
  expect(compressSettings({ distil: "layers=1" })).toEqual({ steps: [{ distil: { layers: 1 } }], tolerances: {} });
  expect(compressSettings({})).toBeUndefined();
});

test("a search starts after the steps that are asked for, and its minutes are passed on", () => {
  expect(compressSettings({ target: "size=0.3,drop=0.01", prune: "width=0.5", minutes: 0 })).toEqual({
    steps: [{ prune: { width: 0.5 } }],
    target: { size: 0.3, drop: 0.01 },
    minutes: 0,
    tolerances: {},
  });
});

test("a key that is no plain name changes nothing but the settings", () => {
  expect(compressSettings({ prune: "constructor.x=1" })).toMatchObject({
    steps: [{ prune: { constructor: { x: 1 } } }],
  });
  expect((Object as unknown as Record<string, unknown>).x).toBeUndefined();
});

test.each<[string, CompressOptions, RegExp]>([
  ["a target with --to", { target: "size=0.3", to: "int8" }, /--to.*a target chooses/s],
  ["a target with training", { target: "size=0.3", training: "epochs=1" }, /--training.*a target chooses/s],
  ["minutes without a target", { to: "int8", minutes: 5 }, /--minutes.*there is none/s],
  ["training for nothing", { training: "epochs=1" }, /--training.*nothing says to what/s],
  ["a tolerance of nothing", { tolerance: ["accuracy=0.1"] }, /--tolerance.*nothing says to what/s],
  ["activations of int4", { to: "int4", activations: "row" }, /--activations.*no meaning for --to int4/s],
  ["a value without a key", { prune: "=0.5" }, /--prune.*not a key and its value/s],
  ["a limit that is none", { target: "size" }, /--target.*not a name and its limit/s],
])("%s is refused", (_, options, message) => {
  expect(fault("E_ARGUMENT", () => compressSettings(options)).message).toMatch(message);
});
