// Jobs on a Ray cluster through its REST API. Node's fetch is refused there for its Sec-Fetch headers, so requests are plain http. Knows no study.
import { request as overHttp } from "node:http";
import { request as overHttps } from "node:https";
import { ConcordError } from "../base/index.ts";
import { type JobState, type Jobs, shellLine } from "./jobs.ts";

const longestMs = 15_000;

/**
 * The jobs of a cluster.
 * @param address of its dashboard, such as `http://head:8265`
 * @throws E_ARGUMENT for what is no address
 * @example const id = await rayJobs("http://127.0.0.1:8265").submit(["node", "worker.js"], 2);
 */
export function rayJobs(address: string): Jobs {
  const base = addressOf(address);
  const ask = async (method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> => {
    const found = await sent(new URL(path, base), method, body);
    if (found.status < 400 || found.status === 404) return found;
    throw fault("the cluster refused the request", base, `${found.status} ${found.text.slice(0, 200)}`);
  };
  return {
    cluster: "Ray",
    async submit(command, cpus) {
      const { text } = await ask("POST", "/api/jobs/", { entrypoint: shellLine(command), entrypoint_num_cpus: cpus });
      const { submission_id: id } = parsed(text, base) as { submission_id?: unknown };
      if (typeof id === "string") return id;
      throw fault("the cluster gave the job no id", base, text.slice(0, 200));
    },
    async state(id) {
      const { status, text } = await ask("GET", `/api/jobs/${encodeURIComponent(id)}`);
      return status === 404 ? undefined : (parsed(text, base) as { status: JobState }).status;
    },
    async logs(id) {
      const { status, text } = await ask("GET", `/api/jobs/${encodeURIComponent(id)}/logs`);
      return status === 404 ? "" : String((parsed(text, base) as { logs?: unknown }).logs ?? "");
    },
    async stop(id) {
      await ask("POST", `/api/jobs/${encodeURIComponent(id)}/stop`);
    },
  };
}

function sent(url: URL, method: string, body?: unknown): Promise<{ status: number; text: string }> {
  const request = url.protocol === "https:" ? overHttps : overHttp;
  const data = body === undefined ? undefined : JSON.stringify(body);
  const headers =
    data === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(data) };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers, timeout: longestMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        text += part;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", (cause) => reject(away(url, cause)));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer in time")));
    asked.on("error", (cause) => reject(away(url, cause)));
    asked.end(data);
  });
}

function addressOf(address: string): URL {
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return new URL(address);
  throw new ConcordError("E_ARGUMENT", {
    operation: "--ray",
    problem: "not the address of a Ray dashboard",
    expected: "http://head:8265",
    got: address,
    path: "--ray",
  });
}

function parsed(text: string, base: URL): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw fault("the answer is not JSON: something else than Ray listens there", base, text.slice(0, 80));
  }
}

const fault = (problem: string, { origin }: URL, got?: string, cause?: unknown): ConcordError =>
  new ConcordError("E_SERVER", { operation: "Ray", problem, got, path: origin, cause });
const away = (url: URL, cause: Error): ConcordError => fault("the cluster does not answer", url, cause.message, cause);
