// Several adapters of one base behind one server: a request names its adapter, answers are those of each merged model, also where requests
// of several adapters wait together, and what does not fit is refused by name.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HostArray, random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { adaptedModel, initialise, type Model, modelOf } from "../../src/models/index.ts";
import { loadModel, saveAdapter, saveModel } from "../../src/models/node/index.ts";
import { type AdapterSettings, adapterLayout, initialiseAdapter } from "../../src/nn/index.ts";
import { tokenizerConfig } from "../../src/predict/index.ts";
import { openGenerator } from "../../src/runs/index.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import { openModel } from "../../src/stages/index.ts";
import { jsTokenizer, trainByteBpe } from "../../src/tokenizers/index.ts";
import { faultLater } from "../fault.ts";
import { smallModel, words } from "./small-model.ts";

type Weights = Map<string, HostArray<"float32">>;
const home = mkdtempSync(join(tmpdir(), "concord-serve-adapters-"));
let server: RunningServer;
let small: Awaited<ReturnType<typeof smallModel>>;
const writer = join(home, "writer");

/** An adapter of random numbers, as its own folder and merged. */
async function adapterOf(name: string, model: Model, weights: Weights, settings: AdapterSettings, files: object = {}) {
  const layout = adapterLayout(model.parameters, settings, model.transposedWeights);
  const rng = random(name);
  const own = new Map<string, HostArray<"float32">>([...weights, ...initialiseAdapter(layout, rng)]);
  for (const parameter of [...layout.parameters, ...model.parameters].filter((p) => layout.trains(p.name))) {
    const data = own.get(parameter.name)!.data.map((x) => x + 0.5 * rng.normal());
    own.set(parameter.name, { ...own.get(parameter.name)!, data });
  }
  await saveAdapter(join(home, name), model, layout, own, "base");
  await saveModel(
    join(home, `${name}-merged`),
    model,
    adaptedModel(model, layout, own, modelOf).weights,
    files as never,
  );
}

beforeAll(async () => {
  small = await smallModel();
  const { model, weights } = await loadModel(small.path);
  const tokenizer = { "tokenizer.json": (await openModel(small.path)).predictor.tokenizer.source };
  const files = { "tokenizer.json": JSON.stringify(tokenizer["tokenizer.json"]) };
  const given = new Map(weights) as Weights;
  await adapterOf("clinic-a", model, given, { targets: "all-linear", rank: 2, trainWhole: ["classifier"] }, files);
  await adapterOf("clinic-b", model, given, { kind: "miss", targets: ["query", "value"], rank: 3 }, files);
  await adapterOf("factors", model, given, { kind: "ia3", targets: ["query"] }, files);
  const bpe = await jsTokenizer(trainByteBpe(["the cat sat on the mat"], { vocabSize: 280 }));
  const config = { model_type: "gpt2", architectures: ["GPT2LMHeadModel"], vocab_size: bpe.vocabSize };
  const sizes = { n_embd: 16, n_layer: 1, n_head: 2, n_positions: 64, initializer_range: 0.3 };
  const gpt = modelOf(configOf({ ...config, ...sizes }, "test"));
  const gptWeights = initialise(gpt, random(3));
  const text = { "tokenizer.json": JSON.stringify(bpe.source), "tokenizer_config.json": tokenizerConfig(bpe, 64) };
  await saveModel(writer, gpt, gptWeights, text);
  await adapterOf("style", gpt, gptWeights, { targets: ["c_attn", "mlp.c_proj"], rank: 2 }, text);
  server = await startServer({
    models: [
      { path: small.path, adapters: { "clinic-a": join(home, "clinic-a"), "clinic-b": join(home, "clinic-b") } },
      { path: writer, adapters: { style: join(home, "style") } },
    ],
    unsigned: true,
    port: 0,
    drainMs: 0,
  });
});
afterAll(async () => {
  await server?.stop();
  small.remove();
  rmSync(home, { recursive: true, force: true });
});

