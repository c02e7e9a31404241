// A replica's side: models are asked of the first process, metrics are those of all replicas together.
import { createHash } from "node:crypto";
import { errorOf } from "../../runtime/node/thread.ts";
import type { ModelHost, OpenHost } from "../model/host.ts";
import type { PrimaryMessage, ReadyFacts, ReplicaMessage } from "./messages.ts";

/** What a server needs to be a replica. */
export interface Replica {
  readonly openHost: OpenHost;
  /** @param own metrics of this replica @returns what gives those of all together */
  metricsOf(own: () => Promise<unknown>): () => Promise<string>;
  ready(facts: ReadyFacts): void;
  /** Lets the process end. */
  leave(): void;
}

type Reply = Exclude<PrimaryMessage, { readonly collect: number }>;
/** A question without its id. */
type Asked<M = ReplicaMessage> = M extends { readonly id: number } ? Omit<M, "id"> : never;

/** The channel to the first process; undefined in a process that is no replica. */
export function replicaOf(channel: NodeJS.Process = process): Replica | undefined {
  if (channel.env.CONCORD_REPLICA === undefined || !channel.send) return undefined;
  const waiting = new Map<number, (reply: Reply) => void>();
  let next = 0;
  let ownMetrics: (() => Promise<unknown>) | undefined;
  const send = (message: ReplicaMessage) => void channel.send?.(message);
  const ask = (question: Asked): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const id = next++;
      waiting.set(id, (reply) => ("fault" in reply ? reject(errorOf(reply.fault)) : resolve(reply)));
      send({ ...question, id } as ReplicaMessage);
    });
  channel.on("message", (message: PrimaryMessage) => {
    if ("collect" in message)
      return void ownMetrics?.().then((metrics) => send({ collected: message.collect, metrics }));
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  return {
    openHost: async (start, admitted) => {
      await admitted;
      const model = createHash("sha256").update(JSON.stringify(start)).digest("hex");
      const { opened: facts } = (await ask({ open: start, model })) as Extract<Reply, { opened: unknown }>;
      let restarts = 0;
      return {
        facts,
        get restarts() {
          return restarts;
        },
        async ask(question) {
          const found = (await ask({ model, question })) as Extract<Reply, { reply: unknown }>;
          restarts = found.restarts;
          return found.reply;
        },
        close: async () => send({ close: model }),
        kill: async () => send({ kill: model }),
      } satisfies ModelHost;
    },
    metricsOf(own) {
      ownMetrics = own;
      return async () => ((await ask({ metrics: "all" })) as Extract<Reply, { text: string }>).text;
    },
    ready: (facts) => send({ ready: facts }),
    leave: () => channel.disconnect?.(),
  };
}
