// Smaller models, and what making them smaller changed.
export { compress } from "./compress.ts";
export { compressionText } from "./text.ts";
