// Looks at a table before there is a recipe: its columns and what is in them. What they are likely for is table-roles.ts.
import { type DecimalMark, type NumberFault, numberFault, numberIn } from "../base/index.ts";
import { isChat, isMissing, isTag, labelsIn, looksLikeRow, opened, splitNamed, unreadableKind } from "../data/index.ts";
import { formatOf, type ReadRowsOptions, readRows } from "../tables/node/index.ts";
import { type ColumnFacts, rolesOf, type TableRoles } from "./table-roles.ts";

export interface TableFacts {
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
  /** What reading had to guess, such as an encoding. */
  readonly guesses: readonly string[];
  /** True where the first line looks like a row and not like names. */
  readonly headless: boolean;
  /** The likely role of columns, by their names and contents. */
  readonly roles: TableRoles;
}

/** Values of a column that are told apart. */
export const distinctLimit = 20_000;
const listedLimit = 200;

/**
 * Reads a whole table, streaming.
 * @throws as readRows
 * @example const { rows, roles } = await lookAtTable("messages.csv"); roles.label // "disease"
 */
export async function lookAtTable(
  file: string,
  reading: ReadRowsOptions & { readonly decimal?: DecimalMark } = {},
): Promise<TableFacts> {
  const guesses: string[] = [];
  const columns = new Map<string, Tally>();
  let rows = 0;
  for await (const { fields } of readRows(file, { ...reading, onGuess: (guess) => guesses.push(guess) })) {
    rows++;
    const entries = Object.entries(fields);
    const words = entries.flatMap(([, value]) => (isWordList(value) ? [value.length] : []));
    for (const [name, value] of entries) {
      const tally = columns.get(name) ?? newTally();
      columns.set(name, tally);
      add(tally, value, words, reading.decimal);
    }
  }
  const facts = [...columns].map(([name, tally]) => factsOf(name, tally, rows));
  const format = reading.format ?? formatOf(file);
  const lined = (format === undefined || format === "csv" || format === "tsv") && reading.columns === undefined;
  return { rows, columns: facts, guesses, headless: lined && isHeadless(columns, rows), roles: rolesOf(facts, rows) };
}

interface Tally extends Record<Counted, number> {
  unreadable?: string;
  readonly nothing: Map<string, number>;
  readonly counts: Map<string, number>;
}

const counted = [
  "filled",
  "characters",
  "numeric",
  "whole",
  "otherNumbers",
  "commaZeros",
  "hundredths",
  "withComma",
  "withPoint",
  "lists",
  "emptyLists",
  "entities",
  "numberedTags",
  "wordTags",
  "wordRows",
  "several",
  "vectors",
  "nested",
  "chats",
  "parts",
  "dates",
  "english",
] as const;
type Counted = (typeof counted)[number];

const newTally = (): Tally => ({
  ...(Object.fromEntries(counted.map((name) => [name, 0])) as Record<Counted, number>),
  nothing: new Map(),
  counts: new Map(),
});

/** Ways to write a number that are hardly ever names of classes. */
const otherNumber: ReadonlySet<NumberFault | undefined> = new Set(["comma", "thousands", "currency", "percent"]);

const nothingWord = /^(nan|null|none|na|n\/a|#n\/a|nil|-|\?|无)$/i;

/** @param words numbers of words in the row's lists of words */
function add(tally: Tally, value: unknown, words: readonly number[], decimal?: DecimalMark): void {
  const kind = unreadableKind(value);
  if (kind !== undefined) tally.unreadable = kind;
  if (isMissing(value) || kind !== undefined) return;
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  const trimmed = text.length < 200 ? text.trim() : text;
  tally.filled++;
  tally.characters += text.length;
  const number = trimmed.length < 32 ? numberIn(trimmed, decimal) : undefined;
  if (number !== undefined) {
    tally.numeric++;
    if (Number.isInteger(number) && !/e/i.test(trimmed)) tally.whole++;
  } else if (trimmed.length < 32 && otherNumber.has(numberFault(trimmed, decimal))) tally.otherNumbers++;
  if (trimmed.length < 32 && numberIn(trimmed, ",") !== undefined) tally.withComma++;
  if (trimmed.length < 32 && numberIn(trimmed, ".") !== undefined) tally.withPoint++;
  if (/^[+-]?\d+,0\d/.test(trimmed)) tally.commaZeros++;
  if (/^[+-]?\d+[.,]\d\d$/.test(trimmed)) tally.hundredths++;
  if (nothingWord.test(trimmed)) tally.nothing.set(trimmed, (tally.nothing.get(trimmed) ?? 0) + 1);
  if (splitNamed(trimmed)) tally.parts++;
  if (/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(trimmed)) tally.dates++;
  if (isEnglish(text)) tally.english++;
  addShape(tally, typeof value === "string" ? opened(value) : value, words);
  const key = trimmed.slice(0, 200);
  const known = tally.counts.get(key);
  if (known !== undefined || tally.counts.size < distinctLimit) tally.counts.set(key, (known ?? 0) + 1);
}

/** Words of grammar that English has and its neighbours have not. */
const grammar = /\b(?:the|and|of|is|was|it|my|to|with|for|you|have|has|this|that)\b/i;
/** Whether a text is English, as far as a glance tells: a word of its grammar, and hardly a letter that it has not. */
const isEnglish = (text: string): boolean => {
  const start = text.slice(0, 400);
  return grammar.test(start) && (start.match(/[^\p{ASCII}]/gu)?.length ?? 0) < start.length / 20;
};

/** What lists and objects are. */
function addShape(tally: Tally, value: unknown, words: readonly number[]): void {
  if (words.length) tally.wordRows++;
  if (typeof value === "string") {
    if (/^\s*([BIESLUWM][-_]\S+|O)(\s+([BIESLUWM][-_]\S+|O))+\s*$/.test(value)) tally.entities++;
    return;
  }
  if (typeof value !== "object" || value === null) return;
  tally.lists++;
  if (Array.isArray(value) && value.length === 0) tally.emptyLists++;
  else if (isChat(value)) tally.chats++;
  else if (looksLikeEntities(value)) tally.entities++;
  else {
    if (Array.isArray(value) && value.every(Number.isInteger) && words.includes(value.length)) tally.numberedTags++;
    if (isWordList(value) && words.filter((n) => n === value.length).length > 1) tally.wordTags++;
    const found = labelsIn(value, { separator: ";" });
    if ("names" in found) tally.several += Number(found.names.length > 1);
    else if (found.reason === "unnamed-vector") tally.vectors++;
    else tally.nested++;
  }
}

const isWordList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === "string");

