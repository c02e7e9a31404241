// The door to Fastify: registers routes, reads bodies, answers faults, and closes only after accepted requests are answered.
import { randomUUID } from "node:crypto";
import { Server } from "node:net";
import { setTimeout } from "node:timers/promises";
import cors from "@fastify/cors";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type Language, languageOf } from "../../messages/index.ts";
import type { Gate } from "../access/gate.ts";
import type { RequestFacts } from "../operate/request-facts.ts";
import { inSpan } from "../operate/traces.ts";
import type { CallOptions } from "../queue/dispatcher.ts";
import { errorBody, refused, retryAfter, statusOf } from "./errors.ts";
import type { Call, Reply, ServedRoute } from "./route.ts";

export interface AppOptions {
  /** Largest body in bytes. Default 4 MiB. */
  readonly bodyBytes?: number;
  /** Longest time for a whole request to arrive, in milliseconds. Default 30 000. */
  readonly requestTimeoutMs?: number;
  /** Certificate and key in PEM; with `clientCa` clients need a certificate of this authority. Default plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly clientCa?: string };
  /** Origins of pages that may ask from a browser: `https://example.org`. Default none. */
  readonly cors?: readonly string[];
  /** Told of each reply, for logs and metrics. */
  readonly onReply?: (facts: RequestFacts) => void;
}

/** Whether the server is about to stop. */
export interface DrainState {
  draining: boolean;
}

/** The server's HTTP side. */
export interface App {
  /** @returns its address: `http://127.0.0.1:8080` @throws what the system says of the address */
  listen(host: string, port: number): Promise<string>;
  /**
   * Stops without losing a request: for `drainMs` new ones are still taken, while `/health/ready` says 503 and connections are not kept; then
   * nobody can connect, and what was accepted is answered.
   */
  stop(drainMs: number): Promise<void>;
}

/** Makes it. @param state told to routes, and set by `stop` */
export function makeApp(
  routes: readonly ServedRoute[],
  state: DrainState,
  gate: Gate,
  { bodyBytes = 4 * 2 ** 20, requestTimeoutMs = 30_000, tls, cors: origins, onReply }: AppOptions = {},
): App {
  const app: FastifyInstance = fastify({
    ...tlsOptions(tls),
    bodyLimit: bodyBytes,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: Math.min(requestTimeoutMs, 10_000), connectionsCheckingInterval: 1000 },
    forceCloseConnections: "idle",
    genReqId: ({ headers }) => requestIdIn(headers["x-request-id"]) ?? randomUUID(),
    routerOptions: { maxParamLength: 256 },
    logger: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (request: FastifyRequest, body: Buffer) =>
    bodyOf(request, body),
  );
  if (origins?.length) app.register(cors, { origin: [...origins], maxAge: 600 });
  if (onReply) tellReplies(app, onReply);
  let active = 0;
  app.addHook("onRequest", async (_, reply) => {
    active++;
    reply.raw.once("close", () => active--);
  });
  app.addHook("onSend", async (request, reply) => {
    if (state.draining) reply.header("connection", "close");
    reply.header("x-request-id", request.id);
    reply.header("x-content-type-options", "nosniff");
  });
  app.addHttpMethod("QUERY"); // without a body it needs no type: 405 as of other methods
  app.setErrorHandler((error, request, reply) => sendFault(ownFault(error), request, reply));
  app.setNotFoundHandler((request, reply) => sendFault(strangeAddress(request, routes, reply), request, reply));
  for (const route of routes) register(app, route, gate);
  return {
    listen: (host, port) => app.listen({ host, port }),
    async stop(drainMs) {
      state.draining = true;
      await setTimeout(drainMs);
      Server.prototype.close.call(app.server); // stops listening; http's own close would also cut connections that wait to be read
      const end = performance.now() + 100;
      while (active > 0 || performance.now() < end) await setTimeout(10);
      await app.close();
    },
  };
}

/** No route has this address, or none with this method: then `Allow` says which there are (RFC 9110, 15.5.6). */
function strangeAddress({ method, url }: FastifyRequest, routes: readonly ServedRoute[], reply: FastifyReply) {
  const path = url.split("?")[0]!;
  const pattern = (of: string) => RegExp(`^${of.replace(/\./g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`);
  const there = routes.filter((route) => pattern(route.path).test(path));
  const got = `${method} ${url.slice(0, 200)}`;
  if (!there.length)
    return refused(404, {
      operation: "serve",
      problem: "there is no such address",
      expected: "an address of /openapi.json",
      got,
    });
  const allowed = there.map((route) => route.method).join(", ");
  reply.header("allow", allowed);
  return refused(405, { operation: "serve", problem: "the address has other methods", expected: allowed, got });
}

/** mTLS where there is an authority of clients. Fastify's types tell servers with and without TLS apart; routes do not. */
function tlsOptions(tls: AppOptions["tls"]): object {
  if (!tls) return {};
  const { cert, key, clientCa: ca } = tls;
  return {
    https: { cert, key, minVersion: "TLSv1.2", ...(ca && { ca, requestCert: true, rejectUnauthorized: true }) },
  };
}

