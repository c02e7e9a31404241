// A model whose answer is a sum over its words, so that every attribution is known in closed form: logit_c = Σ word row · column c.
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { embed, matmul, sum, type Value } from "../../src/graph/index.ts";
import type { Model } from "../../src/models/index.ts";
import { weight } from "../../src/nn/index.ts";
import { type TextPredictor, textPredictor } from "../../src/predict/index.ts";
import type { Tokenizer } from "../../src/tokenizer-files/index.ts";
import { jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";
import { cpuRuntime } from "../one-thread.ts";

export interface LinearModel {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly tokenizer: Tokenizer;
  readonly predictor: TextPredictor;
  /** What a token adds to each logit. */
  worth(id: number): readonly number[];
}

/** A linear model over a vocabulary of the given texts. @param worthOf what a word adds to each logit; default random */
export async function linearModel(
  texts: readonly string[],
  labels: readonly string[] = ["no", "yes", "maybe"],
  worthOf?: (token: string) => readonly number[],
  maxLength = 64,
): Promise<LinearModel> {
  const tokenizer = await jsTokenizer(trainWordPiece(texts, { vocabSize: 400 }));
  const vocabulary = tokenizer.vocabSize;
  const width = labels.length;
  const rng = random(3);
  const table = hostArray("float32", [vocabulary, width]);
  for (let id = 0; id < vocabulary; id++)
    for (let c = 0; c < width; c++)
      table.data[id * width + c] = worthOf ? worthOf(tokenizer.idToToken(id)!)[c]! : rng.normal();
  const identity = hostArray("float32", [width, width]);
  for (let c = 0; c < width; c++) identity.data[c * width + c] = 1;
  const weights = new Map([
    ["words.weight", table],
    ["head.weight", identity],
  ]);
  const model: Model = {
    type: "bag-of-words",
    architecture: "BagOfWords",
    task: "single-label",
    config: {},
    labels: { names: [...labels], ids: new Map(labels.map((name, i) => [name, i])) } as unknown as Model["labels"],
    prefix: "",
    basePrefix: "",
    reads: "text",
    wholeModules: ["head"],
    transposedWeights: false,
    parameters: [
      {
        name: "words.weight",
        shape: [vocabulary, width],
        initial: { kind: "normal", std: 1 },
        linear: false,
        head: false,
      },
      { name: "head.weight", shape: [width, width], initial: { kind: "normal", std: 1 }, linear: true, head: true },
    ],
    headCounts: [1],
    causal: false,
    tokens: {
      vocabulary,
      maxLength,
      firstPosition: 0,
      padId: tokenizer.special.pad!.id,
      types: 0,
      readsWords: true,
      tableNames: { words: "words.weight" },
    },
    forward: (params, inputs, layout) => {
      const rows: Value = inputs.words ?? embed(weight(params, "words.weight"), inputs.ids!, undefined);
      const last = sum(layout!.blocks(rows), { axes: [1] }); // [B, H]
      return { hidden: [rows], last, logits: matmul(last, weight(params, "head.weight")) };
    },
  };
  const predictor = await textPredictor(model, weights, tokenizer, cpuRuntime, { batchSize: 1 }); // padding would add up too
  const worth = (id: number) => Array.from(table.data.subarray(id * width, (id + 1) * width));
  return { model, weights, tokenizer, predictor, worth };
}
