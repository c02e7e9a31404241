// From a file's records to rows of text with labels: cleaned, or refused with a reason. Pure.
import { ConcordError, type DecimalMark, maybeThousands, numberIn } from "../../base/index.ts";
import type { EntitySpan } from "../tagging/spans.ts";
import type { Range } from "../tagging/words.ts";
import { choicesIn, chosenOf, type GivenChoices } from "./choice-rows.ts";
import { type CleaningCounts, cleanName, cleanProse, cleanText, noCounts } from "./clean.ts";
import { type ColumnLog, columnLog, fieldOf, hasColumn } from "./columns.ts";
import { type EntityCounts, type EntityOptions, entityText, isProblem, noEntities } from "./entity-rows.ts";
import { type LabelKind, labelKinds } from "./label-kinds.ts";
import { labelsIn, opened } from "./label-values.ts";
import { countSigns, type EncodingSigns, noSigns } from "./mojibake.ts";
import { givenAnswers, type QuotedAnswer, quotedAnswer } from "./quoted-rows.ts";
import { placeOf, type SourceRow } from "./source-row.ts";
import { type ChatMessage, messagesIn, plainText, shownValue, textIn } from "./text-values.ts";

/** Which fields of a record are what. */
export interface ColumnNames {
  readonly text: string;
  /** Second text of a pair. */
  readonly pair?: string;
  /** A text that does not belong to the first. */
  readonly negative?: string;
  /** What a model learns to write after the text. */
  readonly answer?: string;
  /** Where each answer begins in the second text. */
  readonly start?: string;
  /** An answer that was found worse than `answer`. */
  readonly rejected?: string;
  /** Whether the answer is good: true or false. */
  readonly verdict?: string;
  /** Choices that the text may be answered with: a column of lists, or a column for each. */
  readonly choices?: readonly string[];
  /** Which of the choices is right; without it rows are unlabelled. */
  readonly choice?: string;
  /** Class, classes or number to predict; without it rows are unlabelled. */
  readonly label?: string;
  /** Rows with the same value (a patient's) never fall into different parts. */
  readonly group?: string;
  /** Properties of a person or place by which scores are reported. */
  readonly attributes?: readonly string[];
  /** Names the part of each row: train, dev or test. */
  readonly part?: string;
}

/** What a row of any kind of data has: where it came from, what is predicted of it, who it is about. */
export interface Row {
  /** `file:line` it came from. */
  readonly place: string;
  /** Class names: one, several or none; for entities the types that occur. */
  readonly labels: readonly string[];
  /** The number to predict, for regression. */
  readonly value?: number;
  readonly group?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly part?: string;
  /** Of a validation or test row: a training row has the same content. */
  readonly inTraining?: true;
}

export interface TextRow extends Row {
  readonly text: string;
  /** The second text of a pair, or the answer that a model learns to write. */
  readonly pair?: string;
  /** A text that does not belong to it. */
  readonly negative?: string;
  /** The answer that was found worse than the pair's. */
  readonly rejected?: string;
  /** Whether the answer is good. */
  readonly desirable?: boolean;
  /** Of a chat that a model learns to answer; the text has a line for each. */
  readonly messages?: readonly ChatMessage[];
  /** Answers to the question that the text is, as they stand in `pair`; none where it holds no answer. */
  readonly answers?: readonly QuotedAnswer[];
  /** What the text may be answered with, and the number of the right one, from 0; where there is a pair, each choice goes on from it. */
  readonly choices?: readonly string[];
  readonly chosen?: number;
  /** For entities: where the words lie in the text, and the entities. */
  readonly words?: readonly Range[];
  readonly spans?: readonly EntitySpan[];
}

/**
 * The same rows, known to have texts: tasks of words and decisions are of texts only.
 * @throws E_DATA for a row without a text
 */
export function rowsOfTexts(rows: readonly Row[]): readonly TextRow[] {
  const isText = (row: Row): row is TextRow => "text" in row && typeof row.text === "string";
  if (rows.every(isText)) return rows;
  throw new ConcordError("E_DATA", {
    operation: "read texts",
    problem: "a row has no text",
    path: rows.find((row) => !isText(row))?.place,
  });
}

