// Adapters as PEFT saves them (fixtures/adapters, written by tools/peft-adapters.py): its logits, or a refusal that names what is not used.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { HostArray } from "../../src/base/index.ts";
import { configOf, type JsonRecord, type JsonValue, readSafetensors } from "../../src/formats/index.ts";
import { matchAdapter, modelOf, readPeftConfig, withHead } from "../../src/models/index.ts";
import { loadAdapter, saveAdapter } from "../../src/models/node/index.ts";
import { loraLayout, mergeAdapter } from "../../src/nn/index.ts";
import { evaluationProgram, predictLogits } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { relativeError } from "./golden.ts";
import { savedCases, savedIds } from "./saved.ts";

const path = (...parts: string[]) => fileURLToPath(new URL(join("fixtures/adapters", ...parts), import.meta.url));
const { adapters } = JSON.parse(readFileSync(path("logits.json"), "utf8")) as {
  adapters: Record<string, { base: string; logits: number[][] }>;
};
const bases = savedCases();
const baseOf = (name: string) => bases.find((one) => one.name === adapters[name]!.base)!;
const settingsOf = (name: string) => JSON.parse(readFileSync(path(name, "adapter_config.json"), "utf8")) as JsonRecord;
const shapesOf = (name: string) =>
  new Map(readSafetensors(readFileSync(path(name, "adapter_model.safetensors")), name).tensors);

async function logits(name: string, folder = path(name)): Promise<Float32Array[]> {
  const { model, weights } = baseOf(name);
  const adapter = await loadAdapter(folder, model);
  const own = new Map<string, HostArray>([...weights, ...adapter.weights]);
  const merged = mergeAdapter(adapter.layout, (n) => own.get(n)!);
  const all = new Map([...own, ...merged]);
  const exe = await cpuRuntime.compile(evaluationProgram(model));
  const params = Object.fromEntries(model.parameters.map((p) => [p.name, all.get(p.name)!]));
  const rows = await predictLogits(
    exe,
    model,
    params,
    savedIds.map((ids) => ({ ids: Int32Array.from(ids) })),
    2,
  );
  await exe.dispose();
  return rows.map((row) => row.data);
}

test.each(Object.keys(adapters))("%s: PEFT's logits, and again after saving", async (name) => {
  const want = adapters[name]!.logits;
  for (const [i, row] of (await logits(name)).entries()) expect(relativeError(row, want[i]!)).toBeLessThan(5e-6);
  const { model, weights } = baseOf(name);
  const { layout, weights: own } = await loadAdapter(path(name), model);
  const folder = mkdtempSync(join(tmpdir(), "concord-adapter-"));
  await saveAdapter(folder, model, layout, new Map([...weights, ...own]), "base");
  for (const [i, row] of (await logits(name, folder)).entries())
    expect(relativeError(row, want[i]!)).toBeLessThan(5e-6);
  rmSync(folder, { recursive: true });
});

const match = (name: string, settings: JsonRecord = {}, shapes = shapesOf(name)) =>
  matchAdapter(
    baseOf(name).model,
    readPeftConfig(configOf({ ...settingsOf(name), ...settings }, "adapter_config.json")),
    shapes,
    "adapter",
  );

test.each<[string, JsonValue]>([
  ["init_lora_weights", "pissa"],
  ["init_lora_weights", "pissa_niter_4"],
  ["init_lora_weights", "olora"],
  ["init_lora_weights", "corda"],
  ["init_lora_weights", "loftq"],
  ["init_lora_weights", "lora_ga"],
  ["init_lora_weights", "never heard of"],
  ["lora_bias", true],
  ["bias", "lora_only"],
  ["trainable_token_indices", [1]],
  ["target_parameters", ["a"]],
  ["a_new_entry", 1],
])("an adapter with %s %j is refused by name", (entry, value) => {
  expect(fault("E_MODEL", () => match("tutorial", { [entry]: value })).facts.problem).toBe(`${entry} is not covered`);
});

test.each<[string, JsonValue]>([
  ["init_lora_weights", false],
  ["init_lora_weights", "gaussian"],
  ["init_lora_weights", "orthogonal"],
  ["a_new_entry", null],
  ["layers_pattern", "layer"],
  ["rank_pattern", { "(((a*)*)*)*b": 3 }],
  ["alpha_pattern", { "(((a*)*)*)*b": 3 }],
])("an adapter with %s %j is read", (entry, value) =>
  expect(match("tutorial", { [entry]: value }).files.size).toBeGreaterThan(4),
);

test("α of modules that an expression names is read; one that no expression can name is refused", () => {
  const { layout } = match("tutorial", { alpha_pattern: { ".*0.*q_lin": 4, "v_lin|q_lin": 5 } });
  const scales = Object.fromEntries(layout.layers.map(({ module, scale }) => [module.slice(-17), scale]));
  expect(scales).toMatchObject({ "0.attention.q_lin": 2, "0.attention.v_lin": 2.5, "1.attention.q_lin": 2.5 });
  expect(() => match("tutorial", { alpha_pattern: { "(?=a)b": 4 } })).toThrow(/E_ARGUMENT/);
});

test("an expression is never run: the file says which modules there are", () => {
  const hostile = { target_modules: "((((((a*)*)*)*)*)*)*!" };
  expect(match("expression", hostile).layout.modules).toEqual(match("expression").layout.modules);
});

test.each([
  ["a tensor that the model has no place for", "base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight"],
  ["an adapter of an embedding table", "base_model.model.model.embed_tokens.lora_embedding_A"],
  ["a weight under a name of its own", "base_model.model.extra.weight"],
  ["a name without PEFT's prefix", "lm_head.weight"],
])("%s is refused by name", (_, tensor) => {
  const shapes = new Map([...shapesOf("expression"), [tensor, { shape: [2, 2] } as never]]);
  expect(fault("E_MODEL", () => match("expression", {}, shapes)).facts.problem).toContain(tensor);
});

test("an adapter of a layer that the list does not name, and a named one without its adapter, are refused", () => {
  expect(fault("E_MODEL", () => match("embeddings", { target_modules: ["q_proj"] })).facts.problem).toMatch(
    /v_proj.*no target/,
  );
  const less = new Map([...shapesOf("embeddings")].filter(([name]) => !name.includes("layers.0.self_attn.q_proj")));
  expect(fault("E_MODEL", () => match("embeddings", {}, less)).facts.problem).toMatch(/layers.0.*q_proj.*missing/);
});

test("modules trained whole are meant by the end of a name, as PEFT means them", () => {
  const config = {
    model_type: "distilbert",
    vocab_size: 9,
    dim: 8,
    n_layers: 1,
    n_heads: 2,
    hidden_dim: 8,
    max_position_embeddings: 8,
  };
  const { parameters } = modelOf(configOf(withHead(config, "DistilBert", "single-label", ["a", "b"]), "test"));
  const { trains } = loraLayout(parameters, { targets: ["q_lin"], trainWhole: ["classifier"] });
  expect(parameters.filter((p) => trains(p.name)).map((p) => p.name)).toEqual([
    "pre_classifier.weight",
    "pre_classifier.bias",
    "classifier.weight",
    "classifier.bias",
  ]);
  const bert = loraLayout([{ name: "bert.pooler.dense.weight", shape: [2, 2] }], {
    targets: [],
    trainWhole: ["pooler"],
  });
  expect([bert.trains("bert.pooler.dense.weight"), bert.trains("bert.poolers.weight")]).toEqual([true, false]);
});
