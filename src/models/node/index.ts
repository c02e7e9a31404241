// Models and adapters as folders.
export * from "./adapter-folder.ts";
export * from "./embedded.ts";
export * from "./folder.ts";
