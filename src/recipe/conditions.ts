// What a recipe may not combine, as rows: a condition, the key, and the reason. And the reasons that several tasks share.
import type { RecipeFault } from "./recipe-fault.ts";

/** A row: whether it holds, the key that is wrong then, and what to do. */
export type Condition = readonly [is: boolean, path: readonly string[], message: string];

/** Those that hold, in their order. */
export const thatHold = (conditions: readonly Condition[]): RecipeFault[] =>
  conditions.flatMap(([is, path, message]) => (is ? [{ path, message }] : []));

/** Keys of `data` that only labels have. */
export function ofLabels(
  data: {
    readonly labels?: readonly string[];
    readonly exclude: readonly string[];
    readonly rename: Readonly<Record<string, string>>;
  },
  message: string,
): Condition {
  const { labels, exclude, rename } = data;
  const key = labels !== undefined ? "labels" : exclude.length > 0 ? "exclude" : "rename";
  const is = labels !== undefined || exclude.length > 0 || Object.keys(rename).length > 0;
  return [is, ["data", key], message];
}

/** Mitigation, which changes decisions about labels. */
export function ofMitigation({ words, augment, pairing, weighting }: Mitigation, message: string): Condition {
  const is = words !== undefined || augment || pairing > 0 || weighting !== "none";
  return [is, ["adapt", "mitigation"], message];
}

interface Mitigation {
  readonly words?: string;
  readonly augment: boolean;
  readonly pairing: number;
  readonly weighting: string;
}
