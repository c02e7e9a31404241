// Bodies of requests: JSON in UTF-8, or bytes where a route takes them. Knows no route and no server.
import { refused } from "./errors.ts";

/** How long the JSON is that stands before binary tensors, in bytes. */
export const binaryHeader = "inference-header-content-length";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * JSON, which is what a body without a type is too; bytes where the route takes them; undefined for no byte.
 * @throws with status 415 for another type, 400 for what is no JSON
 */
export function bodyOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
  takesBytes: boolean,
): unknown {
  if (body.length === 0) return undefined;
  const type = /^[^;\s]*/.exec(String(headers["content-type"] ?? ""))![0].toLowerCase();
  if (takesBytes && (type === "application/octet-stream" || headers[binaryHeader] !== undefined)) return body;
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
export function ownFault(error: unknown): unknown {
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  const operation = "read request";
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE")
    return refused(413, { operation, problem: "the body is too large", hint: "send fewer inputs in one request" });
  if (code?.startsWith("FST_") && statusCode !== undefined && statusCode < 500)
    return refused(statusCode, { operation, problem: "the request cannot be read" });
  return error;
}
