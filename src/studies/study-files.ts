// Where the parts of a finished study lie in its folder; what a run has too (model, metrics, report) lies where a run has it.
import { join } from "node:path";
import { artifacts } from "../artifacts/index.ts";

/** Paths in a study's folder. */
export const studyFiles = {
  record: "together.json",
  transcripts: "transcripts",
  model: artifacts.model.path,
  metrics: artifacts.metrics.path,
  report: artifacts.report.page.path,
} as const;

/** Folder of a party's transcript in a study's folder. */
export const transcriptFolder = (study: string, party: string): string => join(study, studyFiles.transcripts, party);
