// Workers of a study on Kubernetes: what concord tune --kubernetes writes, read as YAML. test/slow/kubernetes.slow.ts validates it against Kubernetes' schemas.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { concord } from "./command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-workers-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const recipe = join(home, "triage recipe.yaml");
writeFileSync(
  recipe,
  "version: 1\nname: Triage 2\ndata: { file: x.csv }\nmodel: { from: somewhere }\nadapt: { threads: 3 }\nsearch: { trials: 2, space: { adapt.learningRate: { log: [1e-4, 1e-2] } } }\n",
);
const database = ["--database", "postgres://concord@db/studies"];

test("a Job keeps so many workers of the study running, each with its folder and the recipe's", async () => {
  const out = join(home, "workers");
  const options = [...database, "--kubernetes", out, "--workers", "4", "--trials", "9", "--set", 'adapt.method="lora"'];
  const shown = await concord(["tune", recipe, ...options]);
  expect([shown.code, shown.err]).toEqual([0, ""]);
  expect(shown.out).toMatch(/workers\.yaml\n.*Not tested on a cluster/);
  expect(readdirSync(out).sort()).toEqual([".dockerignore", "Dockerfile", "package.json", "workers.yaml"]);
  const job = parse(readFileSync(join(out, "workers.yaml"), "utf8"));
  expect([job.kind, job.metadata.name, job.spec.parallelism, job.spec.completions]).toEqual([
    "Job",
    "triage-2-workers",
    4,
    undefined,
  ]);
  const { containers, volumes, restartPolicy } = job.spec.template.spec;
  const [{ args, image, resources, env, volumeMounts, securityContext }] = containers;
  expect(args).toEqual([
    "tune",
    "/data/triage recipe.yaml",
    "--set",
    'adapt.method="lora"',
    "--trials",
    "9",
    ...database,
    "--worker",
    "--quiet",
    "--out",
    "/work/worker",
  ]);
  expect([image, resources.requests.cpu, restartPolicy]).toEqual(["triage-2:latest", "3", "Never"]);
  expect(env[0].valueFrom.secretKeyRef).toEqual({ name: "triage-2-database", key: "password", optional: true });
  expect(volumeMounts.map(({ name }: { name: string }) => name)).toEqual(
    volumes.map(({ name }: { name: string }) => name),
  );
  expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, runAsNonRoot: true });
  expect(readFileSync(join(out, "Dockerfile"), "utf8")).toMatch(
    /ENTRYPOINT \["\/nodejs\/bin\/node", "\/app\/node_modules/,
  );
  const again = await concord(["tune", recipe, ...options]);
  expect(again.code).toBe(74);
  expect(again.err).toContain("the folder is there already");
});

test("without a shared database there is nothing to work on, and its password stays out of the files", async () => {
  const none = await concord(["tune", recipe, "--kubernetes", join(home, "none")]);
  expect([none.code, none.err]).toEqual([64, expect.stringContaining("--database postgres://")]);
  const secret = "postgres://me:hunter2@db/studies";
  const refused = await concord(["tune", recipe, "--kubernetes", join(home, "secret"), "--database", secret]);
  expect([refused.code, refused.err]).toEqual([64, expect.not.stringContaining("hunter2")]);
  expect(readdirSync(home).sort()).not.toContain("secret");
});
