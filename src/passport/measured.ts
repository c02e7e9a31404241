// What a measurement is to a passport: a number and its interval.

/** A number that was measured, with the ends of its 95 % interval where it has one. */
export interface Measured {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  /** The largest or smallest of several numbers, which lies far out by chance too: gates take its interval, never its value. */
  readonly extreme?: true;
}

/** True for a finite number with finite ends, if it has any. */
export function isMeasured(given: unknown): given is Measured {
  if (typeof given !== "object" || given === null) return false;
  const { value, low, high } = given as Record<string, unknown>;
  return Number.isFinite(value) && [low, high].every((end) => end === undefined || Number.isFinite(end));
}
