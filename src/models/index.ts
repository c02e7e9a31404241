// Architectures: one file each. Configs in, parameters and forward passes out.
export * from "./architectures.ts";
export { type HeadLayer, headLayers } from "./chain.ts";
export { cacheNames, decoderGraph } from "./decoder-graph.ts";
export { embeddingEntry } from "./embedding.ts";
export { exportGraph } from "./export-graph.ts";
export { type HeadFacts, headFactsOf } from "./head-facts.ts";
export { layerCount, layerEntry } from "./layer-count.ts";
export { factorNames, factorsEntry } from "./low-rank.ts";
export * from "./model.ts";
export * from "./peft.ts";
export * from "./weights.ts";
export { type HeadForm, withHead } from "./with-head.ts";
