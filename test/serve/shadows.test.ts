// Shadows by true labels: their accuracy and gaps, told by the feedback to what was sent; and compressed folders whose ONNX file alone changed.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lookAt } from "../../src/serve/fleet/look.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import type { MonitorReport } from "../../src/watch/index.ts";
import { type SmallModel, smallModel, writeSmallModel } from "./small-model.ts";

let model: SmallModel;
let server: RunningServer;
beforeAll(async () => {
  model = await smallModel();
  await writeSmallModel(join(model.home, "second"), { seed: 6 });
  server = await startServer({
    port: 0,
    threads: 1,
    unsigned: true,
    drainMs: 0,
    models: [
      { path: model.path, version: "1" },
      { path: join(model.home, "second"), name: "small", version: "2", shadow: true },
    ],
    watch: { store: join(model.home, "watch.sqlite"), window: 10, rules: [{ when: "accuracy", below: 1 }] },
  });
});
afterAll(async () => {
  await server?.stop();
  model.remove();
});

async function post<T>(path: string, body: unknown, headers: Record<string, string> = {}) {
  const reply = await fetch(`${server.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  return { status: reply.status, body: (await reply.json()) as T };
}
const get = async <T>(path: string) => (await (await fetch(`${server.url}${path}`)).json()) as T;
const shadowReport = async () => {
  const { reports } = await get<{ reports: (MonitorReport & { model: string; version: string; shadow?: true })[] }>(
    "/monitor/reports",
  );
  return reports.find(({ version }) => version === "2");
};

test("one true label judges what was sent and what the shadow answered, whichever comes first", async () => {
  for (let i = 0; i < 24; i++) {
    const id = `ask-${i}`;
    const text = ["fever shivers", "runny sneezing", "sore since monday"][i % 3]!;
    const asked = { text, attributes: { region: i % 2 ? "north" : "south" } };
    const { body } = await post<{ answers: { label: string }[] }>("/predict", asked, { "x-request-id": id });
    const truth = i % 2 ? body.answers[0]!.label : "none of them"; // right in the north alone
    expect((await post("/feedback", { requestId: id, truth })).status).toBe(200); // some before the shadow has answered
  }
  await expect.poll(async () => (await shadowReport())?.performance.judged).toBe(24);
  const { versions } = await get<{ versions: { accuracy: { rows: number }; difference?: object }[] }>("/models/small");
  expect(versions).toMatchObject([
    { version: "1", accuracy: { value: 0.5, rows: 24 } },
    { version: "2", shadow: true, accuracy: { rows: 24 }, difference: { low: expect.any(Number) } },
  ]);
  const report = (await shadowReport())!;
  expect(report).toMatchObject({ shadow: true, rows: 24, alerts: [] }); // no alert is about a shadow
  expect(report.performance.gaps.map(({ group }) => group).sort()).toEqual(["north", "south"]);
  const page = await (await fetch(`${server.url}/monitor`)).text();
  expect(page).toContain("2 (shadow: its answers are not sent)");
  expect((await post("/feedback", { requestId: "nobody", truth: "flu" })).status).toBe(404);
});

test("a compressed folder is another one where its ONNX file alone changed; a version that was named stays", async () => {
  const release = join(model.home, "release");
  const compressed = join(release, "compressed");
  mkdirSync(join(compressed, "onnx"), { recursive: true });
  writeFileSync(join(release, "passport.json"), "{}");
  for (const name of ["config.json", "compression.json"]) writeFileSync(join(compressed, name), "{}");
  const file = join(compressed, "onnx", "model_quantized.onnx");
  writeFileSync(file, "one");
  const look = (version?: string) => lookAt({ path: release, name: "small", ...(version && { version }) });
  const [first, again] = [await look(), await look()];
  expect([first.compressed, again.digest]).toEqual([true, first.digest]);
  writeFileSync(file, "two");
  const changed = await look();
  expect(changed.digest).not.toBe(first.digest);
  expect(changed.version).toBe(changed.digest);
  expect(await look("7")).toMatchObject({ version: "7", digest: changed.digest });
  rmSync(release, { recursive: true });
});
