// A run as requests to an MLflow server (REST API 2.0): experiment by name, run, parameters, metrics in batches, artifacts, end.
// Knows no socket and no password: requests go through `send`.
import { ConcordError } from "../base/index.ts";
import type { TrackedPoint, TrackedRun } from "./events.ts";

export interface MlflowRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Below the server's address, with its query. */
  readonly path: string;
  /** JSON, or the bytes of an artifact. */
  readonly body?: Readonly<Record<string, unknown>> | Uint8Array;
}

/** Sends a request. @returns status and body; it throws when there is no answer at all */
export type Send = (request: MlflowRequest) => Promise<{ readonly status: number; readonly body: string }>;

/** Of one log-batch request (MLflow's REST documentation), and of texts in it. */
const limits = { metrics: 1000, entries: 1000, settings: 100, tags: 100, name: 250, setting: 6000, tag: 5000 } as const;

export interface MlflowOptions {
  /** Made if there is none of this name. */
  readonly experiment: string;
  /** Files to keep with the run, by name. */
  readonly artifacts?: Readonly<Record<string, Uint8Array>>;
}

export interface MlflowResult {
  readonly experimentId: string;
  readonly runId: string;
  readonly metrics: number;
  readonly settings: number;
  /** Names that the server took; empty when it keeps artifacts where only its own clients reach. */
  readonly artifacts: readonly string[];
}

/**
 * Sends a run to an MLflow server.
 * @throws E_SERVER when the server refuses or answers with something else
 * @example await mlflowExport(run, { experiment: "disease" }, send);
 */
export async function mlflowExport(run: TrackedRun, options: MlflowOptions, send: Send): Promise<MlflowResult> {
  const experimentId = await experimentOf(options.experiment, send);
  const tags = { ...run.tags, "mlflow.source.name": "concord" };
  const created = await ask(send, "POST", "runs/create", {
    experiment_id: experimentId,
    run_name: run.name,
    start_time: run.timeMs,
    tags: entries(tags, limits.tag),
  });
  const info = field(field(created, "run", "runs/create"), "info", "runs/create") as Record<string, unknown>;
  const runId = String(field(info, "run_id", "runs/create"));
  const settings = entries(run.settings, limits.setting);
  for (let start = 0; start < settings.length; start += limits.settings)
    await ask(send, "POST", "runs/log-batch", {
      run_id: runId,
      params: settings.slice(start, start + limits.settings),
    });
  const metrics = run.points.filter(({ value }) => Number.isFinite(value)).map((point) => metricOf(point, run.timeMs));
  for (let start = 0; start < metrics.length; start += limits.metrics)
    await ask(send, "POST", "runs/log-batch", { run_id: runId, metrics: metrics.slice(start, start + limits.metrics) });
  const artifacts = await putArtifacts(String(info.artifact_uri ?? ""), options.artifacts ?? {}, send);
  await ask(send, "POST", "runs/update", { run_id: runId, status: "FINISHED", end_time: run.timeMs });
  return { experimentId, runId, metrics: metrics.length, settings: settings.length, artifacts };
}

/** The experiment of a name; made where there is none. */
async function experimentOf(name: string, send: Send): Promise<string> {
  const path = `experiments/get-by-name?experiment_name=${encodeURIComponent(name)}`;
  const found = await ask(send, "GET", path, undefined, [404]);
  if (found) {
    const experiment = field(found, "experiment", path) as Record<string, unknown>;
    if (experiment.lifecycle_stage === "deleted")
      throw new ConcordError("E_SERVER", {
        operation: "export to mlflow",
        problem: "the experiment was deleted there",
        got: name,
        hint: "restore it on the server, or name another with --experiment",
      });
    return String(field(experiment, "experiment_id", path));
  }
  const made = await ask(send, "POST", "experiments/create", { name });
  return String(field(made, "experiment_id", "experiments/create"));
}

/** Names that MLflow takes: letters, digits, `_ - . / :` and blanks. */
const nameOf = (name: string): string => name.replace(/[^\w\-. /:]/g, "_").slice(0, limits.name);

const entries = (record: Readonly<Record<string, string>>, longest: number) =>
  Object.entries(record).map(([key, value]) => ({ key: nameOf(key), value: value.slice(0, longest) }));

const metricOf = ({ tag, step, value }: TrackedPoint, timestamp: number) => ({
  key: nameOf(tag),
  value,
  step,
  timestamp,
});

/** Through the server's artifact proxy, where it has one: `mlflow-artifacts:/<experiment>/<run>/artifacts`. */
async function putArtifacts(
  uri: string,
  artifacts: Readonly<Record<string, Uint8Array>>,
  send: Send,
): Promise<string[]> {
  const root = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri)?.[1];
  if (root === undefined) return [];
  for (const [name, body] of Object.entries(artifacts)) {
    const path = `/api/2.0/mlflow-artifacts/artifacts/${root}/${encodeURIComponent(name)}`;
    const { status, body: answer } = await send({ method: "PUT", path, body });
    if (status !== 200) throw refused(path, status, answer);
  }
  return Object.keys(artifacts);
}

/** @returns the answer's JSON; undefined for a status of `absent` */
async function ask(
  send: Send,
  method: MlflowRequest["method"],
  call: string,
  body: MlflowRequest["body"],
  absent: readonly number[] = [],
): Promise<Record<string, unknown> | undefined> {
  const path = `/api/2.0/mlflow/${call}`;
  const { status, body: answer } = await send({ method, path, body });
  if (absent.includes(status) && /RESOURCE_DOES_NOT_EXIST/.test(answer)) return undefined;
  if (status !== 200) throw refused(path, status, answer);
  try {
    return JSON.parse(answer) as Record<string, unknown>;
  } catch {
    throw strange(path, answer);
  }
}

function field(value: unknown, name: string, path: string): unknown {
  const found = (value as Record<string, unknown> | null | undefined)?.[name];
  if (found === undefined || found === null) throw strange(path, JSON.stringify(value) ?? "nothing");
  return found;
}

const refused = (path: string, status: number, answer: string): ConcordError =>
  new ConcordError("E_SERVER", {
    operation: "export to mlflow",
    problem: status === 401 || status === 403 ? "the server does not let us in" : "the server refused a request",
    expected: "status 200",
    got: `status ${status}: ${answer.replace(/\s+/g, " ").slice(0, 200)}`,
    hint:
      status === 401 || status === 403
        ? "set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD"
        : undefined,
    path: path.split("?")[0],
  });

const strange = (path: string, answer: string): ConcordError =>
  new ConcordError("E_SERVER", {
    operation: "export to mlflow",
    problem: "the answer is not MLflow's",
    got: answer.replace(/\s+/g, " ").slice(0, 200),
    hint: "check the address: it is the server's root, as the browser opens it",
    path: path.split("?")[0],
  });
