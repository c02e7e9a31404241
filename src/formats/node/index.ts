// The formats of this room on a Node machine's disk.
export * from "./atomic.ts";
export * from "./digest.ts";
export * from "./files.ts";
export * from "./lock.ts";
export * from "./model-folder.ts";
export * from "./new-folder.ts";
export * from "./package-root.ts";
export * from "./safetensors.ts";
