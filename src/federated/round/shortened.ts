// An update that is longer than the proposal allows is scaled down by its own member.
import type { Proposal } from "./proposal.ts";

/**
 * @param values of each part, by name
 * @returns `given` with ‖update‖₂ ≤ the proposal's norm, and how long it was where it had to be scaled down
 */
export function shortened(
  { norm: most, update }: Proposal,
  values: Readonly<Record<string, ArrayLike<number>>>,
): { readonly given: Readonly<Record<string, ArrayLike<number>>>; readonly norm?: number } {
  if (most === undefined) return { given: values };
  let squares = 0;
  for (const { name } of update) {
    const part = values[name];
    for (let i = 0; i < (part?.length ?? 0); i++) squares += part![i]! ** 2;
  }
  const norm = Math.sqrt(squares);
  if (!(norm > most) || !Number.isFinite(norm)) return { given: values }; // what is no number is refused where it is encoded
  const factor = most / norm;
  const scaled = update.map(({ name }) => [name, Float64Array.from(values[name]!, (x) => x * factor)]);
  return { given: { ...values, ...Object.fromEntries(scaled) }, norm };
}
