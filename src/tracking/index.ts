// A run in the formats of experiment trackers. Bytes and requests only: nothing is written or sent here.
export { eventFile, type TrackedPoint, type TrackedRun } from "./events.ts";
export { type MlflowOptions, type MlflowRequest, type MlflowResult, mlflowExport, type Send } from "./mlflow.ts";
