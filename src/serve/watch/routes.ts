// Routes of watching: true labels come in, the dashboard and its numbers go out.
import { monitorPage, monitorReports } from "../../watch/index.ts";
import { refused } from "../http/errors.ts";
import { defineRoute, type ServedRoute } from "../http/route.ts";
import { z } from "../schema.ts";
import type { Watcher } from "./watcher.ts";

const feedback = z.strictObject({
  requestId: z
    .string()
    .min(1)
    .max(80)
    .describe("Of the reply; with several inputs `<requestId>:<number>`, counted from 0."),
  truth: z
    .union([z.string().max(1000), z.number(), z.array(z.string().max(1000)).max(1000)])
    .describe("The true label, or labels, or number."),
});

/** Labels as answers are kept: several in their order, with a comma between. */
const truthText = (truth: z.output<typeof feedback>["truth"]): string =>
  Array.isArray(truth) ? [...truth].sort().join(", ") : String(truth);

/** @param refreshSeconds the dashboard loads itself again after this time */
export const watchRoutes = (watch: Watcher, refreshSeconds = 30): ServedRoute[] => [
  defineRoute({
    method: "POST",
    path: "/feedback",
    summary: "Takes the true label of an earlier answer.",
    tag: "watch",
    role: "feedback",
    body: feedback,
    replies: { 200: { description: "Kept.", schema: z.object({ kept: z.literal(true) }) } },
    handle: async ({ body: { requestId, truth } }) => {
      if (await watch.feedback(requestId, truthText(truth))) return { json: { kept: true } };
      throw refused(404, {
        operation: "feedback",
        problem: "there is no answer to such a request",
        expected: "requestId of a reply; with several inputs requestId:0, requestId:1 …",
        got: requestId,
        path: "body.requestId",
      });
    },
  }),
  defineRoute({
    method: "GET",
    path: "/monitor",
    summary: "The dashboard: drift, live scores and alerts.",
    tag: "watch",
    role: "read",
    replies: { 200: { description: "A page of HTML.", type: "text/html" } },
    handle: async ({ language }) => {
      await watch.recorder.flush();
      const page = await monitorPage(await monitorReports(watch.store), language, { refreshSeconds });
      return { content: { type: "text/html; charset=utf-8", body: page } };
    },
  }),
  defineRoute({
    method: "GET",
    path: "/monitor/reports",
    summary: "The numbers of the dashboard.",
    tag: "watch",
    role: "read",
    replies: { 200: { description: "One report a model and version." } },
    handle: async () => {
      await watch.recorder.flush();
      const reports = await monitorReports(watch.store);
      const { kept, dropped } = watch.recorder;
      const shown = reports.map(({ model: { profile: _, ...model }, ...report }) => ({ ...model, ...report }));
      return { json: { kept, dropped, reports: shown } };
    },
  }),
];
