// Run folders on disk: who works in one, which stages finished, under which hash.
export * from "./run-log.ts";
export * from "./shared-results.ts";
export * from "./signing/index.ts";
export * from "./stages.ts";
