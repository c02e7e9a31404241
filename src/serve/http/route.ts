// A route as a value: address, who may ask, shapes of what goes in and out, and what it does. The server registers it, OpenAPI describes it.

import { ConcordError } from "../../base/index.ts";
import type { Language } from "../../messages/index.ts";
import type { CallOptions } from "../queue/dispatcher.ts";
import { z } from "../schema.ts";
import type { FaultBody } from "./errors.ts";

/** What a key must allow: `read` facts, `predict`, give `feedback`, `admin`. Routes that are `open` ask for no key. */
export const roles = ["open", "read", "predict", "feedback", "admin"] as const;
export type Role = (typeof roles)[number];

/** A request as a route gets it. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly requestId: string;
  /** By which one client's requests go to one version of a model: `x-routing-key`, default the request's id. */
  readonly routingKey: string;
  readonly language: Language;
  /** Deadline and priority that the client asked for, when the request arrived, and a signal that is aborted when it has left. */
  readonly call: CallOptions;
  /** Name of the key or the token's subject; absent where the server asks for none. */
  readonly client?: string;
}

export interface Reply {
  /** Default 200. */
  readonly status?: number;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it comes. */
  readonly stream?: { readonly type: string; readonly chunks: AsyncIterable<string> };
  /** Sent as it is. */
  readonly content?: { readonly type: string; readonly body: string | Uint8Array };
  readonly headers?: Readonly<Record<string, string>>;
}

/** What OpenAPI says of a reply. */
export interface ReplyFacts {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Default `application/json`. */
  readonly type?: string;
}

interface RouteFacts {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** With parameters in braces, as OpenAPI writes them: `/models/{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly tag: string;
  readonly role: Role;
  /** Replies by status. Errors that every route has are added. */
  readonly replies: Readonly<Record<number, ReplyFacts>>;
  /** The body of an error, where the protocol has its own. @param body as other routes have it */
  fault?(body: FaultBody, status: number): unknown;
}

/** A route with the shapes of its parts. */
export interface RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> extends RouteFacts {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): Promise<Reply>;
  /** Of routes that take a body of bytes too (`application/octet-stream`). */
  handleBytes?(call: Call<z.output<P>, z.output<Q>, Uint8Array>): Promise<Reply>;
}

/** A route whose handler checks what it is given. */
export interface ServedRoute extends RouteFacts {
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Whether a body of bytes is taken too. */
  readonly bytes: boolean;
  handle(call: Call): Promise<Reply>;
}

/**
 * Makes a route.
 * @example
 * const hello = defineRoute({
 *   method: "GET", path: "/hello", summary: "Says hello.", tag: "demo", role: "read",
 *   replies: { 200: { description: "A greeting." } }, handle: async () => ({ json: { hello: "world" } }),
 * });
 */
export const defineRoute = <
  P extends z.ZodType = z.ZodUnknown,
  Q extends z.ZodType = z.ZodUnknown,
  B extends z.ZodType = z.ZodUnknown,
>({
  handle,
  handleBytes,
  ...route
}: RouteDefinition<P, Q, B>): ServedRoute => ({
  ...route,
  bytes: handleBytes !== undefined,
  handle: (call) => {
    const params = checked(route.params, call.params, "path ");
    const query = checked(route.query, call.query, "query");
    if (handleBytes && call.body instanceof Uint8Array) return handleBytes({ ...call, params, query, body: call.body });
    return handle({ ...call, params, query, body: checked(route.body, call.body, "body") });
  },
});

const anything = z.unknown();

/** @throws E_ARGUMENT with the place of the first thing that does not fit */
export function checked<S extends z.ZodType>(schema: S | undefined, value: unknown, where: string): z.output<S> {
  const found = (schema ?? anything).safeParse(value);
  if (found.success) return found.data as z.output<S>;
  const [issue] = found.error.issues;
  const place = issue!.path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  const path = `${where}${place}`;
  const unknown = issue!.code === "unrecognized_keys" ? issue!.keys : undefined;
  throw new ConcordError("E_ARGUMENT", {
    operation: "read request",
    problem: unknown ? "the request has a key that is not known" : "the request does not fit",
    expected: unknown ? "keys of /openapi.json" : issue!.message,
    got: unknown?.join(", ").slice(0, 200),
    path,
  });
}
