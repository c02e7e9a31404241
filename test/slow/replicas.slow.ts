// Three replicas of a release behind Debian's HAProxy, watched in one PostgreSQL: replaced one after another under load, and one killed.
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { haproxyConfig } from "../../src/deployment/index.ts";
import { releaseRun } from "../../src/release/index.ts";
import { openWatchStore } from "../../src/watch/node/index.ts";
import { now, type ReleaseSetting, releaseSetting } from "../release/run.ts";
import { freePort, haproxy, postgres, type StartedProcess, serveProcess } from "./servers.ts";

let setting: ReleaseSetting;
let database: Awaited<ReturnType<typeof postgres>>;
let balancer: StartedProcess;
let port: number;
let args: string[];
const ports: number[] = [];
const replicas: StartedProcess[] = [];

beforeAll(async () => {
  setting = await releaseSetting("audit: { explanation: false, fairness: false, privacy: false }");
  chmodSync(setting.home, 0o755);
  const policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0.5 }]");
  const release = join(setting.home, "released");
  await releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: release, now });
  database = await postgres(setting.home);
  args = [`tiny=${release}`, "--policy", policy, "--watch", database.url, "--threads", "1"];
  for (let i = 0; i < 3; i++) ports.push(await freePort());
  replicas.push(...(await Promise.all(ports.map((one) => serveProcess(args, one)))));
  port = await freePort();
  const servers = ports.map((one) => `127.0.0.1:${one}`);
  balancer = await haproxy(setting.home, haproxyConfig({ bind: `127.0.0.1:${port}`, servers }), port);
});
afterAll(async () => {
  await Promise.all([balancer, ...replicas].filter(Boolean).map((one) => one.stop("SIGKILL")));
  await database?.stop();
  setting?.remove();
});

/** Asks until told to stop. @returns replies by status, and the ids that were answered */
function load(clients: number) {
  const statuses = new Map<number | string, number>();
  const ids: string[] = [];
  let on = true;
  const client = async (name: number) => {
    for (let i = 0; on; i++) {
      const id = `load-${clients}-${name}-${i}`;
      const status = await fetch(`http://127.0.0.1:${port}/predict`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-request-id": id },
        body: JSON.stringify({ text: "I have fever and shivers" }),
      }).then(
        async (reply) => {
          await reply.text();
          return reply.status;
        },
        (error: Error) => String((error.cause as Error | undefined)?.message ?? error),
      );
      if (status === 200) ids.push(id);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const work = Promise.all(Array.from({ length: clients }, (_, i) => client(i)));
  return {
    statuses,
    ids,
    async stop() {
      on = false;
      await work;
    },
  };
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("replicas are replaced one after another under load, and no request is lost", async () => {
  const asked = load(8);
  await pause(1000);
  for (const [i, one] of ports.entries()) {
    expect(await replicas[i]!.stop("SIGTERM")).toBe(0);
    replicas[i] = await serveProcess(args, one);
    await pause(500);
  }
  await asked.stop();
  console.log("while replaced:", Object.fromEntries(asked.statuses));
  expect([...asked.statuses.keys()]).toEqual([200]);
  expect(asked.ids.length).toBeGreaterThan(100);
});

test("a replica that is killed costs no reply: its requests are asked of another", async () => {
  const asked = load(6);
  await pause(1000);
  await replicas[0]!.stop("SIGKILL");
  await pause(1500);
  await asked.stop();
  console.log("while killed:", Object.fromEntries(asked.statuses));
  expect([...asked.statuses.keys()]).toEqual([200]);
});

test("all replicas wrote one chain, in which every answered request is", async () => {
  await Promise.all(replicas.slice(1).map((one) => one.stop()));
  const store = await openWatchStore(database.url);
  const kept = new Set((await store.answers()).map(({ id }) => id));
  expect(kept.size).toBeGreaterThan(200);
  expect(await store.verify()).toEqual({ answers: kept.size });
  expect((await store.models()).map(({ model }) => model)).toEqual(["tiny"]);
  expect(await store.feedback([...kept][0]!, "flu", 1)).toBe(true);
  await store.close();
});
