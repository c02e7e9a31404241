// From records to rows of text with labels, and what is wrong with them as a whole: the part of preparing that looks at no other row.
// Pure: records come in, nothing is read or written.
import { ConcordError, numberFault, numberRemedies } from "../../base/index.ts";
import { type Acceptable, checkTable, otherReading } from "./checks.ts";
import { checkColumns } from "./columns.ts";
import { labelKinds } from "./label-kinds.ts";
import { isExcluded, renamer, withoutTypes } from "./label-names.ts";
import { checkNumbers, checkSeparator, labelSet, type NumberSpellings, oneSpelling, orderedLabels } from "./labels.ts";
import { checkMarks, markWarnings, unquoted } from "./number-marks.ts";
import { textRow } from "./read-row.ts";
import { keysOfTask, settledTargets } from "./several-targets.ts";
import type { SourceRow } from "./source-row.ts";
import {
  isQuarantined,
  newCounts,
  type Quarantined,
  type Refusal,
  type Row,
  type RowCounts,
  refusals,
  type TextRow,
  type TextRowOptions,
} from "./text-rows.ts";

export interface ReadTextsOptions extends TextRowOptions {
  /** Other names of labels: from → to. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Labels to leave out: rows that have one; of entities, the spans of that type. As they stand in the data, before `rename`. */
  readonly exclude?: readonly string[];
  /** Classes have an order: that of `labelNames`, or of numbers. Default false. */
  readonly ordered?: boolean;
  /** Faults of the whole table that are meant. */
  readonly accept?: readonly Acceptable[];
  /** Largest share of rows put aside before it is an error, 0 … 1. Default 0.05. */
  readonly quarantineLimit?: number;
}

/** Reads one record of a kind of data. */
export type ReadRow<R extends Row> = (
  record: SourceRow,
  options: TextRowOptions,
  counts: RowCounts,
) => R | Quarantined | Promise<R | Quarantined>;

/** Rows that can be used, and what became of the others. */
export interface ReadTable<R extends Row = TextRow> {
  readonly rows: readonly R[];
  /** All classes, in code point order or in their own; none for numbers and rows without a label. */
  readonly labels: readonly string[];
  /** Of several tasks: the classes of each; none of a number. */
  readonly tasks?: Readonly<Record<string, readonly string[]>>;
  readonly quarantined: readonly Quarantined[];
  readonly counts: RowCounts;
  /** Records in all, and those that were left out because of their label. */
  readonly count: number;
  readonly excluded: number;
  readonly spellings: NumberSpellings;
  readonly warnings: readonly string[];
}

export type ReadTexts = ReadTable<TextRow>;

/** Reads a table of labelled texts. @throws as {@link readTable} */
export const readTexts = (source: AsyncIterable<SourceRow>, options: ReadTextsOptions): Promise<ReadTexts> =>
  readTable(source, options, textRow);

/** @throws E_DATA for a missing column, no rows, too many bad rows, counts that cannot be right, labels in two spellings, one label or number only */
export async function readTable<R extends Row>(
  source: AsyncIterable<SourceRow>,
  options: ReadTextsOptions,
  read: ReadRow<R>,
): Promise<ReadTable<R>> {
  const { words, several, number, leastLabels } = labelKinds[options.kind];
  const counts = newCounts();
  const [all, quarantined]: [R[], Quarantined[]] = [[], []];
  let [count, excluded] = [0, 0];
  for await (const record of source) {
    count++;
    const row = await read(record, options, counts);
    if (isQuarantined(row)) quarantined.push(row);
    else if (isExcluded(row, options)) excluded++;
    else all.push(words ? withoutTypes(row, options.exclude) : row);
  }
  checkColumns(counts.columns);
  checkCounts(count, quarantined, options, counts);
  const found = checkTable(counts, count - quarantined.length, options);
  if (options.tasks) {
    const { warnings, ...settled } = settledTargets(all, options.tasks, counts, options);
    const said = [...quarantineWarnings(quarantined, count), ...found, ...warnings];
    const left = excluded + all.length - settled.rows.length;
    return { ...settled, quarantined, counts, count, excluded: left, warnings: said };
  }
  if (several) checkSeparator(all, options);
  const { rows, spellings } = oneSpelling(all, options.kind);
  const rename = renamer(options.rename);
  const warnings = [
    ...quarantineWarnings(quarantined, count),
    ...found,
    ...markWarnings(counts, options),
    ...Object.entries(spellings).map(
      ([name, others]) =>
        `the labels ${others.map((o) => JSON.stringify(o)).join(", ")} are the same number: read as ${name}`,
    ),
  ];
  const named = rows.map((row) => rename(row));
  if (number) checkNumbers(named);
  const classes = !number && options.columns.label !== undefined;
  const names = classes ? labelSet(named, leastLabels) : [];
  const labels = options.ordered ? orderedLabels(names, listedLabels(options)) : names;
  return { rows: named, labels, quarantined, counts, count, excluded, spellings, warnings };
}

