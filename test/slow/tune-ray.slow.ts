// A study on a real Ray cluster (head and two workers) and a real PostgreSQL, while a job and then the head are killed. CONCORD_RAY names the
// program `ray`, else it is that of tools/install-ray.sh; without it the suite is skipped, and said so.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../src/database/index.ts";
import { rayJobs } from "../../src/tune/ray-jobs.ts";
import { freePort, postgres, type StartedProcess, started, until } from "./servers.ts";
import { finishedIn, writeStudy } from "./tune-study.ts";

const installed = resolve("node_modules/.cache/concord/ray/bin/ray");
const ray = process.env.CONCORD_RAY ?? (existsSync(installed) ? installed : undefined);
if (!ray) console.log("a study on Ray is skipped: sh tools/install-ray.sh, or CONCORD_RAY");
const root = mkdtempSync(join(tmpdir(), "concord-tune-ray-"));
const longMs = 800_000;
const source = fileURLToPath(new URL("../..", import.meta.url));
/** By its path: jobs start in folders of their own. */
const loader = pathToFileURL(join(source, "node_modules/tsx/dist/loader.mjs")).href;
let database: Awaited<ReturnType<typeof postgres>>;
let nodes: StartedProcess[] = [];
/** Beginning of the folders of Ray's sessions: short, for sockets lie in them. */
const sessions = `/tmp/concord-ray-${process.pid}`;
const ports = { gcs: 0, dashboard: 0 };

/** A node of the cluster that stays in the foreground. */
const node = (...args: string[]): StartedProcess =>
  started(ray!, ["start", "--block", "--num-cpus=1", "--disable-usage-stats", ...args], { cwd: root });
const head = (name: string) =>
  node("--head", `--port=${ports.gcs}`, `--dashboard-port=${ports.dashboard}`, `--temp-dir=${sessions}-${name}`);
/** Kills every process of this suite's clusters at once: their lines name its folder. */
async function killCluster(): Promise<void> {
  for (const one of nodes) await one.stop("SIGKILL");
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(sessions)) process.kill(Number(pid), "SIGKILL");
    } catch {} // it has ended
}
const isUp = async () => (await rayJobs(`http://127.0.0.1:${ports.dashboard}`).state("none")) === undefined;

beforeAll(async () => {
  if (!ray) return;
  chmodSync(root, 0o755);
  database = await postgres(root);
  do ports.gcs = await freePort();
  while (ports.gcs >= 10_002 && ports.gcs <= 19_999); // Ray's own workers listen there
  ports.dashboard = await freePort();
  nodes = [head("a")];
  await until("the head", isUp, 120_000);
  nodes.push(node(`--address=127.0.0.1:${ports.gcs}`), node(`--address=127.0.0.1:${ports.gcs}`));
}, longMs);
afterAll(async () => {
  if (!ray) return;
  await killCluster();
  await database.stop();
  for (const folder of [root, `${sessions}-a`, `${sessions}-b`]) rmSync(folder, { recursive: true, force: true });
});

test.skipIf(!ray)(
  "trials run as jobs; a killed worker and a killed head lose no trial and count none twice",
  {
    timeout: longMs,
  },
  async () => {
    const home = join(root, "study");
    mkdirSync(home);
    const recipe = writeStudy(home, ["trials: 6"], "epochs: 30");
    const address = `http://127.0.0.1:${ports.dashboard}`;
    const line = [
      "tune",
      recipe,
      "--database",
      database.url,
      "--ray",
      address,
      "--workers",
      "2",
      "--out",
      join(home, "out"),
    ];
    const study = started(process.execPath, ["--import", loader, join(source, "src/cli/main.ts"), ...line, "--json"], {
      cwd: source,
    });
    const sql = await openDatabase(database.url, { operation: "test", lock: 1 });
    const trials = () =>
      sql.all("SELECT number, state, token, worker FROM concord_trials ORDER BY number").catch(() => []);
    const running = async () => (await trials()).find(({ state }) => state === "running");
    await until("a trial on the cluster", async () => (await running()) !== undefined, 200_000);
    process.kill(Number(String((await running())!.worker).split("-")[0]), "SIGKILL"); // a worker, in the middle of its trial
    await until("a finished trial", async () => (await trials()).some(({ state }) => state === "finished"), longMs);
    await killCluster(); // the head and its nodes, with the workers on them
    nodes = [head("b")];
    await until("the new head", isUp, 120_000);
    nodes.push(node(`--address=127.0.0.1:${ports.gcs}`), node(`--address=127.0.0.1:${ports.gcs}`));
    await until("the winner", async () => /"kind":"winner"/.test(study.output()), longMs);
    await study.stop("SIGKILL");
    const ended = await trials();
    expect(ended.map(({ number, state }) => [Number(number), state])).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => [n, "finished"]),
    );
    expect(Math.max(...ended.map(({ token }) => Number(token)))).toBeGreaterThan(1);
    const told = finishedIn(study.output());
    expect(told.sort()).toEqual([0, 1, 2, 3, 4, 5]);
    await sql.close();
  },
);
