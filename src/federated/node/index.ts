// What a round needs of the machine it runs on.
export { nodePrimitives } from "./primitives.ts";
