// Derivatives of graphs, as graphs.
export { checkpoint } from "./checkpoint.ts";
export * from "./gradients.ts";
