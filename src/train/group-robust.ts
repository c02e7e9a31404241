// Group-robust training (Sagawa 2020, arXiv:1911.08731): groups with higher loss weigh more, by an exponentiated step after each
// batch. Its whole state is one number a group, which checkpoints keep.
import type { Example } from "./example.ts";

export interface GroupRobust {
  /** The batch with w = q(group) / rows of the group in the batch. */
  weigh(batch: readonly Example[]): Example[];
  /** q(g) ← q(g)·exp(stepSize·mean loss of g), then to sum 1. @param losses of the batch's examples, in order */
  update(batch: readonly Example[], losses: ArrayLike<number>): void;
  /** q of each group. */
  state(): number[];
  restore(state: readonly number[]): void;
}

/** @param examples with their `group` numbers, 0 … groups − 1; without one an example is of group 0 */
export function groupRobust(examples: readonly Example[], stepSize: number): GroupRobust {
  const groups = examples.reduce((most, e) => Math.max(most, e.group ?? 0), 0) + 1;
  let shares = new Float64Array(groups).fill(1 / groups);
  const rowsOf = (batch: readonly Example[]) => {
    const rows = new Float64Array(groups);
    for (const example of batch) rows[example.group ?? 0]!++;
    return rows;
  };
  return {
    weigh(batch) {
      const rows = rowsOf(batch);
      return batch.map((example) => {
        const g = example.group ?? 0;
        return { ...example, weight: ((example.weight ?? 1) * shares[g]!) / rows[g]! };
      });
    },
    update(batch, losses) {
      const rows = rowsOf(batch);
      const sums = new Float64Array(groups);
      for (const [i, example] of batch.entries()) sums[example.group ?? 0]! += losses[i]!;
      const raw = shares.map((q, g) => (rows[g] ? q * Math.exp((stepSize * sums[g]!) / rows[g]!) : q));
      const total = raw.reduce((a, b) => a + b, 0);
      shares = raw.map((q) => q / total);
    },
    state: () => [...shares],
    restore: (state) => {
      shares = Float64Array.from(state);
    },
  };
}
