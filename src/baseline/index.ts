// What simple models reach on the same rows: the most frequent label, a linear model of character n-grams. Pure; no file.
export * from "./bm25.ts";
export { type ByteNgrams, byteNgrams, type ForetoldText, fitByteNgrams } from "./byte-ngrams.ts";
export * from "./centroids.ts";
export * from "./features.ts";
export * from "./likeness.ts";
export * from "./linear.ts";
export * from "./lookup.ts";
export * from "./mixed-search.ts";
export * from "./sparse.ts";
