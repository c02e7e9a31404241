// Layers, layouts and losses: pure functions over values.
export * from "./layers.ts";
export * from "./layout.ts";
export * from "./lora.ts";
export * from "./losses.ts";
