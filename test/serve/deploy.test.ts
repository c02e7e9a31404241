// A release written for other systems: verified before a file is written, read back by the systems' own checkers where they are here.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { ErrorCode } from "../../src/base/index.ts";
import { haproxyConfig } from "../../src/deployment/index.ts";
import { releaseRun, verifyRelease } from "../../src/release/index.ts";
import { deployRelease } from "../../src/serve/index.ts";
import { concord } from "../command-line.ts";
import { faultLater } from "../fault.ts";
import { openOnnx } from "../one-thread.ts";
import { now, type ReleaseSetting, releaseSetting } from "../release/run.ts";

let setting: ReleaseSetting;
let release: string;
let policy: string;
const out = (name: string) => join(setting.home, name);
const read = (...path: string[]) => readFileSync(join(setting.home, ...path), "utf8");

beforeAll(async () => {
  setting = await releaseSetting("audit: { explanation: false, fairness: false, privacy: false }");
  policy = setting.policy("policy.yaml", "[{ value: metrics.accuracy, atLeast: 0.5 }]");
  release = out("released");
  await releaseRun(setting.run, { policy, keys: [setting.key("builder")], out: release, now });
});
afterAll(() => setting.remove());

test("a composition holds the release, whole and verifiable, its policy, an image without root and a balancer", async () => {
  const { files } = await deployRelease(release, { to: "compose", policy, name: "triage", out: out("compose") });
  expect(files).toEqual([".dockerignore", "Dockerfile", "README.md", "compose.yaml", "haproxy.cfg", "package.json"]);
  const { passport } = await verifyRelease(join(out("compose"), "release"), {
    policy: join(out("compose"), "policy", "policy.yaml"),
  });
  expect(passport.name).toBe((await verifyRelease(release, { policy })).passport.name);
  const [compose] = parseAllDocuments(read("compose", "compose.yaml"), { merge: true });
  const { services } = compose!.toJS() as { services: Record<string, Record<string, unknown>> };
  expect(Object.keys(services)).toEqual(["triage-1", "triage-2", "triage-3", "balancer"]);
  expect(services["triage-2"]).toMatchObject({ build: ".", read_only: true, cap_drop: ["ALL"] });
  expect(read("compose", "Dockerfile")).toMatch(/USER nonroot\n[\s\S]*CMD \["serve", "triage=release", "--policy"/);
  expect(read("compose", "haproxy.cfg")).toContain("server replica-3 triage-3:8080");
});

test("objects of Kubernetes name one another; the memory follows the model's size", async () => {
  await deployRelease(release, {
    to: "kubernetes",
    policy,
    name: "triage",
    replicas: 4,
    port: 9000,
    out: out("kubernetes"),
  });
  const objects = parseAllDocuments(read("kubernetes", "deployment.yaml")).map((one) => one.toJS());
  expect(objects.map(({ kind }) => kind)).toEqual([
    "Deployment",
    "Service",
    "HorizontalPodAutoscaler",
    "PodDisruptionBudget",
  ]);
  const [deployment, service, scaler] = objects;
  const [container] = deployment.spec.template.spec.containers;
  expect(deployment.spec.template.metadata.labels).toMatchObject(service.spec.selector);
  expect(service.spec.ports[0].targetPort).toBe(container.ports[0].containerPort);
  expect(scaler.spec).toMatchObject({ minReplicas: 4, scaleTargetRef: { name: deployment.metadata.name } });
  expect(container.args).toEqual(expect.arrayContaining(["serve", "triage=release", "--port", "9000"]));
  expect(container.resources.limits.memory).toMatch(/^(\d+)Mi$/);
  const [kserve] = parseAllDocuments(read("kubernetes", "kserve.yaml")).map((one) => one.toJS());
  expect(kserve.spec.predictor.containers[0].args).toEqual(container.args);
});

const has = (program: string, ...asked: string[]) => spawnSync(program, asked).status === 0;

test("a unit starts the server of its own folder", async () => {
  await deployRelease(release, { to: "systemd", policy, name: "triage", node: process.execPath, out: out("systemd") });
  const unit = read("systemd", "triage.service");
  expect(unit).toMatch(
    /ExecStart=\S+ \/opt\/triage\/node_modules\/\S+main\.js serve triage=release --policy policy\/policy\.yaml/,
  );
});

test.skipIf(!has("systemd-analyze", "--version"))(
  "systemd-analyze, where it is installed, reads the unit without a complaint",
  () => {
    const { stderr } = spawnSync("systemd-analyze", ["verify", join(out("systemd"), "triage.service")], {
      encoding: "utf8",
    });
    expect(stderr.split("\n").filter((line) => line.includes("triage.service"))).toEqual([]);
  },
);

test("a Triton repository names the tensors that its file has", async () => {
  await deployRelease(release, { to: "triton", policy, name: "triage", out: out("triton") });
  const config = read("triton", "triage", "config.pbtxt");
  const named = (part: string) =>
    [
      ...config
        .split(part)[1]!
        .split("]\n")[0]!
        .matchAll(/name: "(\w+)"/g),
    ].map((m) => m[1]);
  const session = await openOnnx(join(out("triton"), "triage", "1", "model.onnx"));
  expect(named("input [").sort()).toEqual([...session.inputs].sort());
  const ids = { dtype: "int64", shape: [1, 4], data: BigInt64Array.from([2n, 5n, 6n, 3n]) } as const;
  const ones = { ...ids, data: new BigInt64Array(4).fill(1n) };
  const zeros = { ...ids, data: new BigInt64Array(4) };
  const outputs = await session.run({ input_ids: ids, attention_mask: ones, token_type_ids: zeros });
  expect(Object.keys(outputs)).toEqual(expect.arrayContaining(named("output [") as string[]));
  expect(read("triton", "triage", "labels.txt").trim().split("\n")).toHaveLength(outputs.logits!.shape[1]!);
  await session.dispose();
});

test.skipIf(!has("haproxy", "-v"))("HAProxy, where it is installed, accepts its configuration", () => {
  const path = out("haproxy.cfg");
  writeFileSync(path, haproxyConfig({ bind: "127.0.0.1:9000", servers: ["127.0.0.1:9001", "127.0.0.1:9002"] }));
  const { status, stderr } = spawnSync("haproxy", ["-c", "-f", path], { encoding: "utf8" });
  expect([status, stderr]).toEqual([0, expect.not.stringMatching(/ALERT|WARNING/)]);
});

test("what may not be deployed leaves nothing behind", async () => {
  const deploy = (code: ErrorCode, options: object) =>
    faultLater(code, () => deployRelease(release, { to: "docker", policy, out: out("none"), ...options }));
  expect((await deploy("E_ARGUMENT", { name: "Not a name" })).facts.path).toBe("--name");
  await deploy("E_IO", { out: out("systemd") });
  const strict = setting.policy("strict.yaml", "[{ value: metrics.accuracy, atLeast: 1.1 }]");
  await deploy("E_GATE", { policy: strict });
  expect(existsSync(out("none"))).toBe(false);
  expect((await concord(["--lang", "en", "deploy", release, "--to", "nomad"])).err).toMatch(/no such target/);
  const shown = await concord([
    "deploy",
    release,
    "--to",
    "docker",
    "--policy",
    policy,
    "--out",
    out("none"),
    "--lang",
    "zh",
  ]);
  expect([shown.code, shown.out]).toEqual([0, expect.stringContaining("Dockerfile")]);
  expect(read("none", "README.md")).toMatch(/未测试/);
});
