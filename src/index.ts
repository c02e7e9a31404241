// The library for any platform: compiler, models, tokenizers, training and metrics. Opens no file; `@concord-ai/concord/node` does.
export * as audit from "./audit.ts";
export * from "./autodiff/index.ts";
export * from "./base/index.ts";
export * as data from "./data.ts";
export * as metrics from "./eval/index.ts";
export * as formats from "./formats/index.ts";
export * as graph from "./graph/index.ts";
export * as models from "./models/index.ts";
export * as nn from "./nn/index.ts";
export * as onnx from "./onnx/index.ts";
export * as predict from "./predict/index.ts";
export * as runtime from "./runtime/index.ts";
export * as training from "./training.ts";
