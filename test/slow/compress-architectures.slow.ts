// Every architecture, decoders too, stored in every way: the file's logits follow those of the weights.
import { describe, expect, test } from "vitest";
import { type HostArray, hostArray, random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { exportGraph, familyOf, initialise, type Model, modelOf, type Task, withHead } from "../../src/models/index.ts";
import { exportOnnx } from "../../src/predict/index.ts";
import {
  observations,
  observing,
  type QuantiseScheme,
  storedModel,
  uncalibratedInt8,
} from "../../src/quantise/index.ts";
import { cpuRuntime, openOnnx } from "../../src/runtime/node/ort.ts";

const inner = { hidden_size: 48, num_hidden_layers: 2, num_attention_heads: 4, intermediate_size: 96 };
const sizes = { ...inner, vocab_size: 120, max_position_embeddings: 40 };
const bases: Record<string, JsonRecord> = {
  bert: { ...sizes, type_vocab_size: 2 },
  distilbert: { vocab_size: 120, dim: 48, n_layers: 2, n_heads: 4, hidden_dim: 96, max_position_embeddings: 40 },
  roberta: { ...sizes, type_vocab_size: 1, pad_token_id: 1 },
  "xlm-roberta": { ...sizes, type_vocab_size: 1, pad_token_id: 1 },
  gpt2: { vocab_size: 120, n_embd: 48, n_layer: 2, n_head: 4, n_positions: 40, pad_token_id: 0 },
  llama: { ...sizes, num_key_value_heads: 2, rms_norm_eps: 1e-5, pad_token_id: 0 },
  vit: { ...inner, image_size: 12, patch_size: 4 },
};

function made(type: string, task: Task): { model: Model; weights: Map<string, HostArray<"float32">> } {
  const base = { model_type: type, ...bases[type] };
  const model = modelOf(
    configOf(withHead(base, familyOf(configOf(base, type)), task, task === "causal-lm" ? [] : ["a", "b", "c"]), type),
  );
  const weights = initialise(model, random(3));
  for (const [name, { data, shape }] of weights)
    if (shape.length === 2 && !/embed|wte|wpe/.test(name)) data.set(data.map((x) => 4 * x));
  return { model, weights };
}

const rng = random("architectures");
/** Three inputs of different lengths, padded. */
function feedsOf(model: Model): Record<string, HostArray> {
  if (model.image) {
    const { channels, side } = model.image;
    const size = 3 * channels * side * side;
    return {
      pixel_values: hostArray(
        "float32",
        [3, channels, side, side],
        Float32Array.from({ length: size }, () => rng.normal()),
      ),
    };
  }
  const { padId, types } = model.tokens!;
  const texts = [12, 7, 3].map((length) => Array.from({ length }, () => 4 + rng.int(116)));
  const filled = (of: (text: number[], at: number) => number) =>
    hostArray(
      "int64",
      [3, 12],
      BigInt64Array.from(texts.flatMap((t) => Array.from({ length: 12 }, (_, at) => BigInt(of(t, at))))),
    );
  return {
    input_ids: filled((t, at) => t[at] ?? padId),
    attention_mask: filled((t, at) => Number(at < t.length)),
    ...(types > 0 && { token_type_ids: filled(() => 0) }),
  };
}

const base: QuantiseScheme = { ...uncalibratedInt8, activations: "static" };
/** Way to store, and the largest difference of logits that is accepted, as a share of their spread. */
const schemes: [string, QuantiseScheme, number][] = [
  ["int8, static", base, 0.06],
  ["int8, row, smooth", { ...base, activations: "row", smooth: 0.5 }, 0.06],
  ["int8-weights", { ...base, to: "int8-weights" }, 0.03],
  ["int4", { ...base, to: "int4" }, 0.35],
  ["fp16", { ...base, to: "fp16" }, 0.002],
];

const decoders = ["gpt2", "llama"];
const cases = Object.keys(bases).flatMap((type): [string, Task][] => [
  [type, "single-label"],
  ...(type === "vit" ? [] : [[type, "token"] satisfies [string, Task]]),
  ...(decoders.includes(type) ? [[type, "causal-lm"] satisfies [string, Task]] : []),
]);

describe.each(cases)("%s, %s", (type, task) => {
  const { model, weights } = made(type, task);
  const names = model.parameters.map(({ name }) => name);
  const feeds = Array.from({ length: 4 }, () => feedsOf(model));

  test("the logits of every way to store it follow those of its weights", async () => {
    const { seen, observe } = observations();
    const bind = Object.fromEntries(names.map((n) => [n, { kind: "initializer" as const, array: weights.get(n)! }]));
    const own = await observing(cpuRuntime, names, observe).compile(exportGraph(model), { bind });
    const truth: number[] = [];
    for (const one of feeds) truth.push(...((await own.run(one)).logits!.data as Float32Array));
    await own.dispose();
    const spread = Math.max(...truth) - Math.min(...truth);
    expect(spread).toBeGreaterThan(0.2);
    for (const [name, scheme, share] of schemes) {
      const { bind: stored, stored: chosen } = storedModel(model, weights, scheme, seen);
      expect(chosen.length, name).toBeGreaterThan(8);
      const session = await openOnnx(exportOnnx(model, weights, stored));
      const found: number[] = [];
      for (const one of feeds) found.push(...((await session.run(one)).logits!.data as Float32Array));
      await session.dispose();
      const worst = Math.max(...found.map((x, i) => Math.abs(x - truth[i]!))) / spread;
      expect(worst, name).toBeLessThan(share);
      expect(worst, name).toBeGreaterThan(0);
    }
  });
});
