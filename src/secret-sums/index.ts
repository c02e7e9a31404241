// Sums of many parties' numbers, of which nobody sees a single one.
export { applyMask, byUnits, derive, type MaskContext, maskWords, pairSecret, pairSign } from "./masks.ts";
export * from "./norm/index.ts";
export type { Identity, Primitives } from "./primitives.ts";
export { join, secretBytes, split } from "./shamir.ts";
export * from "./shares.ts";
export { decode, type Encoded, encode, gridSteps, type Segment, wordsOf } from "./vector.ts";
