// Studies: what each party of one computes.
export { finishStudy, studyMetrics } from "./finish.ts";
export { type CoordinatorNews, coordinate } from "./hosting/coordinate.ts";
export { initCoordinator, openCoordinatorFolder, proposeInFolder, writeAnswer } from "./hosting/folders.ts";
export * from "./hosting/index.ts";
export { enrolMember, type ParticipantNews, takePart } from "./hosting/take-part.ts";
export { checkSpent, memberPrivacy } from "./member-privacy.ts";
export { openMemberWork } from "./member-work.ts";
export { proposeStudy } from "./propose.ts";
export { recountStudy } from "./recount.ts";
export { readProposalFile, reviewProposal, type StudyReview, type StudyWarning } from "./review.ts";
export { makeStartModel, type StartModelOptions } from "./start-model.ts";
export { studyFiles, transcriptFolder } from "./study-files.ts";
export { studyRecipe } from "./study-recipe.ts";
export {
  type CheckedTranscript,
  compareTranscripts,
  openTranscript,
  publicKeyIn,
  readTranscript,
  type Transcript,
} from "./transcript.ts";
export type * from "./types.ts";
