// Learning together without sharing rows: secret sums, and rounds as pure state machines.

export * from "../secret-sums/index.ts";
export * from "./round/index.ts";
export * from "./simulate.ts";
