// Derivatives of graphs, as graphs.
export * from "./gradients.ts";
