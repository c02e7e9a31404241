// The first of several processes that are one server: it holds the models, so that their weights lie in memory once, starts the replicas, which
// share the port and speak with clients, and starts a replica again when it dies. Speaks no protocol itself.
import cluster, { type Worker } from "node:cluster";
import { setTimeout } from "node:timers/promises";
import { ConcordError } from "../../base/index.ts";
import { errorData } from "../../runtime/node/thread.ts";
import { type ModelHost, openModelHost } from "../model/host.ts";
import { joinedMetrics } from "../operate/metrics.ts";
import type { PrimaryMessage, ReadyFacts, ReplicaMessage } from "./messages.ts";

export interface Replicas extends ReadyFacts {
  /** Tells each replica to read its configuration again. */
  hangUp(): void;
  /** Each answers what it has accepted, and ends. */
  stop(): Promise<void>;
}

interface Held {
  readonly host: Promise<ModelHost>;
  /** Once for each time that a replica opened it. */
  readonly users: number[];
}

/** Of a replica's heap for young objects: Node's own measure would take as much memory as all of its code. */
const youngMiB = 2;

/**
 * Of glibc, for replicas: memory that parsing their code needed for a moment goes back to the system, which halves what a replica keeps. They
 * allocate little later on, so it costs them nothing. Names that the environment sets already stay.
 */
const givesBack = { MALLOC_ARENA_MAX: "1", MALLOC_TRIM_THRESHOLD_: "65536" };

/** Longest time to wait before a replica that dies again and again is started again, in milliseconds. */
const longestPauseMs = 30_000;

/**
 * Starts this program `count` times more, with the same arguments, as replicas.
 * @throws E_SERVER where one ends before it is ready; it has said why
 */
export async function startReplicas(count: number): Promise<Replicas> {
  cluster.schedulingPolicy = cluster.SCHED_NONE; // handed around, a connection on its way to a replica that dies would hang
  cluster.setupPrimary({
    serialization: "advanced",
    execArgv: [...process.execArgv, `--max-semi-space-size=${youngMiB}`],
  });
  const models = heldModels();
  const collecting = metricsOfAll();
  let [stopping, pauseMs] = [false, 100];
  const start = (): Promise<ReadyFacts> =>
    new Promise((resolve, reject) => {
      const worker = cluster.fork({ ...givesBack, ...process.env, CONCORD_REPLICA: "1" });
      const from = performance.now();
      let isReady = false;
      worker.on("message", (message: ReplicaMessage) => {
        if ("ready" in message) {
          isReady = true;
          resolve(message.ready);
        } else if ("collected" in message) collecting.take(message.collected, message.metrics);
        else if ("metrics" in message) void collecting.all().then((text) => tell(worker, { id: message.id, text }));
        else void models.take(worker, message);
      });
      worker.once("exit", async () => {
        models.leave(worker);
        if (!isReady) reject(startFault);
        if (stopping || !isReady) return;
        pauseMs = performance.now() - from > longestPauseMs ? 100 : Math.min(2 * pauseMs, longestPauseMs);
        await setTimeout(pauseMs);
        if (!stopping) await start().catch(() => {}); // it has said why
      });
    });
  const stop = async (signal: NodeJS.Signals) => {
    stopping = true;
    const alive = Object.values(cluster.workers ?? {}).filter((one) => one !== undefined);
    const ended = alive.map((one) => new Promise((resolve) => one.once("exit", resolve)));
    for (const one of alive) one.process.kill(signal);
    await Promise.all(ended);
    await models.close();
  };
  const started = await Promise.allSettled(Array.from({ length: count }, start));
  const failed = started.find((end) => end.status === "rejected");
  if (failed) {
    await stop("SIGKILL");
    throw failed.reason;
  }
  return {
    ...(started[0] as PromiseFulfilledResult<ReadyFacts>).value,
    hangUp: () => {
      for (const one of Object.values(cluster.workers ?? {})) one?.process.kill("SIGHUP");
    },
    stop: () => stop("SIGTERM"),
  };
}

const startFault = new ConcordError("E_SERVER", {
  operation: "serve",
  problem: "a replica ended before it was ready",
  hint: "what it wrote before says why; or serve without replicas",
});

const tell = (worker: Worker, message: PrimaryMessage): void => {
  if (worker.isConnected()) worker.send(message);
};

/** Models that replicas use: each is open once, whoever asks. */
function heldModels() {
  const held = new Map<string, Held>();
  const drop = (model: string, user: number): void => {
    const found = held.get(model);
    const at = found?.users.indexOf(user) ?? -1;
    if (!found || at < 0) return;
    found.users.splice(at, 1);
    if (found.users.length) return;
    held.delete(model);
    void found.host.then((host) => host.close()).catch(() => {}); // one that never opened
  };
  const opened = (model: string, start: Parameters<typeof openModelHost>[0], user: number): Promise<ModelHost> => {
    const found = held.get(model) ?? { host: openModelHost(start), users: [] };
    held.set(model, found);
    found.users.push(user);
    return found.host;
  };
  return {
    async take(worker: Worker, message: Exclude<ReplicaMessage, { ready: unknown } | { metrics: unknown }>) {
      if ("close" in message) return drop(message.close, worker.id);
      if ("kill" in message) return await (await held.get(message.kill)?.host)?.kill();
      const { id, model } = message;
      try {
        if ("open" in message) {
          const { facts } = await opened(model, message.open, worker.id);
          return tell(worker, { id, opened: facts });
        }
        const host = await held.get(model)!.host;
        const reply = await host.ask(message.question);
        tell(worker, { id, reply, restarts: host.restarts });
      } catch (error) {
        if ("open" in message) drop(model, worker.id);
        tell(worker, { id, fault: errorData(error) });
      }
    },
    leave(worker: Worker) {
      for (const [model, { users }] of [...held])
        for (const user of users.filter((one) => one === worker.id)) drop(model, user);
    },
    async close() {
      await Promise.allSettled([...held.values()].map(async ({ host }) => await (await host).close()));
    },
  };
}

/** Metrics of all replicas that answer within a second, added up. */
function metricsOfAll() {
  const waiting = new Map<number, (metrics: unknown) => void>();
  let next = 0;
  return {
    take: (id: number, metrics: unknown) => waiting.get(id)?.(metrics),
    async all(): Promise<string> {
      const found: unknown[] = [];
      const asked = Object.values(cluster.workers ?? {}).map(async (worker) => {
        const id = next++;
        const answered = new Promise<unknown>((resolve) => waiting.set(id, resolve));
        tell(worker!, { collect: id });
        const metrics = await Promise.race([answered, setTimeout(1000, undefined, { ref: false })]);
        waiting.delete(id);
        if (metrics !== undefined) found.push(metrics);
      });
      await Promise.all(asked);
      return await joinedMetrics(found);
    },
  };
}
