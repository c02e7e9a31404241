// The server's own description: OpenAPI, and a page of it.
import type { Language } from "../../../messages/index.ts";
import { z } from "../../schema.ts";
import { referencePage } from "../reference-page.ts";
import { defineRoute, type ServedRoute } from "../route.ts";

/** @param document of all routes, these included: asked for with the first request */
export function referenceRoutes(document: () => Readonly<Record<string, unknown>>): ServedRoute[] {
  const facts = { method: "GET", tag: "reference", role: "open" } as const;
  const pages = new Map<Language, string>();
  const page = (language: Language): string => {
    if (!pages.has(language)) pages.set(language, referencePage(document(), language));
    return pages.get(language)!;
  };
  return [
    defineRoute({
      ...facts,
      path: "/openapi.json",
      summary: "This interface as OpenAPI 3.1.",
      replies: { 200: { description: "The document.", schema: z.looseObject({ openapi: z.string() }) } },
      handle: async () => ({ json: document() }),
    }),
    defineRoute({
      ...facts,
      path: "/docs",
      summary: "This interface as a page.",
      replies: { 200: { description: "The page.", type: "text/html" } },
      handle: async ({ language }) => ({ content: { type: "text/html; charset=utf-8", body: page(language) } }),
    }),
  ];
}
