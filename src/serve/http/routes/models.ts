// What is served: metadata of each model, and its passport as data and as a page.

import type { ServedModel } from "../../model/served.ts";
import type { Models } from "../../models.ts";
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

export function modelRoutes(models: Models): ServedRoute[] {
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
      summary: "Metadata of one model.",
      params: named,
      replies: { 200: { description: "The metadata.", schema: metadata } },
      handle: async ({ params }) => ({ json: describe(models.get(params.name)) }),
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
