// Requests read within limits, and answers written. Knows no path and no member.
import type { IncomingMessage, ServerResponse } from "node:http";
import { ConcordError, type ErrorCode, isConcordError } from "../../base/index.ts";
import { type JsonValue, parseJson } from "../../formats/index.ts";
import type { Limits } from "./limits.ts";

/** A refusal with its HTTP status. */
export class Refusal {
  readonly status: number;
  readonly error: ConcordError;
  constructor(status: number, problem: string, code: ErrorCode = "E_SERVER", got?: string) {
    this.status = status;
    this.error = new ConcordError(code, { operation: "answer request", problem, got });
  }
}

/** The whole body. @throws Refusal 413 beyond `most`, 408 where it comes too slowly or stops */
export function readBody(request: IncomingMessage, most: number, { idleMs, slowest }: Limits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const given = Number(request.headers["content-length"] ?? 0);
    if (request.destroyed) return reject(new Refusal(400, "the body was cut off"));
    if (given > most) return reject(new Refusal(413, "the body is too large", "E_SERVER", `${given} bytes`));
    const parts: Buffer[] = [];
    let bytes = 0;
    let before = 0;
    const started = performance.now();
    const fail = (refusal: Refusal) => {
      clearInterval(watch);
      request.pause();
      reject(refusal);
    };
    const watch = setInterval(() => {
      const seconds = (performance.now() - started) / 1000;
      if (bytes === before || bytes < slowest * (seconds - idleMs / 1000))
        fail(new Refusal(408, "the body comes too slowly"));
      before = bytes;
    }, idleMs);
    request.on("data", (part: Buffer) => {
      bytes += part.length;
      if (bytes > most) fail(new Refusal(413, "the body is too large"));
      else parts.push(part);
    });
    request.on("end", () => {
      clearInterval(watch);
      resolve(Buffer.concat(parts));
    });
    const gone = () => {
      clearInterval(watch);
      reject(new Refusal(400, "the body was cut off"));
    };
    request.on("error", gone);
    request.on("close", gone); // after `end` it changes nothing
  });
}

/** A body that is JSON. @throws Refusal */
export async function readJson(request: IncomingMessage, limits: Limits): Promise<JsonValue> {
  const body = await readBody(request, limits.jsonBytes, limits);
  try {
    return parseJson(body, "request", { maxBytes: limits.jsonBytes });
  } catch (error) {
    throw new Refusal(400, "the body is no JSON", "E_FORMAT", (error as ConcordError).facts?.problem);
  }
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { "content-type": "application/json", "content-length": body.length });
  response.end(body);
}

export function sendBytes(response: ServerResponse, bytes: Uint8Array): void {
  if (response.destroyed) return;
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
  response.end(bytes);
}

/** What a refused or failed request is answered; a fault of ours is not shown to strangers. @returns the status */
export function sendFault(response: ServerResponse, fault: unknown): number {
  const status = fault instanceof Refusal ? fault.status : isConcordError(fault) ? statusOf(fault.code) : 500;
  const error = fault instanceof Refusal ? fault.error : isConcordError(fault) ? fault : undefined;
  const { path: _path, ...facts } = error?.toJSON() ?? {
    code: "E_SERVER",
    operation: "answer request",
    problem: "the coordinator failed",
    path: undefined,
  };
  if (status === 413 || status === 408) response.setHeader("connection", "close");
  sendJson(response, status, { error: facts });
  return status;
}

const statusOf = (code: ErrorCode): number => (code === "E_VERSION" ? 426 : code === "E_IO" ? 500 : 422);
