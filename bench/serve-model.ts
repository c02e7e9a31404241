// The model of the server's bench: MiniLM with a head of random weights, whose times are those of any other, as float32 (model/) and in 8 bits
// with static scales (compressed/), in the layout of a run, which the Python servers read too.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hostArray, random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { exportGraph, initialise, type Model, modelOf, withHead } from "../src/models/index.ts";
import { loadModel, saveModel } from "../src/models/node/index.ts";
import { observations, observing, storedModel, uncalibratedInt8 } from "../src/quantise/index.ts";
import { cpuRuntime } from "../src/runtime/node/ort.ts";
import { saveOnnx } from "../src/stages/index.ts";
import { shared } from "./peers.ts";

type Weights = Awaited<ReturnType<typeof loadModel>>["weights"];
const minilm = join(shared, "models/minilm-l6");

/** Writes it. @returns the folder of each form */
export async function serveModel(home: string): Promise<{ readonly whole: string; readonly small: string }> {
  const labels = Array.from({ length: 17 }, (_, i) => `label ${i}`);
  const { model, weights: found } = await loadModel(minilm, { head: { task: "single-label", labels } });
  const weights = new Map([...initialise(model, random(18)), ...found]);
  const files = { "tokenizer.json": readFileSync(join(minilm, "tokenizer.json"), "utf8") };
  const [whole, small] = [join(home, "model"), join(home, "compressed")];
  for (const folder of [whole, small]) {
    mkdirSync(folder, { recursive: true });
    await saveModel(folder, model, weights, files);
  }
  await saveSmall(small, model, weights);
  await saveOnnx(whole, model, weights, { features: true });
  return { whole, small };
}

/** A model of BERT-base's shape with random weights, in 8 bits. @returns its folder */
export async function baseModel(home: string): Promise<string> {
  const base = {
    model_type: "bert",
    vocab_size: 30522, // MiniLM's tokenizer is BERT's
    hidden_size: 768,
    num_hidden_layers: 12,
    num_attention_heads: 12,
    intermediate_size: 3072,
    max_position_embeddings: 512,
    type_vocab_size: 2,
  };
  const labels = Array.from({ length: 17 }, (_, i) => `label ${i}`);
  const model = modelOf(configOf(withHead(base, "Bert", "single-label", labels), "bench"));
  const weights = initialise(model, random(18));
  mkdirSync(home, { recursive: true });
  await saveModel(home, model, weights, { "tokenizer.json": readFileSync(join(minilm, "tokenizer.json"), "utf8") });
  await saveSmall(home, model, weights);
  return home;
}

/** In 8 bits with static scales, without the weights as they were. */
async function saveSmall(folder: string, model: Model, weights: Weights): Promise<void> {
  const scheme = { ...uncalibratedInt8, activations: "static" } as const;
  const { bind } = storedModel(model, weights, scheme, await seenBy(model, weights));
  await saveOnnx(folder, model, weights, { stored: { name: "model_quantized.onnx", bind }, features: true });
  rmSync(join(folder, "model.safetensors"));
}

/** What the products of the model multiply, on random token ids. */
async function seenBy(model: Model, weights: Weights) {
  const rng = random("serve model");
  const names = model.parameters.map(({ name }) => name);
  const bind = Object.fromEntries(
    names.map((name) => [name, { kind: "initializer" as const, array: weights.get(name)! }]),
  );
  const { seen, observe } = observations();
  const watched = await observing(cpuRuntime, names, observe).compile(exportGraph(model), { bind });
  const filled = (of: () => number) =>
    hostArray(
      "int64",
      [1, 64],
      BigInt64Array.from({ length: 64 }, () => BigInt(of())),
    );
  for (let i = 0; i < 16; i++)
    await watched.run({
      input_ids: filled(() => 1000 + rng.int(20_000)),
      attention_mask: filled(() => 1),
      token_type_ids: filled(() => 0),
    });
  await watched.dispose();
  return seen;
}
