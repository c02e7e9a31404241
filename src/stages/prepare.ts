// prepare: from a table to train, dev and test rows and a report of what happened to every row.
import { sep } from "node:path";
import { facts, from, quarantine, report, rows, rowsFolder } from "../artifacts/index.ts";
import { ConcordError, isConcordError } from "../base/index.ts";
import {
  type DataReport,
  type PreparedRows,
  prepareRows,
  type ReadTable,
  type Row,
  type RowKind,
  readTable,
  ruleFor,
  type SourceRow,
  type SplitName,
  splitNames,
  type TextRow,
  tableRemarks,
  textRows,
  withoutRepeats,
} from "../data/index.ts";
import { type Language, say } from "../messages/index.ts";
import { modalities } from "../modalities/node/index.ts";
import {
  labellingOf,
  needsOf,
  type Recipe,
  readingOf,
  scoresPairs,
  seriesReading,
  taskColumns,
} from "../recipe/index.ts";
import { isAnswering, taskOf } from "../tasks/index.ts";
import { inLanguage } from "../translations/index.ts";
import { defineStage } from "./stage.ts";

export const prepare = defineStage({
  name: "prepare",
  version: 5,
  reads: [],
  makes: [rows.train, rows.dev, rows.test, quarantine, report.data],
  facts: facts.prepare,
  supports: () => true,
  settings: async (recipe, home) => {
    const { task, data, modality } = recipe;
    const { dev, test } = data.split.files ?? {};
    const { fingerprint } = modalities[modality];
    const prints = [data.file, dev, test].map(
      (path) => path && fingerprint(from(home, path), readingOf(data), columnsOf(recipe)),
    );
    const verdicts = needsOf(recipe).verdicts && { verdicts: true };
    const scored = scoresPairs(recipe) && { scored: true };
    return {
      task,
      ...(recipe.tasks && { tasks: taskColumns(recipe) }),
      data,
      ...verdicts,
      ...scored,
      files: await Promise.all(prints),
      ...(modality !== "text" && { modality }),
    };
  },
  async work({ recipe, home, write, emit, language }) {
    const prepared = await preparedRows(recipe, home, (text) => emit({ kind: "warning", stage: "prepare", text }));
    const placed = fromTable(rowsFolder(recipe, home));
    for (const part of splitNames) {
      const splitRows = prepared.rows.filter((_, i) => prepared.parts[i] === part);
      await write(rows[part], splitRows.map(placed));
    }
    await write(quarantine, prepared.quarantined.map(placed));
    await write(report.data, prepared.report);
    const { rows: counts, parts, duplicates, remarks } = prepared.report;
    const kind = remarks.length ? "warning" : "note"; // a note is silent with --quiet
    emit({ kind, stage: "prepare", text: summaryOf(prepared.report, language) });
    return {
      labels: [...prepared.labels],
      ...(prepared.tasks && {
        tasks: Object.fromEntries(Object.entries(prepared.tasks).map(([name, own]) => [name, [...own]])),
      }),
      rows: counts,
      parts,
      duplicates,
    };
  },
});

/** What became of the table, in one line, and what is odd about it. */
function summaryOf({ rows, parts, remarks, tasks }: DataReport, language: Language): string {
  const { dropped, quarantined, excluded } = rows;
  const left = dropped + quarantined + excluded;
  const counts = say(language, "prepare.summary", { rows: rows.in, ...parts, left });
  const told = Object.entries(tasks ?? {}).map(([name, own]) => `${name} ${own.train + own.dev + own.test}`);
  const between = language === "zh" ? "，" : ", ";
  const all = tasks ? say(language, "prepare.tasks", { counts, list: told.join(between) }) : counts;
  const odd = remarks.map((text) => inLanguage(language, text)).join(language === "zh" ? "；" : "; ");
  return odd ? say(language, "prepare.odd", { counts: all, odd }) : all;
}

/** Places without the folder of the table, so that whoever has the same table elsewhere prepares the same rows, byte for byte. */
const fromTable =
  (folder: string) =>
  <R extends { readonly place: string }>(row: R): R =>
    row.place.startsWith(folder + sep) ? { ...row, place: row.place.slice(folder.length + 1) } : row;

/** Of fewer test rows the 95 % interval of an accuracy of one half is more than 36 points wide. */
const fewRows = 30;

/** Rows of a recipe's tables, each in its part. @throws E_IO; E_DATA naming the table */
export const preparedRows = (
  recipe: Recipe,
  home: string,
  onWarning: (text: string) => void,
): Promise<PreparedRows<Row>> =>
  preparedAs(modalities[recipe.modality].rows(rowsFolder(recipe, home)), recipe, home, onWarning);

