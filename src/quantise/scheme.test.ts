// Which bits each parameter gets under a scheme. No runtime.
import { expect, test } from "vitest";
import { fault } from "../../test/fault.ts";
import { random } from "../base/index.ts";
import { configOf } from "../formats/index.ts";
import { initialise, modelOf, withHead } from "../models/index.ts";
import { type QuantiseScheme, storedModel, uncalibratedInt8 } from "./scheme.ts";

const sizes = { vocab_size: 40, hidden_size: 32, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 64 };
const start = { model_type: "bert", max_position_embeddings: 16, type_vocab_size: 2, ...sizes };
const model = modelOf(configOf(withHead(start, "Bert", "single-label", ["a", "b"]), "test"));
const weights = initialise(model, random(1));
const scheme: QuantiseScheme = { ...uncalibratedInt8, to: "int4" };
const layer = "bert.encoder.layer.0";

/** Bits of a parameter. */
function bitsOf(given: QuantiseScheme, name: string): number {
  const found = storedModel(model, weights, given).bind[name]!;
  if (found.kind === "blocks") return found.bits;
  if (found.kind === "int8") return 8;
  return found.kind === "initializer" && found.array.dtype === "float16" ? 16 : 32;
}

test("of four bits some may have eight, by their name or by what it begins with", () => {
  const name = `${layer}.output.dense.weight`;
  expect(bitsOf(scheme, name)).toBe(4);
  expect(bitsOf({ ...scheme, eightBits: [`${layer}.output`] }, name)).toBe(8);
  expect(bitsOf({ ...scheme, eightBits: [`${layer}.output`] }, `${layer}.intermediate.dense.weight`)).toBe(4);
  const { code, facts } = fault("E_ARGUMENT", () => storedModel(model, weights, { ...scheme, eightBits: ["bert.x"] }));
  expect([code, facts.path]).toEqual(["E_ARGUMENT", "eightBits"]);
});

test.each(["int4", "int8", "int8-weights", "fp16"] as const)("%s leaves what is kept as it is", (to) => {
  const name = `${layer}.intermediate.dense.weight`;
  expect(bitsOf({ ...scheme, to }, name)).toBeLessThan(32);
  expect(bitsOf({ ...scheme, to, keep: [layer] }, name)).toBe(32);
  expect(bitsOf({ ...scheme, to }, "classifier.weight")).toBe(to === "fp16" ? 16 : 32);
});
