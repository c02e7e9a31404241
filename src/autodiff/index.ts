// Derivatives of graphs, as graphs.
export { checkpoint, partsOf, type RegionOf } from "./checkpoint.ts";
export * from "./gradients.ts";
