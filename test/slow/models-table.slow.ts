// docs/models.md says what is measured here: every architecture and head saved, loaded, trained, adapted, exported, and read by
// transformers.js; what Python made of the same bytes is recorded in test/models/fixtures/transformers-*.json.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { languages, pagePath, table, tableIn } from "../../tools/models-table.ts";
import { type CoverageRow, coverage } from "../models/coverage.ts";

test("the tables of docs/models.md are what is measured (npx tsx tools/models-table.ts writes them)", async () => {
  const rows = await coverage();
  expect(rows.length).toBeGreaterThan(30);
  for (const language of languages)
    expect(tableIn(readFileSync(pagePath(language), "utf8"))).toBe(table(rows, language));
  // Transformers 5 reads every Qwen2 folder with Qwen2's own tokenizer: docs/models.md says so
  const fails = (row: CoverageRow) =>
    row.load === "no" || row.train === "no" || (row.python === "no" && row.type !== "qwen2");
  expect(rows.filter(fails)).toEqual([]);
}, 120_000);
