// Graph → ONNX; the only room that knows ONNX.
export { type Blocks, fromBlocks, quantiseBlocks } from "./blocks.ts";
export type { ActivationRange, Binding, BlocksBinding, Int8Binding, Nf4Binding } from "./emit.ts";
export { type ExternalFile, largestModel, withExternalData } from "./external.ts";
export { hasRow, type LowerOptions, lower, lowerToBytes } from "./lower.ts";
export { fromNf4, type Nf4, nf4Values, quantiseNf4 } from "./nf4.ts";
export { byteGrid, quantiseColumns } from "./quantised.ts";
export { opsets, type Target, targets } from "./targets.ts";
export { webgpuKernels } from "./webgpu.ts";
export { type OnnxModel, writeOnnx } from "./wire.ts";
