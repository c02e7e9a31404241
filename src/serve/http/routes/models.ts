// What is served: metadata of each model, and its passport as data and as a page.

import type { Models } from "../../fleet/models.ts";
import type { ServedModel } from "../../model/served.ts";
import { z } from "../../schema.ts";
import { refused } from "../errors.ts";
import { defineRoute, type ServedRoute } from "../route.ts";

/** Metadata of a model. */
export const describe = ({ source, facts, door, loaded }: ServedModel) => ({
  name: source.name,
  version: source.version,
  loaded,
  compressed: source.compressed,
  passport: door,
  ...facts,
});

const metadata = z.looseObject({
  name: z.string(),
  version: z.string(),
  loaded: z.string(),
  compressed: z.boolean(),
  passport: z.looseObject({ state: z.enum(["verified", "unsigned"]) }),
  architecture: z.string(),
  task: z.string(),
  answers: z.enum(["label", "labels", "value", "entities"]),
  labels: z.array(z.string()),
  reads: z.string(),
  explains: z.boolean(),
});

const named = z.object({ name: z.string().max(64) });

/** Versions of a model, as the reply has them. */
export type VersionsOf = (name: string) => Promise<readonly z.input<typeof version>[]>;

const share = z.object({ value: z.number(), low: z.number(), high: z.number(), rows: z.number() });
const version = z.object({
  version: z.string(),
  state: z.enum(["READY", "LOADING", "UNAVAILABLE"]),
  reason: z.string().optional(),
  shadow: z.boolean(),
  share: z.number().describe("Of the model's requests, 0 to 1."),
  answers: z.number().describe("Inputs that it answered since the server's start."),
  compared: z.number().describe("Of a shadow: inputs that both answered."),
  dropped: z.number().describe("Of a shadow: inputs for which it had no time."),
  agreement: share.optional().describe("Of a shadow: how often it answers as the version that serves; 95 % interval."),
  accuracy: share.optional().describe("By the true labels of /feedback; 95 % interval."),
  difference: share
    .omit({ rows: true })
    .optional()
    .describe("Its accuracy less that of the version with the largest share; 95 % interval."),
});

/** @param versionsOf of a model */
export function modelRoutes(models: Models, versionsOf: VersionsOf): ServedRoute[] {
  const facts = { method: "GET", tag: "models", role: "read" } as const;
  return [
    defineRoute({
      ...facts,
      path: "/models",
      summary: "The models that are served.",
      replies: { 200: { description: "Their metadata.", schema: z.object({ models: z.array(metadata) }) } },
      handle: async () => ({ json: { models: models.list().map(describe) } }),
    }),
    defineRoute({
      ...facts,
      path: "/models/{name}",
      summary: "Metadata of one model, and its versions with their traffic.",
      params: named,
      replies: {
        200: { description: "The metadata.", schema: metadata.extend({ versions: z.array(version) }) },
      },
      handle: async ({ params }) => ({
        json: { ...describe(models.get(params.name)), versions: await versionsOf(params.name) },
      }),
    }),
    defineRoute({
      ...facts,
      path: "/models/{name}/passport",
      summary: "The verified passport: JSON, or a plain page where the client asks for text/html.",
      params: named,
      replies: {
        200: { description: "What the model is and was measured to be, and how it was verified.", schema: passport },
      },
      handle: async ({ params, headers }) => {
        const model = models.get(params.name);
        if (!model.passport || model.door.state !== "verified")
          throw refused(404, {
            operation: "serve",
            problem: "the model has no valid passport",
            got: model.door.state === "unsigned" ? model.door.reason : undefined,
          });
        if (/\btext\/html\b/.test(String(headers.accept ?? "")))
          return { content: { type: "text/html; charset=utf-8", body: model.page!() } };
        return { json: { verified: model.door, passport: model.passport } };
      },
    }),
  ];
}

const passport = z.object({ verified: z.looseObject({}), passport: z.looseObject({}) });
