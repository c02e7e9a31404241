// prepare: from a table to train, dev and test rows and a report of what happened to every row.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError, isConcordError } from "../../base/index.ts";
import {
  type PartName,
  type PreparedTexts,
  partNames,
  prepareTexts,
  type SourceRow,
  type TextRow,
} from "../../data/index.ts";
import { readRows } from "../../data/node/index.ts";
import type { Recipe } from "../recipe.ts";
import type { Stage } from "../stage.ts";
import { fingerprint, from, writeJson, writeJsonLines } from "./files.ts";

export const prepare: Stage = {
  name: "prepare",
  version: 2,
  after: [],
  wanted: () => true,
  inputs: async ({ task, data }, home) => {
    const { dev, test } = data.split.files ?? {};
    const prints = [data.file, dev, test].map((path) => path && fingerprint(from(home, path)));
    return { task, data, files: await Promise.all(prints) };
  },
  async work({ recipe, home, scratch, emit }) {
    const prepared = await preparedRows(recipe, home, (text) => emit({ kind: "warning", stage: "prepare", text }));
    await mkdir(join(scratch, "data"));
    for (const part of partNames) {
      const own = prepared.rows.filter((_, i) => prepared.parts[i] === part);
      await writeJsonLines(join(scratch, "data", `${part}.jsonl`), own satisfies TextRow[]);
    }
    await writeJsonLines(join(scratch, "data", "quarantine.jsonl"), prepared.quarantined);
    const report = { format: "concord-data-report", version: 1, ...prepared.report };
    await writeJson(join(scratch, "data", "data-report.json"), report);
    const { rows: counts, parts, duplicates } = prepared.report;
    return { outputs: ["data"], summary: { labels: prepared.labels, rows: counts, parts, duplicates } };
  },
};

/** Rows of a recipe's tables, each in its part. @throws E_IO; E_DATA naming the table */
export async function preparedRows(
  recipe: Recipe,
  home: string,
  onWarning: (text: string) => void,
): Promise<PreparedTexts> {
  const rows = sourceRows(recipe.data, home, onWarning);
  const prepared = await prepareTexts(rows, optionsOf(recipe)).catch((error: unknown) => {
    if (!isConcordError(error) || error.facts.path !== undefined) throw error;
    throw new ConcordError(error.code, { ...error.facts, path: from(home, recipe.data.file) });
  });
  for (const text of prepared.report.warnings) onWarning(text);
  return prepared;
}

/** Rows of all tables. Test comes first: of rows that repeat, training loses its own. */
async function* sourceRows(
  { file, split, format, encoding, delimiter }: Recipe["data"],
  home: string,
  onGuess: (text: string) => void,
): AsyncGenerator<SourceRow> {
  const tables: readonly (readonly [string | undefined, PartName | undefined])[] = [
    [split.files?.test, "test"],
    [split.files?.dev, "dev"],
    [file, undefined],
  ];
  for (const [path, part] of tables) {
    if (path === undefined) continue;
    let count = 0;
    for await (const row of readRows(from(home, path), { format, encoding, delimiter, onGuess })) {
      count++;
      yield part ? { ...row, part } : row;
    }
    if (part && count === 0)
      throw new ConcordError("E_DATA", {
        operation: "prepare",
        problem: `there are no rows for the part ${part}`,
        expected: "a header and at least one row",
        got: "a header only, or nothing",
        path: from(home, path),
      });
  }
}

function optionsOf({ task, data, seed, evaluate }: Recipe) {
  const { split } = data;
  const dev = split.files?.dev === undefined ? split.dev : 0;
  const test = split.files?.test === undefined ? split.test : 0;
  return {
    kind: task,
    scheme: data.scheme,
    offsets: data.offsets,
    columns: {
      text: data.text,
      pair: data.pair,
      label: data.label,
      group: data.group,
      attributes: data.attributes,
      part: split.column,
    },
    separator: data.separator,
    longest: data.longestText,
    rename: data.rename,
    shares: { train: 1 - dev - test, dev, test },
    seed,
    similarity: data.similarity,
    quarantineLimit: data.quarantineLimit,
    smallestCell: evaluate.smallestCell,
  } as const;
}
