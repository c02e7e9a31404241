// The MLflow export against the recording of a real server (test/golden/tracking/mlflow.json, tools/record-mlflow.ts): every request
// has to be the recorded one, in order. And the sender, against a server in this process.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { mlflowServer } from "../../src/runs/mlflow-server.ts";
import { mlflowExport, type Send } from "../../src/tracking/index.ts";
import { artifactsExample, bodyText, trackedExample } from "./run.ts";

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly status: number;
  readonly answer: string;
}
const recorded = JSON.parse(readFileSync("test/golden/tracking/mlflow.json", "utf8")) as {
  first: number;
  exchanges: Exchange[];
  refused: { status: number; answer: string };
  kept: Record<string, unknown>;
};
const options = { experiment: "病 diseases & signs", artifacts: artifactsExample };

/** Answers as recorded, if asked as recorded. */
function replay(exchanges: readonly Exchange[]): { send: Send; left: () => number } {
  let at = 0;
  const send: Send = async ({ method, path, body }) => {
    const { status, answer, ...wanted } = exchanges[at++]!;
    expect({ method, path, body: bodyText(body) }).toEqual({ body: undefined, ...wanted });
    return { status, body: answer };
  };
  return { send, left: () => exchanges.length - at };
}

test("an export sends what the real server took: an experiment that it makes or finds, batches within the limits, files, an end", async () => {
  const parts = [recorded.exchanges.slice(0, recorded.first), recorded.exchanges.slice(recorded.first)];
  expect(parts.map((part) => part.some(({ path }) => path.endsWith("experiments/create")))).toEqual([true, false]);
  for (const part of parts) {
    const { send, left } = replay(part);
    const result = await mlflowExport(trackedExample, options, send);
    expect(left()).toBe(0);
    expect(result).toMatchObject({ metrics: 1015, settings: 112, artifacts: ["recipe.yaml", "report.html"] });
    const sizes = part
      .filter(({ path }) => path.endsWith("log-batch"))
      .map(({ body }) => JSON.parse(body!) as { params?: unknown[]; metrics?: unknown[] })
      .map(({ params, metrics }) => [params?.length ?? 0, metrics?.length ?? 0]);
    expect(sizes).toEqual([
      [100, 0],
      [12, 0],
      [0, 1000],
      [0, 15],
    ]);
  }
  expect(recorded.kept).toMatchObject({
    status: "FINISHED",
    name: trackedExample.name,
    params: 112,
    text: trackedExample.settings["data.text"],
    losses: 1010,
    artifacts: [
      ["recipe.yaml", 11],
      ["report.html", artifactsExample["report.html"].length],
    ],
  });
});

test("a refusal of the real server, and an answer that is none of MLflow's, are said in words", async () => {
  const answers =
    (status: number, body: string): Send =>
    async () => ({ status, body });
  const { status, answer } = recorded.refused;
  await expect(mlflowExport(trackedExample, options, answers(status, answer))).rejects.toMatchObject({
    code: "E_SERVER",
    facts: { got: expect.stringContaining(`status ${status}: {"error_code": "INVALID_PARAMETER_VALUE"`) },
  });
  await expect(mlflowExport(trackedExample, options, answers(200, "<html>hello</html>"))).rejects.toThrow(
    /not MLflow's/,
  );
  await expect(mlflowExport(trackedExample, options, answers(200, "{}"))).rejects.toThrow(/not MLflow's/);
  await expect(mlflowExport(trackedExample, options, answers(401, "no"))).rejects.toThrow(/MLFLOW_TRACKING_TOKEN/);
});

test("values that are no numbers stay here; a server without an artifact proxy gets no files", async () => {
  const asked: string[] = [];
  const send: Send = async ({ path, body }) => {
    asked.push(`${path} ${bodyText(body)}`);
    const run = { info: { run_id: "r", artifact_uri: "s3://bucket/1/r/artifacts" } };
    return {
      status: 200,
      body: JSON.stringify({ experiment: { experiment_id: "1", lifecycle_stage: "active" }, run }),
    };
  };
  const points = [
    { tag: "a", step: 1, value: Number.NaN },
    { tag: "b", step: 1, value: 2 },
  ];
  const result = await mlflowExport({ ...trackedExample, points }, options, send);
  expect(result).toMatchObject({ metrics: 1, artifacts: [] });
  expect(asked.some((text) => text.includes("mlflow-artifacts"))).toBe(false);
});

/** A server in this process. */
async function served(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ address: string; close(): void }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

test("who we are comes from the environment, goes into one header, and not to where a redirect points", async () => {
  const seen: (string | undefined)[] = [];
  const { address, close } = await served((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(request.url === "/away" ? 302 : 200, { location: "/elsewhere" }).end("{}");
  });
  try {
    const get = { method: "GET", path: "/x" } as const;
    await mlflowServer(address, {})(get);
    await mlflowServer(`${address}/`, { MLFLOW_TRACKING_TOKEN: "secret" })(get);
    const basic = { MLFLOW_TRACKING_USERNAME: "ana", MLFLOW_TRACKING_PASSWORD: "密" };
    await mlflowServer(address, basic)(get);
    expect(await mlflowServer(address, basic)({ method: "GET", path: "/away" })).toMatchObject({ status: 302 });
    const encoded = `Basic ${Buffer.from("ana:密").toString("base64")}`;
    expect(seen).toEqual([undefined, "Bearer secret", encoded, encoded]);
  } finally {
    close();
  }
});

test("a server that is not there is an error with the address and without the password; an address with a password is refused", async () => {
  const { address, close } = await served(() => {});
  close();
  const fault = await mlflowServer(address, { MLFLOW_TRACKING_TOKEN: "secret" })({ method: "GET", path: "/x" }).catch(
    (e) => e,
  );
  expect(fault).toMatchObject({ code: "E_SERVER", facts: { path: address, got: "ECONNREFUSED" } });
  expect(JSON.stringify(fault) + String(fault)).not.toContain("secret");
  expect(() => mlflowServer("http://ana:secret@localhost", {})).toThrow(/holds a name or a password/);
  expect(() => mlflowServer("file:///tmp", {})).toThrow(/not an address of a server/);
  expect(() => mlflowServer("localhost", {})).toThrow(/not an address/);
});
