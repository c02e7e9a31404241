// serve.yaml: how a server is set up, as data. Environment variables and flags go before it.
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { parseDocument } from "yaml";
import { ConcordError, numberIn } from "../base/index.ts";
import { ioError } from "../formats/node/index.ts";
import { z } from "./schema.ts";
import type { ServerOptions } from "./server.ts";

const text = z.string().min(1);
const count = z.int().min(1);
const config = z.strictObject({
  version: z.literal(1),
  models: z
    .array(
      z.strictObject({
        path: text,
        name: text.optional(),
        version: z
          .string()
          .regex(/^[\w.-]{1,64}$/)
          .optional(),
        /** Percent of the model's requests. */
        weight: z.number().min(0).max(100).optional(),
        shadow: z.boolean().optional(),
        /** Adapters of this base: folders or runs by name. */
        adapters: z.record(text, text).optional(),
      }),
    )
    .min(1)
    .optional(),
  host: text.optional(),
  port: z.int().min(0).max(65_535).optional(),
  grpcPort: z.int().min(0).max(65_535).optional(),
  policy: text.optional(),
  unsigned: z.boolean().optional(),
  uncompressed: z.boolean().optional(),
  threads: count.max(256).optional(),
  /** Processes that speak with clients. */
  replicas: count.max(64).optional(),
  /** Of requests that name none. */
  deadlineMs: count.max(600_000).optional(),
  batch: z
    .strictObject({
      rows: count.max(1024).optional(),
      tokens: count.max(1e6).optional(),
      delayMs: z.number().min(0).max(1000).optional(),
      padding: z.number().min(0).max(1).optional(),
    })
    .optional(),
  /** Most inputs that wait. */
  queueRows: count.max(1e6).optional(),
  bodyBytes: count.max(2 ** 30).optional(),
  drainMs: z.int().min(0).max(600_000).optional(),
  keys: text.optional(),
  perMinute: count.optional(),
  tokens: z.strictObject({ issuer: text, audience: text, jwks: text, claim: text.optional() }).optional(),
  tls: z.strictObject({ cert: text, key: text, clientCa: text.optional() }).optional(),
  cors: z.array(z.url()).optional(),
  log: z.boolean().optional(),
  watch: z
    .strictObject({
      store: text,
      alerts: z.array(text).min(1).optional(),
      url: z.url({ protocol: /^https?$/ }).optional(),
      capture: z.boolean().optional(),
      /** Answers between two looks for alerts. */
      window: count.max(100_000).optional(),
    })
    .optional(),
});

/** What a configuration may say. */
export type ServeConfig = z.output<typeof config>;

/**
 * Reads serve.yaml. Paths start from its folder.
 * @throws E_IO where it cannot be read; E_CONFIG with the key that is wrong
 */
export async function readServeConfig(path: string): Promise<ServeConfig> {
  const source = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read serve.yaml", path);
  });
  const document = parseDocument(source);
  const fault = (problem: string, expected?: string) =>
    new ConcordError("E_CONFIG", { operation: "read serve.yaml", problem, expected, path });
  if (document.errors.length) throw fault(document.errors[0]!.message.split("\n")[0]!);
  const found = config.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!found.success) {
    const [issue] = found.error.issues;
    throw fault(`${issue!.path.join(".") || "the file"}: the value is wrong`, issue!.message);
  }
  const { models, policy, keys, tls, tokens, watch, ...rest } = found.data;
  const from = (name: string) => (isAbsolute(name) ? name : join(dirname(path), name));
  const placed = ({ adapters, ...model }: NonNullable<typeof models>[number]) => ({
    ...model,
    path: from(model.path),
    ...(adapters && { adapters: Object.fromEntries(Object.entries(adapters).map(([name, at]) => [name, from(at)])) }),
  });
  const there = <T extends string | undefined>(name: T) => (name === undefined ? name : from(name));
  return {
    ...rest,
    ...(models && { models: models.map(placed) }),
    ...(policy !== undefined && { policy: from(policy) }),
    ...(keys !== undefined && { keys: from(keys) }),
    ...(tls && { tls: { cert: from(tls.cert), key: from(tls.key), clientCa: there(tls.clientCa) } }),
    ...(watch && { watch: { ...watch, store: isDatabase(watch.store) ? watch.store : from(watch.store) } }),
    ...(tokens && { tokens: { ...tokens, jwks: /^https?:/.test(tokens.jwks) ? tokens.jwks : from(tokens.jwks) } }),
  };
}

const isDatabase = (store: string): boolean => /^postgres(ql)?:/.test(store);

const variables = {
  CONCORD_SERVE_HOST: "host",
  CONCORD_SERVE_PORT: "port",
  CONCORD_SERVE_POLICY: "policy",
  CONCORD_SERVE_KEYS: "keys",
  CONCORD_SERVE_THREADS: "threads",
} as const;

/** What the environment sets. @throws E_CONFIG for a number that is none */
export function environmentConfig(env: Readonly<Record<string, string | undefined>>): Partial<ServeConfig> {
  const entries = Object.entries(variables).flatMap(([variable, key]): [string, string | number][] => {
    const value = env[variable];
    if (value === undefined || value === "") return [];
    if (key !== "port" && key !== "threads") return [[key, value]];
    const number = numberIn(value);
    if (number !== undefined && Number.isInteger(number) && number >= 0) return [[key, number]];
    throw new ConcordError("E_CONFIG", {
      operation: "read the environment",
      problem: "not a number",
      expected: "a whole number",
      got: value,
      path: variable,
    });
  });
  return Object.fromEntries(entries);
}

/**
 * Options of a server from what was configured. Certificates are read here.
 * @throws E_IO for a certificate or a key of TLS that cannot be read; E_ARGUMENT where no model is named
 */
export async function configuredServer({
  batch,
  tls,
  log: _log,
  version: _version,
  watch: _watch,
  replicas: _replicas,
  ...rest
}: ServeConfig): Promise<ServerOptions> {
  const { rows: batchRows, tokens: batchTokens, delayMs, padding } = batch ?? {};
  const scheduling = Object.entries({ batchRows, batchTokens, delayMs, padding }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    ...rest,
    ...Object.fromEntries(scheduling),
    models: rest.models ?? [],
    ...(tls && {
      tls: {
        cert: await pem(tls.cert),
        key: await pem(tls.key),
        ...(tls.clientCa !== undefined && { clientCa: await pem(tls.clientCa) }),
      },
    }),
  };
}

async function pem(path: string): Promise<string> {
  const found = await readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read the certificate", path);
  });
  if (/-----BEGIN [A-Z ]+-----/.test(found)) return found;
  throw new ConcordError("E_CONFIG", {
    operation: "read the certificate",
    problem: "not in PEM",
    expected: "-----BEGIN CERTIFICATE-----, or a private key",
    path,
  });
}
