// What cannot be right in a whole table, though each row can be read: spans that cut words, texts of a wrong encoding, vectors without
// names. Each stops the run unless the recipe accepts it by name. Pure.
import { ConcordError } from "../../base/index.ts";
import { type EntityCounts, type OffsetReading, offsetReadings } from "./entity-rows.ts";
import { type LabelKind, labelKinds } from "./label-kinds.ts";
import { suspicious } from "./mojibake.ts";
import type { RowCounts } from "./text-rows.ts";

/** What a recipe can accept: `data.accept`. */
export const acceptable = ["cut-words", "overlaps", "mojibake", "separators", "unlabelled"] as const;
export type Acceptable = (typeof acceptable)[number];

export interface CheckOptions {
  readonly kind: LabelKind;
  readonly accept?: readonly Acceptable[];
  readonly offsets?: "code-points" | "utf-16";
}

const stop = (problem: string, got: string, expected: string, hint: string, path?: string) =>
  new ConcordError("E_DATA", { operation: "prepare", problem, expected, got, hint, path });

const percent = (n: number, of: number): string => `${((100 * n) / of).toFixed(0)} %`;
const accepted = (name: Acceptable): string => `if this is meant: data.accept: [${name}]`;

/**
 * @returns what is to be said of smaller faults
 * @throws E_DATA for faults of a share that cannot be right
 */
export function checkTable(counts: RowCounts, rows: number, { kind, accept = [], offsets }: CheckOptions): string[] {
  const warnings: string[] = [];
  if (labelKinds[kind].words) warnings.push(...checkSpans(counts.entities, offsets, accept));
  checkVectors(counts, kind);
  const bad = suspicious(counts.signs);
  if (bad > 0.05 * rows && !accept.includes("mojibake"))
    throw stop(
      `${bad} of ${rows} texts look as if they had been read in a wrong encoding once`,
      counts.signs.first ?? "",
      "texts in the characters of their language",
      `write the table again from its source, in UTF-8; ${accepted("mojibake")}`,
      counts.signs.place,
    );
  if (bad)
    warnings.push(
      `${bad} of ${rows} texts look as if they had been read in a wrong encoding once, the first at ${counts.signs.place}`,
    );
  return warnings;
}

function checkSpans(counts: EntityCounts, offsets: CheckOptions["offsets"], accept: readonly Acceptable[]): string[] {
  const { spans, overlapping, insideWords, repeated } = counts;
  const all = spans + overlapping;
  const cut = `${insideWords} of ${all} spans begin or end inside a word`;
  const over = `${overlapping} of ${all} spans overlap a longer one and are left out`;
  if (insideWords > 0.3 * all && !accept.includes("cut-words"))
    throw stop(
      cut,
      percent(insideWords, all),
      "spans of whole words",
      `${otherReading(counts, offsets)}; ${accepted("cut-words")}`,
    );
  if (overlapping > 0.3 * all && !accept.includes("overlaps"))
    throw stop(
      over,
      percent(overlapping, all),
      "spans that lie apart: each word has one tag",
      `keep one span of those that overlap; ${accepted("overlaps")}`,
    );
  return [
    ...(insideWords ? [`${cut}: the model learns the whole words`] : []),
    ...(overlapping ? [over] : []),
    ...(repeated ? [`${repeated} spans are given twice and are read once`] : []),
  ];
}

/** A remedy for offsets that do not fit: the reading that most spans fit. */
export function otherReading({ otherwise, tried }: EntityCounts, offsets: CheckOptions["offsets"]): string {
  const best = offsetReadings.reduce((a, b) => (otherwise[b] > otherwise[a] ? b : a)) satisfies OffsetReading;
  if (otherwise[best] <= 0.5 * tried)
    return "correct the offsets: they count from 0, and the end is the place after the last character";
  if (best === "other-unit") {
    const unit = offsets === "utf-16" ? "code-points" : "utf-16";
    return `${otherwise[best]} of ${tried} would fit with data.offsets: ${unit}`;
  }
  return `${otherwise[best]} of ${tried} would fit if moved by ${best}: correct the offsets in the file`;
}

/** Lists of 0 and 1 that all have one length are vectors, whatever single ones could be. */
function checkVectors({ vectors, labelled }: RowCounts, kind: LabelKind): void {
  const [length] = vectors.keys();
  if (!labelKinds[kind].several || vectors.size !== 1 || vectors.get(length!) !== labelled) return;
  throw stop(
    "the labels are lists of 0 and 1, and nothing names their places",
    `${labelled} lists of ${length}`,
    "names of the labels, or their names in order",
    `name them in order: data.labels: [first, second, …] (${length} names)`,
  );
}
