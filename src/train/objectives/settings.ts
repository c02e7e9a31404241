// Checks numbers among the settings of objectives.
import { ConcordError } from "../../base/index.ts";

/** @returns the number @throws E_CONFIG for one out of range */
export function within(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new ConcordError("E_CONFIG", {
    operation: "training options",
    problem: `${name} is wrong`,
    expected: `a number from ${least} to ${most}`,
    got: String(value),
    path: `objective.${name}`,
  });
}
