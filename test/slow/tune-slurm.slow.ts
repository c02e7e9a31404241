// A study on a real Slurm and a real PostgreSQL, while a worker and then the controller are killed; and one that is stopped. Slurm's parts are
// started here without systemd (tools/install-servers.sh installs them); where they are not, or without root, the suite is skipped, and said so.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../src/database/index.ts";
import { slurmJobs } from "../../src/tune/slurm-jobs.ts";
import { hasSlurm, postgres, type Slurm, type StartedProcess, slurm, started, until } from "./servers.ts";
import { finishedIn, writeStudy } from "./tune-study.ts";

if (!hasSlurm) console.log("studies on Slurm are skipped: slurmctld or munged is not installed, or this is not root");
const root = mkdtempSync(join(tmpdir(), "concord-tune-slurm-"));
const longMs = 800_000;
const source = fileURLToPath(new URL("../..", import.meta.url));
const loader = pathToFileURL(join(source, "node_modules/tsx/dist/loader.mjs")).href;
let database: Awaited<ReturnType<typeof postgres>>;
let cluster: Slurm;

beforeAll(async () => {
  if (!hasSlurm) return;
  chmodSync(root, 0o755);
  database = await postgres(root);
  cluster = await slurm(join(root, "slurm"), 2);
  process.env.SLURM_CONF = cluster.config;
}, longMs);
afterAll(async () => {
  if (!hasSlurm) return;
  await cluster.stop();
  await database.stop();
  rmSync(root, { recursive: true, force: true });
}, 60_000);

const homeOf = (name: string): string => {
  const home = join(root, name);
  mkdirSync(home);
  return home;
};
const tune = (recipe: string, home: string, ...more: string[]) =>
  started(
    process.execPath,
    // biome-ignore format: one argument after the other
    ["--import", loader, join(source, "src/cli/main.ts"), "tune", recipe, "--database", database.url, "--slurm", "--workers", "2", "--out", join(home, "out"), "--json", ...more],
    { cwd: home },
  );
/** Waits for something of a study, at most until the study ends. */
async function during(study: StartedProcess, what: string, ask: () => Promise<boolean>): Promise<void> {
  await until(what, async () => study.process.exitCode !== null || (await ask()), longMs);
  if (!(await ask())) expect.fail(`${what} did not come: ${study.output()}`);
}
const winnerOf = (study: StartedProcess) =>
  during(study, "the winner", async () => /"kind":"winner"/.test(study.output()));
const queue = () => execFileSync("squeue", ["--noheader", "--format=%i %T"], { encoding: "utf8" }).trim();

test.skipIf(!hasSlurm)(
  "a program gets its arguments as they are, its state is told, and it is stopped by its id",
  async () => {
    const folder = homeOf("100%jobs");
    const jobs = slurmJobs({ folder, options: ["partition=main"] });
    const words = ["it's", "$(id)", '"q"', "a  b", "#SBATCH --hold\n#SBATCH --hold", "", "*"];
    const show = await jobs.submit(
      [process.execPath, "-e", "console.log(JSON.stringify(process.argv.slice(1)))", ...words],
      1,
    );
    await until("its end", async () => (await jobs.state(show)) === "SUCCEEDED");
    expect(JSON.parse(await jobs.logs(show))).toEqual(words);
    const bad = await jobs.submit(["sh", "-c", "echo wrong >&2; exit 3"], 1);
    await until("its failure", async () => (await jobs.state(bad)) === "FAILED");
    expect(await jobs.logs(bad)).toBe("wrong\n");
    const sleeper = await jobs.submit(["sleep", "600"], 1);
    const waiting = await jobs.submit(["sleep", "600"], 2); // of two processors one is taken
    await until("a running job", async () => (await jobs.state(sleeper)) === "RUNNING");
    expect(await jobs.state(waiting)).toBe("PENDING");
    for (const id of [sleeper, waiting, waiting]) await jobs.stop(id);
    await until(
      "the end of both",
      async () => (await jobs.state(sleeper)) === "STOPPED" && (await jobs.state(waiting)) === "STOPPED",
    );
    expect(await jobs.state("99999")).toBeUndefined();
    await jobs.stop("99999");
    await expect(slurmJobs({ folder, options: ["partition=none"] }).submit(["true"], 1)).rejects.toMatchObject({
      code: "E_ARGUMENT",
      facts: { problem: "Slurm refused the job", got: expect.stringMatching(/invalid partition/i) },
    });
  },
  120_000,
);

test.skipIf(!hasSlurm)(
  "trials run as jobs; a killed worker and a killed controller lose no trial and count none twice",
  async () => {
    const home = homeOf("study");
    const recipe = writeStudy(home, ["trials: 6"], "epochs: 30");
    const study = tune(recipe, home, "--set", "name=killed");
    const sql = await openDatabase(database.url, { operation: "test", lock: 1 });
    const trials = () =>
      sql
        .all("SELECT number, state, token, worker FROM concord_trials WHERE study = 'killed' ORDER BY number")
        .catch(() => []);
    const running = async () => (await trials()).find(({ state }) => state === "running");
    await during(study, "a trial on the cluster", async () => (await running()) !== undefined);
    process.kill(Number(String((await running())!.worker).split("-")[0]), "SIGKILL"); // a worker, in the middle of its trial
    await during(study, "a finished trial", async () => (await trials()).some(({ state }) => state === "finished"));
    await cluster.controller.stop();
    await new Promise((done) => setTimeout(done, 5000));
    await cluster.controller.start();
    await winnerOf(study);
    await study.stop("SIGKILL");
    const ended = await trials();
    expect(ended.map(({ number, state }) => [Number(number), state])).toEqual(
      [0, 1, 2, 3, 4, 5].map((n) => [n, "finished"]),
    );
    expect(Math.max(...ended.map(({ token }) => Number(token)))).toBeGreaterThan(1);
    expect(finishedIn(study.output()).sort()).toEqual([0, 1, 2, 3, 4, 5]);
    await until("the end of the workers", async () => queue() === "", longMs);
    await sql.close();
  },
  longMs,
);

test.skipIf(!hasSlurm)(
  "a study that is stopped cancels its jobs, whose workers give their trials back; it goes on later",
  async () => {
    const home = homeOf("stopped");
    const recipe = writeStudy(home, ["trials: 3"], "epochs: 30");
    const study = tune(recipe, home, "--set", "name=stopped");
    const sql = await openDatabase(database.url, { operation: "test", lock: 1 });
    const trials = () =>
      sql
        .all("SELECT number, state, lease FROM concord_trials WHERE study = 'stopped' ORDER BY number")
        .catch(() => []);
    await during(study, "a trial on the cluster", async () => (await trials()).length > 0);
    expect(await study.stop("SIGTERM")).not.toBe(0);
    await until("an empty queue", async () => queue() === "", 60_000);
    const left = (await trials()).filter(({ state }) => state === "running");
    expect(left.length).toBeGreaterThan(0);
    expect(left.every(({ lease }) => Number(lease) === 0)).toBe(true);
    const again = tune(recipe, home, "--set", "name=stopped", "--resume");
    await winnerOf(again);
    await again.stop("SIGKILL");
    expect((await trials()).map(({ state }) => state)).toEqual(["finished", "finished", "finished"]);
    await sql.close();
  },
  longMs,
);