const post = (path: string, body: object) =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const texts = Array.from(
  { length: 24 },
  (_, i) => `${words[i % 10]} ${words[(3 * i) % 10]} ${words[(7 * i + 1) % 10]}`,
);

/** Probabilities of the labels, by name, of a model folder. */
async function answersOf(path: string): Promise<Record<string, number>[]> {
  const { predictor } = await openModel(path);
  const answers = await predictor.answers(texts);
  await predictor.dispose();
  return answers.map((a) =>
    Object.fromEntries(a.kind === "label" ? a.ranked.map((r) => [r.label, r.probability]) : []),
  );
}

test("requests of several adapters that wait together get the answers of each merged model", async () => {
  const folders = {
    small: small.path,
    "small:clinic-a": join(home, "clinic-a-merged"),
    "small:clinic-b": join(home, "clinic-b-merged"),
  };
  const names = Object.keys(folders) as (keyof typeof folders)[];
  const wanted = Object.fromEntries(
    await Promise.all(names.map(async (n) => [n, await answersOf(folders[n])] as const)),
  );
  const asked = texts.flatMap((text, i) => names.map((model) => ({ text, i, model })));
  const replies = await Promise.all(
    asked.map(async ({ text, model }) => await (await post("/predict", { text, model })).json()),
  );
  for (const [k, { i, model }] of asked.entries()) {
    for (const { label, probability } of replies[k].answers[0].labels)
      expect(probability, `${model} ${i}`).toBeCloseTo(wanted[model]![i]![label]!, 4);
  }
  expect(wanted.small![0]).not.toEqual(wanted["small:clinic-a"]![0]);
});

test("a completion of base:adapter is the text that the merged model writes", async () => {
  const options = { maxTokens: 12, temperature: 1, seed: 3 };
  const { generator } = await openGenerator(join(home, "style-merged"));
  const [merged] = await generator.continuations(["the cat"], options);
  await generator.dispose();
  const body = { prompt: "the cat", max_tokens: 12, temperature: 1, seed: 3 };
  const [styled, plain] = await Promise.all(
    ["writer:style", "writer"].map(
      async (model) => (await (await post("/v1/completions", { ...body, model })).json()).choices[0].text,
    ),
  );
  expect(styled).toBe(merged!.text);
  expect(plain).not.toBe(styled);
});

test("an adapter that there is not, and one of a model without any, are refused by name", async () => {
  const reply = await post("/predict", { text: "fever", model: "small:clinic-c" });
  expect(reply.status).toBe(404);
  expect(JSON.stringify(await reply.json())).toContain("small:clinic-a, small:clinic-b");
  expect((await post("/predict", { text: "fever", model: "smal:clinic-a" })).status).toBe(404);
});

test("an adapter of another base names both hashes; a kind that is no product, and a folder without one, are refused", async () => {
  const open = (adapters: Record<string, string>, path = small.path) => openModel(path, { adapters });
  const other = await smallModel();
  try {
    const { model, weights } = await loadModel(other.path);
    const changed = new Map(weights) as Weights;
    changed.get("bert.embeddings.word_embeddings.weight")!.data[40]! += 1;
    await saveModel(other.path, model, changed, {});
    const { facts } = await faultLater("E_MODEL", () => open({ a: join(home, "clinic-a") }, other.path));
    expect(facts.expected).toMatch(/SHA-256 [0-9a-f]{16}/);
    expect(facts.got).toMatch(/^[0-9a-f]{16}/);
  } finally {
    other.remove();
  }
  expect((await faultLater("E_MODEL", () => open({ f: join(home, "factors") }))).facts.problem).toMatch(
    /f cannot be switched.*ia3/,
  );
  await faultLater("E_IO", () => open({ none: home }));
  writeFileSync(join(home, "factors", "adapter_config.json"), "{".repeat(100_000));
  await faultLater("E_FORMAT", () => open({ f: join(home, "factors") }));
});