/** The names that a recipe lists, as rows have them: renamed, and without those that are left out. */
function listedLabels({ labelNames, rename, exclude = [] }: ReadTextsOptions): string[] | undefined {
  const other = renamer(rename);
  return labelNames?.flatMap((label) =>
    exclude.includes(label) ? [] : other({ place: "", labels: [label], attributes: {} }).labels,
  );
}

/** A sentence for each reason, with an example. */
function quarantineWarnings(quarantined: readonly Quarantined[], count: number): string[] {
  return Object.entries(tally(quarantined.map((q) => q.reason))).map(([reason, times]) => {
    const { place, got } = quarantined.find((q) => q.reason === reason)!;
    return `${times} of ${count} rows rejected: ${refusals[reason as Refusal]}; the first at ${place}: ${got}`;
  });
}

const remedies: Partial<Record<Refusal, string>> = {
  "too-long": "shorten them, or raise data.longestText",
  "no-label":
    "check that data.label names the right column; rows that are not labelled yet are left out with data.accept: [unlabelled], and pretrain.file can read their texts",
  "not-text": "name a column of texts, of words in lists, or of chats: data.text",
  "no-answer": "name the column of the answers: data.answer; a chat needs a message of the role assistant",
  "not-there": "check data.start and its unit, data.offsets; an answer has the very words of the text",
  "not-answers": 'an answer is a text, a list of texts, or SQuAD\'s [{"text", "answer_start"}]: data.answer',
  "not-choices":
    "choices are a list of texts, ARC's {label, text}, or a column each: data.choices; data.separator divides those of one field",
  "few-choices": "name the columns of all choices: data.choices",
  "not-a-choice": "a label is a number from 0, a letter from A, the choice's own name, or its text: data.label",
  "unclear-choice": "write the label as a letter, A for the first choice: data.label",
  "equal-answers": "name the column of the worse answer: data.rejected; pairs that are equal teach nothing",
  "not-a-verdict": "write true or false, 1 or 0, yes or no: data.label",
  "several-labels": "task: multi-label learns all of them; else leave one label in each row",
  "not-a-label":
    "places in a text are for task: entities; of an object, name the field inside: data.label: column.field",
  "unnamed-vector": "name the places in order: data.labels: [first, second, …]",
  "unknown-label": "add it to data.labels, or correct the row",
  "not-a-number": "check that data.label names the column of the number",
  "numbered-tags": "name them in order, O first as in the data's card: data.labels: [O, B-PER, I-PER, …]",
  "bad-tags": "one tag for each word: B-…, I-… or O; for other classes of words: data.scheme: none",
  "parted-span": 'give each part as an entity of its own, or leave the entity out: [start, end, "TYPE"]',
  "bad-span": 'a span is [start, end, "TYPE"] or {"start", "end", "label"}',
};

function checkCounts(
  count: number,
  quarantined: readonly Quarantined[],
  { quarantineLimit: limit = 0.05, offsets, decimal, accept = [], tasks = {} }: ReadTextsOptions,
  counts: RowCounts,
): void {
  if (count === 0)
    throw new ConcordError("E_DATA", {
      operation: "prepare",
      problem: "there are no rows",
      expected: "a header and at least one row",
      got: "a header only, or nothing",
      hint: "add rows below the header",
    });
  checkMarks(quarantined, decimal);
  const counted = accept.includes("unlabelled") ? quarantined.filter((q) => q.reason !== "no-label") : quarantined;
  if (counted.length <= limit * (count - quarantined.length + counted.length)) return;
  const [reason, times] = Object.entries(tally(counted.map((q) => q.reason))).sort(([, a], [, b]) => b - a)[0]!;
  const first = counted.find((q) => q.reason === reason)!;
  const number = reason === "not-a-number" ? numberFault(unquoted(first.got), decimal) : undefined;
  const hint = number
    ? numberRemedies[number]
    : reason === "span-text" || (reason === "bad-span" && counts.entities.tried > 0)
      ? otherReading(counts.entities, offsets)
      : remedies[reason as Refusal];
  throw new ConcordError("E_DATA", {
    operation: "prepare",
    problem: `${counted.length} of ${count} rows cannot be used; ${times} because ${refusals[reason as Refusal]}`,
    expected: `at most ${(limit * 100).toFixed(0)} % (data.quarantineLimit)`,
    got: first.got,
    hint: forTask(tasks, first.got, hint ?? "check that data.text and data.label name the right columns"),
    path: first.place,
  });
}

/** A remedy with the keys of the task whose label was refused. @param got the label, after its task's name */
function forTask(tasks: NonNullable<ReadTextsOptions["tasks"]>, got: string, hint: string): string {
  const name = Object.keys(tasks).find((task) => unquoted(got).startsWith(`${task}: `));
  return name === undefined ? hint : keysOfTask(name, hint);
}

/** How often each key occurs. */
export function tally<K extends string>(keys: readonly K[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}
