// Labels by other names, and those that are left out. Pure.
import { type LabelKind, labelKinds } from "./label-kinds.ts";
import { numberSpelling } from "./label-values.ts";
import type { Row, TextRow } from "./text-rows.ts";

/** True for a row of a label that is to be left out. */
export const isExcluded = (
  row: Row,
  { exclude, kind }: { readonly exclude?: readonly string[]; readonly kind: LabelKind },
): boolean =>
  exclude !== undefined &&
  exclude.length > 0 &&
  !labelKinds[kind].words &&
  row.labels.some((label) => exclude.includes(label) || exclude.includes(numberSpelling(label) ?? label));

/** A row without the spans of some types. */
export function withoutTypes<R extends Row & Pick<TextRow, "spans">>(row: R, exclude: readonly string[] = []): R {
  if (!row.labels.some((type) => exclude.includes(type))) return row;
  const kept = (type: string) => !exclude.includes(type);
  return { ...row, labels: row.labels.filter(kept), spans: row.spans?.filter(({ type }) => kept(type)) };
}

/**
 * Gives labels, or entity types, their other names. A number's name counts for all its spellings.
 * @example renamer({ "1": "yes" })(row) // a row of "1.0" is of "yes"
 */
export function renamer(
  rename: Readonly<Record<string, string>> = {},
): <R extends Row & Pick<TextRow, "spans">>(row: R) => R {
  const names = new Map(Object.entries(rename));
  if (names.size === 0) return (row) => row;
  for (const [from, to] of Object.entries(rename)) {
    const number = numberSpelling(from);
    if (number !== undefined && !names.has(number)) names.set(number, to);
  }
  const name = (label: string) => names.get(label) ?? names.get(numberSpelling(label) ?? label) ?? label;
  return (row) => {
    const spans = row.spans && { spans: row.spans.map((span) => ({ ...span, type: name(span.type) })) };
    return { ...row, labels: [...new Set(row.labels.map(name))], ...spans };
  };
}
