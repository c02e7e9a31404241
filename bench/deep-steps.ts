// Training steps of a model from random weights, in a process of their own: a step for each line that comes in, then the peak of memory.
// node dist/bench/deep-steps.js gpt2|bert LAYERS WIDTH HEADS BATCH LENGTH [checkpointing]
import { createInterface } from "node:readline";
import { random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { initialise, modelOf, withHead } from "../src/models/index.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { createTrainer, ignoredLabel } from "../src/train/index.ts";

const [kind = "bert", layers, width, heads, batch, length] = process.argv
  .slice(2)
  .map((value, i) => (i === 0 ? value : Number(value))) as [string, number, number, number, number, number];
const checkpointing = process.argv.includes("checkpointing");
const bert = withHead(
  {
    model_type: "bert",
    vocab_size: 30522,
    hidden_size: width,
    num_hidden_layers: layers,
    num_attention_heads: heads,
    intermediate_size: 4 * width,
    max_position_embeddings: 512,
    type_vocab_size: 2,
    hidden_dropout_prob: 0,
    attention_probs_dropout_prob: 0,
  },
  "Bert",
  "single-label",
  ["a", "b"],
);
const gpt2 = {
  model_type: "gpt2",
  architectures: ["GPT2LMHeadModel"],
  n_layer: layers,
  n_embd: width,
  n_head: heads,
  resid_pdrop: 0,
  embd_pdrop: 0,
  attn_pdrop: 0,
};
const model = modelOf(configOf(kind === "gpt2" ? gpt2 : bert, "bench"));
const rng = random(1);
const examples = Array.from({ length: batch }, () => {
  const ids = Int32Array.from({ length }, () => 5 + rng.int(30000));
  return { ids, label: kind === "gpt2" ? ids.map((id, i) => (i === 0 ? ignoredLabel : id)) : rng.int(2) };
});
const trainer = await createTrainer({
  model,
  weights: initialise(model, random(0)),
  runtime: cpuRuntime,
  threads: 2,
  examples,
  options: {
    epochs: 1000,
    batchSize: batch,
    learningRate: 1e-5,
    maxGradNorm: 0,
    dropout: false,
    gradientCheckpointing: checkpointing,
  },
});
console.log("ready");
for await (const _ of createInterface({ input: process.stdin })) {
  const start = performance.now();
  await trainer.run();
  console.log(performance.now() - start, process.resourceUsage().maxRSS / 1024);
}
process.exit(0);
