// The same counterfactual question to two models, before and after a mitigation: how the flips and the moved scores changed, on the
// same texts. Knows no model and no run.
import { ConcordError, random } from "../base/index.ts";
import { bootstrapMany } from "../eval/index.ts";
import type { MovedText } from "./axis-flips.ts";

interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Before, after, and after − before on the same redrawn texts: below 0 is better. */
export interface Change {
  readonly before: Estimate;
  readonly after: Estimate;
  readonly change: Estimate;
}

/** Of one axis. */
export interface FlipChange {
  readonly axis: string;
  readonly texts: number;
  /** Share of texts whose answer changes. */
  readonly flipRate: Change;
  /** Mean over texts of the largest change of a score. */
  readonly score: Change;
}

const unitsOf = (texts: readonly MovedText[]) =>
  texts.some(({ cluster }) => cluster !== undefined)
    ? texts.map(({ cluster }, i) => cluster ?? `text ${i}`)
    : undefined;

type ByAxis = Readonly<Record<string, readonly MovedText[]>>;

/**
 * @param before of each axis its texts, as `moved` of the findings has them @param after of the same texts, in the same order
 * @throws E_SHAPE when the two were asked of other texts
 * @example compareFlips(plain.moved, paired.moved)[0].flipRate.change // { value: -0.04, low: -0.06, high: -0.02 }
 */
export function compareFlips(
  before: ByAxis,
  after: ByAxis,
  { resamples = 1000, seed = 0 }: { readonly resamples?: number; readonly seed?: number | string } = {},
): FlipChange[] {
  return Object.entries(before).map(([axis, one]) => {
    const two = after[axis] ?? [];
    if (one.length !== two.length)
      throw new ConcordError("E_SHAPE", {
        operation: "compare flips",
        problem: "the two models were not asked the same texts",
        expected: `${one.length} texts that name ${axis}`,
        got: `${two.length}`,
      });
    const mean = (rows: Int32Array, of: (row: number) => number) =>
      rows.reduce((total, row) => total + of(row), 0) / rows.length;
    const drawn = bootstrapMany(
      (rows) => {
        const changed = (of: (text: MovedText) => number) => {
          const [b, a] = [mean(rows, (row) => of(one[row]!)), mean(rows, (row) => of(two[row]!))];
          return [b, a, a - b];
        };
        return [...changed((text) => Number(text.flipped)), ...changed((text) => text.change)];
      },
      one.length,
      { random: random(`flips ${seed} ${axis}`), resamples, clusters: unitsOf(one) },
    ).map(({ estimate, low, high }): Estimate => ({ value: estimate, low, high }));
    const three = (i: number): Change => ({ before: drawn[i]!, after: drawn[i + 1]!, change: drawn[i + 2]! });
    return { axis, texts: one.length, flipRate: three(0), score: three(3) };
  });
}
