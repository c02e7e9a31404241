// A model folder with random weights, made in a moment: what a protocol does with answers does not depend on how good they are.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf, type Task, withHead } from "../../src/models/index.ts";
import { saveModel } from "../../src/models/node/index.ts";
import { jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";

export const words = ["fever", "shivers", "aching", "sneezing", "runny", "sore", "since", "monday", "发烧", "咳嗽"];

export interface SmallModel {
  readonly home: string;
  readonly path: string;
  readonly remove: () => void;
}

const threeLabels = ["flu", "cold", "angina"];

/** @param labels of the head. Default three */
export async function smallModel(
  task: Task = "single-label",
  labels: readonly string[] = threeLabels,
  name = "small",
): Promise<SmallModel> {
  const home = mkdtempSync(join(tmpdir(), "concord-serve-"));
  const path = join(home, name);
  await writeSmallModel(path, { task, labels });
  return { home, path, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** Writes it into a folder. @param seed of its weights. Default 5 */
export async function writeSmallModel(
  path: string,
  { task = "single-label" as Task, labels = threeLabels as readonly string[], seed = 5 } = {},
): Promise<void> {
  const file = trainWordPiece([words.join(" ")], { vocabSize: 120, minFrequency: 1 });
  const tokenizer = await jsTokenizer(file);
  const config = {
    model_type: "bert",
    vocab_size: tokenizer.vocabSize,
    hidden_size: 16,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 16,
    max_position_embeddings: 32,
    type_vocab_size: 2,
    hidden_dropout_prob: 0,
    initializer_range: 0.5,
  };
  const model = modelOf(configOf(withHead(config, "Bert", task, labels), "test"));
  await saveModel(path, model, initialise(model, random(seed)), { "tokenizer.json": JSON.stringify(file) });
}
