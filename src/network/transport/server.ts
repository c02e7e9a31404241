// The coordinator's server: TLS 1.3 with certificates on both sides, for messages, contents in chunks, and enrolment. Members dial in and
// are known by their certificate. Knows no round: what arrives is handed on, what waits is asked for.
import type { X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord } from "../../formats/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { type Blobs, sha256 } from "../blobs.ts";
import { Refusal, readBody, readJson, sendBytes, sendFault, sendJson } from "./answers.ts";
import { type Credentials, fingerprintOf } from "./certificates.ts";
import { type Limits, type OutboxEntry, transportVersion } from "./limits.ts";
import type { Published } from "./published.ts";

/** What the server asks of the study. */
export interface Exchange {
  /** The member whose certificate this is, or the reason why it is not taken. */
  memberOf(fingerprint: string): { readonly name: string } | { readonly refused: string };
  /** False while there are no rounds yet, or they are being read again after a restart: who asks is told to ask again. */
  readonly isOpen: boolean;
  /** Messages after a place; waits for one until the signal. What is before the place is known to have arrived. */
  outbox(member: string, after: number, signal: AbortSignal): Promise<readonly OutboxEntry[]>;
  /** Takes a message: on disk when this returns. @throws ConcordError for one that is refused */
  deliver(member: string, message: unknown, payload: Uint8Array | undefined): Promise<void>;
  /** Takes a member's transcript. @throws ConcordError for one that does not hold */
  transcript(member: string, bytes: Uint8Array): Promise<void>;
  content(member: string, hash: string): Published | undefined;
  /** Chunks that a member has sent; its own only. */
  uploads(member: string): Promise<Blobs>;
  /** Most bytes of chunks that a member may leave here. */
  readonly uploadBytes: number;
  /** Takes a stranger in. @throws ConcordError */
  enrol(request: JsonRecord): Promise<unknown>;
}

export interface RoundServer {
  readonly port: number;
  /** Ends the connections of a certificate that is not taken any more. */
  drop(fingerprint: string): void;
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly credentials: Credentials;
  /** Certificate of the study's authority, PEM. */
  readonly authority: string;
  readonly host: string;
  /** 0 chooses a free one. */
  readonly port: number;
  readonly limits: Limits;
  readonly exchange: Exchange;
  /** Told of requests that failed by a fault on this side. */
  readonly onFault?: (fault: unknown) => void;
}

