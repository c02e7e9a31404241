// concord serve: opens models, listens, answers, and stops without losing an accepted request.
import { ConcordError } from "../base/index.ts";
import { type AccessOptions, openGate } from "./access/gate.ts";
import { lookAt } from "./fleet/look.ts";
import { mirror } from "./fleet/mirror.ts";
import { type Loaded, type Models, modelsOf, type Opener } from "./fleet/models.ts";
import { checkPaths, type ServedPath } from "./fleet/paths.ts";
import { trafficCounts } from "./fleet/traffic.ts";
import { versionsOf } from "./fleet/versions.ts";
import { type AppOptions, type DrainState, makeApp } from "./http/app.ts";
import { refused } from "./http/errors.ts";
import { metricsRoute } from "./http/routes/metrics.ts";
import { openServedModel, type ServedModel, type ServeModelOptions } from "./model/served.ts";
import { serverMetrics } from "./operate/metrics.ts";
import { defaultDeadlineMs } from "./queue/dispatcher.ts";
import { defaultScheduling } from "./queue/scheduler.ts";
import type { Replica } from "./replicas/replica.ts";
import { allRoutes } from "./routes.ts";
import { watchRoutes } from "./watch/routes.ts";
import { startWatcher, type WatchOptions } from "./watch/watcher.ts";

export interface ServerOptions
  extends Omit<ServeModelOptions, "watch" | "onBatch" | "onAnswers" | "nice" | "openHost">,
    Omit<AppOptions, "early">,
    AccessOptions {
  /** Watches the models: see `startWatcher`. Default they are not watched. */
  readonly watch?: WatchOptions;
  readonly models: readonly ServedPath[];
  /** Default `127.0.0.1`: this machine only. */
  readonly host?: string;
  /** 0 takes a free one. Default 8080. */
  readonly port?: number;
  /** Port of the Open Inference Protocol over gRPC; 0 takes a free one. Default none. */
  readonly grpcPort?: number;
  /** Serves the model before compression. Default false. */
  readonly uncompressed?: boolean;
  /** This process is one of several that are one server: see `replicaOf`. Default it is the only one. */
  readonly replica?: Replica;
  /** How long new requests are still taken after `stop`, so that a balancer can notice, in milliseconds. Default 250. */
  readonly drainMs?: number;
}

/** A server that listens. */
export interface RunningServer {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Where gRPC is served. */
  readonly grpcPort?: number;
  /** Those that are open now. */
  readonly models: readonly ServedModel[];
  /**
   * Serves these models from now on: opens what is new or has changed, closes what is gone. Where one does not open, what it had before serves on.
   * @returns what became of each
   */
  configure(models: readonly ServedPath[]): Promise<readonly Loaded[]>;
  /** Accepts no more requests, answers those that were accepted, and ends. */
  stop(): Promise<void>;
}

