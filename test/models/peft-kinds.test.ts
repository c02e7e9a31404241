// Adapters of each kind as PEFT saves them (golden/peft-kinds, written by tools/peft-kinds.py): its logits, loss and gradients, and its logits
// again after merging and after saving here.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { openDecoder } from "../../src/generate/decoder.ts";
import { adaptedModel, modelOf, peftTensors, virtualTensor } from "../../src/models/index.ts";
import { loadAdapter, saveAdapter } from "../../src/models/node/index.ts";
import { type AdapterName, adapterLayout, initialiseAdapter, mergeAdapter, mergeShares } from "../../src/nn/index.ts";
import { batchFeeds, type Example, evaluationProgram, stepGradients, trainingProgram } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { goldenJson, goldenPath } from "../golden.ts";
import { cpuRuntime } from "../one-thread.ts";
import { examplesOf } from "./examples.ts";
import { goldenModel, relativeError, tensorsOf } from "./golden.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-kinds-"));
afterAll(() => rmSync(folder, { recursive: true }));

type TextExample = Example & { readonly ids: Int32Array };

interface Expected {
  readonly base: string;
  readonly loss: number;
  readonly logits: readonly (readonly (number | readonly number[])[])[];
}

const names = ["dora", "dora-stored-the-other-way", "miss", "miss-uneven", "ia3", "ia3-stored-the-other-way"];
const decoders = ["prefix", "prefix-llama", "prompt", "prompt-llama"];
const virtual = [...decoders, "prompt-bert", "prompt-words", "prompt-roberta", "prompt-distilbert"];

describe.each([...names, ...virtual])("%s", (name) => {
  const expected = goldenJson<Expected>("peft-kinds", name, "expected.json");
  const { model, weights, io } = goldenModel(expected.base);
  const examples = examplesOf(io, model.task) as TextExample[];
  const loaded = loadAdapter(goldenPath("peft-kinds", name), model);

  /** Logits that PEFT gave for rows that are no padding, in order. */
  const wanted = expected.logits.flatMap((rows, b) =>
    typeof rows[0] === "number" ? rows : rows.slice(0, examples[b]!.ids.length).flat(),
  ) as number[];

  async function logitsOf(adapter: Awaited<typeof loaded> | undefined, all: ReadonlyMap<string, HostArray>) {
    const graph = evaluationProgram(model, {
      adapt: adapter?.layout.adapt,
      enter: adapter?.layout.enter,
      extra: new Map(adapter?.layout.parameters.map((p) => [p.name, p.shape])),
    });
    const exe = await cpuRuntime.compile(graph);
    const feeds = batchFeeds(model, examples, {});
    if (graph.inputs.some(([input]) => input === "logits.rows")) {
      const rows = examples.reduce((n, e) => n + e.ids.length, 0);
      feeds["logits.rows"] = { dtype: "int32", shape: [rows], data: Int32Array.from({ length: rows }, (_, i) => i) };
    }
    const named = Object.fromEntries(graph.inputs.map(([n]) => [n, all.get(n) ?? feeds[n]!]));
    const { logits } = await exe.run(named);
    await exe.dispose();
    return logits!.data as Float32Array;
  }

  test("its logits are PEFT's, beside the base, merged, and after saving", async () => {
    const adapter = await loaded;
    const all = new Map<string, HostArray>([...weights, ...adapter.weights]);
    expect(relativeError(await logitsOf(adapter, all), wanted)).toBeLessThan(5e-6);
    expect(relativeError(await logitsOf(undefined, all), wanted)).toBeGreaterThan(1e-3); // the adapter is what does it
    if (adapter.layout.kind.merge) {
      const merged = new Map([...all, ...mergeAdapter(adapter.layout, (n) => all.get(n))]);
      expect(relativeError(await logitsOf(undefined, merged), wanted)).toBeLessThan(1e-5);
    }
    const at = join(folder, name);
    await saveAdapter(at, model, adapter.layout, all, expected.base);
    const again = await loadAdapter(at, model);
    expect(again.layout.options).toEqual(adapter.layout.options);
    for (const [parameter, array] of adapter.weights) expect(again.weights.get(parameter)).toEqual(array);
  });

  test("its loss and gradients are PEFT's", async () => {
    const { layout, weights: own } = await loaded;
    const program = trainingProgram(model, {
      trainable: layout.trains,
      adapt: layout.adapt,
      enter: layout.enter,
      extra: new Map(layout.parameters.map((p) => [p.name, p.shape])),
    });
    const exe = await cpuRuntime.compile(program.graph);
    const feeds = batchFeeds(model, examples, {});
    const results = await exe.run({ ...Object.fromEntries([...weights, ...own]), ...feeds });
    const weighted = feeds.weights!.data as Float32Array;
    const loss = (results.losses!.data as Float32Array).reduce((sum, l, b) => sum + l * weighted[b]!, 0);
    expect(Math.abs(loss - expected.loss) / expected.loss).toBeLessThan(5e-6);
    const gradients = stepGradients(program, results, feeds, new Set());
    const named = arraysOf(gradients, [...model.parameters, ...layout.parameters]);
    const reference = tensorsOf("peft-kinds", name, "grads.safetensors");
    const want = new Map([...reference].map(([key, { data }]) => [asStored(key), data as Float32Array]));
    const found = peftTensors(model, layout, named);
    expect(found.map(([tensor]) => tensor).sort()).toEqual([...want.keys()].sort());
    for (const [tensor, { data }] of found)
      expect(relativeError(data as Float32Array, want.get(tensor)!), tensor).toBeLessThan(5e-5);
    await exe.dispose();
  });
});

