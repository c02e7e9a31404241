// OpenAPI 3.1 of the routes: made from their own shapes, so that it says what the server checks.
import { z } from "../schema.ts";
import type { ReplyFacts, ServedRoute } from "./route.ts";

type Json = Record<string, unknown>;

const fault = z.object({
  requestId: z.string(),
  error: z.looseObject({
    code: z.string().describe("A code of docs/errors.md."),
    operation: z.string(),
    problem: z.string(),
    expected: z.string().optional(),
    got: z.string().optional(),
    hint: z.string().optional(),
    path: z.string().optional().describe("Place in the request."),
  }),
});

const failures: Readonly<Record<number, string>> = {
  400: "The request does not fit.",
  401: "No key or token, or one that is not valid.",
  403: "The key or token does not allow this.",
  404: "There is no such model or address.",
  413: "The body is too large.",
  415: "The body has a type that is not read here.",
  429: "Too much is asked at the moment, or of this key. See Retry-After.",
  500: "The server failed on this request.",
  503: "The request was not answered in time, or the server is about to stop. See Retry-After.",
};

/**
 * The OpenAPI document of routes.
 * @param version of the server
 * @param secured whether keys or tokens are asked for
 */
export function openApi(routes: readonly ServedRoute[], version: string, secured: boolean): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route, secured) };
  return {
    openapi: "3.1.0",
    info: { title: "Concord", version, description: "Models behind HTTP: verified, batched, explained." },
    paths,
    components: {
      schemas: { Fault: schemaOf(fault, "output") },
      ...(secured && { securitySchemes: { key: { type: "http", scheme: "bearer" } } }),
    },
  };
}

/** Header that every request may have. */
const commonHeaders: readonly Json[] = [
  {
    name: "x-request-id",
    in: "header",
    description:
      "Up to 64 of letters, digits and _.:- come back in the reply and stand in the log. Default, and in place of others, a new one.",
    schema: { type: "string" },
  },
];
const callHeaders: readonly Json[] = [
  {
    name: "x-deadline-ms",
    in: "header",
    description: "Milliseconds after which the answer is worth nothing.",
    schema: { type: "number", minimum: 1, maximum: 600000 },
  },
  {
    name: "x-priority",
    in: "header",
    description: "Requests of higher priority are answered first. Default 0.",
    schema: { type: "number", minimum: 0, maximum: 9 },
  },
  {
    name: "x-routing-key",
    in: "header",
    description: "Requests with the same key are answered by the same version of a model. Default the request's id.",
    schema: { type: "string" },
  },
];

function operation(route: ServedRoute, secured: boolean): Json {
  const { method, path, params, query, body, role, replies } = route;
  const statuses = [
    400,
    ...(secured && role !== "open" ? [401] : []),
    ...((secured && role !== "open") || role === "admin" ? [403] : []),
    ...(params || body ? [404] : []),
    ...(body ? [413, 415] : []),
    ...(role === "open" ? [] : [429]),
    500,
    ...(role === "predict" ? [503] : []),
  ];
  const failing = Object.fromEntries(statuses.map((status) => [status, failure(route, status)]));
  return {
    operationId: operationId(method, path),
    summary: route.summary,
    tags: [route.tag],
    parameters: [
      ...fields(params, "path").filter(({ name }) => path.includes(`{${name}}`)),
      ...fields(query, "query"),
      ...commonHeaders,
      ...(role === "predict" ? callHeaders : []),
    ],
    ...(body && { requestBody: { required: !body.safeParse(undefined).success, content: bodyContent(route) } }),
    responses: {
      ...failing,
      ...Object.fromEntries(Object.entries(replies).map(([status, reply]) => [status, success(reply)])),
    },
    ...(secured && role !== "open" && { security: [{ key: [] }] }),
  };
}

/** `postModelsByName` of POST /models/{name}. */
const operationId = (method: string, path: string): string =>
  method.toLowerCase() +
  path
    .split("/")
    .filter(Boolean)
    .map((part) =>
      part.startsWith("{") ? `By${capital(part.slice(1, -1))}` : part.split(/[^\w]/).map(capital).join(""),
    )
    .join("");
const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

function bodyContent({ body, bytes }: ServedRoute): Json {
  return {
    "application/json": { schema: schemaOf(body!, "input") },
    ...(bytes && { "application/octet-stream": { schema: { type: "string", format: "binary" } } }),
  };
}

const success = ({ description, schema, type = "application/json" }: ReplyFacts): Json => ({
  description,
  content: { [type]: { schema: schema ? schemaOf(schema, "output") : {} } },
});

function failure({ fault: own }: ServedRoute, status: number): Json {
  const schema = own ? { type: "object" } : { $ref: "#/components/schemas/Fault" };
  return { description: failures[status], content: { "application/json": { schema } } };
}

/** Parameters of an object's fields. */
function fields(schema: z.ZodType | undefined, where: "path" | "query"): Json[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description !== undefined && { description }),
    schema: rest,
  }));
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io, unrepresentable: "any" });
  return rest;
}
