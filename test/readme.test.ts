// What the README says: its code is the example's code and runs; its commands exist; its tree is the tree.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finetune } from "../examples/finetune.ts";
import { random } from "../src/base/index.ts";
import { configOf } from "../src/formats/index.ts";
import { initialise, modelOf } from "../src/models/index.ts";
import { loadModel, saveModel } from "../src/models/node/index.ts";
import { readRecipe } from "../src/recipe/index.ts";
import { jsTokenizer, trainWordPiece } from "../src/tokenizers/index.ts";

const readme = readFileSync("README.md", "utf8");

const chinese = readFileSync("README.zh.md", "utf8");
const codeIn = (text: string, kind: string) => new RegExp(`\`\`\`${kind}\\n([\\s\\S]*?)\`\`\``).exec(text)![1]!;

test("the code of both READMEs is examples/tickets.ts to the letter, in at most twenty lines; that of docs/library.md is examples/finetune.ts", () => {
  const example = readFileSync("examples/tickets.ts", "utf8");
  expect(example.trimEnd().split("\n").length).toBeLessThanOrEqual(24); // twenty and the imports
  expect([codeIn(readme, "ts"), codeIn(chinese, "ts")]).toEqual([example, example]);
  expect(codeIn(readFileSync("docs/library.md", "utf8"), "ts")).toBe(readFileSync("examples/finetune.ts", "utf8"));
});

test("the READMEs are short, show the same recipe, which is one, and link to files that are there", () => {
  for (const text of [readme, chinese]) expect(text.split("\n").length).toBeLessThanOrEqual(121);
  expect(codeIn(chinese, "yaml")).toBe(codeIn(readme, "yaml"));
  expect(readRecipe(codeIn(readme, "yaml"), "README.md").adapt.method).toBe("lora");
  for (const [, path] of `${readme}${chinese}`.matchAll(/\]\(([\w./-]+)\)/g))
    expect(existsSync(path!), path).toBe(true);
});

test("the README's code fine-tunes a model folder, reports on held-out rows and saves a model that loads", {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "concord-readme-"));
  const parts = {
    throat: ["a sore throat", "喉咙痛", "it hurts to swallow"],
    knee: ["my knee hurts", "膝盖疼", "I cannot climb stairs"],
  };
  const rng = random(2);
  const rows = Array.from({ length: 120 }, () => {
    const label = rng.int(2) ? "throat" : "knee";
    return { label, text: `${parts[label][rng.int(3)]!}, ${["since monday", "for a week", "very much"][rng.int(3)]!}` };
  });
  const file = trainWordPiece(
    rows.map((r) => r.text),
    { vocabSize: 200, minFrequency: 1 },
  );
  const tokenizer = await jsTokenizer(file);
  const config = {
    model_type: "bert",
    architectures: ["BertModel"],
    vocab_size: tokenizer.vocabSize,
    hidden_size: 32,
    num_hidden_layers: 1,
    num_attention_heads: 2,
    intermediate_size: 64,
    max_position_embeddings: 64,
    type_vocab_size: 2,
    hidden_dropout_prob: 0,
  };
  const model = modelOf(configOf(config, "test"));
  await saveModel(join(folder, "base"), model, initialise(model, random(1)), {
    "tokenizer.json": JSON.stringify(file),
  });
  const report = await finetune(join(folder, "base"), rows, join(folder, "run"));
  expect(report).toMatch(/knee +\d\.\d\d +\d\.\d\d +\d\.\d\d +\d+\n/);
  const { model: tuned, fresh } = await loadModel(join(folder, "run/model"));
  expect([tuned.architecture, tuned.labels!.names, fresh]).toEqual([
    "BertForSequenceClassification",
    ["knee", "throat"],
    [],
  ]);
  rmSync(folder, { recursive: true });
});

test("every npm command that the README names exists", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  const named = new Set(
    [
      ...`${readme}${readFileSync("CONTRIBUTING.md", "utf8")}`.matchAll(
        /npm (?:run )?(demo|spam|slow|test|check|golden|e2e|pack:test|schema|bench)\b/g,
      ),
    ].map((m) => m[1]!),
  );
  expect(named.size).toBeGreaterThan(6);
  for (const name of named) expect(scripts, name).toHaveProperty(name);
});

test("the tree in CONTRIBUTING.md names every room, and nothing that is not there", () => {
  const tree = /## The tree\n\n```\n([\s\S]*?)```/.exec(readFileSync("CONTRIBUTING.md", "utf8"))![1]!;
  const rooms = [...tree.matchAll(/^ {2}([\w-]+)\//gm)].map((m) => m[1]!);
  const folders = readdirSync("src", { withFileTypes: true })
    .filter((f) => f.isDirectory())
    .map((f) => f.name);
  expect(rooms.sort()).toEqual(folders.sort());
  for (const [, name] of tree.matchAll(/^(\w+)\//gm)) expect(existsSync(name!), name).toBe(true);
});

test("docs/architecture.md has every room in its table; it and the rooms' pages name files that are there", () => {
  const page = readFileSync("docs/architecture.md", "utf8");
  const { rooms } = JSON.parse(readFileSync("layers.json", "utf8")) as { rooms: Record<string, string[]> };
  const table = /\| floor \| rooms \|\n([\s\S]*?)\n\n/.exec(page)![1]!;
  for (const room of Object.keys(rooms)) expect(table, room).toContain(`\`${room}\``);
  const pages = Object.keys(rooms).filter((room) => existsSync(`src/${room}/README.md`));
  const texts: [at: string, text: string][] = pages.map((room) => [
    `src/${room}`,
    readFileSync(`src/${room}/README.md`, "utf8"),
  ]);
  for (const [at, text] of [["src", page] as const, ...texts])
    for (const [, name] of text.matchAll(/`((?:[\w-]+\/)*[\w-]+\.ts)`/g))
      expect(
        [at, "src", "."].some((from) => existsSync(join(from, name!))),
        `${at}: ${name}`,
      ).toBe(true);
});
