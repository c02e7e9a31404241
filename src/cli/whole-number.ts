// Options that are numbers of something.
import { argumentError } from "./context.ts";

/** @throws E_ARGUMENT for what is no whole number of at least 1 */
export function wholeNumber(option: `--${string}`, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return value;
  throw argumentError(option, {
    problem: "not a number of them",
    expected: "a whole number ≥ 1",
    got: String(value),
  });
}
