// A thread that holds one model, so that the event loop of the server never waits for inference. Plain data goes over its port.
import { ConcordError } from "../../base/index.ts";
import { errorOf, startThread } from "../../runtime/node/thread.ts";
import type { ItemResult, ModelFacts, Question, ThreadInput, ThreadOutput, ThreadStart } from "./facts.ts";

/** Results of a question, and how long the thread worked on it. */
export interface ThreadReply {
  readonly results: readonly ItemResult[];
  readonly ms: number;
}

/** One started thread whose model is open. */
export interface ModelThread {
  readonly facts: ModelFacts;
  /** Asks; questions are answered in their order. Undefined where the thread died first. */
  ask(question: Question): Promise<ThreadReply | undefined>;
  readonly alive: boolean;
  /** Ends the thread after what it was asked before. */
  close(): Promise<void>;
  /** Ends it at once: what it was asked stays without an answer. */
  kill(): Promise<void>;
}

/**
 * Starts a thread and waits until its model is open.
 * @param admitted the thread loads its code meanwhile, and touches the model's files only afterwards. Default at once
 * @throws what `admitted` and opening throw; E_RUNTIME where the thread ends before
 */
export async function startModelThread(start: ThreadStart, admitted?: Promise<unknown>): Promise<ModelThread> {
  const worker = startThread(import.meta.url, start);
  const waiting = new Map<number, (reply: ThreadReply | undefined) => void>();
  let next = 0;
  let over = false;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true;
      for (const give of waiting.values()) give(undefined);
      waiting.clear();
      resolve();
    };
    worker.on("exit", end).on("error", end);
  });
  const facts = await new Promise<ModelFacts>((resolve, reject) => {
    Promise.resolve(admitted).then(() => worker.postMessage("open" satisfies ThreadInput), reject);
    worker.on("message", (message: ThreadOutput) => {
      if ("opened" in message) return resolve(message.opened);
      if ("unopened" in message) return reject(errorOf(message.unopened));
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    });
    worker.once("error", reject);
    void ended.then(() =>
      reject(new ConcordError("E_RUNTIME", { operation: "serve", problem: "the model's thread ended while opening" })),
    );
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  return {
    facts,
    get alive() {
      return !over;
    },
    ask: (question) =>
      new Promise((resolve) => {
        if (over) return resolve(undefined);
        const id = next++;
        waiting.set(id, resolve);
        worker.postMessage({ ...question, id } satisfies ThreadInput);
      }),
    async close() {
      if (!over) worker.postMessage("close" satisfies ThreadInput);
      await ended;
    },
    kill: async () => void (await worker.terminate()),
  };
}
