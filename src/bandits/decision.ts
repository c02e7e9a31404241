// A logged decision and a policy: what bandits learn from, and what they are.

/** One decision that was made: what was known, what was done with which probability, and what came of it. */
export interface LoggedDecision {
  /** [n]; the last is 1. */
  readonly context: Float64Array;
  /** Number of the action. */
  readonly action: number;
  readonly reward: number;
  /** Probability with which the action was taken then, above 0 and up to 1. */
  readonly propensity: number;
}

/** Chooses by probabilities of all actions, which add up to 1. */
export interface Policy {
  probabilities(context: Float64Array): Float64Array;
}