/** Those of a recipe of texts. @throws as {@link preparedRows} */
export const preparedTexts = (
  recipe: Recipe,
  home: string,
  onWarning: (text: string) => void,
): Promise<PreparedRows<TextRow>> => preparedAs(textRows, recipe, home, onWarning);

async function preparedAs<R extends Row>(
  kind: RowKind<R>,
  recipe: Recipe,
  home: string,
  onWarning: (text: string) => void,
): Promise<PreparedRows<R>> {
  const reading: string[] = [];
  const rows = sourceRows(recipe, home, (guess) => {
    reading.push(guess);
    onWarning(guess);
  });
  const prepared = await prepareRows(rows, { ...optionsOf(recipe), reading }, kind).catch((error: unknown) => {
    if (!isConcordError(error) || error.facts.path !== undefined) throw error;
    throw new ConcordError(error.code, { ...error.facts, path: from(home, recipe.data.file) });
  });
  const { test } = prepared.report.parts;
  const few = test < fewRows ? [`${test} test rows say little: scores of so few have wide intervals`] : [];
  const warnings = [...prepared.report.warnings, ...few];
  for (const text of warnings) onWarning(text);
  return { ...prepared, report: { ...prepared.report, warnings } };
}

/**
 * What is odd about a recipe's tables, as the stage would say; rows are not compared but for exact repeats.
 * @throws as {@link preparedRows}, where reading finds a fault
 */
export async function checkedRows(recipe: Recipe, home: string): Promise<string[]> {
  const read = await readRecipeRows(recipe, home);
  const options = optionsOf(recipe);
  const { identity } = modalities[recipe.modality].rows(rowsFolder(recipe, home));
  const drops = ruleFor(read.rows, options.columns.part !== undefined, options.duplicates) === "drop";
  return tableRemarks(read, drops ? withoutRepeats(read.rows, identity).rows : read.rows, options);
}

/** The rows of a recipe's tables that can be used, repeats included. @throws as {@link preparedRows} */
export const readableRows = async (recipe: Recipe, home: string): Promise<ReadTable<Row>["rows"]> =>
  (await readRecipeRows(recipe, home)).rows;

const readRecipeRows = (recipe: Recipe, home: string): Promise<ReadTable<Row>> =>
  readTable(
    sourceRows(recipe, home, () => {}),
    optionsOf(recipe),
    modalities[recipe.modality].rows(rowsFolder(recipe, home)).read,
  );

/** Rows of all tables. Test comes first: of rows that repeat, training loses its own. */
async function* sourceRows(recipe: Recipe, home: string, onGuess: (text: string) => void): AsyncGenerator<SourceRow> {
  const { data, modality } = recipe;
  const { file, split } = data;
  const series = seriesReading(recipe);
  const tables: readonly (readonly [string | undefined, SplitName | undefined])[] = [
    [split.files?.test, "test"],
    [split.files?.dev, "dev"],
    [file, undefined],
  ];
  for (const [path, part] of tables) {
    if (path === undefined) continue;
    let count = 0;
    for await (const row of modalities[modality].source(from(home, path), { ...readingOf(data), series, onGuess })) {
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

/** Which fields of a record are what. The column of the content is the text's, or the image's. */
export const columnsOf = ({ task, data, modality, adapt }: Recipe) => ({
  text: modalities[modality].column(data),
  pair: data.pair,
  negative: data.negative,
  answer: data.answer,
  start: data.start,
  rejected: data.rejected,
  verdict: needsOf({ adapt }).verdicts ? data.label : undefined,
  choices: typeof data.choices === "string" ? [data.choices] : data.choices,
  choice: taskOf(task).chooses ? data.label : undefined,
  label: isAnswering(taskOf(task)) || scoresPairs({ task, adapt }) ? data.label : undefined,
  group: data.group,
  attributes: data.attributes,
  part: data.split.column,
});

function optionsOf(recipe: Recipe) {
  const { task, data, seed, evaluate } = recipe;
  const { split } = data;
  const dev = split.files?.dev === undefined ? split.dev : 0;
  const test = split.files?.test === undefined ? split.test : 0;
  return {
    kind: taskOf(task).reads,
    ordered: taskOf(task).ordered,
    tasks: taskColumns(recipe),
    ...labellingOf(data),
    columns: columnsOf(recipe),
    rename: data.rename,
    exclude: data.exclude,
    accept: data.accept,
    shares: { train: 1 - dev - test, dev, test },
    seed: split.seed ?? seed,
    similarity: data.similarity,
    duplicates: data.duplicates,
    quarantineLimit: data.quarantineLimit,
    smallestCell: evaluate.smallestCell,
  } as const;
}
