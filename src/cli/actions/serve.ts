// concord serve: starts the server, says what it serves and by which passport, and stops on Ctrl-C or SIGTERM.
import { inWords, type Message } from "../../messages/index.ts";
import {
  configuredServer,
  environmentConfig,
  logLine,
  type RunningServer,
  readServeConfig,
  type ServeConfig,
  type ServedPath,
  startServer,
} from "../../serve/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { argumentError, type CommandContext } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { visible } from "../sizes.ts";
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
      const server = await startServer({ ...(await configuredServer(config)), watch, onReply });
      const deaf = onHangUp(server, async () => (await configOf(given, options, context.env)).models ?? [], context);
      show(server, context);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      deaf();
      await server.stop();
    },
    () => {
      if (!quiet) stderr.write(`${inWords(language, texts.stopping)}\n`);
    },
  );
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
    ...{ host, port, grpcPort, policy, unsigned, uncompressed, threads, keys, log },
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

function checkOptions({ port, grpcPort, threads }: ServeCommandOptions): void {
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
}

/** What is served: lines for people, one JSON object for programs. */
function show({ url, models }: RunningServer, { language, json, quiet, stdout, stderr }: CommandContext): void {
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
