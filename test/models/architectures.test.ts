// Each row of the architectures with each head: built, or refused by name; what an adapter trains; merging.
import { expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { architectures, initialise, type Model, modelOf, type Task, withHead } from "../../src/models/index.ts";
import { initialiseAdapter, loraLayout, mergeAdapter } from "../../src/nn/index.ts";
import { evaluationProgram, predictLogits } from "../../src/train/index.ts";
import { fault } from "../fault.ts";
import { cpuRuntime } from "../one-thread.ts";
import { relativeError } from "./golden.ts";

const sizes: JsonRecord = {
  vocab_size: 60,
  hidden_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  max_position_embeddings: 20,
};
const imageSizes: JsonRecord = {
  hidden_size: 24,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  image_size: 8,
  patch_size: 4,
};
const own: Readonly<Record<string, JsonRecord>> = {
  distilbert: { ...sizes, hidden_dim: 40 },
  gpt2: sizes,
  "deberta-v2": {
    ...{ ...sizes, intermediate_size: 40, relative_attention: true, pos_att_type: "p2c|c2p", share_att_key: true },
  },
  vit: { ...imageSizes, intermediate_size: 40 },
  deit: { ...imageSizes, intermediate_size: 40 },
  dinov2: imageSizes,
  "series-patches": {
    hidden_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 3,
    intermediate_size: 40,
    context_length: 10,
    prediction_length: 3,
    patch_length: 4,
    num_input_channels: 2,
    quantiles: [0.1, 0.5, 0.9],
  },
};
const configs = Object.keys(architectures).map((type): [string, JsonRecord] => [
  type,
  { model_type: type, ...(own[type] ?? { ...sizes, intermediate_size: 40 }) },
]);
const configFor = (type: string) => new Map(configs).get(type)!;
const read = (config: JsonRecord): Model => modelOf(configOf(config, "config.json"));

const tasks: Task[] = [
  "single-label",
  "ordinal",
  "multi-label",
  "regression",
  "token",
  "masked-lm",
  "causal-lm",
  "quantiles",
  "features",
];
const texts = tasks.filter((task) => task !== "quantiles");
const encoder = texts.filter((task) => task !== "causal-lm");
const decoder = texts.filter((task) => task !== "masked-lm");
const decoders = ["gpt2", "llama", "mistral", "qwen2", "qwen3", "smollm3"];
const images = ["deit", "dinov2", "vit"];
const covered: Readonly<Record<string, readonly Task[]>> = {
  ...Object.fromEntries(configs.map(([type]) => [type, encoder])),
  ...Object.fromEntries(decoders.map((type) => [type, decoder])),
  ...Object.fromEntries(
    images.map((type) => [type, ["single-label", "ordinal", "multi-label", "regression", "features"]]),
  ),
  "series-patches": ["quantiles", "features"],
  "deberta-v2": encoder.filter((task) => task !== "masked-lm"),
};
const headed = (type: string, task: Task): JsonRecord =>
  withHead(configFor(type), architectures[type]!.name, task, ["a", "b", "c"].slice(0, task === "regression" ? 1 : 3));
const pairs = Object.entries(covered).flatMap(([type, heads]) => heads.map((task): [string, Task] => [type, task]));

test.each(pairs)("%s for %s: what an adapter trains whole is the head, and nothing else", (type, task) => {
  const model = read(headed(type, task));
  expect(model.task).toBe(task);
  expect(model.reads).toBe(images.includes(type) ? "image" : type === "series-patches" ? "series" : "text");
  const { modules, trains } = loraLayout(
    model.parameters,
    { targets: "all-linear", trainWhole: model.wholeModules },
    model.transposedWeights,
  );
  for (const { name, head } of model.parameters) expect([name, trains(name)]).toEqual([name, head]);
  expect(modules.map((module) => `${module}.weight`)).toEqual(
    model.parameters.flatMap(({ name, shape, head }) =>
      shape.length === 2 &&
      !head &&
      !/embeddings?\.weight|embed_tokens|wte|wpe|mask_token|relative_attention_bias/.test(name)
        ? [name]
        : [],
    ),
  );
});

const others = configs.flatMap(([type]) =>
  tasks.filter((task) => !covered[type]!.includes(task)).map((task): [string, Task] => [type, task]),
);

test.each(others)("%s has no head for %s: choosing it is refused with those that there are", (type, task) => {
  const { name, heads } = architectures[type]!;
  const { facts } = fault("E_MODEL", () => headed(type, task));
  expect(facts.problem).toBe(`${name} has no head for the task ${task}`);
  expect(facts.expected).toBe(heads.map((head) => name + head).join(", "));
});

const endings = [...new Set(Object.values(architectures).flatMap(({ heads }) => heads))];

test.each(configs)("%s is read with the heads of its row only, each by name", (type, config) => {
  const { name, heads } = architectures[type]!;
  for (const ending of [...endings, "ForQuestionAnswering", "ForMultipleChoice"] as typeof endings) {
    const load = () => read({ ...config, architectures: [`${name}${ending}`] });
    if (heads.includes(ending)) expect(load().parameters.length).toBeGreaterThan(10);
    else expect(fault("E_MODEL", load).facts.problem).toBe(`architecture ${name}${ending} is not covered`);
  }
});

test("a family that is not covered is refused by name", () => {
  expect(fault("E_MODEL", () => withHead(configFor("bert"), "Bart", "features")).facts.problem).toMatch(/Bart/);
});

test.each(["gpt2", "bert"])("merged weights of %s answer as its adapter does", async (type) => {
  const model = read(headed(type, "single-label"));
  const options = { targets: "all-linear", rank: 2, trainWhole: model.wholeModules } as const;
  const layout = loraLayout(model.parameters, options, model.transposedWeights);
  const adapter = initialiseAdapter(layout, random(2));
  for (const { data } of adapter.values()) data.set(data.map((_, i) => Math.sin(i) / 4)); // B starts at zero
  const weights = new Map<string, HostArray>([...initialise(model, random(1)), ...adapter]);
  const examples = [9, 20].map((length) => ({ ids: Int32Array.from({ length }, (_, i) => 5 + ((7 * i) % 50)) }));
  const answers = async (values: ReadonlyMap<string, HostArray>, parts: Parameters<typeof evaluationProgram>[1]) => {
    const exe = await cpuRuntime.compile(evaluationProgram(model, parts));
    const names = [...model.parameters.map((p) => p.name), ...(parts?.extra?.keys() ?? [])];
    const fed = Object.fromEntries(names.map((name) => [name, values.get(name)!]));
    const rows = await predictLogits(exe, model, fed, examples, 2);
    await exe.dispose();
    return rows.flatMap(({ data }) => [...data]);
  };
  const extra = new Map(layout.parameters.map((p) => [p.name, p.shape] as const));
  const wanted = await answers(weights, { adapt: layout.adapt, extra });
  const merged = new Map([...weights, ...mergeAdapter(layout, (name) => weights.get(name)!)]);
  expect(relativeError(await answers(merged, {}), wanted)).toBeLessThan(2e-6);
  expect(relativeError(await answers(weights, {}), wanted)).toBeGreaterThan(1e-3);
});
