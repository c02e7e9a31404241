// Heads that any encoder may have, on a tiny BERT, with examples: what suites of training, private training and export go through.
import { type HostArray, random } from "../../src/base/index.ts";
import { initialise, type Model, withHead } from "../../src/models/index.ts";
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

export const forms: Readonly<Record<string, () => FormCase>> = {
  ordinal: () => made(tinyModel(withHead(tinyConfig, "Bert", "ordinal", ["a", "b", "c", "d"])), (i) => i % 4),
  "ordinal, two classes": () => made(tinyModel(withHead(tinyConfig, "Bert", "ordinal", ["a", "b"])), (i) => i % 2),
};
