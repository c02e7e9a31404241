// Random requests over every address of the OpenAPI document, right ones and wrong ones: no fault of the server, and its memory stays bounded.
// CONCORD_SERVE_FUZZ: requests (default 100 000). Then schemathesis asks as much of each address as its phases do (tools/install-clients.sh).
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { type SmallModel, smallModel } from "../serve/small-model.ts";
import { clientsPython, hasModules } from "./clients/python.ts";
import { type Operation, operationsOf, requestOf } from "./clients/random-request.ts";
import { freePort, residentBytes, type StartedProcess, serveProcess } from "./servers.ts";

const count = Number(process.env.CONCORD_SERVE_FUZZ ?? 100_000);
const seed = Number(process.env.CONCORD_FUZZ_SEED ?? 20261130);
const clients = 16;
let model: SmallModel;
let words: SmallModel;
let server: StartedProcess;
let url: string;

beforeAll(async () => {
  model = await smallModel();
  words = await smallModel("token", ["O", "B-SIGN", "I-SIGN"], "words");
  const port = await freePort();
  const store = join(model.home, "watch.sqlite");
  server = await serveProcess([model.path, words.path, "--unsigned", "--threads", "1", "--watch", store], port);
  url = `http://127.0.0.1:${port}`;
});
afterAll(async () => {
  await server?.stop();
  model?.remove();
  words?.remove();
});

const agent = new Agent({ keepAlive: true, maxSockets: clients });

/** Sends one. @returns its status; what went wrong with the connection */
const send = ({ method, path, headers, body }: ReturnType<typeof requestOf>) =>
  new Promise<number | string>((resolve) => {
    const asked = request(`${url}${path}`, { method, headers, agent, insecureHTTPParser: true }, (reply) => {
      reply.resume();
      reply.on("end", () => resolve(reply.statusCode!));
    });
    asked.setTimeout(30_000, () => asked.destroy(new Error("no reply in 30 s")));
    asked.on("error", (error) => resolve(error.message));
    asked.end(body);
  });

test(`${count} random requests: none fails in the server, and memory is bounded`, async () => {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as object;
  const operations: Operation[] = operationsOf(document, { name: ["small", "words"] });
  expect(operations.length).toBeGreaterThan(25);
  const statuses: Record<string, number> = {};
  const bad: unknown[] = [];
  let [sent, early] = [0, 0];
  const rng = random(`serve fuzz ${seed}`);
  const one = async () => {
    while (sent < count && bad.length < 5) {
      const at = sent++;
      if (at === Math.floor(count / 4)) early = residentBytes(server.process.pid!);
      const operation = operations[rng.int(operations.length)]!;
      const asked = requestOf(operation, rng.int(2 ** 31 - 1));
      const status = await send(asked);
      statuses[status] = (statuses[status] ?? 0) + 1;
      if (typeof status === "string" || (status >= 500 && status !== 503))
        bad.push({ status, ...asked, body: asked.body?.toString().slice(0, 500) });
    }
  };
  await Promise.all(Array.from({ length: clients }, one));
  const late = residentBytes(server.process.pid!);
  console.log(
    "replies:",
    statuses,
    `resident: ${early / 2 ** 20} MiB after a quarter, ${late / 2 ** 20} MiB at the end`,
  );
  expect(bad).toEqual([]);
  expect(statuses["200"]! / count).toBeGreaterThan(0.2); // many are right
  expect(statuses["400"]! / count).toBeGreaterThan(0.1);
  expect(late).toBeLessThan(1.3 * early + 2 ** 26);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
});

const checks = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_schema_conformance",
  "negative_data_rejection",
  "missing_required_header",
  "unsupported_method",
];

test.skipIf(!hasModules("schemathesis"))(
  "schemathesis finds no reply that the document does not have (needs tools/install-clients.sh)",
  () => {
    const config = join(model.home, "schemathesis.toml");
    // 503 is a reply of the document: the deadline of a request was 1 ms
    writeFileSync(config, '[checks.not_a_server_error]\nexpected-statuses = ["2XX", "3XX", "4XX", 503]\n');
    const report = join(model.home, "report");
    const args = ["--config-file", config, "run", `${url}/openapi.json`, "--checks", checks.join(",")];
    const more = ["--phases", "examples,coverage,fuzzing", "-n", "100", "--seed", String(seed), "--warnings", "off"];
    const out = ["--report", "json", "--report-json-path", report, "--continue-on-failure", "--no-color"];
    const { status, stdout } = spawnSync(clientsPython!, ["-m", "schemathesis.cli", ...args, ...more, ...out], {
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1" },
      maxBuffer: 2 ** 28,
    });
    console.log(/Test cases:\s+.*/.exec(stdout)?.[0], readFileSync(report, "utf8").length);
    expect(status, stdout.slice(-6000)).toBe(0);
  },
);
