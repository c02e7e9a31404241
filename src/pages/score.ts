// A measured number with its interval, and how it is known among values from files.

/** A number and its 95 % interval, as metrics.json holds it. */
export interface Score {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isScore = (value: unknown): value is Score =>
  isRecord(value) && [value.value, value.low, value.high].every((x) => typeof x === "number");
