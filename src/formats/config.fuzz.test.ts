import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect } from "vitest";
import { byteMutation, fuzz, hostileJson, mutated } from "../../test/fuzz.ts";
import { goldenPath } from "../../test/golden.ts";
import * as config from "./config.ts";
import { parseJson } from "./json.ts";
import { checkShards, parseShardIndex } from "./shards.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

const realConfigs = ["bert-multilabel", "gpt2-lm", "llama-lm", "vit-image-classification"].map((model) =>
  readFileSync(goldenPath("models", model, "config.json"), "utf8"),
);

/** Reads everything that a models file would. */
function readLikeAModel(bytes: Uint8Array): void {
  const read = config.readConfig(bytes, "config.json");
  const { field, has, section, nullable } = config;
  const width = field(read, has(read, "n_embd") ? "n_embd" : "hidden_size", config.modelWidth);
  const heads = field(read, has(read, "n_head") ? "n_head" : "num_attention_heads", config.headCount);
  const layers = field(read, "num_hidden_layers", config.layerCount, 2);
  expect([width, heads, layers].every((size) => Number.isSafeInteger(size) && size >= 1)).toBe(true);
  field(read, "vocab_size", config.vocabularySize, 1);
  field(read, "hidden_act", config.oneOf("gelu", "gelu_new", "relu", "silu"), "gelu");
  field(read, "layer_norm_eps", config.number(0, 1), 1e-12);
  field(read, "hidden_dropout_prob", config.rate, 0);
  field(read, "bos_token_id", nullable(config.tokenId), null);
  field(read, "architectures", config.list(config.text, 16), []);
  field(read, "use_cache", config.flag, true);
  field(read, "image_size", config.imageSide, 224);
  const rope = section(read, "rope_parameters");
  if (rope) field(rope, "rope_theta", config.number(1, 1e9));
  const labels = config.labels(read);
  for (const [label, id] of labels?.idOf ?? []) expect(labels!.names[id]).toBe(label);
}

const entryName = fc.constantFrom(
  "hidden_size",
  "id2label",
  "label2id",
  "rope_parameters",
  "n_embd",
  "architectures",
  "vocab_size",
  "hidden_act",
  "layer_norm_eps",
  "bos_token_id",
);
const changedConfig = fc
  .tuple(
    fc.nat(realConfigs.length - 1),
    fc.array(fc.tuple(entryName, hostileJson), { maxLength: 2 }),
    fc.array(byteMutation, { maxLength: 2 }),
  )
  .map(([index, changes, flips]) => {
    const json = JSON.parse(realConfigs[index]!);
    for (const [name, value] of changes) json[name] = value;
    return mutated(utf8(JSON.stringify(json)), flips);
  });
const deepText = fc
  .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"], ['[{"b":', "}]"]), fc.nat(3000), fc.boolean())
  .map(([[open, close], depth, closed]) => utf8(`${open!.repeat(depth)}1${closed ? close!.repeat(depth) : ""}`));
const labelsOnly = fc
  .tuple(
    fc.dictionary(
      fc.oneof(fc.nat(3).map(String), fc.string({ maxLength: 3 })),
      fc.oneof(fc.constantFrom("a", "b"), hostileJson),
    ),
    hostileJson,
  )
  .map(([id2label, label2id]) => utf8(JSON.stringify({ hidden_size: 8, num_attention_heads: 2, id2label, label2id })));
const anyJson = fc.json({ maxDepth: 4 }).map(utf8);

fuzz(
  "config.json: wrong, missing, absurd and deep entries are refused",
  fc.oneof({ weight: 5, arbitrary: changedConfig }, labelsOnly, anyJson, deepText),
  readLikeAModel,
);

const depthOf = (value: unknown): number =>
  typeof value === "object" && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

fuzz(
  "JSON: what is accepted is what JSON.parse gives",
  fc.oneof(
    fc.json(),
    fc.string(),
    deepText.map((bytes) => Buffer.from(bytes).toString()),
    fc
      .tuple(fc.json(), fc.array(byteMutation, { maxLength: 2 }))
      .map(([text, flips]) => Buffer.from(mutated(utf8(text), flips)).toString("latin1")),
  ),
  (text) => {
    const value = parseJson(text, "x");
    expect(depthOf(value)).toBeLessThanOrEqual(64);
    expect(value).toEqual(JSON.parse(text));
  },
  0.5,
);

const shardName = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("a.safetensors", "b.safetensors") },
  fc.constantFrom("../a.safetensors", "/a.safetensors", "a/b.safetensors", "a.safetensors\n"),
  hostileJson,
);
fuzz(
  "shard index: names outside the folder and misplaced tensors are refused",
  fc.tuple(shardName, shardName, shardName).map(([a, b, zero]) => ({ a, b, "0": zero })),
  (map) => {
    const index = parseShardIndex(utf8(JSON.stringify({ weight_map: map })), "index.json");
    for (const shard of index.shards) expect(shard).toMatch(/^[^/\\]+\.safetensors$/);
    checkShards(
      index,
      new Map([
        ["a.safetensors", ["a"]],
        ["b.safetensors", ["b", "0"]],
      ]),
      "index.json",
    );
  },
  0.5,
);
