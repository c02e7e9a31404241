// Models and adapters as folders.
export * from "./adapter-folder.ts";
export * from "./embedded.ts";
export * from "./folder.ts";
export { sentenceForm, sentenceLength } from "./sentence-folder.ts";
