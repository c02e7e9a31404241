// One round protocol for simulation and for organisations that share no rows.
export { meanDifference, type ServerState, serverStep } from "./aggregate.ts";
export { type BucketResult, bucketsOf, bucketThreshold, countedIn } from "./buckets.ts";
export { contentBytes } from "./content.ts";
export { stepCoordinator } from "./coordinator.ts";
export { type Graph, holdersOf, ringOf, shareThreshold, thinStretch } from "./graph.ts";
export { bytesOf, examplesSegment, layoutOf, modelSize, type Task, wordsIn } from "./layout.ts";
export type { OwnersPolicy, RoundLedger } from "./ledger.ts";
export {
  type MemberRound,
  newParticipant,
  type ParticipantEffect,
  type ParticipantEvent,
  type ParticipantSetup,
  type ParticipantState,
  type ParticipantStep,
} from "./member.ts";
export {
  type Blob,
  type Bodies,
  type Message,
  messageDigest,
  type Phase,
  protocolVersion,
  readMessage,
  type SpentPrivacy,
  signedMessage,
} from "./messages.ts";
export { log2Tail, type NeighbourNeeds, neighboursFor } from "./neighbours.ts";
export { pendingWork, stepParticipant } from "./participant.ts";
export {
  bucketCount,
  defaultThreshold,
  type Proposal,
  proposalDigest,
  proposalSchema,
  readProposal,
  type Strategy,
  strategies,
  strategySchema,
} from "./proposal.ts";
export { combineMeans, type Robust, robustSchema, toleratedBuckets } from "./robust.ts";
export * from "./study.ts";
export * from "./transcript.ts";
