// concord predict --out: answers as a file. Of a table all columns stay, and the answers stand beside them.
import { ConcordError } from "../../base/index.ts";
import { unreadableKind } from "../../data/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import type { Given, Unusable } from "../../modalities/index.ts";
import type { Model } from "../../models/index.ts";
import { headAnswers } from "../../predict/index.ts";
import {
  type Answered,
  type Answerer,
  type AnswerStyle,
  answerRecord,
  type KeptAnswers,
  longestShown,
  resumed,
  unusableIn,
} from "../../runs/index.ts";
import type { OpenAnyModel } from "../../stages/index.ts";
import {
  columnsOfRows,
  type ReadRowsOptions,
  tableBytes,
  type WrittenColumn,
  type WrittenFormat,
} from "../../tables/node/index.ts";
import { type AnswerKind, answerColumns, answerRows } from "../answers.ts";
import type { CommandContext } from "../context.ts";
import { progress } from "../progress.ts";

/** What is written, and where. */
export interface AnswerFile {
  readonly path: string;
  readonly format: WrittenFormat;
  /** The table whose columns stay. Default none: a place and the text stand beside each answer. */
  readonly table?: { readonly file: string; readonly reading: ReadRowsOptions };
}

/** What is answered, and by what. */
export interface AnswerWork {
  readonly given: Iterable<Given> | AsyncIterable<Given>;
  readonly answering: Pick<Answerer, "answer">;
  /** Answers that are kept as they come. Default none: a stopped command begins anew. */
  readonly kept?: KeptAnswers;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes all answers to a file, which appears when the last one is there.
 * @returns how many inputs there were
 * @throws E_INTERRUPTED on Ctrl-C; E_IO, E_DATA as the table's reader
 */
export async function writeAnswers(
  { path, format, table }: AnswerFile,
  { given, answering, kept: keptAnswers }: AnswerWork,
  { predictor, modality }: OpenAnyModel,
  style: AnswerStyle,
  context: CommandContext,
): Promise<number> {
  const kind = kindOf(predictor.model);
  const flat = format !== "jsonl";
  const counted = { rows: 0 };
  const kept =
    table && (await columnsOfRows(counting(modality.source(table.file, { ...table.reading, missing: [] }), counted)));
  const added = flat ? answerColumns(kind, style) : recordColumns;
  const names = freeNames(added, kept ?? []);
  const columns = [...(kept ?? placed), ...added.map((column) => ({ ...column, name: names.get(column.name)! }))];
  if (kept) tellRenamed(names, context);
  const inputsOf = ({ given }: Answered): Fields =>
    kept ? readable(given.fields ?? {}) : { place: given.place ?? null, text: given.given.slice(0, longestShown) };
  const rowsOf = (one: Answered): readonly Fields[] =>
    (flat ? answerRows(one, style) : [answersAlone(one, style)]).map((row) => ({
      ...inputsOf(one),
      ...renamed(row, names),
    }));
  const count = { rows: 0, unusable: new Map<Unusable, number>(), escaped: 0 };
  const answers = keptAnswers ? resumed(given, keptAnswers, (rest) => answering.answer(rest)) : answering.answer(given);
  const shown = shownProgress(answers, counted.rows, context);
  const rows = stoppable(shown, { path, kept: keptAnswers }, context, (one) => {
    count.rows++;
    const reason = unusableIn(one.given);
    if (reason) count.unusable.set(reason, (count.unusable.get(reason) ?? 0) + 1);
    // without a table a line of JSON is the record that the terminal shows with --json
    return !flat && !kept ? [answerRecord(one, style)] : rowsOf(one);
  });
  await writeFileAtomically(
    path,
    tableBytes(format, columns, rows, () => count.escaped++),
  );
  tellOf(count, path, context);
  return count.rows;
}

const kindOf = ({ task, heads }: Pick<Model, "task" | "heads">): AnswerKind =>
  heads ? Object.fromEntries(heads.map((head) => [head.name, kindOfHead(head.task)])) : kindOfHead(task);

const kindOfHead = (task: Model["task"]) => {
  const head = headAnswers(task);
  if (head?.words) return "entities";
  if (head?.numeric) return "value";
  return head?.several ? "labels" : "label";
};

/** What stands beside an answer to a text that is of no table. */
const placed: readonly WrittenColumn[] = [
  { name: "place", kind: "text" },
  { name: "text", kind: "text" },
];

/** What a line of JSON may have besides the table's columns. */
const recordColumns: readonly WrittenColumn[] = [
  "label",
  "labels",
  "value",
  "entities",
  "tasks",
  "set",
  "unusable",
].map((name) => ({ name, kind: "json" }));

/** A row without what its reader could not read, such as a formula without a value. */
const readable = (fields: Fields): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, unreadableKind(value) === undefined ? value : null]),
  );

