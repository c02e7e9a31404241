// How a model does on texts that are not quite, or not at all, like those it learned from.
export * from "./conformal.ts";
export * from "./foreign.ts";
export * from "./foreign-texts.ts";
export * from "./shifts.ts";
export * from "./slices.ts";
