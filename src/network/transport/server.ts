// The coordinator's server: TLS 1.3 with certificates on both sides, for messages, contents in chunks, and enrolment. Members dial in and
// are known by their certificate. Knows no round: what arrives is handed on, what waits is asked for.
import type { X509Certificate } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue } from "../../formats/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { type Blobs, sha256 } from "../blobs.ts";
import { turns } from "../turns.ts";
import { Refusal, readBody, readJson, sendBytes, sendFault, sendJson } from "./answers.ts";
import { type Credentials, fingerprintOf } from "./certificates.ts";
import { type Limits, type OutboxEntry, transportVersion } from "./limits.ts";
import { networkOf, openPool } from "./pool.ts";
import type { Published } from "./published.ts";

/** What the server asks of the study. */
export interface Exchange {
  /** The member whose certificate this is, or the reason why it is not taken. */
  memberOf(fingerprint: string): { readonly name: string } | { readonly refused: string };
  /** False while there are no rounds yet, or they are being read again after a restart: who asks is told to ask again. */
  readonly isOpen: boolean;
  /** Messages after a place; waits for one until the signal. What is before the place is known to have arrived. */
  outbox(member: string, after: number, signal: AbortSignal): Promise<readonly OutboxEntry[]>;
  /**
   * Bytes that are wanted beside a message now, said before any of them is read; 0: it is taken without. Default `uploadBytes` at most.
   * @throws ConcordError for a message that is refused
   */
  contentBytes?(member: string, message: unknown): number;
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
  const { credentials, authority, limits, exchange } = options;
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
  server.maxHeadersCount = 50;
  const raw = new Map<string, Socket>(); // by address and port: also those that are not through with TLS yet
  const strangers = openPool(Math.max(1, limits.connections >> 2));
  const members = openPool(Math.max(1, limits.connections - (limits.connections >> 2)));
  server.on("connection", (socket: Socket) => {
    const place = placeOf(socket);
    raw.set(place, socket);
    strangers.add(networkOf(socket.remoteAddress ?? ""), socket);
    socket.on("close", () => {
      if (raw.get(place) === socket) raw.delete(place);
      strangers.remove(socket);
      members.remove(socket);
    });
  });
  server.on("secureConnection", (socket) => {
    const fingerprint = peerOf(socket);
    sockets.set(socket, fingerprint ?? "");
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // a peer that goes is no event
    const below = raw.get(placeOf(socket));
    const known = fingerprint === undefined ? undefined : exchange.memberOf(fingerprint);
    if (!below || !known || "refused" in known) return;
    strangers.remove(below);
    members.add(known.name, below);
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
        for (const socket of raw.values()) socket.destroy();
        server.closeAllConnections();
      }),
  };
}

const placeOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;

/** Fingerprint of a peer's certificate, if the authority vouches for it. */
function peerOf(socket: TLSSocket): string | undefined {
  const { raw } = (socket.getPeerX509Certificate() ?? {}) as Partial<X509Certificate>;
  return socket.authorized && raw ? fingerprintOf(raw) : undefined;
}

class Requests {
  readonly #options: ServerOptions;
  readonly #open = new Map<string, number>();
  readonly #closing = new AbortController();
  /** Of one member, what comes with a body is answered one after the other. */
  readonly #inTurn = turns();
  /** Of all members together, one content is in memory at once. */
  readonly #joining = turns();

  constructor(options: ServerOptions) {
    this.#options = options;
  }

  close(): void {
    this.#closing.abort();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const who = this.#who(request);
      if ("refused" in who) response.setHeader("connection", "close"); // a stranger keeps none
      const url = new URL(request.url ?? "/", "https://coordinator");
      checkVersion(request);
      if (request.method === "POST" && url.pathname === "/v1/enrol") return await this.#enrol(request, response);
      if ("refused" in who) throw new Refusal(403, who.refused, "E_SIGNATURE");
      const member = who.name;
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

  #who(request: IncomingMessage): ReturnType<Exchange["memberOf"]> {
    const fingerprint = peerOf(request.socket as TLSSocket);
    return fingerprint === undefined
      ? { refused: "no certificate of this study" }
      : this.#options.exchange.memberOf(fingerprint);
  }

  async #route(member: string, url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, , what, hash, index] = url.pathname.split("/");
    const route = `${request.method} ${what}`;
    if (route === "GET outbox") return await this.#outbox(member, url, response);
    if (!this.#options.exchange.isOpen) throw new Refusal(503, "rounds are not open yet");
    if (request.method === "POST")
      return await this.#inTurn(member, () => this.#posted(what, member, request, response));
    if (route === "PUT chunks") return await this.#chunk(member, hash ?? "", request, response);
    if (route === "GET contents") return await this.#content(member, hash ?? "", index, response);
    throw noSuch(url.pathname);
  }

