// Ctrl-C and SIGTERM as an abort signal, for commands that save what they did and can be started again.
import type { CommandContext } from "./context.ts";

/** Runs with a signal that aborts on Ctrl-C or SIGTERM. */
export async function untilInterrupted<T>(
  { signals }: CommandContext,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  signals.once("SIGINT", onSignal);
  signals.once("SIGTERM", onSignal);
  try {
    return await run(stop.signal);
  } finally {
    signals.off("SIGINT", onSignal);
    signals.off("SIGTERM", onSignal);
  }
}
