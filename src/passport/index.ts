// The passport of a released model and the gates that it has to pass: plain data and pure functions.
export * from "./gates.ts";
export * from "./measured.ts";
export * from "./passport.ts";
export { type EpochSelection, validationScores } from "./selection.ts";
export * from "./statement.ts";
export * from "./together.ts";
