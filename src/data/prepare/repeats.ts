// Rows that repeat another row. Where Concord draws the parts, repeats are left out; parts that the data gives are kept as given, as papers
// score them, and the repeats are counted. Pure.
import { type Clusters, clusters, joinByKey } from "./clusters.ts";
import { type SplitName, splitNamed, splitNames } from "./splits.ts";
import type { Row, TextRow } from "./text-rows.ts";

/** What happens to exact repeats: `data.duplicates`. */
export const duplicateRules = ["keep", "drop"] as const;
export type DuplicateRule = (typeof duplicateRules)[number];

/** Repeats of a part that was kept as given. */
export interface KeptRepeats {
  /** Rows whose content is also in training, with any label. */
  readonly training: number;
  /** Rows equal to an earlier row of the same part, in content and labels. */
  readonly own: number;
}

type Labelled = Row & Pick<TextRow, "spans" | "chosen">;
type Identity<R> = (row: R) => string;

const answerOf = (row: Labelled): string => JSON.stringify([row.labels, row.value, row.spans, row.chosen, row.targets]);

/** The rule that holds: parts that the data gives are kept, others have no repeats. @param hasPartColumn whether a column names the parts */
export const ruleFor = (rows: readonly Row[], hasPartColumn: boolean, told?: DuplicateRule): DuplicateRule =>
  told ?? (hasPartColumn || rows.some((row) => row.part !== undefined) ? "keep" : "drop");

/** Rows without later ones of the same content and labels; `elsewhere`: repeats of a row of another part, by their own part. */
export function withoutRepeats<R extends Labelled>(all: readonly R[], identity: Identity<R>) {
  const known = new Map<string, Map<string, SplitName | undefined>>();
  const elsewhere = new Map<SplitName, number>();
  let conflicting = 0;
  const rows = all.filter((row) => {
    const content = identity(row);
    const answer = answerOf(row);
    const answers = known.get(content);
    const named = row.part === undefined ? undefined : splitNamed(row.part);
    if (answers?.has(answer)) {
      const part = named ?? "train"; // beside a test part in a file of its own
      if (answers.get(answer) !== named) elsewhere.set(part, (elsewhere.get(part) ?? 0) + 1);
      return false;
    }
    if (answers) conflicting++;
    known.set(content, (answers ?? new Map()).set(answer, named));
    return true;
  });
  return { rows, exact: all.length - rows.length, conflicting, elsewhere };
}

/** Clusters of some of the rows as clusters of all rows; rows of the same content are together. @param found clusters of `some` */
export function clustersOfAll<R extends Row>(
  all: readonly R[],
  some: readonly R[],
  found: Clusters,
  identity: Identity<R>,
): Clusters {
  if (all.length === some.length) return found;
  const together = clusters(all.length);
  const place = new Map(all.map((row, i) => [row, i]));
  for (const [i, row] of some.entries()) together.join(place.get(row)!, place.get(some[found.rootOf(i)]!)!);
  joinByKey(together, all.map(identity));
  return together;
}

/** Marks rows of validation and test whose content is in training, and counts repeats part by part. */
export function markRepeats<R extends Labelled>(
  rows: readonly R[],
  parts: readonly SplitName[],
  identity: Identity<R>,
): { readonly rows: readonly R[]; readonly kept: Readonly<Record<SplitName, KeptRepeats>> } {
  const contents = rows.map(identity);
  const trained = new Set(contents.filter((_, i) => parts[i] === "train"));
  const marked = rows.map((row, i) =>
    parts[i] !== "train" && trained.has(contents[i]!) ? { ...row, inTraining: true as const } : row,
  );
  const counted = splitNames.map((part) => {
    const own = [...rows.keys()].filter((i) => parts[i] === part);
    const different = new Set(own.map((i) => `${contents[i]} ${answerOf(rows[i]!)}`));
    const training = own.filter((i) => marked[i]!.inTraining).length;
    return [part, { training, own: own.length - different.size }] as const;
  });
  return { rows: marked, kept: Object.fromEntries(counted) as Record<SplitName, KeptRepeats> };
}

/** What is to be said of repeats that were kept. @param sizes rows of each part */
export function repeatWarnings(
  kept: Readonly<Record<SplitName, KeptRepeats>>,
  sizes: Readonly<Record<SplitName, number>>,
): string[] {
  const { dev, test } = kept;
  const said = [
    ...(test.training ? [`${test.training} of ${sizes.test} test rows are also in training`] : []),
    ...(test.own ? [`${test.own} of ${sizes.test} test rows repeat another test row`] : []),
    ...(dev.training ? [`${dev.training} of ${sizes.dev} validation rows are also in training`] : []),
    ...(dev.own ? [`${dev.own} of ${sizes.dev} validation rows repeat another validation row`] : []),
  ];
  if (said.length === 0) return [];
  return [`${said.join("; ")}; all are kept, because the data gives the parts (data.duplicates: drop leaves them out)`];
}