export const refusals = {
  "no-text": "the text is missing or empty",
  "not-text": "the field of the text holds no text",
  "no-answer": "nothing in the row is an answer that could be learned",
  "equal-answers": "the rejected answer is the chosen one",
  "not-a-verdict": "the verdict on the answer is neither true nor false",
  "no-label": "the label is missing or empty",
  "several-labels": "the field holds several labels, and the task takes one",
  "not-a-label": "the field holds an object or places in a text, and no label",
  "unnamed-vector": "the label is a list of 0 and 1, and nothing names its places",
  "unknown-label": "the label is not among data.labels",
  "not-a-number": "the value to predict is not a finite number",
  "too-long": "the text is longer than the limit",
  "not-there": "the second text does not hold the answer where it should stand",
  "not-answers": "the field of the answers holds something else",
  "not-choices": "the field of the choices holds no list of texts",
  "few-choices": "the row has fewer than two choices",
  "not-a-choice": "the label names none of the row's choices",
  "unclear-choice": "the label may mean two of the row's choices",
  "no-image": "the path of the image is missing or empty",
  "broken-image": "the image is not there, or cannot be decoded",
  "bad-tags": "the tags are not as many as the words, or are no tags",
  "numbered-tags": "the tags are numbers, and nothing names them",
  "bad-span": "an entity does not lie in the text, or has no type",
  "parted-span": "an entity has several parts, and a tag for each word cannot say which belong together",
  "span-text": "the entity's own text is not what stands at its place",
} as const;
/** Why a row was put aside. */
export type Refusal = keyof typeof refusals;

/** A row that was put aside. */
export interface Quarantined {
  readonly place: string;
  readonly reason: Refusal;
  /** The offending value, shortened. */
  readonly got: string;
}

/** What reading changed and found, added up over rows. */
export interface RowCounts {
  readonly cleaning: CleaningCounts;
  readonly entities: EntityCounts;
  readonly columns: ColumnLog;
  /** Signs of a wrong encoding. */
  readonly signs: EncodingSigns;
  /** Rows whose label is a list of 0 and 1 and nothing else, by their length. */
  readonly vectors: Map<number, number>;
  /** Numbers that were text with a point in it: in all, and those whose point stands, or could stand, between thousands. */
  readonly points: { all: number; thousands: number; first?: string };
  /** Rows with a label. */
  labelled: number;
}

/** Counts of rows before the first one is read: all 0. */
export const newCounts = (): RowCounts => ({
  cleaning: noCounts(),
  entities: noEntities(),
  columns: columnLog(),
  signs: noSigns(),
  vectors: new Map(),
  points: { all: 0, thousands: 0 },
  labelled: 0,
});

export interface TextRowOptions extends EntityOptions {
  readonly columns: ColumnNames;
  readonly kind: LabelKind;
  /** Between the labels of a multi-label field that is one string. Default `;`, also in its full-width form. */
  readonly separator?: string;
  /** Mark that begins a fraction in numbers to predict, where it was told. Default a point, and nothing between thousands. */
  readonly decimal?: DecimalMark;
  /** Longest text, in characters. Default 100,000. */
  readonly longest?: number;
  /** Names of labels that the data writes as numbers (0 is the first), as 0/1 vectors, or as columns of 0 and 1. */
  readonly labelNames?: readonly string[];
}

/**
 * Reads one record. A column that the record lacks is one without a value; whether any record has it, `counts.columns` tells.
 * @param counts what cleaning changed and which entities there were, added to
 * @throws E_DATA when a column cannot be read, or the record has its name in another spelling
 */
export function textRow(row: SourceRow, options: TextRowOptions, counts: RowCounts): TextRow | Quarantined {
  const { columns, kind, longest = 100_000 } = options;
  const place = placeOf(row);
  const get = (name: string, setting: string) => fieldOf(row, name, setting, counts.columns);
  const raw = get(usualColumn(row, columns.text, kind, "text", ["tokens", "words"]), "data.text");
  const content = labelKinds[kind].words ? wordsIn(raw) : textIn(raw);
  if (content === undefined) return refused(place, isMissing(raw) ? "no-text" : "not-text", raw);
  const length = typeof content === "string" ? content.length : content.reduce((n, word) => n + word.length, 0);
  if (length === 0) return refused(place, "no-text", raw);
  if (length > longest) return refused(place, "too-long", `${length} characters`);
  const read = labelKinds[kind].words
    ? entityFields(row, content, options, counts)
    : labelKinds[kind].prose
      ? proseFields(row, raw, String(content), options, counts)
      : labelKinds[kind].quoted
        ? quotedFields(row, String(content), options, counts)
        : labelKinds[kind].chosen
          ? choiceFields(row, String(content), options, counts)
          : textFields(row, String(content), options, counts);
  if (isRefused(read)) return refused(place, read.reason, read.got);
  countSigns(typeof content === "string" ? content : content.join(" "), place, counts.signs);
  return { ...read, ...besideOf(row, columns, counts) };
}

