// Studies: what each party of one computes.

export {
  readProposalFile,
  reviewProposal,
  type StudyReview,
  type StudyWarning,
} from "./review.ts";
export {
  type CheckedTranscript,
  compareTranscripts,
  openTranscript,
  readTranscript,
  type Transcript,
} from "./transcript.ts";
export type * from "./types.ts";
