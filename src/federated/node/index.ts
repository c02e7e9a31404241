// Node adapter of the rounds: what they need of cryptography, by node:crypto.
export { nodePrimitives } from "./primitives.ts";