/**
 * Opens the models and listens.
 * @throws E_SIGNATURE, E_GATE, E_CHECKSUM for a release that is not as it was signed, or a model without a passport; E_ARGUMENT for two
 * models of one name, a port in use and a host that is not this machine's; as opening a model
 * @example
 * const server = await startServer({ models: [{ path: "runs/disease" }], unsigned: true, port: 0 });
 * const reply = await fetch(`${server.url}/predict`, {
 *   method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ text: "a sore throat" }),
 * });
 * console.log(await reply.json());
 * await server.stop();
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host = "127.0.0.1", port = 8080, uncompressed } = options;
  if (!options.models.length)
    throw new ConcordError("E_ARGUMENT", {
      operation: "serve",
      problem: "no model is named",
      expected: "concord serve <run, release or model folder>",
    });
  const look: Opener["look"] = (path) => lookAt(path, { uncompressed });
  const sources = await Promise.all(options.models.map(look));
  checkPaths(sources.map((source, i) => ({ ...source, from: options.models[i]! })));
  const gate = await openGate(options);
  const traffic = trafficCounts();
  const metrics = serverMetrics(() => models, traffic);
  const watch = options.watch && (await startWatcher(options.watch));
  const onAnswers = mirror(() => models, traffic, watch);
  const open: Opener["open"] = (source, { shadow }) =>
    openServedModel(source, {
      ...options,
      onBatch: metrics.batch,
      openHost: options.replica?.openHost,
      ...(shadow ? { watch: undefined, nice: shadowNice } : { watch, onAnswers }),
    });
  const served = await openAll(sources.map((source, i) => open(source, options.models[i]!))).catch(
    async (fault: unknown) => {
      await watch?.close();
      throw fault;
    },
  );
  const opened = served.map((model, i) => ({ path: options.models[i]!, model }));
  const models: Models = { ...modelsOf(opened, { look, open }), ...(options.replica && loadedTogether) };
  const state: DrainState = { draining: false };
  const { replica } = options;
  const text = replica?.metricsOf(metrics.data) ?? metrics.text;
  const more = [metricsRoute({ ...metrics, text }), ...(watch ? watchRoutes(watch) : [])];
  const routes = allRoutes(models, state, {
    ...{ more, secured: gate.secured, versionsOf: versionsOf(models, traffic, watch?.store) },
  });
  const { deadlineMs = defaultDeadlineMs, margin = defaultScheduling.margin } = options;
  const app = makeApp(routes, state, gate, {
    ...options,
    early: { deadlineMs, margin, waitMs: () => shortestWait(models) },
    onReply(facts) {
      metrics.request(facts);
      options.onReply?.(facts);
    },
  });
  const url = await app.listen(host, port).catch(async (cause: unknown) => {
    await models.close();
    await watch?.close();
    throw listenFault(cause, host, port);
  });
  const grpc =
    options.grpcPort === undefined
      ? undefined
      : await startGrpcServer(models, () => !state.draining, gate, { host, port: options.grpcPort }, options).catch(
          async (cause: unknown) => {
            await app.stop(0);
            await models.close();
            await watch?.close();
            throw listenFault(cause, host, options.grpcPort!, "--grpc-port");
          },
        );
  let configuring: Promise<readonly Loaded[]> = Promise.resolve([]);
  return {
    url,
    ...(grpc && { grpcPort: grpc.port }),
    get models() {
      return models.list();
    },
    configure: (paths) => {
      configuring = configuring.then(() => models.configure(paths));
      return configuring;
    },
    async stop() {
      state.draining = true;
      await grpc?.stop();
      await app.stop(options.drainMs ?? 250);
      await configuring;
      await models.close();
      await watch?.close();
    },
  };
}

/** A request reaches one of the replicas, and what it loads the others would not have. */
const loadedTogether: Pick<Models, "load" | "unload"> = {
  load: () => Promise.reject(together),
  unload: () => {
    throw together;
  },
};
const together = refused(409, {
  operation: "load model",
  problem: "the replicas of a server load their models together",
  hint: "change serve.yaml and send the first process SIGHUP",
});

/** Threads of shadows give way to those that answer. */
const shadowNice = 10;

/** A request that names its model may have a longer wait; where none is open it learns that. */
function shortestWait(models: Models): number {
  const waits = models.list().map(({ waitMs }) => waitMs);
  return waits.length ? Math.min(...waits) : 0;
}

/** The package is loaded only where it is asked for. */
const startGrpcServer: typeof import("./grpc/service.ts").startGrpc = async (...given) =>
  (await import("./grpc/service.ts")).startGrpc(...given);

/** All of them, or none: where one fails the others are closed. */
async function openAll(opening: readonly Promise<ServedModel>[]): Promise<ServedModel[]> {
  const ends = await Promise.allSettled(opening);
  const failed = ends.find((end) => end.status === "rejected");
  const open = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
  if (!failed) return open;
  await Promise.all(open.map((model) => model.close()));
  throw failed.reason;
}

function listenFault(cause: unknown, host: string, port: number, option = "--port"): unknown {
  const code = /EADDRINUSE|EACCES|EADDRNOTAVAIL|ENOTFOUND/.exec(String((cause as Error).message))?.[0]; // gRPC says it in words
  const fault = (problem: string, path: string, hint: string) =>
    new ConcordError("E_ARGUMENT", { operation: "serve", problem, got: `${host}:${port}`, hint, path, cause });
  if (code === "EADDRINUSE")
    return fault("the port is in use", option, "name another: --port 8081; --port 0 takes a free one");
  if (code === "EACCES")
    return fault("this user may not listen on the port", option, "name one above 1023: --port 8080");
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return fault(
      "the address is not of this machine",
      "--host",
      "127.0.0.1 for this machine only, 0.0.0.0 for all networks",
    );
  return cause;
}
