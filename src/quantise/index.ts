// Models in fewer bits: which matrices, which scales, which bindings.
export { type StoredMatrix, storedMatrices } from "./matrices.ts";
export {
  type Calibration,
  calibrations,
  type Observe,
  type Observed,
  observations,
  observing,
  rangeOf,
} from "./observe.ts";
export {
  chosenMatrices,
  type QuantiseScheme,
  type QuantiseTarget,
  quantiseTargets,
  type StoredModel,
  storedModel,
} from "./scheme.ts";
export { storedRuntime } from "./stored-runtime.ts";
