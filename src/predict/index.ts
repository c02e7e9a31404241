// From inputs to answers: prediction, and export for other runtimes.
export * from "./calibrated.ts";
export * from "./chain.ts";
export * from "./choices.ts";
export * from "./deciding.ts";
export * from "./decisions.ts";
export * from "./decode.ts";
export * from "./embedder.ts";
export * from "./export.ts";
export * from "./head-answers.ts";
export * from "./observed.ts";
export * from "./pipeline.ts";
export * from "./predictor.ts";
export * from "./quotes.ts";
export { switchedRuntime } from "./switched-runtime.ts";
export * from "./temperature.ts";
export * from "./text-predictor.ts";
export * from "./tokenizer-config.ts";
export * from "./word-logits.ts";
