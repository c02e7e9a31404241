// Adapters in PEFT's layout, both ways.
export { type PeftSettings, peftConfig, readPeftConfig } from "./config.ts";
export * from "./tensors.ts";
export { virtualOf, virtualTensor } from "./virtual.ts";
