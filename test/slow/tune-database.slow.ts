// A study in a real PostgreSQL: many claim at once, connections are cut, a worker is killed in the middle of a trial.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../../src/database/index.ts";
import { openStudyStore } from "../../src/tune/study-store.ts";
import { postgres, type StartedProcess, started, until } from "./servers.ts";
import { finishedIn, writeStudy } from "./tune-study.ts";

const root = mkdtempSync(join(tmpdir(), "concord-tune-database-"));
let database: Awaited<ReturnType<typeof postgres>>;
beforeAll(async () => {
  chmodSync(root, 0o755); // PostgreSQL runs as a user of its own
  database = await postgres(root);
});
afterAll(async () => {
  await database.stop();
  rmSync(root, { recursive: true, force: true });
});
const opened = () => openDatabase(database.url, { operation: "test", lock: 6_207_432 });
const storeOf = async (study: string) => openStudyStore(await opened(), study, "{}");

test("of forty claims on eight connections each has a trial of its own, and each is counted once", async () => {
  const stores = await Promise.all(Array.from({ length: 8 }, () => storeOf("many")));
  const claims = await Promise.all(
    Array.from({ length: 40 }, (_, i) =>
      stores[i % 8]!.claim({
        worker: `${i}`,
        leaseMs: 60_000,
        most: 40,
        suggest: (history) => ({ x: history.length }),
      }),
    ),
  );
  expect(claims.map((claim) => claim!.number).sort((a, b) => a - b)).toEqual([...Array(40).keys()]);
  const counted = await Promise.all(
    claims.flatMap((claim, i) =>
      [stores[i % 8]!, stores[(i + 1) % 8]!].map((store) =>
        store.finish(claim!, { state: "finished", costs: [i], ms: 1 }),
      ),
    ),
  );
  expect(counted.filter(Boolean)).toHaveLength(40);
  for (const store of stores) await store.close();
});

test("a lease that ended is taken over with a higher token, and the first worker's result is refused", async () => {
  const [first, second] = [await storeOf("lease"), await storeOf("lease")];
  const options = { worker: "a", most: 1, suggest: () => ({ x: 1 }) };
  const lost = (await first.claim({ ...options, leaseMs: 1 }))!;
  await new Promise((done) => setTimeout(done, 20));
  expect(await second.alive()).toBe(0);
  const taken = (await second.claim({ ...options, leaseMs: 60_000 }))!;
  expect(taken).toMatchObject({ number: 0, token: 2, again: true });
  expect(await first.finish(lost, { state: "finished", costs: [9], ms: 1 })).toBe(false);
  expect(await second.finish(taken, { state: "finished", costs: [1], ms: 1 })).toBe(true);
  expect((await first.trials()).map(({ costs }) => costs)).toEqual([[1]]);
  for (const store of [first, second]) await store.close();
});

test("a study goes on after its connections were cut", async () => {
  const [store, other] = [await storeOf("cut"), await opened()];
  const claim = (await store.claim({ worker: "a", leaseMs: 60_000, most: 2, suggest: () => ({ x: 1 }) }))!;
  await other.all(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND usename = 'concord'",
  );
  expect(await store.report(claim, 1, 0.5)).toBe(true);
  expect(await store.finish(claim, { state: "finished", costs: [0.5], ms: 1 })).toBe(true);
  await other.close();
  await store.close();
});

const source = fileURLToPath(new URL("../..", import.meta.url));
const longMs = 600_000;

test("two workers and the study itself share the trials; a worker that is killed loses its trial to another", {
  timeout: longMs,
}, async () => {
  const home = join(root, "shared");
  mkdirSync(home);
  const recipe = writeStudy(home, ["trials: 8"], "epochs: 30");
  const command = (name: string, ...more: string[]): StartedProcess =>
    started(
      process.execPath,
      // biome-ignore format: one argument after the other
      ["--import", "tsx", "src/cli/main.ts", "tune", recipe, "--database", database.url, "--out", join(home, name), "--json", ...more],
      { cwd: source },
    );
  const doomed = command("doomed", "--worker");
  await until("a trial's epoch", async () => /"kind":"epoch","epoch":[3-9]/.test(doomed.output()), longMs);
  await doomed.stop("SIGKILL");
  const worker = command("worker", "--worker");
  const study = command("study", "--resume");
  await until("the winner", async () => /"kind":"winner"/.test(study.output()), longMs);
  await until("the worker's end", async () => worker.process.exitCode !== null, longMs);
  expect(worker.process.exitCode).toBe(0);
  await study.stop("SIGKILL");
  const ended = [doomed, worker, study].flatMap((one) => finishedIn(one.output()));
  expect(ended.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  const sql = await opened();
  const trials = await sql.all(
    "SELECT state, token, worker FROM concord_trials WHERE study = 'symptoms' ORDER BY number",
  );
  expect(trials.map(({ state }) => state)).toEqual(Array(8).fill("finished"));
  expect(Math.max(...trials.map(({ token }) => Number(token)))).toBe(2);
  await sql.close();
});
