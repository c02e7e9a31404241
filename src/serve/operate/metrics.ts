// Metrics for Prometheus: requests, queues, batches, models, the process. The door to prom-client.
import { AggregatorRegistry, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Models } from "../fleet/models.ts";
import type { Traffic } from "../fleet/traffic.ts";
import type { ModelSource } from "../model/source.ts";
import type { BatchFacts } from "../queue/dispatcher.ts";
import type { RequestFacts } from "./request-facts.ts";

export interface Metrics {
  request(facts: RequestFacts): void;
  batch(model: ModelSource, batch: BatchFacts): void;
  /** In the text format of Prometheus. */
  text(): Promise<string>;
  /** As data, for {@link joinedMetrics}. */
  data(): Promise<unknown>;
  readonly contentType: string;
}

const labelsOf = ({ name, version }: ModelSource) => ({ model: name, version });

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics of several processes, added up, in the text format of Prometheus. */
export const joinedMetrics = (all: readonly unknown[]): Promise<string> =>
  AggregatorRegistry.aggregate(all as object[]).metrics();

/** @param models of the server @param traffic of their versions */
export function serverMetrics(models: () => Models, traffic: Traffic): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const names = ["route", "method", "status"] as const;
  const version = ["model", "version"] as const;
  const requests = new Counter({ name: "concord_requests_total", help: "Requests.", labelNames: names, registers });
  const durations = histogram("concord_request_seconds", "From a request's arrival to its reply.", ["route"]);
  const waits = histogram("concord_queue_seconds", "How long an input waited for its batch.", version);
  const runs = histogram("concord_batch_seconds", "How long the model's thread worked on a batch.", version);
  const rows = histogram("concord_batch_rows", "Inputs of a batch.", version, [1, 2, 4, 8, 16, 32, 64]);
  const tokens = new Counter({
    ...{ name: "concord_batch_tokens_total", help: "Tokens of batches, estimated, padding included." },
    ...{ labelNames: version, registers },
  });
  gauge("concord_queue_length", "Inputs that wait.", (set) => {
    for (const { source, waiting } of models().list()) set(labelsOf(source), waiting);
  });
  gauge("concord_model_restarts", "How often a model's thread was started again.", (set) => {
    for (const { source, host } of models().list()) set(labelsOf(source), host.restarts);
  });
  gauge("concord_model_info", "1 for each model that is served.", (set) => {
    for (const { source, door } of models().list()) set({ ...labelsOf(source), passport: door.state }, 1);
  });
  const counted = (name: string, help: string, count: "answers" | "compared" | "dropped") =>
    gauge(name, help, (set) => {
      for (const { source } of models().list()) set(labelsOf(source), traffic.of(source)[count]);
    });
  counted("concord_version_answers", "Inputs that a version answered for clients since the start.", "answers");
  counted("concord_shadow_compared", "Inputs that a shadow answered too.", "compared");
  counted("concord_shadow_dropped", "Inputs for which a shadow had no time.", "dropped");
  gauge("concord_shadow_agreement", "How often a shadow answers as the version that serves, 0 to 1.", (set) => {
    for (const { source } of models().list()) {
      const { agreement } = traffic.of(source);
      if (agreement) set(labelsOf(source), agreement.value);
    }
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    data: () => registry.getMetricsAsJSON(),
    request({ route, method, status, ms }) {
      requests.inc({ route, method, status: String(status) });
      durations.observe({ route }, ms / 1000);
    },
    batch(source, { rows: count, tokens: size, ms, waited }) {
      const labels = labelsOf(source);
      rows.observe(labels, count);
      tokens.inc(labels, size);
      runs.observe(labels, ms / 1000);
      for (const wait of waited) waits.observe(labels, wait / 1000);
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
