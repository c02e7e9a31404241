// The compiler's language: values, ops, tracing, printing, checking, and the float64 interpreter. Knows no target.
export { apply, applyAll, inRegion, makeNode, opOf, scope } from "./apply.ts";
export * from "./build.ts";
export * from "./dims.ts";
export * from "./graph.ts";
export * from "./interpret.ts";
export { type WindowOptions, windowCounts, windows } from "./ops/convolution.ts";
export { type OpName, ops } from "./ops/index.ts";
export { padOrCrop, stretch } from "./ops/rules.ts";
export { print } from "./print.ts";
export type * from "./value.ts";
export { verify } from "./verify.ts";
