// Metrics for Prometheus: requests, queues, batches, models, the process. The door to prom-client.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { ServedModel } from "../model/served.ts";
import type { ModelSource } from "../model/source.ts";
import type { BatchFacts } from "../queue/dispatcher.ts";
import type { RequestFacts } from "./request-facts.ts";

export interface Metrics {
  request(facts: RequestFacts): void;
  batch(model: ModelSource, batch: BatchFacts): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  readonly contentType: string;
}

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** @param models that are served now */
export function serverMetrics(models: () => readonly ServedModel[]): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const names = ["route", "method", "status"] as const;
  const requests = new Counter({ name: "concord_requests_total", help: "Requests.", labelNames: names, registers });
  const durations = histogram("concord_request_seconds", "From a request's arrival to its reply.", ["route"]);
  const waits = histogram("concord_queue_seconds", "How long an input waited for its batch.", ["model"]);
  const runs = histogram("concord_batch_seconds", "How long the model's thread worked on a batch.", ["model"]);
  const rows = histogram("concord_batch_rows", "Inputs of a batch.", ["model"], [1, 2, 4, 8, 16, 32, 64]);
  const tokens = new Counter({
    ...{ name: "concord_batch_tokens_total", help: "Tokens of batches, estimated, padding included." },
    ...{ labelNames: ["model"] as const, registers },
  });
  gauge("concord_queue_length", "Inputs that wait.", (set) => {
    for (const { source, waiting } of models()) set({ model: source.name }, waiting);
  });
  gauge("concord_model_restarts", "How often a model's thread was started again.", (set) => {
    for (const { source, host } of models()) set({ model: source.name }, host.restarts);
  });
  gauge("concord_model_info", "1 for each model that is served.", (set) => {
    for (const { source, door } of models())
      set({ model: source.name, version: source.version, passport: door.state }, 1);
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request({ route, method, status, ms }) {
      requests.inc({ route, method, status: String(status) });
      durations.observe({ route }, ms / 1000);
    },
    batch({ name: model }, { rows: count, tokens: size, ms, waited }) {
      rows.observe({ model }, count);
      tokens.inc({ model }, size);
      runs.observe({ model }, ms / 1000);
      for (const wait of waited) waits.observe({ model }, wait / 1000);
    },
  };

  function histogram(name: string, help: string, labelNames: readonly string[], buckets = seconds): Histogram {
    return new Histogram({ name, help, labelNames: [...labelNames], buckets, registers });
  }

  function gauge(
    name: string,
    help: string,
    fill: (set: (labels: Record<string, string>, value: number) => void) => void,
  ): void {
    new Gauge({
      ...{ name, help, labelNames: ["model", "version", "passport"], registers },
      collect() {
        this.reset();
        fill((labels, value) => this.set(labels, value));
      },
    });
  }
}
