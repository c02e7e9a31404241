// Optimizers: parameters and their state in one memory, updated in place by kernels; schedules of rates. Knows no model.
export * from "./clip.ts";
export type { Kernels } from "./kernels/kernels.ts";
export { wasmKernels } from "./kernels/kernels.ts";
export * from "./optimizer.ts";
export * from "./optimizers.ts";
export * from "./parameter-store.ts";
export * from "./saved-updater.ts";
export * from "./schedules.ts";
export * from "./updater.ts";
export { type WeightAverage, weightAverage } from "./weight-average.ts";
export * from "./whole-optimizers.ts";
