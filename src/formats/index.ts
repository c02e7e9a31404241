// Bytes ⇄ values of the ecosystem's file formats; opens no file (`node/` does).
export * from "./checkpoint.ts";
export * from "./config.ts";
export * from "./half.ts";
export * from "./json.ts";
export { modelFiles } from "./model-files.ts";
export * from "./npy.ts";
export * from "./safetensors.ts";
export * from "./safetensors-write.ts";
export * from "./shards.ts";
export { type ByteSource, bytesSource } from "./source.ts";
