// From a file's record to a row of text with labels: cleaned, or refused with a reason. Pure.
import { choicesIn, chosenOf, type GivenChoices } from "./choice-rows.ts";
import { cleanName, cleanProse, cleanText } from "./clean.ts";
import { fieldOf } from "./columns.ts";
import { entityText, isProblem } from "./entity-rows.ts";
import { type LabelKind, labelKinds } from "./label-kinds.ts";
import { opened } from "./label-values.ts";
import { countSigns } from "./mojibake.ts";
import { givenAnswers, quotedAnswer } from "./quoted-rows.ts";
import { bitOf, targetOf } from "./row-targets.ts";
import { placeOf, type SourceRow } from "./source-row.ts";
import {
  type ColumnNames,
  isMissing,
  isRefused,
  type Quarantined,
  type Refused,
  type Row,
  type RowCounts,
  refused,
  type TextRow,
  type TextRowOptions,
} from "./text-rows.ts";
import { messagesIn, plainText, textIn } from "./text-values.ts";

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
  | "targets"
  | "words"
  | "spans"
>;
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
