// Tasks one after the other, until something goes wrong that nothing may follow.

export interface SerialQueue {
  /**
   * Runs a task after all that were given before. One that throws stops nobody but its giver.
   * @throws what the queue was stopped for; what the task throws
   */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Tasks that have not begun throw this cause from now on. The first cause counts. */
  stop(cause: unknown): void;
  /** Whether {@link stop} was called. */
  isStopped(): boolean;
  /** Rejects with the cause when the queue is stopped; never resolves. */
  readonly stopped: Promise<never>;
  /** Resolves when all that was given so far has ended. */
  idle(): Promise<void>;
}

/** An empty queue. @example const queue = serialQueue(); await queue.run(async () => journal.append(event)); */
export function serialQueue(): SerialQueue {
  let last: Promise<unknown> = Promise.resolve();
  let failure: { readonly cause: unknown } | undefined;
  let reject: (cause: unknown) => void = () => {};
  const stopped = new Promise<never>((_, refuse) => {
    reject = refuse;
  });
  stopped.catch(() => {}); // nobody has to wait for it
  return {
    run(task) {
      const done = last.then(() => {
        if (failure) throw failure.cause;
        return task();
      });
      last = done.catch(() => {});
      return done;
    },
    stop(cause) {
      failure ??= { cause };
      reject(failure.cause);
    },
    isStopped: () => failure !== undefined,
    stopped,
    idle: async () => void (await last),
  };
}
