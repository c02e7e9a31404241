// Kubernetes' own schemas read what concord deploy and concord tune --kubernetes write: kubernetes-validate, which tools/install-clients.sh installs.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { kubernetesFiles, workerFiles } from "../../src/deployment/index.ts";
import { clientsPython, hasModules } from "./clients/python.ts";

const python = clientsPython;
const validate = ["-m", "kubernetes_validate"];
const here = hasModules("kubernetes_validate");
const folder = mkdtempSync(join(tmpdir(), "concord-kubernetes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const deployment = { name: "triage", packageVersion: "0.1.0", port: 8080, threads: 2, modelBytes: 9e7, verified: true };
const checked = (text: string) => {
  const path = join(folder, "deployment.yaml");
  writeFileSync(path, text);
  const { status, stdout, stderr } = spawnSync(python!, [...validate, "--strict", path], { encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
};

test.skipIf(!here)("every object passes, and a misspelt key does not (needs kubernetes-validate)", () => {
  const text = kubernetesFiles({ ...deployment, replicas: 3 })["deployment.yaml"]!;
  const { status, text: said } = checked(text);
  expect([status, said.match(/passed for resource/g)?.length]).toEqual([0, 4]);
  expect(checked(text.replace("readinessProbe", "readynessProbe")).status).not.toBe(0);
});

test.skipIf(!here)("the Job of a study's workers passes, and a misspelt key does not", () => {
  const words = ["tune", "/data/it's.yaml", "--set", 'a="b: {c}"', "--worker"];
  const text = workerFiles({ name: "triage", packageVersion: "0.1.0", threads: 2, workers: 4, words })["workers.yaml"]!;
  const { status, text: said } = checked(text);
  expect([status, said.match(/passed for resource/g)?.length]).toEqual([0, 1]);
  expect(checked(text.replace("backoffLimit", "backofLimit")).status).not.toBe(0);
});