/** A list of tags, spans with places, or CLUENER's table of names. */
function looksLikeEntities(value: object): boolean {
  if (Array.isArray(value)) return value.every((one) => (typeof one === "string" ? isTag(one) : isPlaced(one)));
  const tables = Object.values(value);
  return tables.length > 0 && tables.every((names) => typeof names === "object" && names !== null && isPlaces(names));
}

const isPlaces = (names: object): boolean =>
  !Array.isArray(names) && Object.values(names).every((places) => Array.isArray(places) && places.every(Array.isArray));

/** `[start, end, type]`, or an object with a number for its start. */
const isPlaced = (one: unknown): boolean =>
  Array.isArray(one)
    ? Number.isInteger(one[0]) && Number.isInteger(one[1])
    : typeof one === "object" &&
      one !== null &&
      ["start", "start_offset"].some((k) => Number.isInteger(Reflect.get(one, k)));

function factsOf(name: string, tally: Tally, rows: number): ColumnFacts {
  const { filled, counts, emptyLists, wordRows } = tally;
  const values = counts.size > listedLimit ? [] : [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const share = (n: number, of = filled) => (of ? n / of : 0);
  return {
    name,
    filled: share(filled, rows),
    distinct: counts.size,
    characters: share(tally.characters),
    numeric: share(tally.numeric),
    whole: share(tally.whole),
    otherNumbers: share(tally.otherNumbers),
    commaZeros: share(tally.commaZeros),
    hundredths: share(tally.hundredths),
    decimal: decimalOf(tally),
    entities: share(tally.entities, filled - emptyLists),
    numberedTags: share(tally.numberedTags, wordRows),
    wordTags: /^(\w+_)?tags$|^[ux]?pos$/i.test(name) ? share(tally.wordTags) : 0,
    several: share(tally.several),
    vectors: share(tally.vectors),
    nested: share(tally.nested),
    chats: share(tally.chats),
    parts: share(tally.parts),
    dates: share(tally.dates),
    english: share(tally.english),
    separator: tally.lists ? undefined : separatorOf(counts),
    nothingWords: [...tally.nothing].sort(([, n], [, m]) => m - n),
    unreadable: tally.unreadable,
    values,
  };
}

/** The mark with which all values are numbers, where some are none without it, and the other mark does not do as well. */
function decimalOf({ filled, numeric, withComma, withPoint }: Tally): DecimalMark | undefined {
  if (numeric === filled || (withComma === filled) === (withPoint === filled)) return undefined;
  return withComma === filled ? "," : ".";
}

/** The sign that splits values into fewer names; `;` also into as many. */
function separatorOf(counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size > 2000) return undefined;
  const wholes = [...counts.keys()];
  const rows = [...counts.values()].reduce((a, b) => a + b, 0);
  for (const sign of [";", "；", ",", "，", "、", "|"]) {
    const several = [...counts].reduce((n, [value, times]) => n + (value.includes(sign) ? times : 0), 0);
    const parts = new Set(
      wholes.flatMap((value) =>
        value
          .split(sign)
          .map((part) => part.trim())
          .filter(Boolean),
      ),
    );
    const fewer = sign === ";" || sign === "；" ? parts.size <= wholes.length : parts.size < wholes.length;
    const short = [...parts].every((part) => part.length <= 40);
    if (several >= 0.05 * rows && fewer && short) return sign;
  }
  return undefined;
}

/** Names that read like a row, or that come again as values of a column with few of them. */
function isHeadless(columns: ReadonlyMap<string, Tally>, rows: number): boolean {
  if (rows < 2) return false;
  const again = ([name, { counts }]: [string, Tally]) => counts.size <= rows / 2 && (counts.get(name.trim()) ?? 0) > 0;
  return looksLikeRow([...columns.keys()]) || [...columns].some(again);
}
