// Options of a study that are refused: those that do not go together, and secrets, which a cluster would show to everybody and are not repeated.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-tune-options-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const recipe = join(home, "recipe.yaml");
writeFileSync(
  recipe,
  "version: 1\nname: x\ndata: { file: x.csv }\nmodel: { from: somewhere }\nsearch: { trials: 2, space: { adapt.learningRate: { log: [1e-4, 1e-2] } } }\n",
);

const secrets = ["postgres://me:hunter2@db/studies", "postgres://me@db/studies?password=hunter2"];
const clusters = [["--ray", "http://127.0.0.1:9"], ["--slurm"]];

test.each(secrets.flatMap((database) => clusters.map((cluster) => [database, ...cluster])))(
  "%s is no database for jobs of a cluster (%s): its password would stand in their list",
  async (database, ...cluster) => {
    const { code, err, out } = await concord(["tune", recipe, ...cluster, "--database", database]);
    expect([code, out]).toEqual([64, ""]);
    expect(err).toContain("PGPASSWORD");
    expect(err).not.toContain("hunter2");
  },
);

test.each([
  [["--slurm"], /--database postgres/],
  [["--sbatch", "partition=main"], /options of Slurm/],
  [["--workers", "3"], /nothing says where workers run/],
  [["--slurm", "--ray", "http://127.0.0.1:9", "--database", "postgres://db/s"], /on one cluster/],
  [["--slurm", "--worker", "--database", "postgres://db/s"], /places no others/],
  [["--slurm", "--sbatch", "array=1-9", "--database", "postgres://db/s"], /Concord sets this option/],
])("options that do not go together are refused: %s", async (options, said) => {
  const { code, err } = await concord(["tune", recipe, ...options]);
  expect(code).toBe(64);
  expect(err).toMatch(said);
});
