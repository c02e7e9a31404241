// Models that come, go and change while the server runs: loading, unloading, canaries, shadows, and what does not open.

import { EventEmitter } from "node:events";
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadModel } from "../../src/models/node/index.ts";
import { addKey, type RunningServer, type ServerOptions, startServer } from "../../src/serve/index.ts";
import { saveOnnx } from "../../src/stages/index.ts";
import { concord } from "../command-line.ts";
import { type SmallModel, smallModel, writeSmallModel } from "./small-model.ts";

let model: SmallModel;
let keys: string;
const key: Record<string, string> = {};
const open: RunningServer[] = [];
const start = async (options: Omit<ServerOptions, "port">) => {
  const one = await startServer({ port: 0, threads: 1, unsigned: true, drainMs: 0, keys, ...options });
  open.push(one);
  return one;
};

beforeAll(async () => {
  model = await smallModel();
  keys = join(model.home, "keys.json");
  for (const role of ["admin", "predict"] as const)
    key[role] = await addKey(keys, { name: role, roles: [role] }, new Date());
  await writeSmallModel(join(model.home, "second"), { seed: 6 });
});
beforeEach(async () => {
  rmSync(model.path, { recursive: true, force: true });
  await writeSmallModel(model.path);
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.stop()));
  model.remove();
});

interface Body {
  readonly error: string | { readonly problem: string };
  readonly model: { readonly version: string };
  readonly answers: readonly { readonly label: string }[];
  readonly versions: readonly {
    readonly answers: number;
    readonly compared: number;
    readonly agreement?: { readonly value: number };
    readonly accuracy?: object;
    readonly difference?: { readonly value: number; readonly high: number };
  }[];
}

