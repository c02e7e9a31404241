// Which test rows changed their answer: where, which way, how many of each group, and whether more became wrong than right. Quotes no text.
import { groupingOf } from "../../fairness/index.ts";
import { isRecord } from "../../pages/index.ts";
import type { Prediction, Rows, Scoring, Task } from "../../tasks/index.ts";
import type { BothMetrics } from "./scores.ts";

/** A row whose answer is another one now. */
export interface ChangedRow {
  readonly place: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What changed among answers. */
export interface ChangedAnswers {
  readonly rows: number;
  readonly changed: number;
  readonly becameWrong: number;
  readonly becameRight: number;
  /** Two-sided exact test of McNemar: how likely so uneven a split is where neither model is better. 1 where none changed. */
  readonly pValue: number;
  readonly groups: Readonly<
    Record<string, Readonly<Record<string, { readonly rows: number; readonly changed: number }>>>
  >;
  /** The first of them, in the order of the table. */
  readonly listed: readonly ChangedRow[];
}

const mostListed = 1000;

/** Compares the answers of both models. Of numbers every row changes a little: those are left to the scores, and undefined is given. */
export function changedAnswers(
  { before, after }: BothMetrics,
  rows: Rows,
  scoring: Pick<Scoring, "groups" | "smallestCell">,
  task: Task,
): ChangedAnswers | undefined {
  if (task.numeric) return undefined;
  const [a, b] = [before, after].map(({ predictions }) => predictions as unknown as readonly Prediction[]);
  const differs = task.wrong(a!.map(({ predicted }, i) => ({ truth: predicted, predicted: b![i]!.predicted })));
  const places = rows.flatMap((_, i) => (differs[i] ? [i] : []));
  const wrong = { before: task.wrong(a!), after: task.wrong(b!) };
  const becameWrong = places.filter((i) => wrong.after[i]! > wrong.before[i]!).length;
  const becameRight = places.filter((i) => wrong.after[i]! < wrong.before[i]!).length;
  return {
    rows: rows.length,
    changed: places.length,
    becameWrong,
    becameRight,
    pValue: mcNemar(becameWrong, becameRight),
    groups: byGroup(places, scoring),
    listed: places.slice(0, mostListed).map((i) => ({
      place: rows[i]!.place,
      before: withoutText(a![i]!.predicted),
      after: withoutText(b![i]!.predicted),
    })),
  };
}

/** An answer without what stands at an entity's place. */
const withoutText = (answer: unknown): unknown =>
  Array.isArray(answer)
    ? answer.map((one: unknown) => {
        if (!isRecord(one)) return one;
        const { text: _, ...rest } = one;
        return rest;
      })
    : answer;

function byGroup(places: readonly number[], { groups, smallestCell }: Pick<Scoring, "groups" | "smallestCell">) {
  const of = ([attribute, { groups: values }]: readonly [string, Scoring["groups"][string]]) => {
    const { names, rows: sizes, groupOf } = groupingOf(attribute, values);
    const counted = names.flatMap((name, g) =>
      sizes[g]! < smallestCell
        ? []
        : [[name, { rows: sizes[g]!, changed: places.filter((i) => groupOf[i] === g).length }] as const],
    );
    return [attribute, Object.fromEntries(counted)] as const;
  };
  return Object.fromEntries(Object.entries(groups).map(of));
}

/** Exact two-sided test of McNemar (1947): a fair coin for each row that only one model has right. @example mcNemar(5, 0) // 0.0625 */
export function mcNemar(first: number, second: number): number {
  const n = first + second;
  let tail = 0;
  let logChoose = 0; // log of n over k
  for (let k = 0; k <= Math.min(first, second); k++) {
    tail += Math.exp(logChoose - n * Math.LN2);
    logChoose += Math.log(n - k) - Math.log(k + 1);
  }
  return Math.min(1, 2 * tail);
}
