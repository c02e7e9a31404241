// The library for any platform: compiler, models, tokenizers, training and metrics. Opens no file; `@concord-ai/concord/node` does.
export * as audit from "./audit.ts";
export * from "./autodiff/index.ts";
export {
  type ArrayData,
  type ArrayDataOf,
  type Attempt,
  allocate,
  attempt,
  ConcordError,
  type DecimalMark,
  type DType,
  dtypeBytes,
  dtypes,
  type ErrorCode,
  type ErrorFacts,
  errorCodes,
  flattenTree,
  type HostArray,
  hostArray,
  isConcordError,
  mapTree,
  type Random,
  random,
  renderError,
  shuffle,
  sizeOf,
  type Tree,
  unflattenTree,
} from "./base/index.ts";
export * as data from "./data.ts";
export * as formats from "./formats/index.ts";
export * as generate from "./generate.ts";
export * as graph from "./graph/index.ts";
export * as metrics from "./metrics.ts";
export * as models from "./models/index.ts";
export * as nn from "./nn/index.ts";
export * as onnx from "./onnx/index.ts";
export * as predict from "./predict.ts";
export * as runtime from "./runtime/index.ts";
export * as search from "./search.ts";
export * as training from "./training.ts";
