// Layers, layouts, losses and the functions that they are made of: pure functions over values.
export * from "./adapters/index.ts";
export * from "./arrange.ts";
export * from "./convolution.ts";
export * from "./crf.ts";
export * from "./ctc.ts";
export * from "./functional.ts";
export * from "./layers.ts";
export * from "./layout.ts";
export * from "./losses.ts";
export * from "./normalisation.ts";
export * from "./ordinal.ts";
export * from "./params.ts";
export * from "./pooling.ts";
export * from "./relative.ts";
export * from "./rotary.ts";
