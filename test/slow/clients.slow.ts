// Clients that others wrote ask a served model: Triton's in Python over HTTP and gRPC, OpenAI's, curl, and transformers.js on the folder that
// concord compress made. tools/install-clients.sh installs the Python ones.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { env, pipeline } from "@huggingface/transformers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compressRun } from "../../src/runs/index.ts";
import { type RunningServer, startServer } from "../../src/serve/index.ts";
import { type ReleaseSetting, releaseSetting } from "../release/run.ts";
import { type SmallModel, smallModel } from "../serve/small-model.ts";
import { clientsPython, hasModules } from "./clients/python.ts";

/** The server is in this process: nothing may block it. */
const execute = promisify(execFile);
const here = hasModules("tritonclient.http", "tritonclient.grpc", "openai");
const texts = ["fever and shivers", "sneezing since monday", "发烧"];
let model: SmallModel;
let server: RunningServer;
let setting: ReleaseSetting;
let ours: { label: string; labels: { label: string; probability: number }[] }[];

beforeAll(async () => {
  model = await smallModel();
  server = await startServer({ models: [{ path: model.path }], unsigned: true, port: 0, grpcPort: 0, threads: 1 });
  const reply = await fetch(`${server.url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ texts }),
  });
  ({ answers: ours } = (await reply.json()) as { answers: typeof ours });
  setting = await releaseSetting("audit: { explanation: false, fairness: false, privacy: false }");
});
afterAll(async () => {
  await server?.stop();
  model?.remove();
  setting?.remove();
});

interface Triton {
  readonly live: boolean;
  readonly ready: boolean;
  readonly inputs: string[];
  readonly labels: string[];
  readonly probabilities: number[][];
  readonly logits: number[][];
  readonly of_ids: number[];
  readonly refusal: string | null;
}
interface Asked {
  readonly http: Triton;
  readonly grpc: Triton;
  readonly openai: { models: string[]; floats: number[][]; base64: number[][]; tokens: number; refusal: string | null };
}

test.skipIf(!here)(
  "Triton's and OpenAI's Python clients get the answers of /predict (needs tools/install-clients.sh)",
  async () => {
    const args = ["test/slow/clients/ask.py", new URL(server.url).host, `127.0.0.1:${server.grpcPort}`, "small"];
    const found = JSON.parse((await execute(clientsPython!, args)).stdout) as Asked;
    const order = ["flu", "cold", "angina"];
    const expected = ours.map(({ labels }) =>
      order.map((name) => labels.find(({ label }) => label === name)!.probability),
    );
    for (const triton of [found.http, found.grpc]) {
      expect(triton).toMatchObject({ live: true, ready: true, labels: ours.map(({ label }) => label), of_ids: [1, 3] });
      expect(triton.inputs).toContain("input_ids");
      for (const [i, row] of triton.probabilities.entries())
        for (const [j, value] of row.entries()) expect(value).toBeCloseTo(expected[i]![j]!, 5);
      expect(triton.refusal).toMatch(/no model of this name/);
    }
    expect(found.grpc.logits).toEqual(found.http.logits);
    const { models, floats, base64, tokens, refusal } = found.openai;
    expect([models, tokens > 0]).toEqual([["small"], true]);
    expect(refusal).toMatch(/no model of this name/);
    for (const [i, row] of floats.entries()) {
      expect(Math.hypot(...row)).toBeCloseTo(1, 5);
      for (const [j, value] of row.entries()) expect(base64[i]![j]!).toBeCloseTo(value, 6);
    }
  },
);

test("curl gets an answer with its explanation", async () => {
  const body = JSON.stringify({ text: texts[0], explain: true });
  const args = ["-sS", "--fail-with-body", "-H", "content-type: application/json", "-d", body, `${server.url}/predict`];
  const found = JSON.parse((await execute("curl", args)).stdout) as {
    answers: { label: string; explanation: { words: { word: string }[] } }[];
  };
  expect(found.answers[0]!.label).toBe(ours[0]!.label);
  expect(found.answers[0]!.explanation).toBeDefined();
});

test("transformers.js opens the folder that concord compress made, and gives our probabilities", async () => {
  const { folder } = await compressRun(setting.run, { settings: { steps: [{ quantise: "int8" }], resamples: 20 } });
  Object.assign(env, { localModelPath: join(folder, ".."), allowRemoteModels: false });
  const classify = await pipeline("text-classification", "compressed", { dtype: "q8" });
  const theirs = (await classify(["I have fever", "I have sneezing and runny"], { top_k: 2 })) as unknown as {
    label: string;
    score: number;
  }[][];
  await classify.dispose();
  const one = await startServer({ models: [{ path: folder }], unsigned: true, port: 0, threads: 1 });
  const reply = await fetch(`${one.url}/predict`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ texts: ["I have fever", "I have sneezing and runny"] }),
  });
  const { answers } = (await reply.json()) as { answers: typeof ours };
  await one.stop();
  for (const [i, { labels }] of answers.entries())
    for (const { label, probability } of labels)
      expect(theirs[i]!.find((entry) => entry.label === label)!.score).toBeCloseTo(probability, 4);
});