/** The name that PEFT stores a parameter of its model under. */
const asStored = (name: string): string =>
  name
    .replace(/(\.modules_to_save)?\.default/, "")
    .replace("lora_magnitude_vector.weight", "lora_magnitude_vector")
    .replace("prompt_encoder.embedding.weight", virtualTensor);

/** Gradients of parameters, as arrays of their shapes. */
const arraysOf = (
  gradients: ReturnType<typeof stepGradients>,
  parameters: readonly { readonly name: string; readonly shape: readonly number[] }[],
) =>
  new Map(
    gradients.map(([name, data]): [string, HostArray] => [
      name,
      {
        dtype: "float32",
        shape: parameters.find((p) => p.name === name)!.shape,
        data: data as Float32Array<ArrayBuffer>,
      },
    ]),
  );

const { model, weights } = goldenModel("bert-sequence-classification");

test.each<AdapterName>(["lora", "dora", "miss", "ia3"])("a fresh adapter of kind %s changes no weight", (kind) => {
  const layout = adapterLayout(model.parameters, { kind, targets: "all-linear" });
  const all = new Map([...weights, ...initialiseAdapter(layout, random(0), (name) => weights.get(name)!)]);
  for (const [name, { data }] of mergeAdapter(layout, (n) => all.get(n)))
    expect(relativeError(data, weights.get(name)!.data as Float32Array), name).toBeLessThan(1e-7);
});

test.each(decoders)("%s: a decoder that writes sees it, for a prompt as a whole and token by token", async (name) => {
  const expected = goldenJson<Expected>("peft-kinds", name, "expected.json");
  const { model: decoder, weights: own, io } = goldenModel(expected.base);
  const adapter = await loadAdapter(goldenPath("peft-kinds", name), decoder);
  const all = new Map([...own, ...adapter.weights]) as Map<string, HostArray<"float32">>;
  const kept = adaptedModel(decoder, adapter.layout, all, modelOf);
  const writer = await openDecoder(kept.model, kept.weights, cpuRuntime);
  const [first] = examplesOf(io, decoder.task) as TextExample[];
  const ids = [...first!.ids];
  const want = expected.logits[0]![ids.length - 1] as number[];
  const whole = await writer.start([ids]);
  expect(relativeError(whole.logits[0]!, want)).toBeLessThan(1e-5);
  const stepped = await writer.start([ids.slice(0, -1)]);
  await stepped.step([ids.at(-1)!]);
  expect(relativeError(stepped.logits[0]!, want)).toBeLessThan(1e-5);
  await writer.dispose();
});

test("a layer that is not there is answered with the nearest name; a setting of another kind is refused", () => {
  const lay = (settings: Parameters<typeof adapterLayout>[1]) => () => adapterLayout(model.parameters, settings);
  expect(fault("E_ARGUMENT", lay({ targets: ["qeury"] })).facts.hint).toBe("did you mean query?");
  expect(fault("E_ARGUMENT", lay({ kind: "ia3", targets: ["key"], rank: 4 })).facts.problem).toBe("it has no rank");
  expect(fault("E_ARGUMENT", lay({ kind: "lroa" as "lora", targets: ["key"] })).facts.hint).toBe("did you mean lora?");
  expect(() => lay({ targets: ["key"], rank: 0 })()).toThrow(/rank is wrong/);
});

test("shares of several adapters add up; a whole one is the merged adapter, and what depends on the base is refused", () => {
  const of = (settings: Parameters<typeof adapterLayout>[1], seed: number) => {
    const layout = adapterLayout(model.parameters, settings);
    const rng = random(seed);
    const own = initialiseAdapter(layout, rng, (name) => weights.get(name)!);
    for (const { data } of own.values()) for (let i = 0; i < data.length; i++) data[i] = 0.3 * rng.normal();
    return { layout, read: (name: string) => own.get(name)! };
  };
  const base = (name: string) => weights.get(name)!;
  const [a, b] = [
    of({ targets: ["query"], rank: 2 }, 1),
    of({ kind: "miss", targets: ["query", "value"], rank: 3 }, 2),
  ];
  const mergedOf = ({ layout, read }: typeof a) => mergeAdapter(layout, (name) => weights.get(name) ?? read(name));
  const [wholeA, wholeB] = [mergedOf(a), mergedOf(b)];
  for (const [name, { data }] of mergeShares([{ ...a, share: 1 }], base))
    expect(relativeError(data, wholeA.get(name)!.data)).toBeLessThan(1e-6);
  const both = mergeShares(
    [
      { ...a, share: 0.25 },
      { ...b, share: -0.5 },
    ],
    base,
  );
  expect([...both.keys()].sort()).toEqual([...wholeB.keys()].sort());
  for (const [name, { data }] of both) {
    const w = base(name).data as Float32Array;
    const [x, y] = [wholeA.get(name)?.data ?? w, wholeB.get(name)!.data];
    const want = w.map((v, i) => v + 0.25 * (x[i]! - v) - 0.5 * (y[i]! - v));
    expect(relativeError(data, want), name).toBeLessThan(1e-5);
  }
  const dora = of({ kind: "dora", targets: ["query"] }, 3);
  expect(fault("E_ARGUMENT", () => mergeShares([{ ...dora, share: 1 }], base)).facts.expected).toBe("lora or miss");
});

test("an adapter that is no change of a weight is not merged", () => {
  const layout = adapterLayout(model.parameters, { kind: "bottleneck", targets: ["output.dense"], width: 3 });
  const all = new Map([...weights, ...initialiseAdapter(layout, random(0))]);
  expect(fault("E_ARGUMENT", () => mergeAdapter(layout, (n) => all.get(n))).facts.problem).toMatch(/bottleneck/);
});
