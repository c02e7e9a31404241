// Graph → ONNX; the only room that knows ONNX.
export type { Binding, Int8Binding } from "./emit.ts";
export { type ExternalFile, largestModel, withExternalData } from "./external.ts";
export { hasRow, type LowerOptions, lower, lowerToBytes } from "./lower.ts";
export { quantiseColumns } from "./quantised.ts";
export { opsets, type Target, targets } from "./targets.ts";
export { webgpuKernels } from "./webgpu.ts";
export { type OnnxModel, writeOnnx } from "./wire.ts";
