// What a member remembers of all rounds of a study, so that it gives nothing to one that nobody proposed: tasks in the proposal's order and number,
// each from the last result's model, and no two sums over almost the same members of the same model, whose difference would be one's own.
import type { Task } from "./layout.ts";
import type { Message } from "./messages.ts";
import type { Proposal } from "./proposal.ts";

export interface RoundLedger {
  /** Rounds of training that counted. */
  readonly counted: number;
  /** True once a round of evaluation counted. */
  readonly tested: boolean;
  /** SHA-256 of the model that the next round starts from; undefined before the first. */
  readonly model?: string;
  /** Rounds that failed since the last that counted. */
  readonly failed: number;
  /** The last round that this member was asked for, and the last whose end it knows. */
  readonly opened: number;
  readonly ended: number;
  /** Whose sums it helped to take the masks off, of the present model. */
  readonly shown: readonly { readonly task: Task; readonly survivors: readonly string[] }[];
}

export const newLedger: RoundLedger = { counted: 0, tested: false, failed: 0, opened: 0, ended: 0, shown: [] };

/** What an owner asks of rounds beyond the proposal. */
export interface OwnersPolicy {
  /** Least members of a round, and of a sum. Default the proposal's threshold. */
  readonly minimumSurvivors?: number;
}

/** The task of the next round; undefined when all that was proposed has counted. */
function nextTask({ rounds, tests }: Proposal, { counted, tested }: RoundLedger): Task | undefined {
  if (counted < rounds) return "train";
  return tests.length > 0 && !tested ? "evaluate" : undefined;
}

/**
 * Why a round is none that the proposal names.
 * @param left members that take no further part: each may have failed one round more than the proposal's attempts
 */
export function openingProblem(
  proposal: Proposal,
  ledger: RoundLedger,
  { round, body }: Message<"round">,
  left: number,
): { readonly problem: string; readonly got?: string; readonly expected?: string } | undefined {
  const task = nextTask(proposal, ledger);
  const start = ledger.model ?? proposal.start;
  if (ledger.opened > ledger.ended && ledger.opened < round)
    return {
      problem: "a round before the last one ended",
      got: `round ${round}`,
      expected: `the end of ${ledger.opened}`,
    };
  if (body.task !== task)
    return { problem: "a round that the proposal does not name", got: body.task, expected: task ?? "no further round" };
  if (start !== undefined && body.model.sha256 !== start)
    return { problem: "a round from another model than the last result's", got: body.model.sha256, expected: start };
  if (ledger.failed >= proposal.attempts + left)
    return { problem: "more rounds that failed one after the other than were proposed", got: `${ledger.failed}` };
  return undefined;
}

/** A round that this member takes part in: a later one of the same model is the same round again. */
export const withOpened = (ledger: RoundLedger, { round, body }: Message<"round">): RoundLedger => ({
  ...ledger,
  opened: round,
  model: body.model.sha256,
});

/** A round's end, once. */
export function withEnd(proposal: Proposal, ledger: RoundLedger, message: Message<"result" | "abort">): RoundLedger {
  const { round: ended } = message;
  if (ended <= ledger.ended) return ledger;
  if (message.phase === "abort") return { ...ledger, ended, failed: ledger.failed + 1 };
  const { model } = message.body;
  const done = { ...ledger, ended, failed: 0, model };
  return ledger.counted < proposal.rounds
    ? { ...done, counted: ledger.counted + 1, shown: [] }
    : { ...done, tested: true };
}

/**
 * Why a sum over these members would say too much beside an earlier one of the same model, whose round then failed: the difference of the two
 * is that of few members. A round of training may be done again without members that have left; a round of evaluation, in which the
 * counts of a member are always the same, only with the same.
 */
export function cohortProblem(
  { shown }: RoundLedger,
  task: Task,
  survivors: readonly string[],
  left: ReadonlyMap<string, string>,
): string | undefined {
  for (const before of shown) {
    if (before.task !== task) continue;
    const differing = [...before.survivors, ...survivors].filter(
      (n) => before.survivors.includes(n) !== survivors.includes(n) && !(task === "train" && left.has(n)),
    );
    if (differing.length > 0) return differing.join(", ");
  }
  return undefined;
}
