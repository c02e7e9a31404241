// Worker threads, from sources and from dist alike, and errors that cross their border as data. Knows no work.
import { Worker } from "node:worker_threads";
import { ConcordError, type ErrorCode, type ErrorFacts, isConcordError } from "../../base/index.ts";

/** An error as data. */
export interface ErrorData {
  readonly code?: string;
  readonly facts?: unknown;
  readonly message: string;
  readonly stack?: string;
}

export const errorData = (error: unknown): ErrorData => ({
  ...(isConcordError(error) ? { code: error.code, facts: error.toJSON() } : {}),
  message: error instanceof Error ? error.message : String(error),
  ...(error instanceof Error && { stack: error.stack }),
});

/** The error again. */
export function errorOf({ code, facts, message, stack }: ErrorData): Error {
  if (code) return new ConcordError(code as ErrorCode, facts as ErrorFacts);
  return Object.assign(new Error(message), { stack });
}

/**
 * Starts the file `worker` beside the one that asks. From sources (tests) it starts through a loader; built, it starts itself.
 * @param from `import.meta.url` of the file that asks
 * @example const worker = startThread(import.meta.url, { threads: 1 });
 */
export function startThread(from: string, workerData?: unknown): Worker {
  if (!from.endsWith(".ts")) return new Worker(new URL("./worker.js", from), { workerData });
  const loader = new URL("../../../tools/thread.mjs", import.meta.url);
  return new Worker(loader, { workerData, argv: [new URL("./worker.ts", from).href], execArgv: [] });
}