  async #posted(
    what: string | undefined,
    member: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (what === "messages") return await this.#message(member, request, response);
    if (what === "transcript") return await this.#transcript(member, request, response);
    if (what === "chunks") return await this.#missing(member, request, response);
    throw noSuch(`/v1/${what}`);
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
    const { message, chunks } = body;
    const most = chunks === undefined ? 0 : (exchange.contentBytes?.(member, message) ?? exchange.uploadBytes);
    if (most > 0)
      return await this.#take(member, { chunks, most }, response, (w) => exchange.deliver(member, message, w));
    try {
      await exchange.deliver(member, message, undefined);
    } finally {
      if (chunks !== undefined) await (await exchange.uploads(member)).keep(new Set()); // they came too late, or twice
    }
    sendJson(response, 200, { taken: true });
  }

  async #transcript(member: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { exchange, limits } = this.#options;
    const { chunks } = recordOf(await readJson(request, limits));
    const content = { chunks, most: limits.transcriptBytes };
    await this.#take(member, content, response, (whole) => exchange.transcript(member, whole));
  }

  /** What a member's chunks make, given on; or which of them have not come. Its size is known before any of it is read. */
  async #take(
    member: string,
    { chunks, most }: { readonly chunks: unknown; readonly most: number },
    response: ServerResponse,
    give: (whole: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const hashes = hashList(chunks, this.#chunksOf(most));
    const uploads = await this.#options.exchange.uploads(member);
    const sizes = await Promise.all(hashes.map((hash) => uploads.bytesOf(hash)));
    const missing = new Set(hashes.filter((_, i) => sizes[i] === undefined));
    if (missing.size) return sendJson(response, 409, { missing: [...missing] });
    try {
      const bytes = sizes.reduce<number>((sum, size) => sum + size!, 0);
      if (bytes > most) throw tooMuch();
      await this.#joining("all", async () => give(await joined(uploads, hashes, bytes)));
    } finally {
      await uploads.keep(new Set()); // taken or refused: nobody needs the pieces
    }
    sendJson(response, 200, { taken: true });
  }

  #chunksOf(bytes: number): number {
    return Math.ceil(bytes / this.#options.limits.chunkBytes);
  }

  async #missing(member: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { exchange, limits } = this.#options;
    const { chunks } = recordOf(await readJson(request, limits));
    const hashes = new Set(hashList(chunks, this.#chunksOf(exchange.uploadBytes)));
    const uploads = await exchange.uploads(member);
    const missing: string[] = [];
    for (const hash of hashes) if (!(await uploads.has(hash))) missing.push(hash);
    sendJson(response, 200, { missing });
  }

  async #chunk(member: string, hash: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { exchange, limits } = this.#options;
    const body = await readBody(request, limits.chunkBytes, limits);
    if (sha256(body) !== hash)
      throw new Refusal(400, "the chunk is not what its name says", "E_CHECKSUM", sha256(body));
    await this.#inTurn(member, async () => {
      const uploads = await exchange.uploads(member);
      const { bytes, files } = await uploads.size();
      const isFull = bytes + body.length > exchange.uploadBytes || files >= this.#chunksOf(exchange.uploadBytes);
      if (isFull && !(await uploads.has(hash))) {
        await uploads.keep(new Set()); // pieces of something that was never sent whole
        throw tooMuch();
      }
      await uploads.put(body);
    });
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
    const body = await readJson(request, { ...limits, jsonBytes: 2 ** 15 });
    if (!isJsonRecord(body)) throw new Refusal(400, "no enrolment", "E_FORMAT");
    sendJson(response, 200, await exchange.enrol(body));
  }
}

const noSuch = (path: string) => new Refusal(404, "no such request", "E_SERVER", path.slice(0, 100));
const tooMuch = () => new Refusal(413, "more chunks than a message of this study has");
const recordOf = (value: JsonValue): JsonRecord => (isJsonRecord(value) ? value : {});

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

/** @param most entries, of chunks that are all full but the last */
function hashList(value: unknown, most: number): string[] {
  if (!Array.isArray(value) || !value.every((v) => typeof v === "string" && /^[0-9a-f]{64}$/.test(v)))
    throw new Refusal(400, "no list of hashes", "E_FORMAT");
  if (value.length > most) throw tooMuch();
  return value;
}

/** A content of its chunks, one in memory beside it at a time. */
async function joined(uploads: Blobs, hashes: readonly string[], bytes: number): Promise<Uint8Array> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const hash of hashes) {
    const part = await uploads.get(hash);
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
