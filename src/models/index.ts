// Architectures: one file each. Configs in, parameters and forward passes out.
export { adaptedModel, adapterEntry, enteredForward } from "./adapted.ts";
export { type AdapterSet, adapterSet, type SetMember } from "./adapter-set.ts";
export * from "./architectures.ts";
export { type HeadLayer, headLayers } from "./chain.ts";
export { cacheNames, decoderGraph } from "./decoder-graph.ts";
export { embeddingEntry } from "./embedding.ts";
export { exportGraph } from "./export-graph.ts";
export { type HeadFacts, headFactsOf } from "./head-facts.ts";
export { firstLayers, layerCount, layerDepths, layerEntry, layerOf } from "./layer-count.ts";
export { factorNames, factorsEntry } from "./low-rank.ts";
export * from "./model.ts";
export { orderedModule } from "./ordinal.ts";
export * from "./peft/index.ts";
export { headRanges, outputsOf, severalEntry, severalLabels } from "./several.ts";
export { linearLayers, type Sublayer, sublayers, virtualWidths, wordTable } from "./sublayers.ts";
export { headActivations, headPoolings, type TextHeadForm, textHeadEntry, textHeadLayers } from "./text-head.ts";
export * from "./weights.ts";
export { type HeadForm, withHead } from "./with-head.ts";