/** What stands in a record beside content and labels: place, group, attributes and part. @throws E_DATA as {@link textRow} */
export function besideOf(
  row: SourceRow,
  columns: Pick<ColumnNames, "group" | "attributes" | "part">,
  counts: RowCounts,
): Pick<Row, "place" | "group" | "attributes" | "part"> {
  const optional = (name: string | undefined, setting: string) => {
    const value = name === undefined ? undefined : fieldOf(row, name, setting, counts.columns);
    return isMissing(value) ? undefined : plainText(value);
  };
  return {
    place: placeOf(row),
    group: optional(columns.group, "data.group"),
    attributes: Object.fromEntries(
      (columns.attributes ?? []).map((name) => [name, cleanName(optional(name, "data.attributes") ?? "")]),
    ),
    part: row.part ?? optional(columns.part, "data.split.column"),
  };
}

/** Words that came apart, or one text; nothing for a list that holds something else. */
function wordsIn(raw: unknown): string | readonly string[] | undefined {
  if (!Array.isArray(raw)) return textIn(raw);
  return raw.every((word) => typeof word === "string" || typeof word === "number") ? raw.map(String) : undefined;
}

/** Why a record cannot be used. */
export interface Refused {
  readonly reason: Refusal;
  readonly got: unknown;
}
type Fields = Pick<
  TextRow,
  | "text"
  | "pair"
  | "negative"
  | "rejected"
  | "desirable"
  | "messages"
  | "answers"
  | "choices"
  | "chosen"
  | "labels"
  | "value"
  | "words"
  | "spans"
>;
/** Whether a target or a row was refused instead of read. */
export const isRefused = (read: object): read is Refused => "reason" in read;
/** A record that is put aside. */
export const refused = (place: string, reason: Refusal, got: unknown): Quarantined => ({
  place,
  reason,
  got: shownValue(got),
});

/** Text and what a whole text is labelled with. */
function textFields(row: SourceRow, raw: string, options: TextRowOptions, counts: RowCounts): Fields | Refused {
  const { columns } = options;
  const text = cleanText(raw, counts.cleaning);
  const second = columns.pair === undefined ? undefined : fieldOf(row, columns.pair, "data.pair", counts.columns);
  const given = textIn(second);
  if (text === "" || (columns.pair !== undefined && isMissing(second))) return { reason: "no-text", got: raw };
  if (columns.pair !== undefined && given === undefined) return { reason: "not-text", got: second };
  const pair = given === undefined ? undefined : cleanText(given, counts.cleaning);
  const stranger =
    columns.negative === undefined ? undefined : fieldOf(row, columns.negative, "data.negative", counts.columns);
  const other = textIn(stranger);
  if (columns.negative !== undefined && isMissing(stranger)) return { reason: "no-text", got: stranger };
  if (columns.negative !== undefined && other === undefined) return { reason: "not-text", got: stranger };
  const negative = other === undefined ? undefined : cleanText(other, counts.cleaning);
  const target = targetOf(row, options, counts);
  return isRefused(target) ? target : { text, pair, ...(negative !== undefined && { negative }), ...target };
}

/** A text to write, with its lines; a text and its answer; or a chat in which somebody answers. */
function proseFields(
  row: SourceRow,
  raw: unknown,
  content: string,
  { columns: { answer: column, ...columns } }: TextRowOptions,
  counts: RowCounts,
): Fields | Refused {
  const clean = (text: string) => cleanProse(text, counts.cleaning);
  const text = clean(content);
  if (text === "") return { reason: "no-text", got: raw };
  if (column !== undefined) {
    const given = fieldOf(row, column, "data.answer", counts.columns);
    const answer = textIn(given);
    if (answer === undefined && !isMissing(given)) return { reason: "not-text", got: given };
    if (answer === undefined || clean(answer) === "") return { reason: "no-answer", got: given };
    const judged = judgedAnswer(row, clean(answer), columns, clean, counts);
    return isRefused(judged) ? judged : { text, pair: clean(answer), ...judged, labels: [] };
  }
  const messages = messagesIn(raw)?.map((one) => ({ ...one, content: clean(one.content) }));
  if (!messages) return { text, labels: [] };
  if (!messages.some(({ role, content }) => role === "assistant" && content !== ""))
    return { reason: "no-answer", got: raw };
  return { text, messages, labels: [] };
}

