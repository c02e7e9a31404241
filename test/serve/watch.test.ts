// A served model that is watched: answers recorded as bins, true labels, drift found, alerts raised and sent, the chain checked.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import Database from "libsql";
import { afterAll, beforeAll, expect, test } from "vitest";
import { releaseRun } from "../../src/release/index.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import type { MonitorReport } from "../../src/watch/index.ts";
import { concord } from "../command-line.ts";
import { now, type ReleaseSetting, releaseSetting } from "../release/run.ts";

let setting: ReleaseSetting;
let server: RunningServer;
let hook: Server;
let store: string;
const sent: Record<string, unknown>[] = [];
const events: unknown[] = [];

beforeAll(async () => {
  setting = await releaseSetting("audit: { explanation: false, fairness: false, privacy: false }");
  const policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0.6 }]");
  const release = join(setting.home, "released");
  await releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: release, now });
  hook = createServer((request, reply) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      sent.push(JSON.parse(body));
      reply.end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
  store = join(setting.home, "watch", "watch.sqlite");
  server = await startServer({
    port: 0,
    threads: 1,
    models: [{ path: release, name: "tiny" }],
    policy,
    watch: {
      store,
      window: 40,
      capture: true,
      webhook: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`,
      onEvent: (event) => events.push(event),
    },
  });
});
afterAll(async () => {
  await server?.stop();
  hook?.close();
  setting?.remove();
});

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Record<string, never> };
}
const reports = async () =>
  (await (await fetch(`${server.url}/monitor/reports`)).json()) as {
    kept: number;
    dropped: number;
    reports: (MonitorReport & { model: string })[];
  };

test("answers are recorded with their group, feedback judges them, and a request that nobody knows is refused", async () => {
  for (let i = 0; i < 30; i++) {
    const { body } = await post(
      "/predict",
      {
        text: i % 2 ? "I have fever and shivers" : "sneezing and a runny nose",
        attributes: { region: i % 3 ? "north" : "south" },
      },
      { "x-request-id": `ask-${i}` },
    );
    const answer = (body as unknown as { answers: { label: string }[] }).answers[0]!.label;
    expect((await post("/feedback", { requestId: `ask-${i}`, truth: i < 24 ? answer : "other" })).status).toBe(200);
  }
  const several = await post("/predict", { texts: ["fever", "a runny nose"] }, { "x-request-id": "two" });
  expect(several.status).toBe(200);
  expect((await post("/feedback", { requestId: "two:1", truth: "cold" })).status).toBe(200);
  const unknown = await post("/feedback", { requestId: "two", truth: "cold" });
  expect([unknown.status, unknown.body]).toEqual([
    404,
    expect.objectContaining({ error: expect.objectContaining({ path: "body.requestId" }) }),
  ]);
  const { kept, dropped, reports: found } = await reports();
  expect([kept, dropped]).toEqual([32, 0]);
  expect(found[0]).toMatchObject({ model: "tiny", rows: 32, gates: [{ value: "metrics.accuracy", atLeast: 0.6 }] });
  expect(found[0]!.performance.accuracy!.rows).toBe(31);
  expect(found[0]!.performance.gaps.map(({ group }) => group).sort()).toEqual(["north", "south"]);
  expect(found[0]!.drift!.findings.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["answers", "answer.confidence", "embedding.0", "input.tokens", "input.unknown"]),
  );
});

test("inputs that changed raise an alert, which is kept, told and sent", async () => {
  const odd = "xylophone quartz ".repeat(12);
  for (let i = 0; i < 3; i++) await post("/predict", { texts: Array.from({ length: 20 }, (_, k) => `${odd}${k}`) });
  const { reports: found } = await reports();
  const drifted = found[0]!.alerts.filter(({ rule }) => rule === "drift").map(({ text }) => text);
  expect(drifted).toEqual(expect.arrayContaining([expect.stringContaining("input.tokens has drifted")]));
  expect(events.length).toBeGreaterThan(0);
  await expect.poll(() => sent.length).toBe(found[0]!.alerts.length);
  expect(sent[0]).toMatchObject({ model: "tiny", rule: "drift" });
});

test("a live score below the policy's gate is an alert that names the gate", async () => {
  for (let i = 0; i < 52; i++) {
    await post("/predict", { text: "I have fever" }, { "x-request-id": `bad-${i}` });
    await post("/feedback", { requestId: `bad-${i}`, truth: "nothing of the kind" });
  }
  const { reports: found } = await reports();
  expect(found[0]!.alerts).toEqual(
    expect.arrayContaining([expect.objectContaining({ rule: "gate", gate: "metrics.accuracy" })]),
  );
  expect(found[0]!.broken[0]).toMatchObject({ gate: "metrics.accuracy" });
});

test("the dashboard is a page in the reader's language without scripts; private details in captured texts are masked", async () => {
  await post("/predict", { text: "mail ann@example.org or call 0171 234 5678 about <b>fever</b>" });
  const page = async (language: string) =>
    await (await fetch(`${server.url}/monitor`, { headers: { "accept-language": language } })).text();
  const [en, zh] = [await page("en"), await page("zh-CN")];
  expect(en).toMatch(/<html lang="en">[\s\S]*<h2>tiny/);
  expect(en).not.toMatch(/<script/);
  expect(zh).toMatch(/<html lang="zh-CN">[\s\S]*漂移/);
  const database = new Database(store);
  const texts = database.prepare("SELECT payload FROM concord_answers ORDER BY seq DESC LIMIT 1").all() as {
    payload: string;
  }[];
  database.close();
  expect(texts[0]!.payload).toBe("mail [email] or call [number] about <b>fever</b>");
});

test("concord monitor shows, writes and checks the store; a changed answer is found", async () => {
  await reports(); // writes what waits
  const shown = await concord(["--lang", "en", "monitor", store]);
  expect([shown.code, shown.out]).toEqual([
    0,
    expect.stringMatching(/^tiny {2}version [0-9a-f]{12}\n {2}answers: \d+/),
  ]);
  const page = join(setting.home, "monitor.html");
  expect((await concord(["monitor", store, "--out", page])).code).toBe(0);
  expect(readFileSync(page, "utf8")).toContain("<h2>tiny");
  const lines = join(setting.home, "answers.jsonl");
  await concord(["monitor", store, "--out", lines]);
  expect(JSON.parse(readFileSync(lines, "utf8").split("\n")[0]!)).toMatchObject({
    id: "ask-0",
    groups: { region: "south" },
  });
  expect((await concord(["--lang", "en", "monitor", store, "--verify"])).out).toMatch(/chain of \d+ answers is whole/);
  const database = new Database(store);
  database.exec("UPDATE concord_answers SET answer = 'other' WHERE id = 'ask-7'");
  database.close();
  const broken = await concord(["--lang", "en", "monitor", store, "--verify"]);
  expect([broken.code === 0, broken.err]).toEqual([false, expect.stringMatching(/E_CHECKSUM[\s\S]*ask-7/)]);
  expect((await concord(["monitor", join(setting.home, "none.sqlite")])).err).toMatch(/E_IO/);
  expect((await concord(["monitor", store, "--out", "page.pdf"])).err).toMatch(/E_ARGUMENT/);
  expect((await concord(["monitor", store, "--forget", "0", "--lang", "en"])).out).toMatch(/\d+ answers deleted/);
});

test("a store that cannot be written stops the start; options without --watch are refused", async () => {
  mkdirSync(join(setting.home, "blocked"), { recursive: true });
  writeFileSync(join(setting.home, "blocked", "store"), "no database".repeat(300));
  const path = join(setting.home, "released");
  const serve = ["--lang", "en", "serve", path, "--unsigned", "--port", "0"];
  const failed = await concord([...serve, "--watch", join(setting.home, "blocked", "store")]);
  expect([failed.code === 0, failed.err]).toEqual([false, expect.stringContaining("E_IO")]);
  for (const [option, says] of [
    [["--alert", "drift"], /--alert/],
    [["--capture"], /--capture/],
    [["--watch", store, "--alert", "accuracy>2"], /no such rule/],
    [["--watch", store, "--alert-url", "file:///etc/passwd"], /not an address/],
  ] as const)
    expect((await concord([...serve, ...option])).err).toMatch(says);
});
