// Texts for pretraining are read as the recipe's own tables are.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRecipe } from "../recipe/read-recipe.ts";
import { freeTexts } from "./pretrain.ts";

const home = mkdtempSync(join(tmpdir(), "concord-free-texts-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const recipe = (data: string) =>
  readRecipe(
    `version: 1\nname: small\ndata: { file: rows.csv${data} }\nmodel: { scratch: {} }\npretrain: { file: free.csv }\n`,
    "recipe.yaml",
  );

test("encoding, delimiter, quotes, columns and missing words hold for them too", async () => {
  const file = join(home, "free.csv");
  writeFileSync(file, Buffer.from('1|the caf\xe9 was closed\n2|NA\n3|a "good" one\n', "latin1"));
  const reading = ", encoding: windows-1252, delimiter: '|', columns: [id, text], missing: [NA], quotes: false";
  expect((await freeTexts(recipe(reading), file)).map((t) => t.text)).toEqual(["the café was closed", 'a "good" one']);
  const named = ", encoding: windows-1252, delimiter: '|', columns: [id, text], quotes: false";
  expect((await freeTexts(recipe(named), file)).map((t) => t.text)).toContain("NA");
});
