// Models that write, as a user meets them: made anew or adapted, of texts, answers and chats, by the command line.

import { EventEmitter } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-writing-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rng = random(5);
const pick = (list: readonly string[]) => list[rng.int(list.length)]!;
const [people, animals, places] = ["Ann Bob Eve", "cat dog hen", "barn yard lane"].map((words) => words.split(" "));
const sentence = () => `${pick(people!)} saw the ${pick(animals!)} in the ${pick(places!)}.`;
const story = () => Array.from({ length: 4 }, sentence).join("\n");
const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const sum = () => [rng.int(5), rng.int(5)] as const;

writeFileSync(
  join(home, "stories.jsonl"),
  lines(Array.from({ length: 200 }, (_, i) => ({ text: `${i}. ${story()}` }))),
);
writeFileSync(
  join(home, "sums.jsonl"),
  lines(
    Array.from({ length: 300 }, (_, i) => {
      const [a, b] = sum();
      return { id: i, question: `${i}: ${a} + ${b}`, answer: `${a} + ${b} = ${a + b}` };
    }),
  ),
);
writeFileSync(
  join(home, "chats.jsonl"),
  lines(
    Array.from({ length: 60 }, (_, i) => ({
      messages: [
        { role: "user", content: `${i} greet ${pick(people!)}` },
        { role: "assistant", content: "Hello!" },
      ],
    })),
  ),
);
const scratch = (more: string) => `{ vocabulary: 300, width: 48, layers: 2, heads: 4, inner: 96, dropout: 0${more} }`;
const recipe = (name: string, parts: Record<string, string>) => {
  const file = join(home, `${name}.yaml`);
  const body = { version: "1", name, task: "text-generation", evaluate: "{ resamples: 50 }", ...parts };
  writeFileSync(
    file,
    Object.entries(body)
      .map(([key, value]) => `${key}: ${value}\n`)
      .join(""),
  );
  return file;
};
const metricsOf = (run: string) => JSON.parse(readFileSync(join(run, "metrics.json"), "utf8"));

const storyRecipe = recipe("stories", {
  data: "{ file: stories.jsonl, similarity: 1 }",
  model: `{ scratch: ${scratch("")}, maxLength: 64 }`,
  adapt: "{ epochs: 12, batchSize: 16, learningRate: 5e-3, keep: best, threads: 1 }",
});
/** A GPT-2 made anew, stopped once on the way. */
const run = join(home, "stories");
beforeAll(async () => {
  const signals = new EventEmitter();
  const stopped = await concord(["run", storyRecipe, "--out", run, "--json"], {
    signals,
    onOut: (text) => text.includes('"stage":"adapt","done":20,') && signals.emit("SIGINT"),
  });
  expect(stopped.code).toBe(130);
  const { code, err } = await concord(["resume", run]);
  expect(err).toContain("validation perplexity");
  expect(code, err).toBe(0);
});

test("learns the texts: fewer bits than counts of bytes have left, or it is said that counts are better", () => {
  const { bitsPerByte, perplexity, baselines, tokens, bytes } = metricsOf(run);
  expect(bitsPerByte.value).toBeGreaterThan(0.1);
  expect(bitsPerByte.value).toBeLessThan(1.6);
  expect(Math.log2(perplexity.value) * tokens).toBeCloseTo(bitsPerByte.value * bytes, 0);
  expect(baselines.best).toBe("ngram");
  expect(["better", "worse", "no-difference"]).toContain(baselines.verdict);
  expect(readFileSync(join(run, "report.html"), "utf8")).toContain("bits per byte");
});

test("writes on what it was given, streams it, and draws by its seed", async () => {
  const written = (...more: string[]) => concord(["predict", run, "0. Ann saw", "--max-tokens", "24", ...more]);
  const greedy = await written();
  expect(greedy).toMatchObject({ code: 0, err: "" });
  expect(greedy.out).toMatch(/the (cat|dog|hen)/);
  const seeds = await Promise.all(["1", "1", "2"].map((seed) => written("--temperature", "1", "--seed", seed)));
  expect(seeds[0]!.out).toBe(seeds[1]!.out);
  expect(seeds[2]!.out).not.toBe(seeds[0]!.out);
  const json = JSON.parse((await written("--json", "--stop", "\\n")).out);
  expect(json).toMatchObject({ text: "0. Ann saw", finish: "stop", continuation: expect.not.stringContaining("\n") });
  let pieces = 0;
  await concord(["predict", run, "0. Ann saw", "--max-tokens", "24"], { onOut: () => pieces++ });
  expect(pieces).toBeGreaterThan(15);
});