/** What a request has told of itself until its reply. */
interface Told {
  client?: string;
  fault?: string;
}
const told = new WeakMap<FastifyRequest, Told>();

function tellReplies(app: FastifyInstance, onReply: (facts: RequestFacts) => void): void {
  app.addHook("onResponse", async (request, reply) => {
    onReply({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url?.replace(/:(\w+)/g, "{$1}") ?? "unknown",
      status: reply.statusCode,
      ms: reply.elapsedTime,
      ...told.get(request),
    });
  });
}

function register(app: FastifyInstance, route: ServedRoute, gate: Gate): void {
  app.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ":$1"),
    config: { takesBytes: route.bytes },
    errorHandler: (error, request, reply) => sendFault(ownFault(error), request, reply, route),
    onRequest: async (request) => {
      const { headers, ip: from } = request;
      const client = await gate.admit({ role: route.role, headers, from }, Date.now()); // before the body is read
      if (client !== undefined) told.set(request, { client });
    },
    handler: async (request, reply) => {
      const arrived = performance.now() - reply.elapsedTime;
      const left = new AbortController();
      reply.raw.once("close", () => {
        if (!reply.raw.writableFinished) left.abort();
      });
      const call: Call = {
        params: request.params,
        query: request.query,
        body: request.body,
        headers: request.headers,
        requestId: request.id,
        arrived,
        language: languageIn(request),
        client: told.get(request)?.client,
        call: { ...callOf(request), signal: left.signal, requestId: request.id },
      };
      const handled = inSpan(route.method, route.path, request.headers, () => route.handle(call));
      return send(await handled, reply);
    },
  });
}

function send({ status = 200, json, content, headers = {} }: Reply, reply: FastifyReply): FastifyReply {
  reply.code(status).headers(headers);
  if (content) return reply.type(content.type).send(content.body);
  if (json === undefined) return reply.send();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(json));
}

function sendFault(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  route?: Pick<ServedRoute, "fault">,
): FastifyReply {
  const [wait, status] = [retryAfter(error), statusOf(error)];
  const body = errorBody(error, request.id, languageIn(request));
  if (status >= 500) told.set(request, { ...told.get(request), fault: String(error).slice(0, 2000) });
  return send(
    {
      status,
      json: route?.fault?.(body, status) ?? body,
      headers: wait === undefined ? {} : { "retry-after": String(wait) },
    },
    reply,
  );
}

/** `x-deadline-ms` and `x-priority` of a request. @throws E_ARGUMENT for values that are none */
function callOf({ headers }: FastifyRequest): CallOptions {
  const number = (name: string, least: number, most: number): number | undefined => {
    const given = headers[name];
    if (given === undefined) return undefined;
    const value = Number(given);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw refused(400, {
      operation: "read request",
      problem: "the header is out of range",
      expected: `${name}: ${least} … ${most}`,
      got: String(given).slice(0, 40),
    });
  };
  return { deadlineMs: number("x-deadline-ms", 1, 600_000), priority: number("x-priority", 0, 9) };
}

const languageIn = ({ headers }: FastifyRequest): Language => languageOf(headers["accept-language"]);

/** An id that a client gave, where it is one: it is kept and shown. */
export const requestIdIn = (given: unknown): string | undefined =>
  typeof given === "string" && /^[\w.:-]{1,64}$/.test(given) ? given : undefined;

/** How long the JSON is that stands before binary tensors, in bytes. */
export const binaryHeader = "inference-header-content-length";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** JSON, which is what a body without a type is too; bytes where the route takes them. */
function bodyOf(request: FastifyRequest, body: Buffer): unknown {
  const type = /^[^;\s]*/.exec(request.headers["content-type"] ?? "")![0].toLowerCase();
  const { takesBytes } = request.routeOptions.config as { takesBytes?: boolean };
  if (takesBytes && (type === "application/octet-stream" || request.headers[binaryHeader] !== undefined)) return body;
  if (type === "application/json" || type === "") return jsonOf(body);
  throw refused(415, {
    operation: "read request",
    problem: "the type of the body is not read here",
    expected: "content-type: application/json",
    got: type.slice(0, 80),
  });
}

function jsonOf(body: Buffer): unknown {
  const wrong = (problem: string, expected: string) => refused(400, { operation: "read request", problem, expected });
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw wrong("the body is not UTF-8", "JSON in UTF-8");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw wrong("the body is not JSON", "JSON in UTF-8");
  }
}

/** What Fastify itself refuses, in our words. */
function ownFault(error: unknown): unknown {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const operation = "read request";
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return refused(413, { operation, problem: "the body is too large", hint: "send fewer inputs in one request" });
  if (code?.startsWith("FST_") && statusCode !== undefined && statusCode < 500)
    return refused(statusCode, { operation, problem: "the request cannot be read" });
  return error;
}
