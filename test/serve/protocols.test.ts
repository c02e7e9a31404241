// One model over every protocol: they agree with each other, and each refuses what does not fit in its own way.
import { readFileSync } from "node:fs";
import createClient from "openapi-fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openEmbedder } from "../../src/runs/index.ts";
import type { paths } from "../../src/serve/api.gen.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import { serverInterface } from "../../tools/serve-api.ts";
import { type SmallModel, smallModel } from "./small-model.ts";

let model: SmallModel;
let words: SmallModel;
let vectors: SmallModel;
let server: RunningServer;

beforeAll(async () => {
  model = await smallModel();
  words = await smallModel("token", ["O", "B-SIGN", "I-SIGN"], "words");
  vectors = await smallModel("embedding", [], "vectors");
  server = await startServer({
    models: [{ path: model.path }, { path: words.path }, { path: vectors.path }],
    unsigned: true,
    port: 0,
    threads: 1,
  });
});
afterAll(async () => {
  await server.stop();
  model.remove();
  words.remove();
  vectors.remove();
});

const json = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const reply = await fetch(`${server.url}${path}`, {
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Body };
};
interface Body {
  readonly answers: Ranked[];
  readonly data: { readonly id: string; readonly embedding: number[] | string }[];
  readonly usage: object;
  readonly openapi: string;
  readonly error: unknown;
}
interface Ranked {
  readonly label: string;
  readonly labels: { readonly label: string; readonly probability: number }[];
}
const predicted = async (texts: readonly string[]) => (await json("/predict", { model: "small", texts })).body.answers;
const texts = ["fever and shivers", "sneezing since monday", "发烧"];

describe("Hugging Face's schema", () => {
  test("gives scored labels of a text, and lists of them for a list", async () => {
    const [first] = await predicted([texts[0]!]);
    const { body } = await json("/models/small", { inputs: texts[0], parameters: { top_k: 2 } });
    expect(body).toEqual(first!.labels.slice(0, 2).map(({ label, probability }) => ({ label, score: probability })));
    expect((await json("/models/small", { inputs: texts })).body).toHaveLength(3);
  });

  test("gives entities of a model that labels words", async () => {
    const { body } = await json("/models/words", { inputs: "fever since monday" });
    for (const one of body as unknown as { word: string; start: number; end: number }[])
      expect("fever since monday".slice(one.start, one.end)).toBe(one.word);
  });

  test("refuses in a sentence", async () => {
    const { status, body } = await json("/models/small", { inputs: "" });
    expect([status, body.error]).toEqual([400, expect.stringMatching(/cannot be used/)]);
  });
});

describe("OpenAI's addresses", () => {
  test("list the models and give embeddings of length 1, as numbers or in base64", async () => {
    const { body } = await json("/v1/models");
    expect(body.data.map(({ id }) => id)).toEqual(["small", "words", "vectors"]);
    const ask = (more: object) => json("/v1/embeddings", { model: "small", input: texts, ...more });
    const plain = (await ask({})).body;
    const rows = plain.data.map(({ embedding }) => embedding as number[]);
    for (const row of rows) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    expect(plain.usage).toMatchObject({ prompt_tokens: expect.any(Number) });
    const [packed] = (await ask({ encoding_format: "base64" })).body.data;
    const bytes = Buffer.from(packed!.embedding as string, "base64");
    expect(bytes.readFloatLE(0)).toBeCloseTo(rows[0]![0]!, 6);
    expect((await ask({ dimensions: 3 })).body.error).toMatchObject({
      param: "dimensions",
      type: "invalid_request_error",
    });
  });

  test("give the vectors of a model that makes them, and say that it has no labels", async () => {
    const { body } = await json("/v1/embeddings", { model: "vectors", input: texts });
    const { embedder } = await openEmbedder(vectors.path);
    const own = await embedder.vectors(texts);
    await embedder.dispose();
    for (const [i, { embedding }] of body.data.entries())
      for (const [h, x] of (embedding as number[]).entries()) expect(x).toBeCloseTo(own[i]![h]!, 5);
    const refused = await json("/predict", { model: "vectors", text: texts[0] });
    expect([refused.status, refused.body.error]).toEqual([
      400,
      expect.objectContaining({ problem: expect.stringMatching(/makes vectors/) }),
    ]);
    expect((await json("/v1/embeddings", { model: "vectors", input: [texts[0], " "] })).status).toBe(400);
  });

  test("say that a model with labels generates no texts", async () => {
    const messages = [{ role: "user", content: "hello" }];
    const { status, body } = await json("/v1/chat/completions", { model: "small", messages });
    expect([status, body.error]).toEqual([400, expect.objectContaining({ type: "invalid_request_error" })]);
  });
});

describe("the description of the interface", () => {
  test("an address asked by another method says which it has; one that is not there is 404", async () => {
    const reply = await fetch(`${server.url}/models/small?a=b`, { method: "DELETE" });
    expect([reply.status, reply.headers.get("allow")]).toEqual([405, "POST, GET"]);
    expect((await fetch(`${server.url}/openapi-json`)).status).toBe(404);
  });

  test("is what the repository holds, and so are the types of a client (npm run serve:api)", async () => {
    for (const [path, text] of Object.entries(await serverInterface()))
      expect(readFileSync(path, "utf8"), path).toBe(text);
  });

  test("is served as OpenAPI 3.1 and as a page in both languages that loads nothing", async () => {
    expect((await json("/openapi.json")).body.openapi).toBe("3.1.0");
    for (const [language, title] of [
      ["en", "Addresses of this server"],
      ["zh", "本服务器的接口"],
    ]) {
      const page = await (await fetch(`${server.url}/docs`, { headers: { "accept-language": language! } })).text();
      expect(page).toContain(`<h1>${title}</h1>`);
      expect(page).not.toMatch(/src="http|href="http/);
    }
  });

  test("gives a client its types", async () => {
    const client = createClient<paths>({ baseUrl: server.url });
    const { data, error } = await client.POST("/predict", { body: { model: "small", text: "fever" } });
    expect(error).toBe(undefined);
    expect(data!.answers[0]!.labels).toHaveLength(3);
    const wrong = await client.POST("/predict", { body: { model: "small" } });
    expect(wrong.error).toMatchObject({ error: { problem: "no input is given" } });
  });
});
