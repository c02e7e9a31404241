// Dropped layers: the rest is the model without them, by the interpreter of a model that skips them; ids and order are kept.
import { expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { initialise } from "../../src/models/index.ts";
import { dropLayers, evenLayers } from "../../src/shrink/index.ts";
import { fault } from "../fault.ts";
import { savedCase } from "../models/saved.ts";
import { tinyConfig, tinyModel } from "../train/tiny.ts";

const model = tinyModel({ ...tinyConfig, num_hidden_layers: 4 });
const weights = initialise(model, random(1));

test("layers that stay keep their weights under new numbers, and the config counts them", () => {
  const { model: smaller, weights: kept } = dropLayers(model, weights, [1, 3]);
  expect(smaller.config.num_hidden_layers).toBe(2);
  expect([...kept.keys()].sort()).toEqual(smaller.parameters.map((p) => p.name).sort());
  const name = (layer: number) => `bert.encoder.layer.${layer}.attention.self.query.weight`;
  expect(kept.get(name(0))).toBe(weights.get(name(1)));
  expect(kept.get(name(1))).toBe(weights.get(name(3)));
  expect(kept.get("classifier.weight")).toBe(weights.get("classifier.weight"));
});

test("even layers end with the last", () => {
  expect(evenLayers(3, 6)).toEqual([1, 3, 5]);
  expect(evenLayers(4, 6)).toEqual([1, 2, 4, 5]);
  expect(evenLayers(6, 6)).toEqual([0, 1, 2, 3, 4, 5]);
});

test.each([[[]], [[0, 4]], [[2, 1]], [[1, 1]], [[0.5]]])("%j cannot be kept", (layers) => {
  expect(fault("E_ARGUMENT", () => dropLayers(model, weights, layers)).facts.problem).toBe(
    "these layers cannot be kept",
  );
});

test("what a config lists for each layer stays with its layer", () => {
  const { model, weights } = savedCase("smollm3-causal-lm");
  expect(model.config.no_rope_layers).toEqual([1, 0]);
  const smaller = dropLayers(model, weights, [1]);
  expect(smaller.model.config).toMatchObject({ no_rope_layers: [0], num_hidden_layers: 1 });
  expect(smaller.weights.get("model.layers.0.mlp.up_proj.weight")).toBe(
    weights.get("model.layers.1.mlp.up_proj.weight"),
  );
});

test.each(["albert-single-label", "modernbert-single-label"])("layers of %s are not left out", (name) => {
  const { model, weights } = savedCase(name);
  expect(fault("E_MODEL", () => dropLayers(model, weights, [0])).facts.problem).toMatch(
    /share weights or differ in kind/,
  );
});
