// What may be trained beside an adapter or instead of the whole model: each setting changes the run, and what does not hold is refused.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { adaptedModel, firstLayers, initialise, layerDepths, modelOf } from "../../src/models/index.ts";
import { type AdapterSettings, adapterLayout, initialiseAdapter } from "../../src/nn/index.ts";
import { fromNf4, quantiseNf4 } from "../../src/onnx/index.ts";
import { createTrainer, evaluationProgram, type FrozenForm, predictLogits, trainedBy } from "../../src/train/index.ts";
import { fault, faultLater } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { tinyConfig, tinyExamples, tinyModel } from "./tiny.ts";

const model = tinyModel();
const weights = initialise(model, random(1));
const examples = tinyExamples(16);
const read = (name: string) => weights.get(name)!;

interface More {
  readonly options?: object;
  readonly frozenLayers?: number;
  readonly frozen?: FrozenForm;
  readonly base?: ReadonlyMap<string, HostArray>;
}

async function trained(settings: AdapterSettings | undefined, more: More = {}) {
  const adapter = settings && adapterLayout(model.parameters, settings);
  const fresh = adapter ? initialiseAdapter(adapter, random(2), read) : [];
  const trainer = await createTrainer({
    model,
    weights: new Map<string, HostArray>([...(more.base ?? weights), ...fresh]),
    runtime: cpuRuntime,
    examples,
    adapter,
    frozen: more.frozen,
    trains: trainedBy(more, model, adapter),
    threads: 1,
    options: { epochs: 1, batchSize: 8, learningRate: 1e-2, dropout: false, ...more.options },
  });
  const losses: number[] = [];
  while (trainer.step < trainer.steps) losses.push((await trainer.run()).loss);
  const after = new Map([...trainer.weights()].map(([name, a]) => [name, { ...a, data: a.data.slice() }]));
  const logits = await trainer.predict(examples);
  await trainer.dispose();
  return { adapter, after, losses, logits: logits.flatMap((l) => [...l.data]) };
}

const changed = (after: ReadonlyMap<string, HostArray>) =>
  [...weights].flatMap(([name, { data }]) => (after.get(name)!.data.some((x, i) => x !== data[i]) ? [name] : []));

test("frozen layers and the embeddings below them keep their bits; all above them changes", async () => {
  const { after } = await trained(undefined, { frozenLayers: 1 });
  const frozen = firstLayers(model, 1);
  const kept = model.parameters.map((p) => p.name).filter((name) => !changed(after).includes(name));
  expect(kept.filter((name) => !/key\.bias$/.test(name))).toEqual(
    model.parameters.map((p) => p.name).filter((name) => frozen(name) && !/key\.bias$/.test(name)),
  );
  expect(frozen("bert.embeddings.LayerNorm.bias")).toBe(true);
  expect(fault("E_CONFIG", () => firstLayers(model, 3)).facts.expected).toBe("0 … 2");
});

test("with layer-wise rates a weight moves less the deeper it lies", async () => {
  const depthOf = layerDepths(model);
  const ends = [
    "classifier.weight",
    "bert.encoder.layer.1.output.dense.weight",
    "bert.encoder.layer.0.output.dense.weight",
  ];
  expect([...ends, "bert.embeddings.word_embeddings.weight"].map(depthOf)).toEqual([0, 1, 2, 3]);
  const once = { epochs: 1, batchSize: 16, maxGradNorm: 0, weightDecay: 0 };
  const move = async (layerDecay?: number) => {
    const { after } = await trained(undefined, { options: { ...once, ...(layerDecay && { layerDecay }) } });
    return ends.map((name) =>
      Math.max(...after.get(name)!.data.map((x, i) => Math.abs(x - (read(name).data as Float32Array)[i]!))),
    );
  };
  const [plain, decayed] = [await move(), await move(0.5)];
  for (const [i, factor] of [1, 0.5, 0.25].entries()) expect(decayed[i]! / plain[i]!).toBeCloseTo(factor, 3);
});

test("LoRA+ moves B faster than A, and leaves the rate of A alone", async () => {
  const settings = { targets: ["query"], rank: 2 };
  const once = { epochs: 1, batchSize: 16, maxGradNorm: 0, weightDecay: 0 };
  const [plain, plus] = [
    await trained(settings, { options: once }),
    await trained({ ...settings, rateRatio: 4 }, { options: once }),
  ];
  const name = "bert.encoder.layer.0.attention.self.query.lora";
  const size = (run: typeof plain) => Math.max(...run.after.get(`${name}.B`)!.data.map(Math.abs));
  expect(size(plus) / size(plain)).toBeCloseTo(4, 3);
  expect(plus.after.get(`${name}.A`)!.data).toEqual(plain.after.get(`${name}.A`)!.data);
});

