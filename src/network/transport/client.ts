// A member's connection to its coordinator: it only dials out, checks the study's authority and name, makes requests again with growing
// waits until they are answered, and moves large contents in chunks that are checked and never moved twice. Knows no round.
import type { IncomingMessage } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { ConcordError, type ErrorCode, errorCodes } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue, parseJson } from "../../formats/index.ts";
import { type Blobs, sha256 } from "../blobs.ts";
import { type Credentials, serverName } from "./certificates.ts";
import { cuts, type Limits, type OutboxEntry, transportVersion } from "./limits.ts";

export interface LinkOptions {
  /** `host:port` of the coordinator. */
  readonly address: string;
  /** Certificate of the study's authority, PEM: nobody else is talked to. */
  readonly authority: string;
  /** The member's own; none only to enrol. */
  readonly credentials?: Credentials;
  readonly limits: Limits;
  readonly signal?: AbortSignal;
  /** Told of every request that has to be made again. */
  readonly onRetry?: (problem: string, waitMs: number) => void;
  /** Of the waits' jitter, 0 … 1. */
  readonly jitter?: () => number;
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  /** Longest silence. */
  readonly idleMs?: number;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

/** A request that the coordinator refuses is not made again. */
export interface Link {
  /** Messages after a place; empty when none came in time. @param waitMs default the limits' `pollMs` */
  outbox(after: number, waitMs?: number): Promise<readonly OutboxEntry[]>;
  /** Gives a message, and its content in chunks before it. @throws E_ROUND, E_SIGNATURE, E_VERSION … where it is refused */
  deliver(message: unknown, payload?: Uint8Array): Promise<void>;
  /** Gives the member's transcript, in chunks. @throws E_ROUND, E_SIGNATURE, E_CHECKSUM … where it is refused */
  transcript(bytes: Uint8Array): Promise<void>;
  /** A content by its hash; chunks that `kept` has already are not fetched. @throws E_CHECKSUM */
  fetch(hash: string, kept: Blobs): Promise<Uint8Array>;
  post(path: string, json: unknown): Promise<JsonRecord>;
  close(): void;
}

/** @example const link = openLink({ address, authority, credentials, limits: defaultLimits }); const [first] = await link.outbox(0); */
export function openLink(options: LinkOptions): Link {
  const { limits, signal } = options;
  const dialler = new Dialler(options);
  const ask = async (asked: Asked) => jsonOf(await dialler.ask(asked));
  /** Chunks that the coordinator has not got yet, then what they are of. */
  const give = async (path: string, about: JsonRecord | { message: unknown }, payload: Uint8Array | undefined) => {
    const pieces = payload && cuts(payload.length, limits.chunkBytes).map(([a, b]) => payload.subarray(a, b));
    const chunks = pieces?.map(sha256);
    for (;;) {
      if (chunks) {
        const { missing } = await ask({ method: "POST", path: "/v1/chunks", json: { chunks } });
        for (const [i, piece] of pieces!.entries())
          if ((missing as string[]).includes(chunks[i]!))
            await ask({ method: "PUT", path: `/v1/chunks/${chunks[i]}`, bytes: piece });
      }
      const answer = await dialler.ask({ method: "POST", path, json: { ...about, chunks } });
      if (answer.status !== 409) return void jsonOf(answer); // else it lost a chunk meanwhile
      signal?.throwIfAborted();
    }
  };
  const link: Link = {
    async outbox(after, waitMs = limits.pollMs) {
      const path = `/v1/outbox?after=${after}&wait=${waitMs}`;
      const { entries } = await ask({ method: "GET", path, idleMs: limits.pollMs + limits.idleMs });
      if (!Array.isArray(entries)) throw unusable("no list of messages");
      return entries as unknown as OutboxEntry[];
    },
    deliver: (message, payload) => give("/v1/messages", { message }, payload),
    transcript: (bytes) => give("/v1/transcript", {}, bytes),
    async fetch(hash, kept) {
      const manifest = await ask({ method: "GET", path: `/v1/contents/${hash}` });
      const parts: Uint8Array[] = [];
      const chunks = Array.isArray(manifest.chunks) ? (manifest.chunks as string[]) : [];
      for (const [i, chunk] of chunks.entries()) parts.push(await fetchChunk(dialler, kept, { hash, chunk, index: i }));
      const whole = new Uint8Array(Buffer.concat(parts));
      await Promise.all(chunks.map((chunk) => kept.remove(chunk)));
      if (sha256(whole) === hash) return whole;
      throw unusable("a content is not what its hash says", "E_CHECKSUM");
    },
    post: (path, json) => ask({ method: "POST", path, json }),
    close: () => dialler.close(),
  };
  return link;
}

async function fetchChunk(
  dialler: Dialler,
  kept: Blobs,
  { hash, chunk, index }: { readonly hash: string; readonly chunk: string; readonly index: number },
): Promise<Uint8Array> {
  if (!/^[0-9a-f]{64}$/.test(chunk)) throw unusable("a chunk without a hash");
  if (await kept.has(chunk)) return await kept.get(chunk);
  const { status, body } = await dialler.ask({ method: "GET", path: `/v1/contents/${hash}/${index}` });
  if (status !== 200) jsonOf({ status, body });
  if (sha256(body) !== chunk) throw unusable("a chunk is not what its hash says", "E_CHECKSUM");
  await kept.put(body);
  return body;
}

class Dialler {
  readonly #options: LinkOptions;
  readonly #agent: Agent;

