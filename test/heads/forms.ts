// Heads that any encoder may have, on a tiny BERT, with examples: what suites of training, private training and export go through.
import { type HostArray, random } from "../../src/base/index.ts";
import { type HeadForm, initialise, type Model, type Task, withHead } from "../../src/models/index.ts";
import type { Example } from "../../src/train/index.ts";
import { tinyConfig, tinyExamples, tinyModel } from "../train/tiny.ts";

export interface FormCase {
  readonly model: Model;
  readonly weights: Map<string, HostArray>;
  readonly examples: readonly Example[];
}

const made = (model: Model, label: (i: number) => Example["label"]): FormCase => ({
  model,
  weights: initialise(model, random(2)),
  examples: tinyExamples(6).map((example, i) => ({ ...example, label: label(i) })),
});

const ofText = (
  text: HeadForm["text"],
  task: Task = "single-label",
  label: (i: number) => Example["label"] = (i) => i % 3,
): FormCase => made(tinyModel(withHead(tinyConfig, "Bert", task, ["a", "b", "c"], { text })), label);

const several: NonNullable<HeadForm["heads"]> = [
  { name: "first", task: "single-label", labels: ["a", "b"], weight: 1 },
  { name: "signs", task: "multi-label", labels: ["c", "d"], weight: 0.5 },
  { name: "size", task: "regression", labels: [], weight: 2 },
];

/** Every third example has no label of the first head. */
const severalLabel = (i: number): Float32Array => {
  const first = i % 3 === 2 ? [Number.NaN, Number.NaN] : [i % 2, 1 - (i % 2)];
  return Float32Array.of(...first, Number(i > 2), 1, i / 4);
};

export const forms: Readonly<Record<string, () => FormCase>> = {
  ordinal: () => made(tinyModel(withHead(tinyConfig, "Bert", "ordinal", ["a", "b", "c", "d"])), (i) => i % 4),
  "mean, one layer": () => ofText({ layer: "linear" }),
  "attention, one layer": () => ofText({ pooling: "attention" }),
  "first token, MLP": () => ofText({ pooling: "cls", layer: "mlp", hidden: 9, activation: "tanh" }),
  "attention, MLP, ordered": () => ofText({ pooling: "attention", layer: "mlp" }, "ordinal"),
  "largest, MLP, several labels": () =>
    ofText({ pooling: "max", layer: "mlp", activation: "relu" }, "multi-label", (i) =>
      Float32Array.of(i % 2, Number(i > 2), 1),
    ),
  "several heads": () =>
    made(tinyModel(withHead(tinyConfig, "Bert", "multi-task", undefined, { heads: several })), severalLabel),
  "several heads, MLP": () =>
    made(
      tinyModel(withHead(tinyConfig, "Bert", "multi-task", undefined, { heads: several, text: { layer: "mlp" } })),
      severalLabel,
    ),
  "ordinal, two classes": () => made(tinyModel(withHead(tinyConfig, "Bert", "ordinal", ["a", "b"])), (i) => i % 2),
};
