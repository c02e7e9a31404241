// Models in fewer bits: which matrices, which scales, which bindings.
export { asBytes, byColumn, type Grid, inBlocks, onGrid } from "./grids.ts";
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
  uncalibratedInt8,
} from "./scheme.ts";
export { boundAgain, type StoredAs, type StoredParameters, storedAs, storedGraph } from "./stored-graph.ts";
export { storedRuntime } from "./stored-runtime.ts";
