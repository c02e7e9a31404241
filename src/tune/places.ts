// Where things lie in a study's folder.
import { join } from "node:path";

/** File of a study's trials. */
export const studyFile = "study.sqlite";
/** The study as a page, and its trials as CSV. */
export const [pageFile, csvFile] = ["study.html", "trials.csv"];
/** Folder of the winner's run. */
export const winnerFolder = "winner";

/** Results that trials share. */
export const storeOf = (study: string): string => join(study, ".concord", "store");

/** Run folder of a trial's seed. */
export const trialName = (number: number, seed: number): string =>
  `trial-${String(number).padStart(4, "0")}${seed > 0 ? `-seed-${seed}` : ""}`;
