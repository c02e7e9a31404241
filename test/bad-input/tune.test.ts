// Secrets on the command line of a study: what a cluster would show to everybody is refused, and not repeated.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-tune-options-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

test.each(["postgres://me:hunter2@db/studies", "postgres://me@db/studies?password=hunter2"])(
  "%s is no database for jobs of a cluster: its password would stand in their list",
  async (database) => {
    const recipe = join(home, "recipe.yaml");
    writeFileSync(
      recipe,
      "version: 1\nname: x\ndata: { file: x.csv }\nmodel: { from: somewhere }\nsearch: { trials: 2, space: { adapt.learningRate: { log: [1e-4, 1e-2] } } }\n",
    );
    const { code, err, out } = await concord(["tune", recipe, "--ray", "http://127.0.0.1:9", "--database", database]);
    expect([code, out]).toEqual([64, ""]);
    expect(err).toContain("PGPASSWORD");
    expect(err).not.toContain("hunter2");
  },
);