/** @throws E_IO when the port cannot be had @example const server = await openServer({ …, port: 0 }); */
export async function openServer(options: ServerOptions): Promise<RoundServer> {
  const { credentials, authority, limits } = options;
  const sockets = new Map<TLSSocket, string>();
  const requests = new Requests(options);
  const server: Server = createServer(
    {
      cert: `${credentials.certificate}\n${authority}`,
      key: credentials.key,
      ca: authority,
      minVersion: "TLSv1.3",
      requestCert: true,
      rejectUnauthorized: false, // strangers may only enrol: every request asks who is there
      handshakeTimeout: limits.headMs,
      connectionsCheckingInterval: Math.min(1000, limits.headMs),
    },
    (request, response) => void requests.answer(request, response),
  );
  server.headersTimeout = limits.headMs;
  server.requestTimeout = 0; // bodies have their own watch
  server.keepAliveTimeout = 60_000;
  server.maxConnections = limits.connections;
  server.maxHeadersCount = 50;
  server.on("secureConnection", (socket) => {
    sockets.set(socket, peerOf(socket) ?? "");
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // a peer that goes is no event
  });
  const raw = new Set<Socket>(); // also those that are not through with TLS yet
  server.on("connection", (socket: Socket) => {
    raw.add(socket);
    socket.on("close", () => raw.delete(socket));
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(ioError(cause, "open server", `${options.host}:${options.port}`)));
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    drop: (fingerprint) => {
      for (const [socket, of] of sockets) if (of === fingerprint) socket.destroy();
    },
    close: () =>
      new Promise((resolve) => {
        requests.close();
        server.close(() => resolve());
        for (const socket of raw) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

/** Fingerprint of a peer's certificate, if the authority vouches for it. */
function peerOf(socket: TLSSocket): string | undefined {
  const { raw } = (socket.getPeerX509Certificate() ?? {}) as Partial<X509Certificate>;
  return socket.authorized && raw ? fingerprintOf(raw) : undefined;
}

class Requests {
  readonly #options: ServerOptions;
  readonly #open = new Map<string, number>();
  readonly #closing = new AbortController();
  #enrolments: number[] = [];

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  close(): void {
    this.#closing.abort();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = new URL(request.url ?? "/", "https://coordinator");
      checkVersion(request);
      if (request.method === "POST" && url.pathname === "/v1/enrol") return await this.#enrol(request, response);
      const member = this.#member(request);
      const busy = this.#open.get(member) ?? 0;
      if (busy >= this.#options.limits.requests) throw new Refusal(429, "too many requests at once");
      this.#open.set(member, busy + 1);
      try {
        await this.#route(member, url, request, response);
      } finally {
        this.#open.set(member, this.#open.get(member)! - 1);
      }
    } catch (fault) {
      if (sendFault(response, fault) === 500) this.#options.onFault?.(fault);
    }
  }

  #member(request: IncomingMessage): string {
    const fingerprint = peerOf(request.socket as TLSSocket);
    if (!fingerprint) throw new Refusal(403, "no certificate of this study", "E_SIGNATURE");
    const known = this.#options.exchange.memberOf(fingerprint);
    if ("refused" in known) throw new Refusal(403, known.refused, "E_SIGNATURE");
    return known.name;
  }

  async #route(member: string, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , what, hash, index] = url.pathname.split("/");
    const route = `${request.method} ${what}`;
    if (route === "GET outbox") return await this.#outbox(member, url, response);
    if (!this.#options.exchange.isOpen) throw new Refusal(503, "rounds are not open yet");
    if (route === "POST messages") return await this.#message(member, request, response);
    if (route === "POST transcript") return await this.#transcript(member, request, response);
    if (route === "POST chunks") return await this.#missing(member, request, response);
    if (route === "PUT chunks") return await this.#chunk(member, hash ?? "", request, response);
    if (route === "GET contents") return await this.#content(member, hash ?? "", index, response);
    throw new Refusal(404, "no such request", "E_SERVER", url.pathname.slice(0, 100));
  }

  async #outbox(member: string, url: URL, response: ServerResponse): Promise<void> {
    const { exchange, limits } = this.#options;
    const asked = (name: string) => Math.max(0, Math.floor(Number(url.searchParams.get(name)) || 0));
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const wait = AbortSignal.timeout(Math.min(asked("wait"), limits.pollMs));
    const signal = AbortSignal.any([gone.signal, wait, this.#closing.signal]);
    sendJson(response, 200, { entries: await exchange.outbox(member, asked("after"), signal) });
  }

  async #message(member: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { exchange, limits } = this.#options;
    const body = await readJson(request, limits);
    if (!isJsonRecord(body) || !isJsonRecord(body.message)) throw new Refusal(400, "no message", "E_FORMAT");
    if (body.message.from !== member)
      throw new Refusal(403, "the message is of somebody else than the certificate", "E_SIGNATURE");
    const { message } = body;
    if (body.chunks === undefined) {
      await exchange.deliver(member, message, undefined);
      return sendJson(response, 200, { taken: true });
    }
    const hashes = hashList(body.chunks);
    await this.#take(member, hashes, response, (payload) => exchange.deliver(member, message, payload));
  }

  async #transcript(member: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { exchange, limits } = this.#options;
    const body = await readJson(request, limits);
    const hashes = hashList(isJsonRecord(body) ? body.chunks : undefined);
    if (hashes.length > Math.ceil(limits.transcriptBytes / limits.chunkBytes))
      throw new Refusal(413, "the transcript is too large");
    await this.#take(member, hashes, response, (bytes) => exchange.transcript(member, bytes));
  }

  /** What a member's chunks make, given on; or which of them have not come. */
  async #take(
    member: string,
    hashes: readonly string[],
    response: ServerResponse,
    give: (whole: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const uploads = await this.#options.exchange.uploads(member);
    const missing = await missingOf(uploads, hashes);
    if (missing.length) return sendJson(response, 409, { missing });
    const parts: Uint8Array[] = [];
    for (const hash of hashes) parts.push(await uploads.get(hash));
    try {
      await give(new Uint8Array(Buffer.concat(parts)));
    } finally {
      await uploads.keep(new Set()); // taken or refused: nobody needs the pieces
    }
    sendJson(response, 200, { taken: true });
  }

  async #missing(member: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request, this.#options.limits);
    const hashes = hashList(isJsonRecord(body) ? body.chunks : undefined);
    sendJson(response, 200, { missing: await missingOf(await this.#options.exchange.uploads(member), hashes) });
  }

  async #chunk(member: string, hash: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { exchange, limits } = this.#options;
    const uploads = await exchange.uploads(member);
    const { bytes } = await uploads.size();
    if (bytes >= exchange.uploadBytes) {
      await uploads.keep(new Set()); // pieces of something that was never sent whole
      throw new Refusal(413, "more chunks than a message of this study has");
    }
    const body = await readBody(request, limits.chunkBytes, limits);
    if (sha256(body) !== hash)
      throw new Refusal(400, "the chunk is not what its name says", "E_CHECKSUM", sha256(body));
    await uploads.put(body);
    sendJson(response, 200, { taken: true });
  }

  async #content(member: string, hash: string, index: string | undefined, response: ServerResponse): Promise<void> {
    const found = this.#options.exchange.content(member, hash);
    if (!found) throw new Refusal(404, "no content with this hash is for this member", "E_SERVER", hash.slice(0, 64));
    if (index === undefined) return sendJson(response, 200, found.manifest);
    const at = Number(index);
    if (!Number.isInteger(at) || at < 0 || at >= found.manifest.chunks.length) throw new Refusal(404, "no such chunk");
    sendBytes(response, await found.chunk(at));
  }

  async #enrol(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { limits, exchange } = this.#options;
    const now = performance.now();
    this.#enrolments = this.#enrolments.filter((at) => now - at < 60_000);
    if (this.#enrolments.length >= limits.enrolments) throw new Refusal(429, "too many attempts to enrol");
    this.#enrolments.push(now);
    const body = await readJson(request, { ...limits, jsonBytes: 2 ** 15 });
    if (!isJsonRecord(body)) throw new Refusal(400, "no enrolment", "E_FORMAT");
    sendJson(response, 200, await exchange.enrol(body));
  }
}

function checkVersion(request: IncomingMessage): void {
  const version = Number(request.headers["concord-protocol"]);
  if (version === transportVersion) return;
  throw new ConcordError("E_VERSION", {
    operation: "answer request",
    problem: version > transportVersion ? "the participant speaks a newer protocol" : "no request of this protocol",
    expected: `version ${transportVersion}`,
    got: String(request.headers["concord-protocol"] ?? "none").slice(0, 20),
    hint: "install the same version of Concord for all parties",
  });
}

function hashList(value: unknown): string[] {
  if (
    Array.isArray(value) &&
    value.length <= 2 ** 15 &&
    value.every((v) => typeof v === "string" && /^[0-9a-f]{64}$/.test(v))
  )
    return value;
  throw new Refusal(400, "no list of hashes", "E_FORMAT");
}

async function missingOf(uploads: Blobs, hashes: readonly string[]): Promise<string[]> {
  const missing: string[] = [];
  for (const hash of new Set(hashes)) if (!(await uploads.has(hash))) missing.push(hash);
  return missing;
}
