// The face on a terminal.
export * from "./progress.ts";
