// Artifacts: what lies in a run's folder, its places, its readers and what they make sure of.
export * as artifacts from "./run-artifacts.ts";
export * from "./run-artifacts.ts";
export type { Curves } from "./curves.ts";
export {
  checkModelFolder,
  digestOf,
  fingerprint,
  fingerprints,
  from,
  readJson,
  readJsonLines,
  rowsFolder,
  writeJson,
} from "./files.ts";
export { statementFile } from "./files.ts";
export { isRunFolder, openRunFolder, writeRunFiles } from "./run-folder.ts";
export { modelFingerprint } from "./files.ts";
export { type Baseline } from "./baseline-answers.ts";
export { keepCurves } from "./curves.ts";
