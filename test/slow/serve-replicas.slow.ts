// concord serve --replicas: one server of several processes, whose model lies in memory once. One is killed, all are asked and stopped under load.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SmallModel, smallModel, writeSmallModel } from "../serve/small-model.ts";
import { freePort, type StartedProcess, serveProcess, until } from "./servers.ts";

let model: SmallModel;
let server: StartedProcess;
let url: string;
const count = 3;

beforeAll(async () => {
  model = await smallModel();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  server = await serveProcess([model.path, "--unsigned", "--threads", "1", "--replicas", String(count)], port);
  await until("three replicas", async () => replicas().length === count && server.output().includes("ready:"));
});
afterAll(async () => {
  await server?.stop("SIGKILL");
  model?.remove();
});

/** Processes that the server has started. */
const replicas = (): number[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)!.split(" ");
        return Number(parent) === server.process.pid && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("serve");
      } catch {
        return false; // it has ended meanwhile
      }
    });
const ask = async () => {
  const reply = await fetch(`${url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify({ text: "fever and shivers" }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined);
  await reply?.text();
  return reply?.status ?? 0;
};
const mapsRuntime = (pid: number) => readFileSync(`/proc/${pid}/maps`, "utf8").includes("onnxruntime");

test("replicas answer through one model, and their metrics are added up", async () => {
  const statuses = await Promise.all(Array.from({ length: 30 }, ask));
  expect(new Set(statuses)).toEqual(new Set([200]));
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(/concord_requests_total\{route="\/predict",method="POST",status="200"\} 30\n/);
  expect(replicas().map(mapsRuntime)).toEqual([false, false, false]);
  expect(mapsRuntime(server.process.pid!)).toBe(true);
});

test("a replica that is killed is started again, and the others answer meanwhile", async () => {
  const before = replicas();
  process.kill(before[0]!, "SIGKILL");
  const statuses = [];
  for (let i = 0; i < 40; i++) statuses.push(await ask());
  expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(38); // what it had accepted is lost
  await until("the third replica", async () => replicas().length === count && !replicas().includes(before[0]!));
  await until("its readiness", async () => (await ask()) === 200);
});

test("on SIGHUP all replicas serve the new version; loading over the network is refused", async () => {
  const versions = async () =>
    new Set(
      await Promise.all(
        Array.from({ length: 12 }, async () => {
          const reply = await fetch(`${url}/models/small`, { headers: { connection: "close" } });
          return ((await reply.json()) as { version: string }).version;
        }),
      ),
    );
  const [old] = await versions();
  await writeSmallModel(join(model.home, "small"), { seed: 9 });
  server.process.kill("SIGHUP");
  await until("the new version", async () => (await versions()).size === 1 && !(await versions()).has(old!));
  expect(await ask()).toBe(200);
});

test("all stop on SIGTERM and answer what they accepted", async () => {
  const asked = Array.from({ length: 40 }, ask);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await server.stop("SIGTERM")).toBe(0);
  for (const status of await Promise.all(asked)) expect([0, 200]).toContain(status); // 0: never accepted
  expect(replicas()).toEqual([]);
});