async function ask(
  to: RunningServer,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  by = "admin",
) {
  const reply = await fetch(`${to.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", "x-api-key": key[by]!, ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: (await reply.json()) as Body };
}
const load = (to: RunningServer, name = "small", body: unknown = {}) =>
  ask(to, `/v2/repository/models/${name}/load`, body);
const predict = (to: RunningServer, headers = {}) => ask(to, "/predict", { text: "fever and shivers" }, headers);
const index = async (to: RunningServer, body: unknown = {}) =>
  (await ask(to, "/v2/repository/index", body)).body as unknown as Record<string, string>[];

/** Puts other files in the model's place at once, as a deployment should. */
function replaceBy(folder: string): void {
  const fresh = join(model.home, "fresh");
  cpSync(folder, fresh, { recursive: true });
  renameSync(model.path, join(model.home, `old-${performance.now()}`));
  renameSync(fresh, model.path);
}

test("a model is loaded anew under load without losing a request; then the new version answers", async () => {
  const one = await start({ models: [{ path: model.path }] });
  const [before] = one.models;
  const seen: { readonly status: number; readonly version: string; readonly sentAfterLoad: boolean }[] = [];
  let on = true;
  let loaded = false;
  const client = async () => {
    while (on) {
      const sentAfterLoad = loaded;
      const { status, body } = await predict(one);
      seen.push({ status, version: body.model?.version, sentAfterLoad });
    }
  };
  const clients = Promise.all(Array.from({ length: 6 }, client));
  await expect.poll(() => seen.length).toBeGreaterThan(12);
  replaceBy(join(model.home, "second"));
  expect((await load(one)).status).toBe(200);
  loaded = true;
  await expect.poll(() => seen.filter((answer) => answer.sentAfterLoad).length).toBeGreaterThan(12);
  on = false;
  await clients;
  expect(seen.filter(({ status }) => status !== 200)).toEqual([]);
  const [after] = one.models;
  expect(after!.source.version).not.toBe(before!.source.version);
  expect(seen[0]!.version).toBe(before!.source.version);
  // A request from before the load may be answered by either version, and later than a new one is.
  const sentLater = seen.filter((answer) => answer.sentAfterLoad).map(({ version }) => version);
  expect(new Set(sentLater)).toEqual(new Set([after!.source.version]));
});

test("a version that does not open leaves the one before it serving, and says why", async () => {
  const one = await start({ models: [{ path: model.path }] });
  const before = (await predict(one)).body;
  truncateSync(join(model.path, "model.safetensors"), 100);
  const { status, body } = await load(one);
  expect([status, body.error]).toEqual([422, expect.stringMatching(/the version before it still serves/)]);
  expect((await predict(one)).body).toMatchObject({ model: before.model, answers: before.answers });
  expect((await index(one))[0]).toMatchObject({ state: "READY", reason: expect.stringMatching(/./) });
  rmSync(model.path, { recursive: true });
  expect((await load(one)).status).toBe(422);
  expect((await predict(one)).status).toBe(200);
});

test("an ONNX file that is cut or no model leaves the one before it serving", async () => {
  const folder = join(model.home, "stored");
  await writeSmallModel(folder);
  const { model: loaded, weights } = await loadModel(folder);
  await saveOnnx(folder, loaded, weights, { features: true });
  rmSync(join(folder, "model.safetensors"));
  const one = await start({ models: [{ path: folder }] });
  const asked = () => ask(one, "/predict", { text: "fever" });
  const before = (await asked()).body;
  const file = join(folder, "onnx", "model.onnx");
  const whole = readFileSync(file);
  for (const bytes of [whole.subarray(0, whole.length / 2), Buffer.from("no model"), Buffer.alloc(0)]) {
    writeFileSync(`${file}.new`, bytes);
    renameSync(`${file}.new`, file);
    expect((await load(one, "stored")).status).toBe(422);
    expect((await asked()).body).toMatchObject({ answers: before.answers, model: before.model });
  }
});

test("an unloaded model is 404 until it is loaded again, and what was asked before is answered", async () => {
  const one = await start({ models: [{ path: model.path }] });
  const asked = Array.from({ length: 8 }, () => predict(one));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(
    (await ask(one, "/v2/repository/models/small/unload", { parameters: { unload_dependents: false } })).status,
  ).toBe(200);
  for (const { status } of await Promise.all(asked)) expect([200, 404]).toContain(status);
  expect((await predict(one)).status).toBe(404);
  expect((await ask(one, "/v2/models/small/ready")).status).toBe(404);
  expect(await index(one)).toEqual([{ name: "small", version: "", state: "UNAVAILABLE", reason: "unloaded" }]);
  expect(await index(one, { ready: true })).toEqual([]);
  expect((await load(one)).status).toBe(200);
  expect((await predict(one)).status).toBe(200);
});

test("only a key with the role admin loads, only names of the configuration, and nobody where no keys are asked for", async () => {
  const one = await start({ models: [{ path: model.path }] });
  expect((await ask(one, "/v2/repository/models/small/load", {}, {}, "predict")).status).toBe(403);
  expect((await load(one, "..%2Fsecond")).status).toBe(404);
  expect((await load(one, "small", { parameters: { "file:1/model.onnx": "AAAA" } })).status).toBe(400);
  const [first, second] = await Promise.all([load(one), load(one)]);
  expect([first.status, second.status].sort()).toEqual([200, 409]);
  const bare = await start({ models: [{ path: model.path }], keys: undefined });
  const { status, body } = await load(bare);
  expect([status, body.error]).toEqual([403, expect.stringMatching(/only where keys or tokens are asked for/)]);
});

test("a canary answers its share of the keys, each key always by one version; a version can be asked by name", async () => {
  const models = [
    { path: model.path, version: "1" },
    { path: join(model.home, "second"), name: "small", version: "2", weight: 50 },
  ];
  const one = await start({ models });
  const versionOf = async (user: string) => (await predict(one, { "x-routing-key": user })).body.model.version;
  const users = Array.from({ length: 24 }, (_, i) => `user ${i}`);
  const first = await Promise.all(users.map(versionOf));
  expect(new Set(first)).toEqual(new Set(["1", "2"]));
  expect(await Promise.all(users.map(versionOf))).toEqual(first);
  expect((await ask(one, "/v2/models/small")).body).toMatchObject({ versions: ["1", "2"] });
  expect((await ask(one, "/v2/models/small/versions/2")).status).toBe(200);
  expect((await ask(one, "/v2/models/small/versions/3")).status).toBe(404);
  const { versions } = (await ask(one, "/models/small")).body;
  expect(versions).toMatchObject([
    { version: "1", share: 0.5 },
    { version: "2", share: 0.5 },
  ]);
  expect(versions.map(({ answers }) => answers).reduce((a, b) => a + b)).toBe(48);
});

/** Niceness of each thread of this process (Linux). */
const nices = () =>
  readdirSync("/proc/self/task").map((id) =>
    Number(readFileSync(`/proc/self/task/${id}/stat`, "utf8").split(") ").at(-1)!.split(" ")[16]),
  );

test("a shadow gets copies at lower priority; its answers are compared, counted and never sent", async () => {
  const models = [
    { path: model.path, version: "1" },
    { path: join(model.home, "second"), name: "small", version: "2", shadow: true },
  ];
  const one = await start({ models });
  if (process.platform === "linux") expect(nices()).toContain(10);
  for (let i = 0; i < 10; i++) expect((await predict(one)).body.model.version).toBe("1");
  const versions = async () => (await ask(one, "/models/small")).body.versions;
  await expect.poll(async () => (await versions())[1]!.compared).toBe(10);
  const [serving, shadow] = await versions();
  expect(serving).toMatchObject({ shadow: false, share: 1, answers: 10 });
  expect(shadow).toMatchObject({ shadow: true, share: 0, answers: 0, dropped: 0, agreement: { rows: 10 } });
  expect([0, 1]).toContain(shadow!.agreement!.value); // one text: always or never
  expect((await ask(one, "/v2/models/small/versions/2")).status).toBe(404);
  const metrics = await (await fetch(`${one.url}/metrics`, { headers: { "x-api-key": key.admin! } })).text();
  expect(metrics).toMatch(/concord_version_answers\{model="small",version="1"\} 10\n/);
  expect(metrics).toMatch(/concord_shadow_compared\{model="small",version="2"\} 10\n/);
});

test("true labels tell the accuracy of each version, and their difference with its interval", async () => {
  const models = [
    { path: model.path, version: "1", weight: 60 },
    { path: join(model.home, "second"), name: "small", version: "2", weight: 40 },
  ];
  const one = await start({ models, watch: { store: join(model.home, "ab.sqlite") } });
  for (let i = 0; i < 30; i++) {
    const { body } = await predict(one, { "x-request-id": `r${i}` });
    const truth = body.model.version === "1" ? body.answers[0]!.label : "none of them";
    expect((await ask(one, "/feedback", { requestId: `r${i}`, truth })).status).toBe(200);
  }
  const [first, second] = (await ask(one, "/models/small")).body.versions;
  expect([first!.accuracy, second!.accuracy]).toMatchObject([{ value: 1 }, { value: 0 }]);
  expect(second!.difference!.value).toBe(-1);
  expect(second!.difference!.high).toBeLessThan(0);
});

test("on SIGHUP the models of serve.yaml are read again: new ones come, others go, a broken file changes nothing", async () => {
  const path = join(model.home, "serve.yaml");
  const write = (models: string) =>
    writeFileSync(path, `version: 1\nunsigned: true\nport: 0\nthreads: 1\nmodels: ${models}\n`);
  write("[{ path: small }]");
  const signals = new EventEmitter();
  let said = "";
  const hangUp = async (expected: RegExp) => {
    said = "";
    signals.emit("SIGHUP");
    await expect.poll(() => said, { timeout: 20_000 }).toMatch(expected);
  };
  const steps = async (url: string) => {
    const names = async () =>
      ((await (await fetch(`${url}/models`)).json()) as { models: { name: string }[] }).models.map(({ name }) => name);
    write("[{ path: small }, { path: second, name: other }]");
    await hangUp(/small: unchanged\nother: loaded/);
    expect(await names()).toEqual(["small", "other"]);
    write("[{ path: second, name: other }, { path: none }]");
    await hangUp(/other: unchanged\n.*none was not loaded.*\nsmall: no longer served/);
    expect(await names()).toEqual(["other"]);
    write("[{ path: second, name: other }, { path: small, name: other }]");
    await hangUp(/two models have one name/);
    writeFileSync(path, "version: 2\n");
    await hangUp(/the configuration was not read again/);
    expect(await names()).toEqual(["other"]);
  };
  let done: Promise<void> | undefined;
  const onOut = (text: string) => {
    done = steps((JSON.parse(text) as { url: string }).url).finally(() => signals.emit("SIGTERM"));
  };
  const onErr = (text: string) => {
    said += text;
  };
  const { code } = await concord(["--lang", "en", "--json", "serve", "--config", path], { signals, onOut, onErr });
  await done;
  expect(code).toBe(0);
});
