// Masked-LM pretraining on real text: the loss falls well below that of guessing by frequency, whole words or not, and the
// encoder carries over to a classifier.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMails } from "../../examples/spam/mail.ts";
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { loadModel, saveModel } from "../../src/models/node/index.ts";
import { jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";
import { maskingVocabulary } from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";

test("pretraining learns from unlabelled mail, and a classifier starts from its encoder", {
  timeout: 120_000,
}, async () => {
  const texts = readMails()
    .slice(0, 400)
    .map((m) => m.text.slice(0, 300));
  const tokenizer = await jsTokenizer(trainWordPiece(texts, { vocabSize: 800 }));
  const rows = (await tokenizer.encodeIds(texts, { maxLength: 48 })).filter((ids) => ids.length > 4);
  const base = {
    model_type: "bert",
    vocab_size: tokenizer.vocabSize,
    hidden_size: 48,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 96,
    max_position_embeddings: 48,
    type_vocab_size: 2,
    hidden_dropout_prob: 0,
  };
  const config = withHead(base, "Bert", "masked-lm");
  const model = modelOf(configOf(config, "test"));
  const vocabulary = maskingVocabulary(
    tokenizer.vocabSize,
    (id) => tokenizer.idToToken(id),
    tokenizer.special as never,
  );
  const losses: number[] = [];
  const result = await train(
    {
      config,
      weights: initialise(model, random(0)),
      examples: rows.map((ids) => ({ ids })),
      objective: { name: "masked", settings: { vocabulary, wholeWords: true } },
      options: { epochs: 6, batchSize: 32, learningRate: 5e-3, warmupRatio: 0.1 },
    },
    { onEvent: (e) => e.kind === "step" && losses.push(e.loss) },
  );
  const mean = (x: number[]) => x.reduce((a, b) => a + b, 0) / x.length;
  expect(losses[0]!).toBeCloseTo(Math.log(tokenizer.vocabSize), 0);
  const counts = new Map<number, number>();
  for (const ids of rows) for (const id of ids.slice(1, -1)) counts.set(id, (counts.get(id) ?? 0) + 1);
  const total = [...counts.values()].reduce((a, b) => a + b, 0);
  const unigram = -[...counts.values()].reduce((h, c) => h + (c / total) * Math.log(c / total), 0);
  expect(mean(losses.slice(-10))).toBeLessThan(unigram);
  if (!result.finished) throw new Error("the run did not finish");
  const folder = mkdtempSync(join(tmpdir(), "concord-pretrain-"));
  await saveModel(folder, model, result.weights);
  const { weights, fresh, unused } = await loadModel(folder, {
    head: { task: "single-label", labels: ["ham", "spam"] },
  });
  expect(fresh).toEqual(["bert.pooler.dense.weight", "bert.pooler.dense.bias", "classifier.weight", "classifier.bias"]);
  expect(unused.every((name) => name.startsWith("cls.predictions"))).toBe(true);
  expect(weights.get("bert.encoder.layer.0.output.dense.weight")!.data).toEqual(
    result.weights.get("bert.encoder.layer.0.output.dense.weight")!.data,
  );
  rmSync(folder, { recursive: true });
});
