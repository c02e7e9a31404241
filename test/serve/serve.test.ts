// A release that is served: verified at the door, answered over HTTP as the command line answers, stopped without losing a request.
import { appendFileSync, cpSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { releaseRun } from "../../src/release/index.ts";
import { type RunningServer, type ServerOptions, servedFolder, startServer } from "../../src/serve/index.ts";
import { concord } from "../command-line.ts";
import { faultLater } from "../fault.ts";
import { now, type ReleaseSetting, releaseSetting } from "../release/run.ts";

let setting: ReleaseSetting;
let release: string;
let policy: string;
let server: RunningServer;
const open: RunningServer[] = [];
const start = async (options: Omit<ServerOptions, "port">) => {
  const one = await startServer({ port: 0, threads: 1, ...options });
  open.push(one);
  return one;
};

beforeAll(async () => {
  setting = await releaseSetting("audit: { explanation: false, fairness: false, privacy: false }");
  policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0.5 }]");
  release = join(setting.home, "released");
  await releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: release, now });
  server = await start({ models: [{ path: release, name: "tiny" }], policy });
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.stop()));
  setting.remove();
});

interface Body {
  readonly answers: Record<string, unknown>[];
  readonly error: Record<string, string>;
}

async function post(path: string, body: unknown, to = server, headers: Record<string, string> = {}) {
  const reply = await fetch(`${to.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as Body, headers: reply.headers };
}
const get = async (path: string, to = server) => {
  const reply = await fetch(`${to.url}${path}`);
  return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
};

const texts = ["I have fever and shivers", "sneezing and a runny nose", "sore"];

describe("answers", () => {
  test("are those of the command line: labels, probabilities and prediction sets", async () => {
    const { out } = await concord(["--json", "predict", setting.run, "--top", "2", "--sets", "0.9", ...texts]);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { body } = await post("/predict", { texts, top: 2, sets: 0.9 });
    expect(body.answers).toEqual(lines.map(({ text: _, ...rest }) => rest));
  });

  test("are explained word by word, and an unusable input says why it has none", async () => {
    const { body } = await post("/predict", { texts: [texts[0], ""], explain: { method: "occlusion" } });
    const [first, second] = body.answers;
    const { words, method, label } = first!.explanation as { words: { word: string }[]; method: string; label: string };
    expect([method, label]).toEqual(["occlusion", first!.label]);
    expect(words.map(({ word }) => word)).toEqual(["I", "have", "fever", "and", "shivers"]);
    expect(second).toEqual({ label: null, unusable: "no-text" });
  });

  test("are withheld below a probability", async () => {
    const { body } = await post("/predict", { text: texts[0], abstain: 1 });
    expect(body.answers[0]!.label).toBe(null);
  });
});

describe("requests that do not fit", () => {
  const cases: [name: string, body: unknown, status: number, says: RegExp][] = [
    ["an unknown key", { txt: "x" }, 400, /key that is not known/],
    ["no input", {}, 400, /no input is given/],
    ["two inputs", { text: "a", texts: ["b"] }, 400, /given twice/],
    ["a number for a text", { text: 3 }, 400, /does not fit/],
    ["two texts for a model of one", { text: "a", pair: "b" }, 400, /one text, not two/],
    ["an image for a model of texts", { image: "aGVsbG8=" }, 400, /not images/],
    ["another model", { text: "a", model: "tony" }, 404, /no model of this name/],
    ["a coverage of 1", { text: "a", sets: 1 }, 400, /does not fit/],
    ["no JSON", "{", 400, /not JSON/],
    ["no UTF-8", Uint8Array.of(0x22, 0xff, 0x22), 400, /not UTF-8/],
    ["a body that is too large", { text: "a".repeat(5 * 2 ** 20) }, 413, /too large/],
  ];
  test.each(cases)("%s is refused, with the place and what to do", async (_, body, status, says) => {
    const reply = await post("/predict", body);
    expect(reply.status).toBe(status);
    expect(reply.body.error.problem).toMatch(says);
  });

  test("the words are Chinese where the client asks for them", async () => {
    const { body } = await post("/predict", {}, server, { "accept-language": "zh-CN" });
    expect(body.error.problem).toBe("没有给出输入");
  });

  test("an address that is not there is 404, a body of another type 415", async () => {
    expect((await get("/none")).status).toBe(404);
    expect((await post("/predict", "text=a", server, { "content-type": "text/plain" })).status).toBe(415);
  });
});

describe("the passport at the door", () => {
  test("a verified release says by whom it is signed, gives its passport and its page", async () => {
    const { body } = await get("/models/tiny");
    expect(body.passport).toMatchObject({ state: "verified", signers: [{ role: "builder", name: "builder" }] });
    expect((await get("/models/tiny/passport")).body.passport).toMatchObject({
      format: "concord-passport",
      name: "tiny",
    });
    const page = await fetch(`${server.url}/models/tiny/passport`, { headers: { accept: "text/html" } });
    expect(await page.text()).toContain("<!doctype html>");
    expect((await get("/health")).body).toMatchObject({ status: "ok", unsigned: [] });
  });

  test("a release with a changed byte, one signed by somebody unknown and one without a policy are refused", async () => {
    const changed = join(setting.home, "changed");
    cpSync(release, changed, { recursive: true });
    appendFileSync(join(changed, "model", "config.json"), " ");
    const serve = (path: string, more: object) => startServer({ models: [{ path }], port: 0, ...more });
    await faultLater("E_CHECKSUM", () => serve(changed, { policy }));
    const others = join(setting.home, "others.yaml");
    writeFileSync(
      others,
      "version: 1\nsigners: { builder: [stranger.pub.json] }\nrequire: [builder]\ngates: [{ value: metrics.accuracy, atLeast: 0.5 }]\n",
    );
    await faultLater("E_SIGNATURE", () => serve(release, { policy: others })); // its signer is no longer in the policy
    await faultLater("E_ARGUMENT", () => serve(release, {}));
  });

  test("a run has no passport: refused, or served where the operator says so, which is said everywhere", async () => {
    await faultLater("E_SIGNATURE", () => startServer({ models: [{ path: setting.run }], port: 0 }));
    const unsigned = await start({ models: [{ path: setting.run }], unsigned: true });
    expect((await get("/models/run", unsigned)).body.passport).toEqual({
      state: "unsigned",
      reason: "the model has no passport",
    });
    expect((await get("/health", unsigned)).body.unsigned).toEqual(["run"]);
    expect((await get("/models/run/passport", unsigned)).status).toBe(404);
    const { body } = await post("/predict", { text: texts[0] }, unsigned);
    expect(body.answers).toEqual((await post("/predict", { text: texts[0] })).body.answers);
  });
});

describe("starting", () => {
  test("a compressed folder of a run is served in place of its model, unless it is not wanted", () => {
    const run = join(setting.home, "squeezed");
    cpSync(setting.run, run, { recursive: true });
    expect(servedFolder(run)).toBe(join(run, "model"));
    cpSync(join(run, "model"), join(run, "compressed"), { recursive: true });
    expect(servedFolder(run)).toBe(join(run, "compressed"));
    expect(servedFolder(run, { uncompressed: true })).toBe(join(run, "model"));
  });

  test("two models of one name, a port in use and an empty folder are refused", async () => {
    const twice = [{ path: setting.run }, { path: setting.run }];
    expect((await faultLater("E_ARGUMENT", () => startServer({ models: twice, unsigned: true }))).facts.problem).toBe(
      "two models have one name",
    );
    const busy = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => busy.once("listening", resolve));
    const { port } = busy.address() as { port: number };
    const { facts } = await faultLater("E_ARGUMENT", () =>
      startServer({ models: [{ path: setting.run }], unsigned: true, port }),
    );
    busy.close();
    expect([facts.problem, facts.path]).toEqual(["the port is in use", "--port"]);
    await faultLater("E_MODEL", () => startServer({ models: [{ path: setting.home }], unsigned: true }));
    await faultLater("E_IO", () => startServer({ models: [{ path: join(setting.home, "none") }], unsigned: true }));
  });
});

describe("batching", () => {
  test("an answer does not depend on the requests that it was computed with", async () => {
    const words = ["fever", "shivers", "aching", "sneezing", "runny", "sore", "and", "day"];
    const mixed = Array.from({ length: 60 }, (_, i) =>
      Array.from({ length: 1 + ((i * 7) % 14) }, (_, k) => words[(i + k * k) % 8]).join(" "),
    );
    const alone = [];
    for (const text of mixed) alone.push((await post("/predict", { text })).body.answers[0]);
    const together = await Promise.all(mixed.map(async (text) => (await post("/predict", { text })).body.answers[0]));
    for (const [i, one] of together.entries()) {
      const [a, b] = [one, alone[i]].map((x) => x!.labels as { label: string; probability: number }[]);
      expect(one!.label).toBe(alone[i]!.label);
      for (const [k, { probability }] of a!.entries()) expect(probability).toBeCloseTo(b![k]!.probability, 5);
    }
  });

  test("a deadline that has no chance is refused with the time to wait; wrong headers are refused", async () => {
    const late = await Promise.all(
      Array.from({ length: 40 }, () =>
        post("/predict", { texts: Array(64).fill("fever and shivers") }, server, { "x-deadline-ms": "3" }),
      ),
    );
    const refusedOnes = late.filter(({ status }) => status !== 200);
    expect(refusedOnes.length).toBeGreaterThan(0);
    for (const { status, headers } of refusedOnes) {
      expect([429, 503]).toContain(status);
      expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect((await post("/predict", { text: "a" }, server, { "x-priority": "ten" })).status).toBe(400);
    expect((await post("/predict", { text: "fever" })).status).toBe(200);
  });

  test("what a client no longer waits for is not computed", async () => {
    const [model] = server.models;
    const left = new AbortController();
    const items = Array.from({ length: 500 }, () => ({ input: { parts: ["fever and shivers"] } }));
    const asked = model!.answers(items, { signal: left.signal });
    expect(model!.waiting).toBeGreaterThan(400);
    left.abort();
    await expect(asked).rejects.toThrow(/the client left/);
    expect(model!.waiting).toBe(0);
  });
});

test("a release whose files were changed is not loaded in the place of the one that serves", async () => {
  const copy = join(setting.home, "changing");
  cpSync(release, copy, { recursive: true });
  const models = [{ path: copy, name: "tiny" }];
  const one = await start({ models, policy });
  appendFileSync(join(copy, "model", "model.safetensors"), "x");
  const [outcome] = await one.configure(models);
  expect(outcome).toMatchObject({ outcome: "failed", fault: { code: "E_CHECKSUM" } });
  expect((await post("/predict", { text: "fever" }, one)).status).toBe(200);
  expect((await get("/health", one)).body).toMatchObject({ unsigned: [] });
});

describe("when a thread dies", () => {
  test("in the middle of a request, the request is answered by a new one", async () => {
    const one = await start({ models: [{ path: setting.run }], unsigned: true });
    const [model] = one.models;
    const asked = Promise.all(Array.from({ length: 8 }, () => post("/predict", { texts }, one)));
    await model!.host.kill();
    const replies = await asked;
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    expect(model!.host.restarts).toBe(1);
  });
});

test("the command serves until it is told to stop, answers what it has accepted, and ends with 0", async () => {
  const { EventEmitter } = await import("node:events");
  const signals = new EventEmitter();
  let replies: Promise<{ status: number }[]> | undefined;
  const onOut = (text: string) => {
    const { url } = JSON.parse(text) as { url: string };
    replies = Promise.all(Array.from({ length: 16 }, () => post("/predict", { texts }, { url } as RunningServer)));
    setTimeout(() => signals.emit("SIGTERM"), 30);
  };
  const args = ["--json", "serve", setting.run, "--unsigned", "--port", "0", "--threads", "1"];
  const { code } = await concord(args, { signals, onOut });
  expect(code).toBe(0);
  const statuses = new Set((await replies!).map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
});
