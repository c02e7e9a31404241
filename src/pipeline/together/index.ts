// Studies: what each party of one computes.
export type * from "./types.ts";
