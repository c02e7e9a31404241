// prepare: from a table to train, dev and test rows and a report of what happened to every row.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError, isConcordError } from "../../base/index.ts";
import { partNames, prepareTexts, type TextRow } from "../../data/index.ts";
import { readRows } from "../../data/node/index.ts";
import type { Recipe } from "../recipe.ts";
import type { Stage } from "../stage.ts";
import { fingerprint, from, writeJson, writeJsonLines } from "./files.ts";

export const prepare: Stage = {
  name: "prepare",
  version: 1,
  after: [],
  wanted: () => true,
  inputs: async ({ task, data }, home) => ({ task, data, file: await fingerprint(from(home, data.file)) }),
  async work({ recipe, home, scratch, emit }) {
    const { data } = recipe;
    const rows = readRows(from(home, data.file), {
      format: data.format,
      encoding: data.encoding,
      delimiter: data.delimiter,
      onGuess: (text) => emit({ kind: "warning", stage: "prepare", text }),
    });
    const prepared = await prepareTexts(rows, optionsOf(recipe)).catch((error: unknown) => {
      if (!isConcordError(error) || error.facts.path !== undefined) throw error;
      throw new ConcordError(error.code, { ...error.facts, path: from(home, data.file) });
    });
    for (const text of prepared.report.warnings) emit({ kind: "warning", stage: "prepare", text });
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

function optionsOf({ task, data, seed, evaluate }: Recipe) {
  const { split } = data;
  return {
    kind: task,
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
    shares: { train: 1 - split.dev - split.test, dev: split.dev, test: split.test },
    seed,
    similarity: data.similarity,
    quarantineLimit: data.quarantineLimit,
    smallestCell: evaluate.smallestCell,
  } as const;
}
