// Requests that cannot be answered in time are refused before their bodies are read: that costs a twentieth of an answer, so the server stays
// able to answer the others. What passes here may still be refused by the queue, which knows the request's size and priority.
import type { ArrivalClock } from "./arrival.ts";

/** What a request is judged by. Times in milliseconds. */
export interface EarlyFacts {
  readonly now: number;
  /** When it arrived, at the earliest, and how long turns of the event loop take. */
  readonly clock: ArrivalClock;
  readonly deadlineMs: number;
  /** How long the queue is by estimate; 0 where nothing waits or runs. */
  readonly waitMs: number;
  /** Share of the time that is left which the wait may take: see the scheduler. */
  readonly margin: number;
}

/**
 * Whether a request has no chance.
 * @returns undefined where it has one; else after how many milliseconds one may try again
 * @example tooLate({ now: 300, clock: { earliest: 0, turnMs: 100 }, deadlineMs: 250, waitMs: 0, margin: 0.5 }) // 50
 */
export function tooLate({ now, clock, deadlineMs, waitMs, margin }: EarlyFacts): number | undefined {
  const left = clock.earliest + deadlineMs - now - clock.turnMs; // its reply waits for a turn too
  const over = waitMs - Math.max(0, left) * margin;
  if (left > 0 && (waitMs === 0 || over <= 0)) return undefined;
  return Math.max(over, clock.turnMs / 2, 1);
}
