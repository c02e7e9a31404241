// The door to Fastify: registers routes, reads bodies, answers faults, and closes only after accepted requests are answered.
import { randomUUID } from "node:crypto";
import { Server } from "node:net";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import cors from "@fastify/cors";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type Language, languageOf } from "../../messages/index.ts";
import type { Gate } from "../access/gate.ts";
import type { RequestFacts } from "../operate/request-facts.ts";
import { inSpan } from "../operate/traces.ts";
import { type ArrivalClock, arrivalClock } from "./arrival.ts";
import { bodyOf, ownFault } from "./body.ts";
import { type EarlyFacts, tooLate } from "./early.ts";
import { errorBody, refused, retryAfter, statusOf } from "./errors.ts";
import { deadlineIn, priorityIn, requestIdIn, routingKeyIn } from "./headers.ts";
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
  /** Refuses requests for answers before their bodies are read, where they have no chance. Default none is. */
  readonly early?: EarlyOptions;
}

/** What early refusals go by: the shortest queue, and what requests without a deadline of their own get. Times in milliseconds. */
export interface EarlyOptions extends Pick<EarlyFacts, "deadlineMs" | "margin"> {
  readonly waitMs: () => number;
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
  { bodyBytes = 4 * 2 ** 20, requestTimeoutMs = 30_000, tls, cors: origins, onReply, early }: AppOptions = {},
): App {
  const app: FastifyInstance = fastify({
    ...tlsOptions(tls),
    bodyLimit: bodyBytes,
    requestTimeout: requestTimeoutMs,
    http: { headersTimeout: Math.min(requestTimeoutMs, 10_000), connectionsCheckingInterval: 1000 },
    forceCloseConnections: "idle",
    genReqId: ({ headers }) => requestIdIn(headers["x-request-id"]) ?? randomUUID(),
    routerOptions: { maxParamLength: 2 ** 14 }, // longer than a request line: names are checked by their schemas, in our words
    logger: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, async (request: FastifyRequest, body: Buffer) =>
    bodyOf(request.headers, body, (request.routeOptions.config as { takesBytes?: boolean }).takesBytes ?? false),
  );
  if (origins?.length) app.register(cors, { origin: [...origins], maxAge: 600 });
  if (onReply) tellReplies(app, onReply);
  let active = 0;
  const clock = arrivalClock();
  app.decorateRequest("told");
  app.addHook("onRequest", (request, reply, done) => {
    active++;
    reply.raw.once("close", () => active--);
    const { earliest } = clock();
    request.told = { arrived: earliest };
    done();
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    if (state.draining) reply.header("connection", "close");
    reply.header("x-request-id", request.id);
    reply.header("x-content-type-options", "nosniff");
    done(null, payload);
  });
  app.addHttpMethod("QUERY", { overrideExisting: true }); // without a body it needs no type: 405 as of other methods
  app.setErrorHandler((error, request, reply) => sendFault(ownFault(error), request, reply));
  app.setNotFoundHandler((request, reply) => sendFault(strangeAddress(request, routes, reply), request, reply));
  const hopeless = early && ((request: FastifyRequest) => hopelessIn(request, clock(), early));
  for (const route of routes) register(app, route, gate, route.role === "predict" ? hopeless : undefined);
  return {
    listen: (host, port) => app.listen({ host, port, backlog: 4096 }), // who cannot connect learns nothing of the load
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
  /** `performance.now()`. */
  readonly arrived: number;
  client?: string;
  fault?: string;
}
declare module "fastify" {
  interface FastifyRequest {
    told: Told;
  }
}

function tellReplies(app: FastifyInstance, onReply: (facts: RequestFacts) => void): void {
  app.addHook("onResponse", (request, reply, done) => {
    const { arrived, client, fault } = request.told;
    onReply({
      requestId: request.id,
      method: request.method,
      route: (request.routeOptions.config as { path?: string }).path ?? "unknown",
      status: reply.statusCode,
      ms: performance.now() - arrived,
      ...(client !== undefined && { client }),
      ...(fault !== undefined && { fault }),
    });
    done();
  });
}

/** @returns after how many milliseconds a request that has no chance may be tried again */
function hopelessIn({ headers }: FastifyRequest, clock: ArrivalClock, early: EarlyOptions): number | undefined {
  const deadlineMs = deadlineIn(headers) ?? early.deadlineMs;
  const waitMs = priorityIn(headers) ? 0 : early.waitMs(); // who goes first may pass the queue
  return tooLate({ now: performance.now(), clock, deadlineMs, waitMs, margin: early.margin });
}

function register(
  app: FastifyInstance,
  route: ServedRoute,
  gate: Gate,
  hopeless?: (request: FastifyRequest) => number | undefined,
): void {
  app.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ":$1"),
    config: { takesBytes: route.bytes, path: route.path },
    errorHandler: (error, request, reply) => sendFault(ownFault(error), request, reply, route),
    onRequest: async (request, reply) => {
      const wait = hopeless?.(request);
      if (wait !== undefined) return sendFault(busy, request, reply, route, wait / 1000);
      const { headers, ip: from } = request;
      const client = await gate.admit({ role: route.role, headers, from }, Date.now()); // before the body is read
      if (client !== undefined) request.told.client = client;
    },
    handler: async (request, reply) => {
      const { arrived, client } = request.told;
      const left = new AbortController();
      reply.raw.once("close", () => {
        if (!reply.raw.writableFinished) left.abort();
      });
      const [deadlineMs, priority] = [deadlineIn(request.headers), priorityIn(request.headers)];
      const call: Call = {
        params: request.params,
        query: request.query,
        body: request.body,
        headers: request.headers,
        requestId: request.id,
        routingKey: routingKeyIn(request.headers) ?? request.id,
        language: languageIn(request),
        client,
        call: { deadlineMs, priority, arrived, signal: left.signal, requestId: request.id },
      };
      const handled = inSpan(route.method, route.path, request.headers, () => route.handle(call));
      return send(await handled, reply);
    },
  });
}

/** Made once: a refusal must cost little. */
const busy = refused(429, {
  operation: "serve",
  problem: "too much is asked for the request's deadline",
  hint: "try again later",
});

function send({ status = 200, json, stream, content, headers = {} }: Reply, reply: FastifyReply): FastifyReply {
  reply.code(status).headers(headers);
  if (stream) return reply.type(stream.type).header("cache-control", "no-cache").send(Readable.from(stream.chunks));
  if (content) return reply.type(content.type).send(content.body);
  if (json === undefined) return reply.send();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(json));
}

function sendFault(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  route?: Pick<ServedRoute, "fault">,
  retryAfterSeconds?: number,
): FastifyReply {
  const [wait, status] = [retryAfter(error, retryAfterSeconds), statusOf(error)];
  const body = errorBody(error, request.id, languageIn(request));
  if (status >= 500) request.told.fault = String(error).slice(0, 2000);
  return send(
    {
      status,
      json: route?.fault?.(body, status) ?? body,
      headers: wait === undefined ? {} : { "retry-after": String(wait) },
    },
    reply,
  );
}

const languageIn = ({ headers }: FastifyRequest): Language => languageOf(headers["accept-language"]);
