// From records to a data set that can be trusted: cleaned rows, duplicates found, parts that nothing straddles, and a report in
// which every row is accounted for. Pure: records come in, nothing is read or written.
import { ConcordError, groupBy, hiddenCells } from "../../base/index.ts";
import type { CleaningCounts } from "./clean.ts";
import { type Clusters, clusters, joinByKey } from "./clusters.ts";
import type { EntityCounts } from "./entity-rows.ts";
import { labelKinds } from "./label-kinds.ts";
import { checkSeen, type NumberSpellings } from "./labels.ts";
import { nearDuplicates } from "./near-duplicates.ts";
import { textRow } from "./read-row.ts";
import { type ReadRow, type ReadTextsOptions, readTable, tally } from "./read-texts.ts";
import { tableRemarks } from "./remarks.ts";
import {
  clustersOfAll,
  type DuplicateRule,
  type KeptRepeats,
  markRepeats,
  repeatWarnings,
  ruleFor,
  withoutRepeats,
} from "./repeats.ts";
import { checkTaskRows, numberStrata, taskCounts } from "./several-targets.ts";
import type { SourceRow } from "./source-row.ts";
import { knownPartWords, type SplitName, splitNamed, splitNames, stratifiedSplits } from "./splits.ts";
import type { Quarantined, Refusal, Row, TextRow } from "./text-rows.ts";

export interface PrepareOptions extends ReadTextsOptions {
  /** Shares of the parts, for rows that name none. */
  readonly shares?: Readonly<Record<SplitName, number>>;
  readonly seed?: number;
  /** Least similarity of near-duplicates, 0 … 1. Default 0.8. */
  readonly similarity?: number;
  /** Whether exact repeats stay. Default `keep` where the data gives parts, by a column or by files; else `drop`. */
  readonly duplicates?: DuplicateRule;
  /** Groups of fewer rows are not counted in the report. Default 10. */
  readonly smallestCell?: number;
  /** What reading said, for the report; may grow while rows are read. */
  readonly reading?: readonly string[];
}

/** What happened to the rows, and what they hold. */
export interface DataReport {
  readonly rows: {
    readonly in: number;
    readonly kept: number;
    /** Repeated rows. */
    readonly dropped: number;
    readonly quarantined: number;
    /** Left out because of their label. */
    readonly excluded: number;
  };
  readonly quarantine: Readonly<Partial<Record<Refusal, number>>>;
  readonly cleaning: CleaningCounts;
  /** What was taken to read the tables, and why. */
  readonly reading: readonly string[];
  /** For the task `entities`. */
  readonly entities?: Omit<EntityCounts, "otherwise" | "tried">;
  /** Labels that are the same number in other spellings, by the spelling that stands for all. */
  readonly spellings?: NumberSpellings;
  readonly duplicates: {
    /** Rows equal to an earlier one in text and labels; `rows.dropped` of them were left out. */
    readonly exact: number;
    /** Where the data gives the parts, and all of their rows stay: which of them repeat. */
    readonly kept?: Readonly<Record<SplitName, KeptRepeats>>;
    /** Clusters of two or more similar texts, kept together, and the rows in them. */
    readonly nearClusters: number;
    readonly nearRows: number;
    /** Rows with the text of another row and other labels. */
    readonly conflicting: number;
    /** Clusters or groups that the given parts tear apart (only where the data fixes parts). */
    readonly straddling: number;
  };
  readonly parts: Readonly<Record<SplitName, number>>;
  /** Rows of each label by part. */
  readonly labels: Readonly<Record<string, Readonly<Record<SplitName, number>>>>;
  /** Of several tasks: rows that have a label of each, by part. */
  readonly tasks?: Readonly<Record<string, Readonly<Record<SplitName, number>>>>;
  /** Rows by attribute, value and part; cells below `smallestCell` say so instead. */
  readonly attributes: Readonly<Record<string, Readonly<Record<string, Readonly<Record<SplitName, number | string>>>>>>;
  /** What is odd about the whole table: few rows, many left out, a label that is an id. */
  readonly remarks: readonly string[];
  readonly warnings: readonly string[];
}

/** Rows in their parts. */
export interface PreparedRows<R extends Row = TextRow> {
  readonly rows: readonly R[];
  readonly parts: readonly SplitName[];
  /** Class names in the order of the model's outputs; empty for regression. */
  readonly labels: readonly string[];
  /** Of several tasks: the classes of each; none of a number. */
  readonly tasks?: Readonly<Record<string, readonly string[]>>;
  readonly quarantined: readonly Quarantined[];
  readonly report: DataReport;
}

export type PreparedTexts = PreparedRows<TextRow>;

/** What preparing has to know of a kind of data. */
export interface RowKind<R extends Row> {
  readonly read: ReadRow<R>;
  /** Rows with the same content have the same identity. */
  identity(row: R): string;
  /** Clusters of rows whose content is nearly the same. @param similarity 0 … 1 */
  alike(rows: readonly R[], similarity: number | undefined): Clusters;
  /** What its content is called: `text`, `image`. */
  readonly noun: string;
}

