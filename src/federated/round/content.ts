// How large a content beside a member's message may be now: known before any of it is looked at.
import { readMessage } from "./messages.ts";
import { type CoordinatorSetup, type CoordinatorState, partyKeys } from "./study.ts";

/**
 * Bytes that are wanted beside a message: those of masked words that the open round waits for, from who has not given them. 0 where a message has
 * nothing beside it, comes twice or too late: it is answered without.
 * @param value the message as parsed JSON
 * @throws E_ROUND, E_SIGNATURE, E_VERSION for what is no message of a member
 * @example if (contentBytes(setup, state, message) === 0) await host.deliver("hospital", message, undefined);
 */
export function contentBytes(setup: CoordinatorSetup, state: CoordinatorState, value: unknown): number {
  const { from, phase, round, run } = readMessage(value, setup.primitives, partyKeys(setup, state));
  const open = state.round;
  const isWanted =
    phase === "masked" &&
    run === setup.proposal.run &&
    open?.phase === "masked" &&
    open.id === round &&
    open.group.includes(from) &&
    !open.arrived.has(from);
  return isWanted ? open.sums[0]!.byteLength : 0;
}