/** A question, the text that it is asked about, and the answers that stand there. */
function quotedFields(row: SourceRow, question: string, options: TextRowOptions, counts: RowCounts): Fields | Refused {
  const { columns, separator, offsets = "code-points" } = options;
  const text = cleanText(question, counts.cleaning);
  const second = fieldOf(row, columns.pair!, "data.pair", counts.columns);
  const context = textIn(second);
  if (text === "" || isMissing(second)) return { reason: "no-text", got: second };
  if (context === undefined) return { reason: "not-text", got: second };
  const clean = cleanProse(context, counts.cleaning);
  const field = columns.answer === undefined ? undefined : fieldOf(row, columns.answer, "data.answer", counts.columns);
  const starts = columns.start === undefined ? undefined : fieldOf(row, columns.start, "data.start", counts.columns);
  const found = givenAnswers(typeof field === "string" ? opened(field) : field, starts, separator);
  if (found === undefined) return { reason: "not-answers", got: field };
  const answers = found.map((one) => quotedAnswer(one, { given: context, clean }, (part) => cleanProse(part), offsets));
  const away = answers.indexOf(undefined);
  if (away >= 0) return { reason: "not-there", got: found[away] };
  return { text, pair: clean, answers: answers.filter((one) => one !== undefined), labels: [] };
}

/** A question, the answers that it may have, and which of them is right. */
function choiceFields(row: SourceRow, question: string, options: TextRowOptions, counts: RowCounts): Fields | Refused {
  const { columns } = options;
  const read = textFields(row, question, { ...options, columns: { ...columns, label: undefined } }, counts);
  if (isRefused(read)) return read;
  const [given, field] = choicesOf(row, options, counts);
  if (given === undefined) return { reason: "not-choices", got: field };
  const texts = given.texts.map((text) => (text === undefined ? undefined : cleanText(text, counts.cleaning)));
  if (texts.includes("")) return { reason: "not-choices", got: field };
  const choices = texts.filter((text) => text !== undefined);
  if (choices.length < 2) return { reason: "few-choices", got: field };
  if (columns.choice === undefined) return { ...read, choices };
  const label = fieldOf(row, columns.choice, "data.label", counts.columns);
  if (isMissing(label)) return { reason: "no-label", got: label };
  const chosen = chosenOf(label, given);
  if (chosen === "none") return { reason: "not-a-choice", got: label };
  if (chosen === "several") return { reason: "unclear-choice", got: label };
  return { ...read, choices, chosen: texts.slice(0, chosen).filter((text) => text !== undefined).length };
}

/** Choices of a column, or of several, with what stood there. */
function choicesOf(
  row: SourceRow,
  { columns: { choices: names = [] }, separator }: TextRowOptions,
  counts: RowCounts,
): [given: GivenChoices | undefined, field: unknown] {
  const fields = names.map((name) => fieldOf(row, name, "data.choices", counts.columns));
  const [only] = fields;
  if (fields.length === 1) return [choicesIn(typeof only === "string" ? opened(only) : only, separator), only];
  const texts = fields.map((field) => (isMissing(field) ? undefined : textIn(field)));
  const odd = fields.find((field, k) => !isMissing(field) && texts[k] === undefined);
  return odd === undefined ? [{ texts, names }, fields] : [undefined, odd];
}

/** What people said of an answer: another that is worse, or whether it is good. */
function judgedAnswer(
  row: SourceRow,
  answer: string,
  { rejected: column, verdict }: Pick<ColumnNames, "rejected" | "verdict">,
  clean: (text: string) => string,
  counts: RowCounts,
): Pick<TextRow, "rejected" | "desirable"> | Refused {
  if (column !== undefined) {
    const given = fieldOf(row, column, "data.rejected", counts.columns);
    const rejected = textIn(given);
    if (rejected === undefined && !isMissing(given)) return { reason: "not-text", got: given };
    if (rejected === undefined || clean(rejected) === "") return { reason: "no-answer", got: given };
    return clean(rejected) === answer ? { reason: "equal-answers", got: given } : { rejected: clean(rejected) };
  }
  if (verdict === undefined) return {};
  const given = fieldOf(row, verdict, "data.label", counts.columns);
  if (isMissing(given)) return { reason: "no-label", got: given };
  const bit = bitOf(given);
  return bit === 1 || bit === 0 ? { desirable: bit === 1 } : { reason: "not-a-verdict", got: given };
}

