// Reads a reference model and checks this library against it: padded and packed, values and gradients, three AdamW steps.
import { readdirSync, readFileSync } from "node:fs";
import { type HostArray, hostArray, unflattenTree } from "../../src/base/index.ts";
import { readConfig, readSafetensors } from "../../src/formats/index.ts";
import { cast, input, makeGraph, minimum, mul, mulDims, reshape, sub, type Value } from "../../src/graph/index.ts";
import { architectures, type Model, modelOf } from "../../src/models/index.ts";
import { inference, lowest, paddedLayout } from "../../src/nn/index.ts";
import type { Runtime } from "../../src/runtime/index.ts";
import { goldenJson, goldenPath } from "../golden.ts";

export interface Expected {
  readonly loss: number;
  readonly loss_after_3_steps: number;
  readonly grad_norm: number;
  readonly inputs: Readonly<Record<string, number[][] | number[]>>;
  readonly decay: readonly string[];
  readonly step: readonly { lr: number; loss: number; grad_norm: number }[];
  readonly zero_gradient: readonly { tensor: string; start: number; end: number }[];
  readonly optimizer: { lr: number; betas: [number, number]; eps: number; weight_decay: number; max_grad_norm: number };
  readonly tolerance: Readonly<Record<string, number>>;
}

export const tensorsOf = (...path: string[]): Map<string, HostArray> =>
  new Map(readSafetensors(readFileSync(goldenPath(...path)), path.join("/")).tensors);

/** Reference models whose architecture the engine has. */
export const coveredModels = readdirSync(goldenPath("models")).filter((name) =>
  Object.hasOwn(architectures, goldenJson<{ model_type: string }>("models", name, "config.json").model_type),
);

export function goldenModel(name: string) {
  const file = goldenPath("models", name, "config.json");
  return {
    model: modelOf(readConfig(readFileSync(file), file)),
    weights: tensorsOf("models", name, "model.safetensors"),
    io: tensorsOf("models", name, "io.safetensors"),
    grads: tensorsOf("models", name, "grads.safetensors"),
    after3: tensorsOf("models", name, "after3.safetensors"),
    expected: goldenJson<Expected>("models", name, "expected.json"),
  };
}

/** max|got − want| over max|want|. */
export function relativeError(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let [worst, scale] = [0, 0];
  for (let i = 0; i < want.length; i++) {
    worst = Math.max(worst, Math.abs(got[i]! - want[i]!));
    scale = Math.max(scale, Math.abs(want[i]!));
  }
  return got.length === want.length && !Number.isNaN(worst) ? worst / (scale || 1) : Number.POSITIVE_INFINITY;
}

const int32 = (a: HostArray): HostArray =>
  hostArray("int32", [a.data.length], Int32Array.from(a.data as unknown as ArrayLike<bigint>, Number));

/** All hidden states and logits over padded rows, as Transformers computes them. */
export async function runPadded(
  runtime: Runtime,
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  io: ReadonlyMap<string, HostArray>,
): Promise<Record<string, HostArray>> {
  if (model.image) return runImages(runtime, model, weights, io);
  const [batch, longest] = io.get("input_ids")!.shape as [number, number];
  const rows = mulDims("B", "S");
  const values: Record<string, Value> = {
    ids: input("ids", "int32", [rows]),
    positions: input("positions", "int32", [rows]),
    types: input("types", "int32", [rows]),
    mask: input("mask", "int32", ["B", "S"]),
  };
  const keys = reshape(cast(values.mask!, "float32"), ["B", 1, 1, "S"]);
  const causal = input("causal", "float32", [1, 1, "S", "S"]);
  const padding = mul(sub(1, keys), lowest);
  const bias = model.causal ? minimum(padding, causal) : padding;
  const parameters = Object.fromEntries([...weights].map(([name, w]) => [name, input(name, "float32", w.shape)]));
  const out = model.forward(unflattenTree(Object.entries(parameters)), values, paddedLayout("B", "S", bias), {
    context: inference,
    allRows: true,
  });
  const results = {
    ...Object.fromEntries(out.hidden.map((h, i) => [`hidden_states.${i}`, h])),
    last_hidden_state: out.last,
    ...(out.pooled && model.task !== "features" ? { pooler_output: out.pooled } : {}),
    logits: out.logits!,
  };
  const graph = makeGraph({ ...parameters, ...values, ...(model.causal ? { causal } : {}) }, results);
  const exe = await runtime.compile(graph);
  const position = Int32Array.from({ length: batch * longest }, (_, i) => i % longest);
  const feeds: Record<string, HostArray> = {
    ...Object.fromEntries(weights),
    ids: int32(io.get("input_ids")!),
    positions: io.has("position_ids")
      ? int32(io.get("position_ids")!)
      : hostArray("int32", [batch * longest], position),
    types: io.has("token_type_ids") ? int32(io.get("token_type_ids")!) : hostArray("int32", [batch * longest]),
    mask: { ...int32(io.get("attention_mask")!), shape: [batch, longest] },
  };
  if (model.causal)
    feeds.causal = hostArray(
      "float32",
      [1, 1, longest, longest],
      Float32Array.from({ length: longest ** 2 }, (_, i) => (i % longest > Math.floor(i / longest) ? lowest : 0)),
    );
  const got = await exe.run(feeds);
  await exe.dispose();
  return got;
}

async function runImages(
  runtime: Runtime,
  model: Model,
  weights: ReadonlyMap<string, HostArray>,
  io: ReadonlyMap<string, HostArray>,
): Promise<Record<string, HostArray>> {
  const pixels = io.get("pixel_values")!;
  const value = input("pixels", "float32", ["B", ...pixels.shape.slice(1)]);
  const parameters = Object.fromEntries([...weights].map(([name, w]) => [name, input(name, "float32", w.shape)]));
  const out = model.forward(unflattenTree(Object.entries(parameters)), { pixels: value }, undefined, {
    context: inference,
    allRows: true,
  });
  const [batch, rows] = io.get("last_hidden_state")!.shape as [number, number];
  const results = {
    ...Object.fromEntries(out.hidden.map((h, i) => [`hidden_states.${i}`, h])),
    last_hidden_state: out.last,
    logits: out.logits!,
  };
  const exe = await runtime.compile(makeGraph({ ...parameters, pixels: value }, results));
  const got = await exe.run({ ...Object.fromEntries(weights), pixels });
  await exe.dispose();
  if (got.last_hidden_state!.shape[0] !== batch * rows) throw new Error("rows do not match the reference");
  return got;
}
