// What a server must bear: slow and deep bodies, huge and odd texts, threads that die, models that vanish, a stop under load.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RequestFacts, type RunningServer, startServer } from "../../src/serve/index.ts";
import { openWatchStore } from "../../src/watch/node/index.ts";
import { type SmallModel, smallModel } from "./small-model.ts";

let model: SmallModel;
let server: RunningServer;
const start = (path = model.path, onReply?: (facts: RequestFacts) => void) =>
  startServer({
    models: [{ path }],
    unsigned: true,
    port: 0,
    threads: 1,
    requestTimeoutMs: 1000,
    drainMs: 50,
    onReply,
  });

beforeAll(async () => {
  model = await smallModel();
  server = await start();
});
afterAll(async () => {
  await server.stop();
  model.remove();
});

const post = async (body: string, to = server, path = "/predict") => {
  const reply = await fetch(`${to.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  return {
    status: reply.status,
    body: (await reply.json()) as { error?: { problem: string }; answers?: { label: unknown; unusable?: string }[] },
  };
};
const text = (one: string) => JSON.stringify({ text: one });

/** Bytes to the server as they are, and what it says before it closes the connection. */
const raw = (lines: readonly string[], to = server) =>
  new Promise<string>((resolve) => {
    let said = "";
    const socket = connect(Number(new URL(to.url).port), "127.0.0.1", () => socket.write(lines.join("\r\n")));
    socket
      .on("data", (bytes) => (said += bytes))
      .on("close", () => resolve(said))
      .on("error", () => {});
  });

describe("bodies", () => {
  const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
  const cases: [name: string, body: string, status: number][] = [
    ["a hundred thousand brackets", deep, 400],
    ["the same inside the request", `{"text": ${deep}}`, 400],
    ["an own key __proto__", '{"__proto__": {"text": "a"}, "text": "a"}', 400],
    ["NaN, which JSON does not have", '{"text": "a", "abstain": NaN}', 400],
    ["a number that overflows", '{"text": "a", "abstain": 1e999}', 400],
    ["a text of one megabyte", text("a b".repeat(350_000)), 200],
    ["half of a surrogate pair", '{"text": "\\\\ud800 fever"}'.replace("\\\\", "\\"), 200],
    ["zero bytes and control characters", text("\0\u0007 fever \u202e"), 200],
    ["257 texts", JSON.stringify({ texts: Array(257).fill("a") }), 400],
    ["nothing", "", 400],
  ];
  test.each(cases)("%s", async (_, body, status) => {
    expect((await post(body)).status).toBe(status);
  });

  test("an empty text and one that is too long say why they have no answer", async () => {
    expect((await post(text(""))).body.answers).toEqual([{ label: null, unusable: "no-text" }]);
    expect((await post(text("a".repeat(200_000)))).body.answers).toEqual([{ label: null, unusable: "too-long" }]);
  });

  test("one that does not arrive in time ends the connection with 408", async () => {
    const head = [
      "POST /predict HTTP/1.1",
      "Host: a",
      "Content-Type: application/json",
      "Content-Length: 100",
      "",
      "{",
    ];
    expect(await raw(head)).toMatch(/^HTTP\/1\.1 408/);
  });

  test("what is no HTTP is refused, and the next request is answered", async () => {
    expect(await raw(["\u0016\u0003\u0001 hello", "", ""])).toMatch(/^HTTP\/1\.1 400/);
    expect((await post(text("fever"))).status).toBe(200);
  });
});

describe("threads and files", () => {
  test("a request whose thread is killed again and again is answered or 503, and the next one is answered", async () => {
    const one = await start();
    const [served] = one.models;
    const { host } = served!;
    const killed = post(text("fever"), one);
    for (let i = 0; i < 100 && host.restarts < 2; i++) {
      await host.kill();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect([200, 503]).toContain((await killed).status);
    expect((await post(text("fever"), one)).status).toBe(200);
    await one.stop();
  });

  test("a model that is deleted under load still answers; where its thread dies too, requests are 503 and the server lives", async () => {
    const other = await smallModel("single-label", ["a", "b"], "gone");
    const one = await start(other.path);
    rmSync(other.path, { recursive: true });
    expect((await post(text("fever"), one)).status).toBe(200);
    await one.models[0]!.host.kill();
    const reply = await post(text("fever"), one);
    expect([reply.status, reply.body.error!.problem]).toEqual([503, "the model's thread ended twice on this request"]);
    expect((await fetch(`${one.url}/health/live`)).status).toBe(200);
    await one.stop();
    other.remove();
  });
});

/** A folder on a file system of a megabyte; undefined where this user may not mount one. */
function smallDisk(): { readonly path: string; readonly remove: () => void } | undefined {
  const path = mkdtempSync(join(tmpdir(), "concord-disk-"));
  const mount = process.platform === "linux" && spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path]);
  const remove = () => {
    spawnSync("umount", ["-l", path]); // SQLite may hold its file for a while
    rmSync(path, { recursive: true, force: true });
  };
  if (mount && mount.status === 0) return { path, remove };
  remove();
  return undefined;
}
const disk = smallDisk();
afterAll(() => disk?.remove());

test.skipIf(!disk)(
  "a full disk costs records of answers and no answer; once there is room the log goes on, and its chain holds",
  async () => {
    const store = join(disk!.path, "watch.sqlite");
    const faults: unknown[] = [];
    const one = await startServer({
      ...{ models: [{ path: model.path }], unsigned: true, port: 0, threads: 1, drainMs: 0 },
      watch: { store, onEvent: (event) => "fault" in event && faults.push(event.fault) },
    });
    const counts = async () =>
      (await (await fetch(`${one.url}/monitor/reports`)).json()) as { kept: number; dropped: number };
    expect((await post(text("fever"), one)).status).toBe(200);
    expect(await counts()).toMatchObject({ kept: 1, dropped: 0 });
    const filler = join(disk!.path, "filler");
    spawnSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=4096"]); // until there is no room
    for (let i = 0; i < 8; i++)
      expect((await post(JSON.stringify({ texts: Array(256).fill("fever") }), one)).status).toBe(200);
    const { dropped } = await counts();
    expect(dropped).toBeGreaterThan(0);
    expect(faults[0]).toMatchObject({ code: "E_IO", facts: { problem: expect.stringMatching(/full/) } });
    rmSync(filler);
    expect((await post(text("fever"), one)).status).toBe(200);
    expect((await counts()).dropped).toBe(dropped);
    await one.stop();
    const kept = await openWatchStore(store);
    expect(await kept.verify()).toEqual({ answers: expect.any(Number) });
    await kept.close();
  },
);

test("a stop under load loses no accepted request: each that the server read has its reply at its client", async () => {
  const replied: number[] = [];
  const one = await start(model.path, (facts) => replied.push(facts.status));
  const statuses: number[] = [];
  let asking = true;
  const client = async () => {
    while (asking)
      await post(text("fever and shivers"), one).then(
        ({ status }) => statuses.push(status),
        () => {
          asking = false; // the connection was never accepted
        },
      );
  };
  const clients = Array.from({ length: 12 }, client);
  await expect.poll(() => statuses.length, { timeout: 20_000 }).toBeGreaterThan(24);
  await one.stop();
  asking = false;
  await Promise.all(clients);
  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(replied.length).toBe(statuses.length);
});
