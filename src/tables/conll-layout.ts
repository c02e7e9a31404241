// Which column of a CoNLL file is the word and which its tag: corpora number their words, tag twice, or put the tag first. Pure.
import { isTag } from "../data/index.ts";

export interface ConllLayout {
  /** Places of the word and its tag. */
  readonly word: number;
  readonly tag: number;
  /** Usual number of columns. */
  readonly columns: number;
  /** Between columns: tabs, so that a word may hold spaces; else any white space. */
  readonly tabs: boolean;
  /** CoNLL-U: lines of several words (`1-2`) and of words that are not there (`1.1`) repeat or add to its words. */
  readonly universal: boolean;
  /** What is not usual, for people. */
  readonly unusual?: string;
}

const isContent = (line: string) => line.trim() !== "" && !/^-DOCSTART-/.test(line);

/** @example conllLayout(["1\tRome\tB-LOC", "2\tfell\tO"]) // word 1, tag 2 */
export function conllLayout(head: readonly string[]): ConllLayout {
  const content = head.filter(isContent);
  const words = content.filter((line) => !/^#\s[^\t]*$/.test(line)); // or comments, of which a short file may have many
  const tabs = words.length > 0 && share(words, (line) => line.includes("\t")) > 0.9;
  const rows = content.map((line) => cells(line, tabs));
  const columns = mode(rows.map((row) => row.length));
  const usual = rows.filter((row) => row.length === columns);
  const places = Array.from({ length: columns }, (_, k) => k);
  const kind = places.map((k) => ({
    tags: share(usual, (row) => isTag(row[k]!)) > 0.98,
    numbers: share(usual, (row) => /^\d+([-.]\d+)?$/.test(row[k]!)) > 0.98,
    empty: share(usual, (row) => row[k] === "" || row[k] === "_") > 0.98,
  }));
  const entity = (k: number) => usual.some((row) => row[k] !== "O" && isTag(row[k]!));
  const tagged = places.filter((k) => kind[k]!.tags && columns > 1);
  // ID FORM LEMMA UPOS XPOS FEATS HEAD DEPREL DEPS MISC: the part of speech, unless a column holds tags of entities
  const universal = tabs && columns === 10 && kind[0]!.numbers && tagged.length === 0 && !kind[3]!.empty;
  const tag = universal
    ? 3
    : (chosenTag(tagged, usual, entity) ?? places.findLast((k) => !kind[k]!.empty && k > 0) ?? columns - 1);
  const word =
    places.find((k) => k !== tag && !kind[k]!.numbers && !kind[k]!.empty && !tagged.includes(k)) ?? (tag === 0 ? 1 : 0);
  const unusual =
    columns > 1 && (word !== 0 || (tag !== columns - 1 && columns > 2))
      ? `of ${columns} columns, number ${word + 1} is read as the word and number ${tag + 1} as its tag`
      : undefined;
  return { word, tag, columns, tabs, universal, unusual };
}

/** The last column of tags; of two with the same types, the first: the second holds what is nested in it. */
function chosenTag(
  tagged: readonly number[],
  rows: readonly string[][],
  entity: (k: number) => boolean,
): number | undefined {
  const last = tagged.at(-1);
  const before = tagged.at(-2);
  if (last === undefined || before === undefined || !entity(before)) return last;
  const types = (k: number) => new Set(rows.flatMap((row) => (row[k] === "O" ? [] : [row[k]!.slice(2)])));
  const outer = types(before);
  return [...types(last)].every((type) => outer.has(type)) ? before : last;
}

/** A line of `#` that has not the columns of a word; of CoNLL-U also one of no single word. */
export const isComment = (line: string, layout: ConllLayout): boolean => {
  if (layout.universal && /^\d+[-.]\d+\t/.test(line)) return true;
  if (!line.startsWith("#")) return false;
  const row = cells(line, layout.tabs);
  return row.length !== layout.columns || (/^#\s/.test(line) && row[0] !== "#");
};

/** The word and the tag of a line; nothing where it lacks one. */
export function wordAndTag(
  line: string,
  { word, tag, columns, tabs }: ConllLayout,
): { word: string; tag: string } | undefined {
  const row = cells(line, tabs);
  if (row.length < Math.max(2, Math.min(columns, Math.max(word, tag) + 1))) return undefined;
  const [found, label] = [row[word]!, row[tag]!];
  return found === "" || label === "" ? undefined : { word: found, tag: label };
}

/** Columns of a line, without empty ones at its end. */
function cells(line: string, tabs: boolean): string[] {
  if (!tabs) return line.trim().split(/[ \t]+/);
  const row = line.replace(/[\r\t ]+$/, "").split("\t");
  return row.map((cell) => cell.trim());
}

const share = <T>(of: readonly T[], holds: (one: T) => boolean): number =>
  of.length ? of.filter(holds).length / of.length : 0;

function mode(counts: readonly number[]): number {
  const times = new Map<number, number>();
  for (const n of counts) times.set(n, (times.get(n) ?? 0) + 1);
  return [...times].sort(([a, x], [b, y]) => y - x || b - a)[0]?.[0] ?? 2;
}
