// A model that stays available: its thread is started again when it dies. A question that was cut off is asked once more.
import { ConcordError } from "../../base/index.ts";
import { type ErrorData, errorData } from "../../runtime/node/thread.ts";
import type { ItemResult, ModelFacts, Question, ThreadStart } from "./facts.ts";
import { type ModelThread, startModelThread, type ThreadReply } from "./thread.ts";

/** Answers questions of one model. */
export interface ModelHost {
  readonly facts: ModelFacts;
  /** How often its thread was started again. */
  readonly restarts: number;
  /**
   * Asks. Where the thread dies, each item is asked once more by itself, in a new thread; one that is cut off again has a fault with
   * status 503, and the others are answered.
   */
  ask(question: Question): Promise<ThreadReply>;
  close(): Promise<void>;
  /** Ends the thread at once, as a crash would. */
  kill(): Promise<void>;
}

/** How a model is opened. @param admitted see `startModelThread` */
export type OpenHost = (start: ThreadStart, admitted?: Promise<unknown>) => Promise<ModelHost>;

/** Opens a model in a thread of its own. @param admitted see `startModelThread` @throws what opening throws */
export async function openModelHost(start: ThreadStart, admitted?: Promise<unknown>): Promise<ModelHost> {
  let current: ModelThread | undefined = await startModelThread(start, admitted);
  let starting: Promise<ModelThread | undefined> | undefined;
  let [restarts, closed] = [0, false];
  const { facts } = current;
  const begin = async (): Promise<ModelThread | undefined> => {
    restarts++;
    current = await startModelThread(start).catch(() => undefined);
    starting = undefined;
    if (closed) await current?.close();
    return current;
  };
  const living = async (): Promise<ModelThread | undefined> => {
    if (current?.alive || closed) return current;
    starting ??= begin();
    return await starting;
  };
  const again = async (question: Question): Promise<ItemResult> =>
    (await (await living())?.ask(question))?.results[0] ?? { fault: lost };
  return {
    facts,
    get restarts() {
      return restarts;
    },
    async ask(question) {
      const reply = await (await living())?.ask(question);
      if (reply) return reply;
      const results: ItemResult[] = [];
      for (const item of question.items) results.push(await again({ ...question, items: [item] }));
      return { results, ms: 0 };
    },
    async close() {
      closed = true;
      await starting;
      await current?.close();
    },
    kill: async () => void (await current?.kill()),
  };
}

const error = new ConcordError("E_SERVER", {
  operation: "serve",
  problem: "the model's thread ended twice on this request",
  hint: "try again later; if it happens again, leave this input out",
  details: { status: 503, retryAfterSeconds: 1 },
});
const lost: ErrorData = errorData(error);
