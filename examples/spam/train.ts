// Without a recipe, by the library: reads real mail, learns a vocabulary, trains a small BERT from scratch, reports on held-out mail, saves the model.
// npm run spam
import { mkdir } from "node:fs/promises";
import { random, shuffle } from "../../src/base/index.ts";
import { progress } from "../../src/cli/index.ts";
import { classificationReport, renderReport } from "../../src/eval/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../../src/models/index.ts";
import { saveModel } from "../../src/models/node/index.ts";
import { tokenizerConfig } from "../../src/predict/index.ts";
import { jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";
import type { Example } from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { type Mail, readMails } from "./mail.ts";

const seed = 7;
const folder = process.argv[2] ?? "runs/spam";
const labels = ["ham", "spam"];

const mails = shuffle(readMails(), random(seed).split("split"));
const parts = { test: mails.slice(0, 800), dev: mails.slice(800, 1200), train: mails.slice(1200) };
console.log(
  `${mails.length} distinct mails: ${parts.train.length} train, ${parts.dev.length} dev, ${parts.test.length} test`,
);

console.log("learning a vocabulary of 6,000 word pieces …");
const tokenizer = await jsTokenizer(
  trainWordPiece(
    parts.train.map((m) => m.text),
    { vocabSize: 6000 },
  ),
);

const config = withHead(
  {
    model_type: "bert",
    vocab_size: tokenizer.vocabSize,
    hidden_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    intermediate_size: 512,
    max_position_embeddings: 128,
    type_vocab_size: 2,
    pad_token_id: tokenizer.special.pad!.id,
  },
  "Bert",
  "single-label",
  labels,
);
const model = modelOf(configOf(config, "demo"));
const examplesOf = async (rows: readonly Mail[]): Promise<Example[]> => {
  const ids = await tokenizer.encodeIds(
    rows.map((m) => m.text),
    { maxLength: 128 },
  );
  return rows.map((m, i) => ({ ids: ids[i]!, label: labels.indexOf(m.label) }));
};
const [examples, dev, test] = (await Promise.all([parts.train, parts.dev, parts.test].map(examplesOf))) as [
  Example[],
  Example[],
  Example[],
];
const weightCount = model.parameters.reduce((n, p) => n + p.shape.reduce((a, b) => a * b, 1), 0);
console.log(`training BERT from scratch: ${(weightCount / 1e6).toFixed(1)} M parameters`);

const predicted = (logits: { data: Float32Array }[]) => logits.map(({ data }) => data.indexOf(Math.max(...data)));
const epochs = 4;
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
await mkdir(folder, { recursive: true });
let bar: ReturnType<typeof progress> | undefined;
let finalTest: number[] = [];
const result = await train(
  {
    config,
    weights: initialise(model, random(seed)),
    examples,
    dev: [...dev, ...test],
    options: { epochs, batchSize: 32, learningRate: 1e-3, warmupRatio: 0.1, seed },
  },
  {
    folder: `${folder}/checkpoints`,
    signal: stop.signal,
    onEvent: (event) => {
      if (event.kind === "start") bar = progress({ total: event.steps, label: event.step ? "resumed" : "train" });
      if (event.kind === "step")
        bar!.update(
          event.step,
          `loss ${event.loss.toFixed(3)}  ${Math.round(event.examples / ((event.spent.batch + event.spent.run + event.spent.optimizer) / 1000))} mails/s`,
        );
      if (event.kind === "epoch") {
        const guesses = predicted(event.devLogits!);
        const right = guesses.slice(0, dev.length).filter((g, i) => g === dev[i]!.label).length;
        finalTest = guesses.slice(dev.length);
        bar!.end();
        console.log(`epoch ${event.epoch}/${epochs}  dev accuracy ${(right / dev.length).toFixed(3)}`);
      }
    },
  },
);
if (!result.finished) {
  console.log(`stopped at step ${result.step}; run again to continue`);
  process.exit(130);
}
const truth = parts.test.map((m) => m.label);
console.log(
  `\nheld-out mail (${truth.length}):\n\n${renderReport(
    classificationReport(
      truth,
      finalTest.map((g) => labels[g]!),
    ),
    { digits: 3 },
  )}`,
);
await saveModel(`${folder}/model`, model, result.weights, {
  "tokenizer.json": JSON.stringify(tokenizer.source),
  "tokenizer_config.json": tokenizerConfig(tokenizer, 128),
});
console.log(`saved ${folder}/model (config.json, model.safetensors, tokenizer.json: opens in Transformers)`);