/** What is predicted of a whole record: its classes, or its number. */
export function targetOf(
  row: SourceRow,
  options: TextRowOptions,
  counts: RowCounts,
): Pick<Row, "labels" | "value"> | Refused {
  const { columns, kind, decimal } = options;
  if (columns.label === undefined) return { labels: [] };
  if (!labelKinds[kind].number) return classesOf(row, columns.label, options, counts);
  const label = fieldOf(row, columns.label, "data.label", counts.columns);
  if (isMissing(label)) return { reason: "no-label", got: label };
  const value = numberIn(label, decimal);
  if (typeof label === "string") countPoint(label, counts.points, decimal);
  return value === undefined ? { reason: "not-a-number", got: label } : { labels: [], value };
}

/** Without a told mark a point in all numbers may stand between thousands; with one, the other mark does. */
function countPoint(label: string, points: RowCounts["points"], decimal?: DecimalMark): void {
  if (!label.includes(decimal === "," ? "." : decimal === "." ? "," : ".")) return;
  points.all++;
  if (!maybeThousands(label, decimal === "." ? "," : ".")) return;
  points.thousands++;
  points.first ??= label.trim();
}

/** The classes of a row: of its label column, or of a column of 0 and 1 for each name. */
function classesOf(
  row: SourceRow,
  column: string,
  { kind, separator, labelNames }: TextRowOptions,
  counts: RowCounts,
): { readonly labels: readonly string[] } | Refused {
  const { several, words } = labelKinds[kind];
  const single = !several && !words;
  const spread =
    labelNames !== undefined && !hasColumn(row.fields, column) && labelNames.every((n) => hasColumn(row.fields, n));
  const label = spread
    ? labelNames.map((name) => bitOf(fieldOf(row, name, "data.labels", counts.columns)))
    : fieldOf(row, column, "data.label", counts.columns);
  if (isMissing(label)) return single ? { reason: "no-label", got: label } : { labels: [] };
  const found = labelsIn(label, {
    separator: several ? (separator ?? ";") : undefined,
    names: labelNames,
  });
  if ("reason" in found) return { reason: found.reason, got: label };
  const { names, vector } = found;
  if (single && names.length === 0) return { reason: "no-label", got: label };
  if (single && names.length > 1) return { reason: "several-labels", got: label };
  if (names.length) counts.labelled++;
  if (vector !== undefined && labelNames === undefined)
    counts.vectors.set(vector, (counts.vectors.get(vector) ?? 0) + 1);
  return { labels: names };
}

/** 0 or 1 of a column that stands for one label; anything else as it is, to be refused. */
function bitOf(value: unknown): unknown {
  const word = String(value).trim().toLowerCase();
  return /^(1|1\.0|true|yes)$/.test(word) ? 1 : /^(0|0\.0|false|no|)$/.test(word) || isMissing(value) ? 0 : value;
}

/** A column, or the first that is there of its other usual names, for entities and a column that was not named. */
function usualColumn(
  { fields }: SourceRow,
  name: string,
  kind: LabelKind,
  usual: string,
  others: readonly string[],
): string {
  if (!labelKinds[kind].words || name !== usual || Object.hasOwn(fields, name)) return name;
  return others.find((other) => Object.hasOwn(fields, other)) ?? name;
}

/** Text as it stands, its words and entities. */
function entityFields(
  row: SourceRow,
  content: string | readonly string[],
  options: TextRowOptions,
  counts: RowCounts,
): Fields | Refused {
  const { label: name } = options.columns;
  const column =
    name && usualColumn(row, name, "entities", "label", ["tags", "ner_tags", "entities", "spans", "labels"]);
  const given = column && fieldOf(row, column, "data.label", counts.columns);
  const label = typeof given === "string" ? opened(given) : given;
  if (column && isMissing(label)) return { reason: "no-label", got: label };
  const read = entityText(content, label, { ...options, tagNames: options.labelNames }, counts.entities);
  if (isProblem(read)) return read;
  if (read.words.length === 0) return { reason: "no-text", got: read.text };
  return { ...read, labels: [...new Set(read.spans.map((s) => s.type))].sort() };
}

/** Whether a row was rejected instead of read. */
export const isQuarantined = (row: Row | Quarantined): row is Quarantined => "reason" in row;

/** True where nothing is: an empty field, null, a key that is not there, NaN of Parquet. Words such as NA are values. */
export const isMissing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === "number" && Number.isNaN(value)) ||
  (typeof value === "string" && value.trim() === "");
