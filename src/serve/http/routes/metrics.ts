// Metrics in the text format of Prometheus.
import type { Metrics } from "../../operate/metrics.ts";
import { defineRoute, type ServedRoute } from "../route.ts";

export const metricsRoute = (metrics: Pick<Metrics, "text" | "contentType">): ServedRoute =>
  defineRoute({
    method: "GET",
    path: "/metrics",
    tag: "health",
    role: "read",
    summary: "Metrics for Prometheus.",
    replies: { 200: { description: "The metrics.", type: "text/plain" } },
    handle: async () => ({ content: { type: metrics.contentType, body: await metrics.text() } }),
  });
