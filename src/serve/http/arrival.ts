// When requests arrived. While the event loop is busy they wait in the system's buffers, where nobody stamps them; how long is bounded by when
// the loop last looked. Knows no request.
import { performance } from "node:perf_hooks";

/** When the requests that are read now arrived, at the earliest. */
export interface ArrivalClock {
  /** Moment in `performance.now()`. */
  readonly earliest: number;
  /** How long the event loop's turns take lately, without its rests, in milliseconds. */
  readonly turnMs: number;
}

/** What the loop has counted: see `performance.nodeTiming`. */
export interface LoopCounts {
  readonly now: number;
  /** Milliseconds that the loop waited with nothing to do. */
  readonly idleMs: number;
  /** Turns of the loop. */
  readonly turns: number;
}

/**
 * Makes a clock; ask it for each request. What is read in one turn of the loop arrived while the turn before was at work: a loop that rested
 * had nothing to read.
 * @param counts default the process's own loop
 * @param endOfTurn calls back when the turn is over. Default `setImmediate`
 * @example const clock = arrivalClock(); const { earliest } = clock(); // performance.now() − earliest: at most so long it waited
 */
export function arrivalClock(
  counts: () => LoopCounts = ownCounts,
  endOfTurn: (over: () => void) => void = setImmediate,
): () => ArrivalClock {
  let last = counts();
  let current: ArrivalClock | undefined;
  const over = () => {
    current = undefined;
  };
  return () => {
    if (current) return current;
    const seen = counts();
    const workedMs = seen.now - last.now - (seen.idleMs - last.idleMs);
    const turnMs = Math.max(0, workedMs) / Math.max(1, seen.turns - last.turns);
    last = seen;
    current = { earliest: seen.now - turnMs, turnMs };
    endOfTurn(over);
    return current;
  };
}

const ownCounts = (): LoopCounts => {
  const { idleTime, uvMetricsInfo } = performance.nodeTiming as typeof performance.nodeTiming & {
    readonly uvMetricsInfo?: { readonly loopCount: number }; // Node 20.18; its types come later
  };
  return { now: performance.now(), idleMs: idleTime, turns: uvMetricsInfo?.loopCount ?? 0 };
};
