// Studies: what each party of one computes.
export { finishStudy, studyMetrics } from "./finish.ts";
export * from "./hosting/index.ts";
export { memberPrivacy } from "./member-privacy.ts";
export { openMemberWork } from "./member-work.ts";
export { proposeStudy } from "./propose.ts";
export {
  readProposalFile,
  reviewProposal,
  type StudyReview,
  type StudyWarning,
} from "./review.ts";
export { makeStartModel, type StartModelOptions } from "./start-model.ts";
export { studyRecipe } from "./study-recipe.ts";
export {
  type CheckedTranscript,
  compareTranscripts,
  openTranscript,
  readTranscript,
  type Transcript,
} from "./transcript.ts";
export type * from "./types.ts";
