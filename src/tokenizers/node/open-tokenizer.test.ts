// Tokenizer folders in older layouts give the ids of Python (test/models/fixtures/layouts.json, written by tools/transformers-configs.py).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { openTokenizer } from "./open-tokenizer.ts";

interface Layout {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly texts: readonly (readonly [string, number[]])[];
  readonly pair: number[];
}
const fixture = new URL("../../../test/models/fixtures/layouts.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: Layout[] };
const root = mkdtempSync(join(tmpdir(), "concord-layouts-"));
afterAll(() => rmSync(root, { recursive: true }));

function folder(files: Readonly<Record<string, string>>): string {
  const path = mkdtempSync(join(root, "folder-"));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}

describe.each(cases)("$name", ({ files, texts, pair }) => {
  test("gives Python's ids", async () => {
    const tokenizer = await openTokenizer(folder(files));
    for (const [text, ids] of texts) expect((await tokenizer.encode(text)).ids, text).toEqual(ids);
    expect((await tokenizer.encode("Hello", { pair: "hello" })).ids).toEqual(pair);
  });
});

const files = (name: string) => cases.find((layout) => layout.name === name)!.files;

test("layouts differ: reading one as another would show", () => {
  const ids = cases.map(({ texts, pair }) => JSON.stringify([texts.map((t) => t[1]), pair]));
  expect(new Set(ids).size).toBe(ids.length);
});

test.each<[string, Record<string, string>, RegExp]>([
  [
    "a class that does more than WordPiece",
    { "tokenizer_config.json": '{"tokenizer_class": "BertJapaneseTokenizer"}' },
    /class is not covered/,
  ],
  [
    "the class in config.json",
    { "config.json": '{"tokenizer_class": "BertJapaneseTokenizer"}' },
    /class is not covered/,
  ],
  ["a wrong entry", { "tokenizer_config.json": '{"do_lower_case": "no"}' }, /wrong type/],
  ["an added token with another id", { "added_tokens.json": '{"[NEW]": 99}' }, /its id does not fit/],
])("a vocab.txt with %s is refused", async (_, more, problem) => {
  await expect(openTokenizer(folder({ ...files("cased"), ...more }))).rejects.toMatchObject({
    code: "E_TOKENIZER",
    facts: { problem: expect.stringMatching(problem) },
  });
});

test("an added token is found in the text", async () => {
  const tokenizer = await openTokenizer(folder({ ...files("cased"), "added_tokens.json": '{"[NEW]": 23}' }));
  expect((await tokenizer.encode("a [NEW]")).ids).toContain(23);
});

test.each([
  ["tokenizer_class", { "tokenizer_config.json": '{"tokenizer_class": "CLIPTokenizer"}' }],
  ["model_type", { "config.json": '{"model_type": "qwen2"}' }],
])("vocab.json and merges.txt of another kind are refused by %s", async (_, more) => {
  await expect(openTokenizer(folder({ ...files("RoBERTa before 2021"), ...more }))).rejects.toMatchObject({
    code: "E_TOKENIZER",
    facts: { problem: expect.stringMatching(/not covered with vocab.json/) },
  });
});

test("vocab.json without merges.txt is refused by the name of the file", async () => {
  const { "vocab.json": vocab } = files("GPT-2 before 2021");
  await expect(openTokenizer(folder({ "vocab.json": vocab! }))).rejects.toMatchObject({
    code: "E_IO",
    facts: { path: expect.stringMatching(/merges\.txt$/) },
  });
});

describe("settings beside a tokenizer", () => {
  const own: Record<string, string> = {
    ...files("cased"),
    "tokenizer_config.json": '{"do_lower_case": false, "chat_template": "old", "pad_token": "a"}',
  };

  test("name its roles, and keep its chat template", async () => {
    const tokenizer = await openTokenizer(folder(own));
    expect(tokenizer.special.pad).toEqual({ token: "a", id: 18 });
    expect(tokenizer.settings.chat_template).toBe("old");
    expect((await openTokenizer(folder({ "vocab.txt": own["vocab.txt"]! }))).special.pad?.token).toBe("[PAD]");
  });

  test("a template file wins, and a role that no token has counts for nothing", async () => {
    const more = { ...own, "chat_template.jinja": "new", "special_tokens_map.json": '{"mask_token": "nowhere"}' };
    const { settings, special } = await openTokenizer(folder(more));
    expect([settings.chat_template, special.mask?.token]).toEqual(["new", "[MASK]"]);
  });
});
