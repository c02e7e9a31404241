// Adapters in PEFT's layout, both ways.
export { type PeftSettings, peftConfig, readPeftConfig } from "./config.ts";
export { prefixOf, prefixTensor } from "./prefix.ts";
export * from "./tensors.ts";
