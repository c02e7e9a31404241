// concord serve: starts the server, says what it serves and by which passport, and stops on Ctrl-C or SIGTERM.
import { visible } from "../../base/index.ts";
import { inWords, type Message } from "../../messages/index.ts";
import {
  configuredServer,
  environmentConfig,
  logLine,
  type Replicas,
  type RunningServer,
  readServeConfig,
  replicaOf,
  type ServeConfig,
  type ServedPath,
  startReplicas,
  startServer,
} from "../../serve/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { argumentError, type CommandContext } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { onHangUp } from "./serve-reload.ts";
import { type ServeWatchOptions, watchOptions } from "./serve-watch.ts";

export interface ServeCommandOptions extends ServeWatchOptions {
  readonly host?: string;
  readonly port?: number;
  readonly grpcPort?: number;
  readonly policy?: string;
  readonly unsigned?: boolean;
  readonly uncompressed?: boolean;
  readonly threads?: number;
  readonly replicas?: number;
  readonly config?: string;
  readonly keys?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly clientCa?: string;
  readonly log?: boolean;
}

const texts = {
  verified: {
    en: "{name} (version {version}): passport verified, signed by {signers}",
    zh: "{name}（版本 {version}）：模型档案已核实，签署方：{signers}",
  },
  unsigned: {
    en: "{name} (version {version}): no valid passport ({reason}); served because of --unsigned",
    zh: "{name}（版本 {version}）：没有有效的模型档案（{reason}）；因 --unsigned 而提供",
  },
  ready: { en: "ready: {url}", zh: "就绪：{url}" },
  stopping: {
    en: "stopping: accepted requests are still answered",
    zh: "正在停止：已接受的请求仍会得到回答",
  },
} as const satisfies Record<string, Message>;

export async function serve(
  given: readonly string[],
  options: ServeCommandOptions,
  context: CommandContext,
): Promise<void> {
  checkOptions(options);
  const { language, quiet, stderr } = context;
  await untilInterrupted(
    context,
    async (signal) => {
      const config = await configOf(given, options, context.env);
      const watch = watchOptions(options, config.watch, context);
      const onReply = config.log
        ? (facts: Parameters<typeof logLine>[0]) => stderr.write(`${logLine(facts, new Date())}\n`)
        : undefined;
      const replica = replicaOf();
      if (!replica && (config.replicas ?? 1) > 1) return await withReplicas(config.replicas!, signal, context);
      try {
        const server = await startServer({ ...(await configuredServer(config)), watch, onReply, replica });
        const deaf = onHangUp(server, async () => (await configOf(given, options, context.env)).models ?? [], context);
        if (replica) replica.ready(readyFacts(server));
        else show(server, context);
        await aborted(signal);
        deaf();
        await server.stop();
      } finally {
        replica?.leave(); // one that failed, too: the first process waits for its end
      }
    },
    () => {
      if (!quiet && !replicaOf()) stderr.write(`${inWords(language, texts.stopping)}\n`);
    },
  );
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });

/** Plain data of a server, which goes to another process. */
const readyFacts = ({ url, grpcPort, models }: RunningServer) => ({
  url,
  ...(grpcPort !== undefined && { grpcPort }),
  models: models.map(({ source: { name, version }, door }) => ({ source: { name, version }, door })),
});

/** The first process of several: see `startReplicas`. */
async function withReplicas(count: number, signal: AbortSignal, context: CommandContext): Promise<void> {
  const replicas = await startReplicas(count);
  const onHangUp = () => {
    context.signals.once("SIGHUP", onHangUp);
    replicas.hangUp();
  };
  context.signals.once("SIGHUP", onHangUp);
  show(replicas, context);
  await aborted(signal);
  context.signals.off("SIGHUP", onHangUp);
  await replicas.stop();
}

/** Settings: options before the environment before the file. */
async function configOf(
  given: readonly string[],
  options: ServeCommandOptions,
  env: CommandContext["env"],
): Promise<ServeConfig> {
  const {
    config,
    host,
    port,
    grpcPort,
    policy,
    unsigned,
    uncompressed,
    threads,
    replicas,
    keys,
    log,
    tlsCert,
    tlsKey,
    clientCa,
  } = options;
  if ((tlsCert === undefined) !== (tlsKey === undefined) || (clientCa !== undefined && tlsCert === undefined))
    throw argumentError("--tls-cert", {
      problem: "HTTPS needs a certificate and its key",
      expected: "--tls-cert and --tls-key",
    });
  const file = config === undefined ? { version: 1 as const } : await readServeConfig(config);
  const asked = {
    ...{ host, port, grpcPort, policy, unsigned, uncompressed, threads, replicas, keys, log },
    ...(tlsCert !== undefined && { tls: { cert: tlsCert, key: tlsKey!, clientCa } }),
    ...(given.length && { models: given.map(namedPath) }),
  };
  const set = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  return { ...file, ...environmentConfig(env), ...set };
}

/** `name=folder`, or a folder. A folder with `=` in its own name is written `./a=b`. */
function namedPath(given: string): ServedPath {
  const [, name, path] = /^([^=/\\]+)=(.+)$/.exec(given) ?? [];
  return name === undefined || path === undefined ? { path: given } : { name, path };
}

function checkOptions({ port, grpcPort, threads, replicas }: ServeCommandOptions): void {
  const whole = (option: string, value: number | undefined, low: number, high: number) => {
    if (value !== undefined && !(Number.isInteger(value) && value >= low && value <= high))
      throw argumentError(option, {
        problem: "the number is out of range",
        expected: `${low} … ${high}`,
        got: String(value),
      });
  };
  whole("--port", port, 0, 65_535);
  whole("--grpc-port", grpcPort, 0, 65_535);
  whole("--threads", threads, 1, 256);
  whole("--replicas", replicas, 1, 64);
}

/** What is served: lines for people, one JSON object for programs. */
function show(
  { url, models }: Pick<Replicas, "url" | "models">,
  { language, json, quiet, stdout, stderr }: CommandContext,
): void {
  if (json) {
    const list = models.map(({ source, door }) => ({ name: source.name, version: source.version, passport: door }));
    return void stdout.write(`${JSON.stringify({ url, models: list })}\n`);
  }
  for (const { source, door } of quiet ? [] : models) {
    const { name, version } = source;
    const line =
      door.state === "verified"
        ? inWords(language, texts.verified, {
            name,
            version,
            signers: door.signers.map((s) => `${s.name} (${s.role})`).join(", "),
          })
        : inWords(language, texts.unsigned, { name, version, reason: inLanguage(language, door.reason) });
    stderr.write(`${visible(line)}\n`);
  }
  stdout.write(`${inWords(language, texts.ready, { url })}\n`);
}
