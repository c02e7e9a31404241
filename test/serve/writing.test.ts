// A served model that writes: completions and chats as OpenAI's clients ask for them, whole and as events, several at once; what is not
// done is refused by name, and a client that leaves stops what is written for it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { configOf } from "../../src/formats/index.ts";
import { initialise, modelOf } from "../../src/models/index.ts";
import { saveModel } from "../../src/models/node/index.ts";
import { tokenizerConfig } from "../../src/predict/index.ts";
import { openGenerator } from "../../src/runs/index.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import { jsTokenizer, trainByteBpe } from "../../src/tokenizers/index.ts";
import { smallModel } from "./small-model.ts";

const home = mkdtempSync(join(tmpdir(), "concord-serve-writing-"));
const folder = join(home, "writer");
let server: RunningServer;
let labels: Awaited<ReturnType<typeof smallModel>>;

beforeAll(async () => {
  const tokenizer = await jsTokenizer(trainByteBpe(["the cat sat on the mat", "user assistant"], { vocabSize: 290 }));
  const config = {
    model_type: "gpt2",
    architectures: ["GPT2LMHeadModel"],
    vocab_size: tokenizer.vocabSize,
    n_embd: 16,
    n_layer: 1,
    n_head: 2,
    n_positions: 96,
    initializer_range: 0.3,
  };
  const model = modelOf(configOf(config, "test"));
  const weights = initialise(model, random(3));
  weights.get("transformer.wte.weight")!.data.fill(0, 0, 16); // the end of a text never is the likeliest
  await saveModel(folder, model, weights, {
    "tokenizer.json": JSON.stringify(tokenizer.source),
    "tokenizer_config.json": tokenizerConfig(tokenizer, 96),
  });
  labels = await smallModel();
  server = await startServer({
    models: [{ path: folder }, { path: labels.path }],
    unsigned: true,
    port: 0,
    drainMs: 0,
  });
});
afterAll(async () => {
  await server.stop();
  labels.remove();
  rmSync(home, { recursive: true, force: true });
});

const post = (path: string, body: object, signal?: AbortSignal) =>
  fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "writer", ...body }),
    signal,
  });
const asked = { prompt: "the cat", max_tokens: 20, temperature: 1, seed: 3 };
async function events(reply: Response) {
  const lines = (await reply.text()).split("\n\n").filter(Boolean);
  expect(lines.at(-1)).toBe("data: [DONE]");
  return lines.slice(0, -1).map((line) => JSON.parse(line.replace("data: ", "")));
}

test("a completion is the text that the library writes, with counts of tokens", async () => {
  const body = await (await post("/v1/completions", asked)).json();
  const { generator } = await openGenerator(folder);
  const [one] = await generator.continuations(["the cat"], { maxTokens: 20, temperature: 1, seed: 3 });
  await generator.dispose();
  expect(body).toMatchObject({ object: "text_completion", model: "writer", choices: [{ index: 0, text: one!.text }] });
  expect(body.usage).toEqual({
    prompt_tokens: one!.promptTokens,
    completion_tokens: one!.tokens.length,
    total_tokens: one!.promptTokens + one!.tokens.length,
  });
  expect(body.choices[0].finish_reason).toBe(one!.finish);
});

test("events together are the whole text, and the last one says why it ended", async () => {
  const whole = await (await post("/v1/completions", asked)).json();
  const reply = await post("/v1/completions", { ...asked, stream: true });
  expect(reply.headers.get("content-type")).toBe("text/event-stream");
  const found = await events(reply);
  expect(found.length).toBeGreaterThan(1);
  expect(found.map(({ choices }) => choices[0].text).join("")).toBe(whole.choices[0].text);
  expect(found.at(-1).choices[0].finish_reason).toBe(whole.choices[0].finish_reason);
});