/** Rows of texts. */
export const textRows: RowKind<TextRow> = {
  read: textRow,
  identity: (row) => JSON.stringify([row.text, row.pair, row.rejected, row.choices]),
  alike: (rows, threshold) =>
    nearDuplicates(
      rows.map(({ text, pair, choices = [] }) => [text, ...(pair === undefined ? [] : [pair]), ...choices].join(" ")),
      { threshold },
    ),
  noun: "text",
};

/**
 * Prepares labelled texts.
 * @throws E_DATA for a missing column, no rows, too many bad rows, labels that make no sense
 * @example const { rows, parts, report } = await prepareTexts(readRows("messages.csv"), { columns: { text: "text", label: "disease", group: "patient" }, kind: "label" });
 */
export const prepareTexts = (source: AsyncIterable<SourceRow>, options: PrepareOptions): Promise<PreparedTexts> =>
  prepareRows(source, options, textRows);

/** Prepares labelled rows of any kind. @throws as {@link prepareTexts} */
export async function prepareRows<R extends Row>(
  source: AsyncIterable<SourceRow>,
  options: PrepareOptions,
  kind: RowKind<R>,
): Promise<PreparedRows<R>> {
  const read = await readTable(source, options, kind.read);
  const { quarantined, counts, labels, tasks } = read;
  const single = withoutRepeats(read.rows, kind.identity);
  const { exact, conflicting, elsewhere } = single;
  const keeps = ruleFor(read.rows, options.columns.part !== undefined, options.duplicates) === "keep";
  const given = keeps ? read.rows : single.rows;
  const alike = kind.alike(single.rows, options.similarity);
  const near = clusterCounts(alike);
  const together = keeps ? clustersOfAll(given, single.rows, alike, kind.identity) : alike;
  joinByKey(
    together,
    given.map((r) => r.group),
  );
  const { parts, straddling } = partsOf(given, together, options);
  checkSplits(parts, given, together, options);
  checkSeen(given, parts);
  const byTask = tasks && taskCounts(given, parts, tasks);
  if (byTask) checkTaskRows(byTask);
  const sizes = countSplits(parts);
  const { rows, kept } = keeps ? markRepeats(given, parts, kind.identity) : { rows: given };
  const warnings = [
    ...read.warnings,
    ...untested(labels, rows, parts),
    ...(kept
      ? repeatWarnings(kept, sizes)
      : [...elsewhere].map(
          ([part, count]) => `${count} rows of the part ${part} repeat rows of another part: left out of ${part}`,
        )),
    ...(conflicting ? [`${conflicting} rows have the same ${kind.noun} as another row and another label`] : []),
    ...(straddling
      ? [
          `${straddling} clusters of similar ${kind.noun}s or groups lie in more than one part: scores on dev and test are too good`,
        ]
      : []),
  ];
  const report: DataReport = {
    rows: {
      in: read.count,
      kept: rows.length,
      dropped: read.rows.length - rows.length,
      quarantined: quarantined.length,
      excluded: read.excluded,
    },
    quarantine: tally(quarantined.map((q) => q.reason)),
    cleaning: counts.cleaning,
    reading: [...(options.reading ?? [])],
    ...(labelKinds[options.kind].words ? { entities: spanCounts(counts.entities) } : {}),
    ...(Object.keys(read.spellings).length ? { spellings: read.spellings } : {}),
    duplicates: { exact, ...near, conflicting, straddling, ...(kept && { kept }) },
    parts: sizes,
    labels: Object.fromEntries(
      labels.map((label) => [label, countSplits(parts.filter((_, i) => rows[i]!.labels.includes(label)))]),
    ),
    ...(byTask && { tasks: byTask }),
    attributes: attributeCounts(rows, parts, options),
    remarks: tableRemarks(read, rows, options),
    warnings,
  };
  return { rows, parts, labels, ...(tasks && { tasks }), quarantined, report };
}

const spanCounts = ({ spans, repeated, overlapping, insideWords }: EntityCounts) => ({
  spans,
  repeated,
  overlapping,
  insideWords,
});

/** Classes of which the test part has no row, though it has rows. */
function untested(labels: readonly string[], rows: readonly Row[], parts: readonly SplitName[]): string[] {
  if (!parts.includes("test")) return [];
  const tested = new Set(rows.flatMap((row, i) => (parts[i] === "test" ? row.labels : [])));
  const none = labels.filter((label) => !tested.has(label));
  if (none.length === 0) return [];
  const names = `${none.slice(0, 6).join(", ")}${none.length > 6 ? " …" : ""}`;
  return [`${none.length} of ${labels.length} labels have no row in the test part, and so no score: ${names}`];
}

