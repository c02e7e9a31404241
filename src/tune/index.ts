// Studies: a recipe's search carried out, its trials kept, its winner run.

export type { TuneEvent } from "./events.ts";
export type { JobState, Jobs } from "./jobs.ts";
export type { Objective } from "./measure-trial.ts";
export { valuesOf } from "./measure-trial.ts";
export { writeOptuna } from "./optuna-file.ts";
export type { StudyTrials } from "./optuna-trials.ts";
export type { Placement } from "./placed.ts";
export { csvFile, pageFile, studyFile, winnerFolder } from "./places.ts";
export { rayJobs } from "./ray-jobs.ts";
export { type SlurmOptions, slurmJobs } from "./slurm-jobs.ts";
export { type StudyPageInput, studyPage, valuesText } from "./study-page.ts";
export type { StudyTrial } from "./study-store.ts";
export { studyText } from "./study-text.ts";
export { settingsText, trialRecipe } from "./trial-recipe.ts";
export { trialsCsv } from "./trials-csv.ts";
export { readStudy, type Study, type TuneOptions, tune, workOnStudy } from "./tune.ts";
