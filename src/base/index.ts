// Ground floor: errors, host arrays, trees, seeded random. Imports nothing.
export * from "./array.ts";
export * from "./canonical.ts";
export * from "./csv-cell.ts";
export * from "./eigen.ts";
export * from "./errors.ts";
export * from "./group-by.ts";
export * from "./minimise.ts";
export * from "./most-frequent.ts";
export * from "./normal.ts";
export * from "./number-text.ts";
export * from "./random.ts";
export * from "./suppression.ts";
export * from "./terminal.ts";
export * from "./tree.ts";