test("keeps to a pattern and to a schema", async () => {
  const { out } = await concord(["predict", run, "0. Ann", "--pattern", " saw the (pig|cow)"]);
  expect(out).toMatch(/^ saw the (pig|cow)\n$/);
  const schema = join(home, "schema.json");
  writeFileSync(schema, JSON.stringify({ type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] }));
  const json = await concord(["predict", run, "0. Ann", "--schema", schema]);
  expect(typeof JSON.parse(json.out).ok).toBe("boolean");
  expect((await concord(["predict", run, "a", "--pattern", "(?=a)"])).err).toContain("only plain groups");
});

test("Ctrl-C ends a continuation cleanly, and a file of them is whole or not there", async () => {
  const signals = new EventEmitter();
  let pieces = 0;
  const onOut = () => ++pieces === 5 && signals.emit("SIGINT");
  const stopped = await concord(["predict", run, "0.", "--max-tokens", "500", "--window"], { signals, onOut });
  expect(stopped.code).toBe(0);
  expect(pieces).toBeLessThan(12);
  const out = join(home, "written.jsonl");
  const table = ["predict", run, "--file", join(home, "stories.jsonl"), "--out", out, "--window", "--max-tokens", "4"];
  const early = new EventEmitter();
  early.once("newListener", (name) => name === "SIGINT" && setTimeout(() => early.emit("SIGINT"), 50)); // the model is open then
  expect((await concord([...table.slice(0, -1), "400"], { signals: early })).code).toBe(130);
  expect(existsSync(out)).toBe(false);
  expect((await concord(table)).code).toBe(0);
  const rows = readFileSync(out, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(rows).toHaveLength(200);
  expect(rows[7]).toMatchObject({ text: expect.stringContaining("7."), finish: expect.any(String) });
});

test("refuses options about labels, and a prompt that does not fit unless a window is asked for", async () => {
  expect((await concord(["predict", run, "--top", "2", "a"])).err).toMatch(/--top.*it has no labels/);
  const long = "Ann saw the cat. ".repeat(40);
  expect((await concord(["predict", run, long])).err).toMatch(/too long[\s\S]*--window/);
  expect((await concord(["predict", run, long, "--window", "--max-tokens", "3"])).code).toBe(0);
});

test("a Llama made anew learns answers, and answers through the template that lies with it", async () => {
  const sums = join(home, "sums");
  const file = recipe("sums", {
    data: "{ file: sums.jsonl, text: question, answer: answer, similarity: 1 }",
    model: `{ scratch: ${scratch(", decoder: llama")}, maxLength: 64 }`,
    adapt: "{ epochs: 30, batchSize: 16, learningRate: 5e-3, threads: 1 }",
  });
  const { code, err } = await concord(["run", file, "--out", sums]);
  expect(code, err).toBe(0);
  const settings = JSON.parse(readFileSync(join(sums, "model", "tokenizer_config.json"), "utf8"));
  expect(settings.chat_template).toContain("assistant");
  const { out } = await concord(["predict", sums, "7: 2 + 1"]);
  expect(out).toMatch(/^\d \+ \d = \d+\n$/);
  expect((await concord(["predict", sums, "--plain", "7: 2 + 1", "--max-tokens", "5"])).out).not.toBe(out);

  // a model folder goes on from there, by an adapter, with chats
  const chats = join(home, "chats");
  const second = recipe("chats", {
    data: "{ file: chats.jsonl, text: messages, similarity: 1 }",
    model: "{ from: sums/model, maxLength: 64 }",
    adapt: "{ method: lora, rank: 8, epochs: 40, batchSize: 8, learningRate: 1e-2, threads: 1 }",
  });
  const adapted = await concord(["run", second, "--out", chats]);
  expect(adapted.code, adapted.err).toBe(0);
  expect(existsSync(join(chats, "adapter", "adapter_config.json"))).toBe(true);
  expect((await concord(["predict", chats, "3 greet Eve"])).out).toBe("Hello!\n");
});