test("beside a base in NF4 it learns as beside the numbers that NF4 stands for; the base stays as it was given", async () => {
  const settings = { targets: "all-linear", rank: 2, trainWhole: ["classifier"] } as const;
  const tables = new Set<string>(Object.values(model.tokens!.tableNames));
  const rounded = new Map(
    [...weights].map(([name, array]): [string, HostArray] => {
      const isStored = array.shape.length === 2 && !tables.has(name) && !name.startsWith("classifier");
      return [name, isStored ? fromNf4(quantiseNf4(array)) : array];
    }),
  );
  const stored = await trained(settings, { frozen: "nf4" });
  const like = await trained(settings, { base: rounded });
  const plain = await trained(settings);
  const apart = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((x, i) => Math.abs(x - b[i]!)));
  expect(apart(stored.losses, like.losses)).toBeLessThan(2e-6);
  expect(apart(stored.logits, like.logits)).toBeLessThan(2e-5);
  expect(apart(stored.losses, plain.losses)).toBeGreaterThan(1e-5);
  expect(changed(stored.after)).toEqual(["classifier.weight", "classifier.bias"]);
});

test("biases alone: no matrix changes but the head's", async () => {
  const { after } = await trained({ kind: "biases", targets: [], trainWhole: ["classifier"] });
  const names = changed(after);
  expect(names).toContain("bert.encoder.layer.0.output.dense.bias");
  expect(names.filter((name) => !name.endsWith(".bias"))).toEqual(["classifier.weight"]);
});

test.each<[string, AdapterSettings, number]>([
  ["bottleneck", { kind: "bottleneck", targets: ["output.dense"], width: 3 }, 4 * 4],
  ["prefix", { kind: "prefix", targets: [], tokens: 3, widths: [16, 16] }, 4],
  ["prompt", { kind: "prompt", targets: [], tokens: 3, widths: [16], table: model.tokens!.tableNames.words }, 1],
])("a model that keeps a %s adapter answers as the trainer did, by its config alone", async (_name, settings, more) => {
  const { adapter, after, logits } = await trained(settings);
  expect(changed(after)).toEqual([]);
  const kept = adaptedModel(model, adapter, after, modelOf);
  const again = modelOf(configOf(JSON.parse(JSON.stringify(kept.model.config)), "config.json"));
  expect(again.parameters.length).toBe(model.parameters.length + more);
  const answersWith = async (weightOf: (name: string) => HostArray) => {
    const exe = await cpuRuntime.compile(evaluationProgram(again));
    const params = Object.fromEntries(again.parameters.map((p) => [p.name, weightOf(p.name)]));
    const rows = await predictLogits(exe, again, params, examples, 8);
    await exe.dispose();
    return rows.flatMap((l) => [...l.data]);
  };
  const distance = (rows: number[]) => Math.max(...rows.map((x, i) => Math.abs(x - logits[i]!)));
  expect(distance(await answersWith((name) => kept.weights.get(name)!))).toBeLessThan(2e-6);
  const start = initialiseAdapter(adapter!, random(2), read);
  expect(distance(await answersWith((name) => start.get(name) ?? read(name)))).toBeGreaterThan(5e-6); // it learned something
  expect(fault("E_MODEL", () => adaptedModel(again, adapter, after, modelOf)).facts.problem).toMatch(/already/);
});

test.each([
  ["a kind that is merged", { kind: "lora", targets: ["query"] }, "E_CONFIG"],
  ["a layer that is not there", { kind: "bottleneck", targets: ["qeury"] }, "E_ARGUMENT"],
  ["a width out of range", { kind: "bottleneck", targets: ["query"], width: -1 }, "E_ARGUMENT"],
  ["a setting that there is not", { kind: "bottleneck", targets: ["query"], rank: 1 }, "E_ARGUMENT"],
] as const)("a config whose adapter has %s is refused", (_name, entry, code) => {
  const config = { ...tinyConfig, concord_adapter: JSON.parse(JSON.stringify(entry)) };
  fault(code, () => modelOf(configOf(config, "config.json")));
});

test.each(["dora", "ia3", "prefix", "prompt"] as const)(
  "%s is refused in private training, and DoRA beside integers",
  async (kind) => {
    const table = model.tokens!.tableNames.words;
    const own = {
      ...{ dora: { targets: ["query"] }, ia3: { targets: ["query"] }, prefix: { targets: [], widths: [16, 16] } },
      prompt: { targets: [], widths: [16], table },
    }[kind];
    const adapter = adapterLayout(model.parameters, { kind, ...own });
    const all = new Map<string, HostArray>([...weights, ...initialiseAdapter(adapter, random(2), read)]);
    const setup = { model, weights: all, runtime: cpuRuntime, examples, adapter };
    const privacy = { epsilon: 3, delta: 1e-3 };
    expect((await faultLater("E_CONFIG", () => createTrainer({ ...setup, options: { privacy } }))).facts.path).toBe(
      "adapt.privacy",
    );
    if (kind !== "dora") return;
    expect((await faultLater("E_CONFIG", () => createTrainer({ ...setup, frozen: "int8" }))).facts.path).toBe(
      "adapt.base",
    );
  },
);
