import { expect, test } from "vitest";
import { keyNamed } from "./recipe-keys.ts";

test.each([
  ["epochs", "adapt.epochs"],
  ["num_train_epochs", "adapt.epochs"],
  ["batch-size", "adapt.batchSize"],
  ["lr", "adapt.learningRate"],
  ["learning-rate", "adapt.learningRate"],
  ["seed", "seed"],
  ["max-length", "model.maxLength"],
  ["model", "model.from"],
  ["weight-decay", "adapt.weightDecay"],
  ["label", "data.label"],
])("%s is the key %s", (name, key) => {
  expect(keyNamed(name)).toBe(key);
});

test("what no recipe has is no key", () => {
  expect(keyNamed("lable")).toBeUndefined();
  expect(keyNamed("")).toBeUndefined();
});