  constructor(options: LinkOptions) {
    const { authority, credentials } = options;
    this.#options = options;
    this.#agent = new Agent({
      keepAlive: true,
      ca: authority,
      cert: credentials?.certificate,
      key: credentials?.key,
      minVersion: "TLSv1.3",
      servername: serverName,
      maxSockets: 4,
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Asks until there is an answer. @throws E_INTERRUPTED after an abort; E_SIGNATURE where it is not the study's coordinator that answers */
  async ask(asked: Asked): Promise<Answer> {
    const { limits, signal, onRetry, jitter = Math.random } = this.#options;
    for (let waitMs = limits.retryMs[0]; ; waitMs = Math.min(2 * waitMs, limits.retryMs[1])) {
      if (signal?.aborted) throw interrupted();
      let problem: string;
      try {
        const answer = await this.#once(asked);
        const again = answer.status >= 500 || answer.status === 429 || answer.status === 408;
        if (!again && !(answer.status === 400 && asked.bytes)) return answer; // a chunk that was garbled on its way is sent again
        problem = `status ${answer.status}`;
      } catch (cause) {
        if (signal?.aborted) throw interrupted();
        const { code, message } = cause as NodeJS.ErrnoException;
        if (isNotTheCoordinator(code))
          throw unusable(`it is not this study's coordinator that answers: ${message}`, "E_SIGNATURE");
        problem = message || String(code);
      }
      const pauseMs = waitMs * (0.5 + jitter() / 2);
      onRetry?.(problem, pauseMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
    }
  }

  #once({ method, path, json, bytes, idleMs = this.#options.limits.idleMs }: Asked): Promise<Answer> {
    const { address, signal, limits } = this.#options;
    const { hostname, port } = new URL(`https://${address}`);
    const body = json === undefined ? bytes : Buffer.from(JSON.stringify(json));
    const headers = { "concord-protocol": transportVersion, "content-length": body?.length ?? 0 };
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        { agent: this.#agent, hostname: hostname.replace(/^\[|\]$/g, ""), port, path, method, headers, signal },
        (response) => readAnswer(response, Math.max(limits.chunkBytes, 2 * limits.jsonBytes)).then(resolve, reject),
      );
      sent.setTimeout(idleMs, () => sent.destroy(new Error(`nothing came for ${idleMs / 1000} s`)));
      sent.on("error", reject);
      sent.end(body);
    });
  }
}

function readAnswer(response: IncomingMessage, most: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    response.on("data", (part: Buffer) => {
      bytes += part.length;
      parts.push(part);
      if (bytes > most) response.destroy(new Error("an answer beyond the limit"));
    });
    response.on("end", () =>
      response.complete ? resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts) }) : cut(),
    );
    const cut = () => reject(new Error("the answer was cut off"));
    response.on("error", reject);
    response.on("close", cut);
  });
}

/** @throws what the coordinator refuses, as the error that it names */
function jsonOf({ status, body }: Answer): JsonRecord {
  let value: JsonValue;
  try {
    value = parseJson(body, "answer", { maxBytes: 2 ** 26 });
  } catch {
    throw unusable("an answer that is no JSON");
  }
  if (!isJsonRecord(value)) throw unusable("an answer that is no object");
  if (status === 200) return value;
  const error = isJsonRecord(value.error) ? value.error : {};
  const text = (name: string) => (typeof error[name] === "string" ? (error[name] as string).slice(0, 500) : undefined);
  const code = text("code") ?? "";
  throw new ConcordError(Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : "E_SERVER", {
    operation: text("operation") ?? "ask the coordinator",
    problem: text("problem") ?? `it answers with status ${status}`,
    expected: text("expected"),
    got: text("got"),
    hint: text("hint"),
  });
}

const unusable = (problem: string, code: ErrorCode = "E_SERVER") =>
  new ConcordError(code, { operation: "ask the coordinator", problem });

export const interrupted = () =>
  new ConcordError("E_INTERRUPTED", {
    operation: "take part in a study",
    problem: "it was stopped; what was done is kept",
    hint: "start it again: it goes on where it was",
  });

/** Faults of the other side's certificate do not go away by asking again; a connection that was garbled does. */
const isNotTheCoordinator = (code: string | undefined): boolean =>
  code !== undefined &&
  [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    "SELF_SIGNED_CERT_IN_CHAIN",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "CERT_HAS_EXPIRED",
    "CERT_NOT_YET_VALID",
    "INVALID_PURPOSE",
    "CERT_SIGNATURE_FAILURE",
  ].includes(code);
