// From inputs to answers: export for other runtimes (prediction itself comes with the product).
export * from "./export.ts";
export * from "./tokenizer-config.ts";
