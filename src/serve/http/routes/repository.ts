// The model repository extension of the Open Inference Protocol: which models there are, loading them anew and unloading them. Only folders that
// the configuration names are read: a request names models, never paths.
import type { Models } from "../../fleet/models.ts";
import { z } from "../../schema.ts";
import { type FaultBody, sentenceOf } from "../errors.ts";
import { defineRoute, type ServedRoute } from "../route.ts";

const text = z.string();
const params = z.object({ name: text.max(64) });
const fault = (body: FaultBody) => ({ error: sentenceOf(body) });

/** A row of the index, as REST and gRPC have it. */
export const repositoryIndex = (models: Models, ready = false) =>
  models
    .states()
    .filter(({ state }) => !ready || state === "READY")
    .map(({ name, version = "", state, reason = "" }) => ({ name, version, state, reason }));

export const repositoryRoutes = (models: Models): ServedRoute[] => {
  const facts = { method: "POST", tag: "v2", fault } as const;
  const empty = { 200: { description: "Done.", schema: z.object({}) } };
  return [
    defineRoute({
      ...facts,
      path: "/v2/repository/index",
      role: "read",
      summary: "All models and versions, ready or not.",
      body: z.strictObject({ ready: z.boolean().optional().describe("Only those that are ready.") }).optional(),
      replies: {
        200: {
          description: "The index.",
          schema: z.array(z.object({ name: text, version: text, state: text, reason: text })),
        },
      },
      handle: async ({ body }) => ({ json: repositoryIndex(models, body?.ready) }),
    }),
    defineRoute({
      ...facts,
      path: "/v2/repository/models/{name}/load",
      role: "admin",
      summary:
        "Opens all versions of a model anew. The old ones serve until the new ones answer, and where these do not open.",
      params,
      body: z.strictObject({}).optional(),
      replies: {
        ...empty,
        409: { description: "The model is being loaded." },
        422: {
          description: "A version does not open, or its passport does not hold. What served before still serves.",
        },
      },
      handle: async (call) => {
        await models.load(call.params.name);
        return { json: {} };
      },
    }),
    defineRoute({
      ...facts,
      path: "/v2/repository/models/{name}/unload",
      role: "admin",
      summary: "Stops serving a model. What it was asked before is answered.",
      params,
      body: z
        .strictObject({ parameters: z.strictObject({ unload_dependents: z.boolean().optional() }).optional() })
        .optional(),
      replies: { ...empty, 409: { description: "The model is being loaded." } },
      handle: async (call) => {
        models.unload(call.params.name);
        return { json: {} };
      },
    }),
  ];
};
