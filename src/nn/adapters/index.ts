// Adapters: kinds as values, laid out over the parameters of a model. No architecture and no file.
export { adapterOptions } from "./check-options.ts";
export * from "./combine.ts";
export { type Combination, combinations } from "./combine-ways.ts";
export type { AdaptedShape, AdapterKind, ModelPass } from "./kind.ts";
export { kinds } from "./kinds.ts";
export * from "./layout.ts";
export * from "./options.ts";
export * from "./weights.ts";
