// The model of the server's bench: MiniLM with a head of random weights, whose times are those of any other, as float32 (model/) and in 8 bits
// with static scales (compressed/), in the layout of a run, which the Python servers read too.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { hostArray, random } from "../src/base/index.ts";
import { exportGraph, initialise, type Model } from "../src/models/index.ts";
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
  const { bind } = storedModel(
    model,
    weights,
    { ...uncalibratedInt8, activations: "static" },
    await seenBy(model, weights),
  );
  await saveOnnx(small, model, weights, { stored: { name: "model_quantized.onnx", bind }, features: true });
  await saveOnnx(whole, model, weights, { features: true });
  rmSync(join(small, "model.safetensors"));
  return { whole, small };
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
