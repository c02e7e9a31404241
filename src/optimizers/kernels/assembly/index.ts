// The WebAssembly kernels of training, in AssemblyScript. Every offset is in bytes into the one imported memory; there is
// no heap, no static data and no state. Each function has a twin in ../plain.ts that rounds in the same order.
export { adam, adamMaximum } from "./adam";
export { lion, sgd, sgdMomentum } from "./descent";
export { addGaussian } from "./gaussian";
export { axpy, fill, largestMagnitude, scale, sumSquares } from "./linear";
export { dropoutMask } from "./mask";
export { addRows } from "./rows";
