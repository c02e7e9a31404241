// generation_config.json beside a model: written as a recipe says, kept by whoever trains on from it, and read by the command line and by
// servers as what holds where nobody says otherwise.
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { faultLater } from "../../test/fault.ts";
import { readRecipe } from "../recipe/read-recipe.ts";
import { startServer } from "../serve/index.ts";
import { openGenerator } from "./open-generator.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-generation-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const recipe = (model: string) =>
  readRecipe(
    `version: 1
name: mails
task: text-generation
data: { file: mails.txt.csv, text: text, split: { dev: 0, test: 0 }, similarity: 1 }
model: ${model}
adapt: { epochs: 1, batchSize: 16 }
export: { onnx: false }
`,
    "recipe.yaml",
  );
const scratch = "scratch: { vocabulary: 300, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 32";
const folder = join(home, "run", "model");
const entriesIn = (at: string) => JSON.parse(readFileSync(join(at, "generation_config.json"), "utf8"));

beforeAll(async () => {
  const rows = Array.from({ length: 40 }, (_, i) => `dear friend number ${i} we meet at ${i % 7} again`);
  writeFileSync(join(home, "mails.txt.csv"), ["text", ...rows].join("\n"));
  const model = `{ ${scratch}, generation: { maxTokens: 3, repetitionPenalty: 1.5 } }`;
  await runRecipe(recipe(model), { home, folder: join(home, "run") });
}, 60_000);

test("a recipe's way of writing is saved as Transformers names it, and holds where nobody says otherwise", async () => {
  expect(entriesIn(folder)).toMatchObject({
    max_new_tokens: 3,
    repetition_penalty: 1.5,
    eos_token_id: expect.any(Number),
  });
  const { generator, ignored } = await openGenerator(join(home, "run"));
  const [own] = await generator.continuations(["dear"]);
  const [asked] = await generator.continuations(["dear"], { maxTokens: 5 });
  await generator.dispose();
  expect([own!.tokens.length, asked!.tokens.length, ignored]).toEqual([3, 5, []]);
  const { out } = await concord(["predict", join(home, "run"), "dear", "--json"]);
  expect(JSON.parse(out).tokens).toBe(3);
});

test("who trains on keeps what the folder says, changed where the recipe says so; without either there is no file", async () => {
  const start = join(home, "start");
  cpSync(folder, start, { recursive: true });
  writeFileSync(
    join(start, "generation_config.json"),
    JSON.stringify({ top_p: 0.5, max_new_tokens: 7, max_length: 20 }),
  );
  await runRecipe(recipe(`{ from: start, maxLength: 32, generation: { maxTokens: 4 } }`), {
    home,
    folder: join(home, "on"),
  });
  expect(entriesIn(join(home, "on", "model"))).toMatchObject({ top_p: 0.5, max_new_tokens: 4, max_length: 20 });
  const { err } = await concord(["predict", join(home, "on"), "dear"]);
  expect(err).toContain("generation_config.json are not covered and have no effect: max_length");
  await runRecipe(recipe(`{ ${scratch} }`), { home, folder: join(home, "plain") });
  expect(existsSync(join(home, "plain", "model", "generation_config.json"))).toBe(false);
}, 60_000);

test("a value that cannot be is refused at its entry", async () => {
  const wrong = join(home, "wrong");
  cpSync(folder, wrong, { recursive: true });
  writeFileSync(join(wrong, "generation_config.json"), JSON.stringify({ top_p: 7 }));
  const { facts } = await faultLater("E_CONFIG", () => openGenerator(wrong));
  expect(facts.path).toMatch(/generation_config\.json > top_p$/);
});

test("a server writes by it, unless a request says otherwise", async () => {
  const server = await startServer({ models: [{ path: folder }], unsigned: true, port: 0, drainMs: 0 });
  const tokens = async (more: object) => {
    const reply = await fetch(`${server.url}/v1/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ model: "model", prompt: "dear", ...more }),
    });
    return ((await reply.json()) as { usage: { completion_tokens: number } }).usage.completion_tokens;
  };
  try {
    expect([await tokens({}), await tokens({ max_tokens: 2 })]).toEqual([3, 2]);
  } finally {
    await server.stop();
  }
});

test("recipes refuse it for other tasks, and beams that draw", () => {
  const faults = (text: string) => () => readRecipe(text, "recipe.yaml");
  const head = "version: 1\nname: a\ndata: { file: a.csv }\n";
  expect(faults(`${head}model: { from: x, generation: { maxTokens: 3 } }`)).toThrow(
    /only models that write have defaults/,
  );
  const both = "model: { from: x, generation: { beams: 2, temperature: 1 } }";
  expect(faults(`${head}task: text-generation\n${both}`)).toThrow(/beams follow the most probable tokens/);
});
