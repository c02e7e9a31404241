// Whether the server lives, is ready, and what it serves with which passport.

import type { Models } from "../../fleet/models.ts";
import { z } from "../../schema.ts";
import type { DrainState } from "../app.ts";
import { defineRoute, type ServedRoute } from "../route.ts";

const status = z.object({ status: z.string() });

export function healthRoutes(models: Models, state: DrainState): ServedRoute[] {
  const facts = { method: "GET", tag: "health", role: "open" } as const;
  return [
    defineRoute({
      ...facts,
      path: "/health",
      summary: "State of the server and of its models.",
      replies: { 200: { description: "The state.", schema: healthSchema } },
      handle: async () => {
        const list = models.list().map(({ source, door, host, loaded }) => ({
          name: source.name,
          version: source.version,
          passport: door.state,
          loaded,
          restarts: host.restarts,
        }));
        const unsigned = list.filter(({ passport }) => passport !== "verified").map(({ name }) => name);
        return { json: { status: state.draining ? "stopping" : "ok", models: list, unsigned } };
      },
    }),
    defineRoute({
      ...facts,
      path: "/health/live",
      summary: "Whether the process answers.",
      replies: { 200: { description: "It does.", schema: status } },
      handle: async () => ({ json: { status: "live" } }),
    }),
    defineRoute({
      ...facts,
      path: "/health/ready",
      summary: "Whether requests are accepted.",
      replies: {
        200: { description: "They are.", schema: status },
        503: { description: "The server is about to stop.", schema: status },
      },
      handle: async () =>
        state.draining ? { status: 503, json: { status: "stopping" } } : { json: { status: "ready" } },
    }),
  ];
}

const healthSchema = z.object({
  status: z.enum(["ok", "stopping"]),
  models: z.array(
    z.object({
      name: z.string(),
      version: z.string(),
      passport: z.enum(["verified", "unsigned"]),
      loaded: z.string(),
      restarts: z.number(),
    }),
  ),
  /** Names of models without a valid passport. */
  unsigned: z.array(z.string()),
});
