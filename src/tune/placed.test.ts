// Workers on a cluster: a small server speaks Ray's protocol, jobs die, the head forgets them; the study counts what its database says.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openDatabase } from "../database/index.ts";
import { readRecipe } from "../recipe/index.ts";
import type { TuneEvent } from "./events.ts";
import type { JobState } from "./jobs.ts";
import { placed } from "./placed.ts";
import { rayJobs } from "./ray-jobs.ts";
import { openStudyStore, type StudyStore } from "./study-store.ts";

const folder = mkdtempSync(join(tmpdir(), "concord-placed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recipe = readRecipe(
  `version: 1
name: placed
data: { file: messages.csv, label: disease }
model: { scratch: {} }
search: { trials: 3, space: { adapt.rank: { integer: [1, 8] } } }
`,
  "recipe.yaml",
);

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let text = "";
  for await (const part of request) text += part;
  return text;
};

/** A cluster: what becomes of the n-th job; undefined forgets it. */
async function cluster(stateOf: (n: number) => Promise<JobState | undefined> | JobState | undefined) {
  const asked: { entrypoint: string; cpus: number }[] = [];
  const stopped: string[] = [];
  const server = createServer(async (request, response) => {
    const answer = (status: number, value: unknown) => response.writeHead(status).end(JSON.stringify(value));
    const [, id, what] = /^\/api\/jobs\/([^/]*)\/?(\w*)$/.exec(request.url ?? "") ?? [];
    if (request.headers["sec-fetch-mode"]) return answer(403, "browsers are refused");
    if (request.method === "POST" && id === "") {
      const { entrypoint, entrypoint_num_cpus: cpus } = JSON.parse(await bodyOf(request));
      asked.push({ entrypoint, cpus });
      return answer(200, { submission_id: `job-${asked.length - 1}` });
    }
    if (what === "stop") {
      stopped.push(id!);
      return answer(200, { stopped: true });
    }
    if (what === "logs") return answer(200, { logs: "starting\nno such file\n" });
    const status = await stateOf(Number(id!.slice(4)));
    return status === undefined ? answer(404, "unknown") : answer(200, { status });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, asked, stopped, close: () => server.close() };
}

const store = async (name: string): Promise<StudyStore> =>
  openStudyStore(
    await openDatabase(join(folder, `${name}.sqlite`), { operation: "open study", lock: 1 }),
    "placed",
    "{}",
  );
/** A worker's trial. */
async function work(trials: StudyStore): Promise<void> {
  const claim = await trials.claim({
    worker: "w",
    leaseMs: 60_000,
    most: 3,
    suggest: (h) => ({ "adapt.rank": h.length + 1 }),
  });
  if (claim) await trials.finish(claim, { state: "finished", costs: [-claim.number], ms: 5 });
}
const contextOf = (trials: StudyStore, events: TuneEvent[], signal = new AbortController().signal) => ({
  recipe,
  search: recipe.search!,
  signal,
  store: trials,
  emit: (event: TuneEvent) => void events.push(event),
});

test("workers are jobs until all trials ended; one that fails and one that is forgotten are started again", async () => {
  const trials = await store("jobs");
  const ray = await cluster(async (n) => {
    if (n === 0) return "FAILED";
    if (n === 1) return undefined;
    await work(trials);
    return "RUNNING";
  });
  const events: TuneEvent[] = [];
  await placed(contextOf(trials, events), {
    jobs: rayJobs(ray.url),
    workers: 2,
    command: ["concord", "tune", "it's $HOME.yaml"],
    everyMs: 5,
  });
  expect(ray.asked).toEqual(Array(4).fill({ entrypoint: `'concord' 'tune' 'it'\\''s $HOME.yaml'`, cpus: 2 }));
  expect(events.map((event) => event.kind === "trial" && [event.number, event.state, event.values])).toEqual([
    [0, "finished", { score: 0 }],
    [1, "finished", { score: 1 }],
    [2, "finished", { score: 2 }],
  ]);
  ray.close();
  await trials.close();
});

test("workers that end because no trial is left end the placement", async () => {
  const trials = await store("idle");
  const ray = await cluster(() => "SUCCEEDED");
  await placed(contextOf(trials, []), { jobs: rayJobs(ray.url), workers: 2, command: ["x"], everyMs: 5 });
  expect(ray.asked).toHaveLength(2);
  ray.close();
  await trials.close();
});

test("jobs that fail again and again stop the study with the last line that they wrote", async () => {
  const trials = await store("failing");
  const ray = await cluster(() => "FAILED");
  const options = { jobs: rayJobs(ray.url), workers: 1, command: ["x"], everyMs: 1, mostFailures: 2 };
  await expect(placed(contextOf(trials, []), options)).rejects.toMatchObject({
    code: "E_SERVER",
    facts: { got: "no such file" },
  });
  ray.close();
  await trials.close();
});

test("a trial that ends between failures makes them count anew", async () => {
  const trials = await store("anew");
  const ray = await cluster(async (n): Promise<JobState> => {
    if (n % 2) await work(trials);
    return "FAILED";
  });
  const options = { jobs: rayJobs(ray.url), workers: 1, command: ["x"], everyMs: 1, mostFailures: 2 };
  await placed(contextOf(trials, []), options);
  expect(ray.asked.length).toBeGreaterThanOrEqual(6);
  ray.close();
  await trials.close();
});

test("a cluster that stays away stops the study, and the jobs that were seen are told to stop", async () => {
  const trials = await store("gone");
  const ray = await cluster(() => "RUNNING");
  let looks = 0;
  const gone = rayJobs("http://127.0.0.1:9");
  const jobs = { ...rayJobs(ray.url), state: (id: string) => (++looks > 2 ? gone : rayJobs(ray.url)).state(id) };
  const options = { jobs, workers: 1, command: ["x"], everyMs: 5, mostAwayMs: 50 };
  await expect(placed(contextOf(trials, []), options)).rejects.toMatchObject({
    code: "E_SERVER",
    facts: { problem: "the cluster does not answer" },
  });
  expect(ray.stopped).toEqual(["job-0"]);
  ray.close();
  await trials.close();
});

test("a worker that ended for lack of trials is not started again when the cluster forgets it", async () => {
  const trials = await store("forgotten");
  const states: (JobState | undefined)[][] = [["SUCCEEDED"], ["RUNNING", "RUNNING", "SUCCEEDED"]]; // by job, then forgotten
  const ray = await cluster((n) => states[n]!.shift());
  await placed(contextOf(trials, []), { jobs: rayJobs(ray.url), workers: 2, command: ["x"], everyMs: 5 });
  expect(ray.asked).toHaveLength(2);
  ray.close();
  await trials.close();
});

test("a cluster that does not answer is asked again; an abort stops its jobs", async () => {
  const trials = await store("away");
  const stop = new AbortController();
  let looks = 0;
  const ray = await cluster(() => {
    if (++looks === 3) stop.abort();
    return "RUNNING";
  });
  const inner = rayJobs(ray.url);
  let calls = 0;
  const gone = rayJobs("http://127.0.0.1:9"); // nothing listens there
  const jobs = {
    ...inner,
    submit: (line: readonly string[], cpus: number) => (++calls < 3 ? gone : inner).submit(line, cpus),
  };
  await placed(contextOf(trials, [], stop.signal), { jobs, workers: 1, command: ["x"], everyMs: 5 });
  expect(calls).toBe(3);
  expect(ray.stopped).toEqual(["job-0"]);
  ray.close();
  await trials.close();
});

test("what is no address, and what is no Ray, is said", async () => {
  expect(() => rayJobs("head:8265")).toThrow(/not the address of a Ray dashboard/);
  const other = createServer((_request, response) => response.end("<html>"));
  await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
  const { port } = other.address() as { port: number };
  await expect(rayJobs(`http://127.0.0.1:${port}`).submit(["x"], 1)).rejects.toMatchObject({
    code: "E_SERVER",
    facts: { problem: /something else than Ray/ },
  });
  other.close();
});
