// Artifacts: what lies in a run's folder, its places, its readers and what they make sure of.

export type { EpochSelection } from "../passport/index.ts";
export type { Baseline } from "./baseline-answers.ts";
export {
  type CompressedFile,
  type CompressionRecord,
  compressedFiles,
  compressionFile,
  compressionRecord,
  isCompressedFolder,
  onnxFileIn,
} from "./compression-record.ts";
export type { Curves } from "./curves.ts";
export { keepCurves } from "./curves.ts";
export {
  checkModelFolder,
  digestOf,
  fingerprint,
  fingerprints,
  from,
  modelFingerprint,
  readJson,
  readJsonLines,
  rowsFolder,
  statementFile,
  writeJson,
} from "./files.ts";
export * as artifacts from "./run-artifacts.ts";
export * from "./run-artifacts.ts";
export { isRunFolder, openRunFolder, runOf, writeRunFiles } from "./run-folder.ts";
