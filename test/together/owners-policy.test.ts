// An owner's own policy for rounds: a small file, every wrong entry named.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readOwnersPolicy } from "../../src/studies/hosting/owners-policy.ts";

const home = mkdtempSync(join(tmpdir(), "concord-own-policy-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const written = (text: string) => {
  writeFileSync(join(home, "own.yaml"), text);
  return readOwnersPolicy(join(home, "own.yaml"));
};

test("an owner's policy is read", async () => {
  expect(await written("version: 1\nminimumSurvivors: 4\n")).toEqual({ version: 1, minimumSurvivors: 4 });
});

test.each([
  ["minimumSurvivors: 4", /E_CONFIG[\s\S]*version/],
  ["version: 1\nminimumSurvivor: 4", /E_CONFIG[\s\S]*minimumSurvivor/],
  ["version: 1\nminimumSurvivors: 1.5", /E_CONFIG[\s\S]*minimumSurvivors/],
  ["version: 1\nversion: 1", /E_CONFIG/],
  ["[", /E_CONFIG/],
])("%j is refused by name", async (text, problem) => {
  await expect(written(text)).rejects.toThrow(problem);
});

test("a policy that is not there is refused", async () => {
  await expect(readOwnersPolicy(join(home, "none.yaml"))).rejects.toThrow("E_IO");
});
