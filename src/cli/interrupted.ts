// Ctrl-C and SIGTERM as an abort signal, for commands that save what they did and can be started again.
import type { CommandContext } from "./context.ts";

/**
 * Runs with a signal that aborts on Ctrl-C or SIGTERM.
 * @param onStop what is shown then
 */
export async function untilInterrupted<T>(
  { signals }: Pick<CommandContext, "signals">,
  run: (signal: AbortSignal) => Promise<T>,
  onStop?: () => void,
): Promise<T> {
  const stop = new AbortController();
  const onSignal = () => {
    stop.abort();
    onStop?.();
  };
  signals.once("SIGINT", onSignal);
  signals.once("SIGTERM", onSignal);
  try {
    return await run(stop.signal);
  } finally {
    signals.off("SIGINT", onSignal);
    signals.off("SIGTERM", onSignal);
  }
}
