// Decisions with rewards: policies that choose by context, and what they would have earned on logged decisions. Pure.

export type { LoggedDecision, Policy } from "./decision.ts";
export {
  contextOf,
  type DecisionColumns,
  type DecisionReader,
  decisionReader,
  loggedDecisions,
  type ReadDecision,
} from "./decisions.ts";
export {
  checkLog,
  evaluatePolicy,
  loggedValue,
  type OffPolicyOptions,
  type OffPolicyReport,
  type PolicyValue,
  policyDifference,
} from "./off-policy.ts";
export {
  fixedPolicy,
  type LearnedPolicy,
  type LearnOptions,
  learnPolicy,
  type PolicyKind,
  policyKinds,
  policyOf,
  uniformPolicy,
} from "./policy.ts";
export { type PolicyFile, policyFile, readPolicyFile } from "./policy-file.ts";
