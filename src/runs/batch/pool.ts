// Answers of several threads, each with the model open, in the order of the inputs. Plain data goes over their ports.
import { ConcordError } from "../../base/index.ts";
import type { Given } from "../../modalities/index.ts";
import { errorOf, startThread } from "../../runtime/node/thread.ts";
import type { Answered } from "../answerer.ts";
import type { PoolInput, PoolOutput, PoolStart } from "./worker.ts";

export interface PoolOptions extends PoolStart {
  readonly workers: number;
  /** Inputs answered together. */
  readonly atOnce: number;
}

export interface AnswerPool {
  /** Answers in order. @throws what a thread throws; E_RUNTIME where one ends by itself */
  answer(given: AsyncIterable<Given> | Iterable<Given>): AsyncGenerator<Answered>;
  readonly unknownGroups: number;
  close(): Promise<void>;
}

/**
 * Starts threads that answer.
 * @example const pool = openAnswerPool({ path: "runs/disease", workers: 4, threads: 1, atOnce: 256 });
 */
export function openAnswerPool({ workers, atOnce, ...start }: PoolOptions): AnswerPool {
  const threads = Array.from({ length: workers }, () => poolThread(start));
  let unknownGroups = 0;
  const asked = async (thread: ReturnType<typeof poolThread>, batch: readonly Given[]): Promise<Answered[]> => {
    const { answers, unknown } = await thread.ask(batch.map(({ group, input }) => ({ given: "", group, input })));
    unknownGroups += unknown;
    return batch.map((given, i) => ({ given, ...(answers[i] && { answer: answers[i] }) }));
  };
  return {
    get unknownGroups() {
      return unknownGroups;
    },
    async *answer(given) {
      const waiting: Promise<Answered[]>[] = [];
      let next = 0;
      const send = (batch: readonly Given[]) => {
        const work = asked(threads[next++ % workers]!, batch);
        work.catch(() => undefined); // thrown where it is awaited, in its turn
        waiting.push(work);
      };
      let batch: Given[] = [];
      for await (const one of given) {
        batch.push(one);
        if (batch.length < atOnce) continue;
        send(batch);
        batch = [];
        if (waiting.length >= 2 * workers) yield* await waiting.shift()!;
      }
      if (batch.length) send(batch);
      for (const work of waiting) yield* await work;
    },
    close: async () => void (await Promise.all(threads.map((thread) => thread.close()))),
  };
}

function poolThread(start: PoolStart) {
  const worker = startThread(import.meta.url, start);
  const waiting = new Map<
    number,
    { resolve(output: Extract<PoolOutput, { answers: unknown }>): void; reject(error: Error): void }
  >();
  let over: Error | undefined;
  let next = 0;
  const end = (error: Error) => {
    over ??= error;
    for (const { reject } of waiting.values()) reject(over);
    waiting.clear();
  };
  worker.on("error", end);
  worker.on("exit", () =>
    end(new ConcordError("E_RUNTIME", { operation: "predict", problem: "a thread ended before it had answered" })),
  );
  worker.on("message", (output: PoolOutput) => {
    if ("fault" in output) return end(errorOf(output.fault));
    waiting.get(output.id)?.resolve(output);
    waiting.delete(output.id);
  });
  return {
    ask: (given: readonly Given[]) =>
      new Promise<Extract<PoolOutput, { answers: unknown }>>((resolve, reject) => {
        if (over) return reject(over);
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, given } satisfies PoolInput);
      }),
    close: async () => void (await worker.terminate()),
  };
}