/** @throws E_DATA when training or test has no row */
function checkSplits(
  parts: readonly SplitName[],
  rows: readonly Row[],
  together: Clusters,
  { columns, shares }: PrepareOptions,
): void {
  const missing = (["train", "test"] as const).find(
    (part) => !parts.includes(part) && (part === "train" || shares === undefined || shares.test > 0),
  );
  if (!missing) return;
  const sizes = groupBy(rows.keys(), together.rootOf);
  const largest = Math.max(0, ...[...sizes.values()].map((members) => members.length));
  throw new ConcordError("E_DATA", {
    operation: "prepare",
    problem: missing === "train" ? "no row is left for training" : "no rows are left for the test set",
    expected: "rows that fall into several parts",
    got: `${rows.length} rows in ${sizes.size} clusters, the largest of ${largest}`,
    hint: columns.part
      ? `name rows for ${missing} in the column ${columns.part}`
      : "similar texts and rows of one group stay together: add other rows, raise data.similarity or leave out data.group",
    path: rows[0]?.place,
  });
}

function clusterCounts(found: Clusters): { nearClusters: number; nearRows: number } {
  const sizes = new Map<number, number>();
  for (let row = 0; row < found.size; row++) {
    const root = found.rootOf(row);
    sizes.set(root, (sizes.get(root) ?? 0) + 1);
  }
  const several = [...sizes.values()].filter((n) => n > 1);
  return { nearClusters: several.length, nearRows: several.reduce((a, b) => a + b, 0) };
}

/** The parts that rows name, by their file or a column; rows that name none are drawn. */
function partsOf(
  rows: readonly Row[],
  together: Clusters,
  options: PrepareOptions,
): { parts: SplitName[]; straddling: number } {
  const given = rows.map((row) => (options.columns.part || row.part !== undefined ? givenSplit(row) : undefined));
  const open = [...rows.keys()].filter((i) => given[i] === undefined);
  const drawn = drawnSplits(open, rows, together, options);
  const parts = given.map((part, i) => part ?? drawn.get(i)!);
  const torn = new Set(parts.flatMap((part, i) => (part === parts[together.rootOf(i)] ? [] : [together.rootOf(i)])));
  return { parts, straddling: torn.size };
}

function drawnSplits(
  open: readonly number[],
  rows: readonly Row[],
  together: Clusters,
  { kind, shares, seed }: PrepareOptions,
): Map<number, SplitName> {
  const openRows = open.map((i) => rows[i]!);
  const strata = labelKinds[kind].number
    ? fifths(openRows.map((r) => r.value ?? 0)).map((fifth) => [fifth])
    : strataOf(openRows);
  const joined = clusters(open.length);
  joinByKey(
    joined,
    open.map((i) => String(together.rootOf(i))),
  );
  const parts = stratifiedSplits(strata, joined, { shares, seed });
  return new Map(open.map((i, k) => [i, parts[k]!]));
}

/** Labels, and of several tasks the fifths of their numbers. */
function strataOf(rows: readonly Row[]): readonly (readonly string[])[] {
  const numbers = numberStrata(rows, fifths);
  return rows.map(({ labels }, i) => [...labels, ...numbers[i]!]);
}

/** Numbers are stratified by their fifth of the range of ranks. */
function fifths(values: readonly number[]): string[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const out = new Array<string>(values.length);
  for (const [rank, row] of order.entries()) out[row] = `${Math.floor((5 * rank) / values.length)}`;
  return out;
}

function givenSplit(row: Row): SplitName {
  const part = splitNamed(row.part ?? "");
  if (part) return part;
  throw new ConcordError("E_DATA", {
    operation: "prepare",
    problem: "a row has no valid split",
    expected: knownPartWords.join(", "),
    got: JSON.stringify(row.part),
    hint: "write one of these names, in any case; or leave out data.split.column, and parts are drawn",
    path: row.place,
  });
}

const countSplits = (parts: readonly SplitName[]): Record<SplitName, number> => {
  const counts = { train: 0, dev: 0, test: 0 };
  for (const part of parts) counts[part]++;
  return counts;
};

function attributeCounts(
  rows: readonly Row[],
  parts: readonly SplitName[],
  { columns, smallestCell = 10 }: PrepareOptions,
): DataReport["attributes"] {
  return Object.fromEntries(
    (columns.attributes ?? []).map((name) => {
      const values = [...groupBy(rows.keys(), (i) => rows[i]!.attributes[name] || "(none)")].sort(([a], [b]) =>
        a < b ? -1 : 1,
      );
      const counted = values.map(([, members]) => countSplits(members.map((i) => parts[i]!)));
      // the size of a part is shown: its cells must not give a small one away
      const hidden = splitNames.map((part) =>
        hiddenCells(
          counted.map((counts) => counts[part]),
          smallestCell,
        ),
      );
      const cell = (v: number, p: number): number | string => {
        const n = counted[v]![splitNames[p]!];
        if (n > 0 && n < smallestCell) return `under ${smallestCell}`;
        return hidden[p]!.has(v) ? "withheld" : n;
      };
      const shown = values.map(
        ([value], v) => [value, { train: cell(v, 0), dev: cell(v, 1), test: cell(v, 2) }] as const,
      );
      return [name, Object.fromEntries(shown)];
    }),
  );
}