test("n texts are choices of one reply, the first with the seed that was asked, whole and as events", async () => {
  const one = await (await post("/v1/completions", asked)).json();
  const { choices, usage } = await (await post("/v1/completions", { ...asked, n: 3 })).json();
  const texts: string[] = choices.map((choice: { text: string }) => choice.text);
  expect(choices.map((choice: { index: number }) => choice.index)).toEqual([0, 1, 2]);
  expect(texts[0]).toBe(one.choices[0].text);
  expect(new Set(texts).size).toBe(3);
  expect(usage.prompt_tokens).toBe(one.usage.prompt_tokens);
  expect(usage.completion_tokens).toBeGreaterThan(one.usage.completion_tokens);
  const found = await events(await post("/v1/completions", { ...asked, n: 3, stream: true }));
  for (const [index, text] of texts.entries()) {
    const own = found.map((event) => event.choices[0]).filter((choice) => choice.index === index);
    expect(own.map((choice) => choice.text).join("")).toBe(text);
    expect(own.filter((choice) => choice.finish_reason !== null).length).toBe(1);
  }
  const chat = { messages: [{ role: "user", content: "the cat?" }], max_tokens: 8, temperature: 0, n: 2 };
  const likeliest = await (await post("/v1/chat/completions", chat)).json();
  expect(likeliest.choices[0].message).toEqual(likeliest.choices[1].message);
  const parts = await events(await post("/v1/chat/completions", { ...chat, stream: true }));
  expect(parts.filter(({ choices: [choice] }) => choice.delta.role === "assistant").length).toBe(2);
});

test("a chat is answered by the template, whole and as events", async () => {
  const chat = { messages: [{ role: "user", content: "the cat?" }], max_completion_tokens: 8, temperature: 0 };
  const whole = await (await post("/v1/chat/completions", chat)).json();
  expect(whole).toMatchObject({ object: "chat.completion", choices: [{ message: { role: "assistant" } }] });
  const found = await events(await post("/v1/chat/completions", { ...chat, stream: true }));
  expect(found[0].choices[0].delta.role).toBe("assistant");
  expect(found.map(({ choices }) => choices[0].delta.content).join("")).toBe(whole.choices[0].message.content);
});

test("the form of an answer is kept: a JSON Schema or a regular expression", async () => {
  const schema = { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] };
  const format = { type: "json_schema", json_schema: { name: "answer", schema } };
  const chat = { messages: [{ role: "user", content: "ok?" }], response_format: format };
  const { choices } = await (await post("/v1/chat/completions", chat)).json();
  expect(typeof JSON.parse(choices[0].message.content).ok).toBe("boolean");
  const pattern = await (await post("/v1/completions", { ...asked, guided_regex: "(yes|no)!" })).json();
  expect(pattern.choices[0].text).toMatch(/^(yes|no)!$/);
});

test("several are written at once, each as alone", async () => {
  const seeds = [1, 2, 3, 4, 5];
  const ask = async (seed: number) =>
    (await (await post("/v1/completions", { ...asked, seed })).json()).choices[0].text;
  const together = await Promise.all(seeds.map(ask));
  for (const [i, seed] of seeds.entries()) expect(await ask(seed)).toBe(together[i]);
  expect(new Set(together).size).toBeGreaterThan(1);
});

test.each<[object, RegExp]>([
  [{ ...asked, n: 0 }, />=1/],
  [{ ...asked, n: 17 }, /<=16/],
  [{ ...asked, logprobs: 3 }, /key that is not known/],
  [{ ...asked, temperature: -1 }, />=0/],
  [{ ...asked, guided_regex: "(?=a)" }, /only plain groups/],
  [{ ...asked, prompt: "cat ".repeat(200) }, /too long/],
  [{ ...asked, model: "small" }, /does not generate/],
])("%j is refused with a reason", async (body, message) => {
  const reply = await post("/v1/completions", { ...body, stream: true });
  expect(reply.status).toBe(400);
  const { error } = await reply.json();
  expect(error.type).toBe("invalid_request_error");
  expect(error.message).toMatch(message);
});

test("a client that leaves ends what is written for it, and the model answers on", async () => {
  const left = new AbortController();
  const reply = await post("/v1/completions", { ...asked, max_tokens: 80, temperature: 0, stream: true }, left.signal);
  await reply.body!.getReader().read();
  left.abort();
  expect((await post("/v1/completions", asked)).status).toBe(200);
});

test("a model that writes gives no labels, and one with labels writes nothing", async () => {
  const labelled = await post("/predict", { text: "the cat" });
  expect([labelled.status, (await labelled.json()).error.problem]).toEqual([
    400,
    expect.stringContaining("writes texts"),
  ]);
});