/** An answer's own fields. */
function answersAlone(one: Answered, style: AnswerStyle): Fields {
  const { place: _place, text: _text, ...answer } = answerRecord(one, style);
  return answer;
}

/** Names of the answers: their own, or where the table has such a column `predicted_label`, `predicted_label_2` … */
function freeNames(added: readonly WrittenColumn[], kept: readonly WrittenColumn[]): Map<string, string> {
  const taken = new Set(kept.map(({ name }) => name));
  return new Map(
    added.map(({ name }) => {
      let free = name;
      for (let n = 1; taken.has(free); n++) free = n === 1 ? `predicted_${name}` : `predicted_${name}_${n}`;
      taken.add(free);
      return [name, free];
    }),
  );
}

const renamed = (row: Fields, names: ReadonlyMap<string, string>): Fields =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [names.get(name) ?? name, value]));

/** Rows as they are, counted. */
async function* counting<T>(rows: AsyncIterable<T>, counted: { rows: number }): AsyncGenerator<T> {
  for await (const row of rows) {
    counted.rows++;
    yield row;
  }
}

/** Answers as they are, with a progress bar where their number is known and there are many. */
async function* shownProgress(
  answers: AsyncIterable<Answered>,
  total: number,
  { quiet, stderr, language }: CommandContext,
): AsyncGenerator<Answered> {
  const bar = quiet || total < 1000 ? undefined : progress({ total, label: "predict", stream: stderr, language });
  let done = 0;
  try {
    for await (const one of answers) {
      if (++done % 64 === 0 || done === total) bar?.update(done, "");
      yield one;
    }
  } finally {
    bar?.end();
  }
}

/** Rows of answers, until somebody presses Ctrl-C. */
async function* stoppable(
  answers: AsyncIterable<Answered>,
  { path, kept }: { readonly path: string; readonly kept?: KeptAnswers },
  { signals }: CommandContext,
  rowsOf: (one: Answered) => readonly Fields[],
): AsyncGenerator<Fields> {
  let stopped = false;
  const stop = () => (stopped = true);
  for (const name of ["SIGINT", "SIGTERM"]) signals.once(name, stop);
  try {
    for await (const one of answers) {
      if (stopped)
        throw new ConcordError("E_INTERRUPTED", {
          operation: "predict",
          problem: kept ? "stopped; the predictions so far are kept" : "stopped; nothing was written",
          hint: kept ? "give the same command again: it goes on from there" : "give the command again",
          path,
        });
      yield* rowsOf(one);
    }
  } finally {
    for (const name of ["SIGINT", "SIGTERM"]) signals.off(name, stop);
  }
}

function tellRenamed(names: ReadonlyMap<string, string>, { quiet, stderr, language }: CommandContext): void {
  const list = [...names].filter(([name, free]) => name !== free);
  if (quiet || list.length === 0) return;
  const columns = list.map(([name]) => name).join(", ");
  const others = list.map(([, free]) => free).join(", ");
  stderr.write(`${say(language, "predict.renamed", { columns, others })}\n`);
}

function tellOf(
  { rows, unusable, escaped }: { rows: number; unusable: ReadonlyMap<Unusable, number>; escaped: number },
  path: string,
  { quiet, stderr, language }: CommandContext,
): void {
  if (quiet) return;
  stderr.write(`${say(language, "predict.written", { rows, path })}\n`);
  for (const [reason, rows] of unusable) {
    const why = say(language, `refusal.${reason}`);
    stderr.write(`${say(language, "predict.unanswered", { rows, reason: why })}\n`);
  }
  if (escaped) stderr.write(`${say(language, "predict.escaped", { cells: escaped })}\n`);
}
