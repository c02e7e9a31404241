// concord bandit, as a user meets it: a log is learned from and judged, a policy is written and chooses, and a broken log is refused.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { concord } from "../../../test/command-line.ts";
import { random } from "../../base/index.ts";

const home = mkdtempSync(join(tmpdir(), "concord-bandit-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const rng = random(2);
/** Young people click on a, old ones on b; c is never good. */
const rows = Array.from({ length: 900 }, () => {
  const age = 20 + rng.int(60);
  const region = rng.int(2) ? "north" : "south";
  const offer = ["a", "b", "c"][rng.int(3)]!;
  const good = offer === "a" ? age < 45 : offer === "b" ? age >= 45 : false;
  return [age, region, offer, Number(rng.float() < (good ? 0.8 : 0.1)), "0.3333"] as const;
});
const write = (name: string, more: readonly (readonly unknown[])[] = []) => {
  const path = join(home, name);
  writeFileSync(
    path,
    ["age,region,offer,clicked,chance", ...[...rows, ...more].map((row) => row.join(","))].join("\n"),
  );
  return path;
};
const log = write("log.csv");
const asked = ["--context", "age", "region", "--action", "offer", "--reward", "clicked", "--propensity", "chance"];
const learn = (...more: string[]) => concord(["bandit", "learn", log, ...asked, ...more]);

test("learns who gets what, says by how much that is better, and the policy chooses with a propensity", async () => {
  const policy = join(home, "policy.json");
  const { code, out, err } = await learn("--out", policy, "--exploration", "0.1");
  expect(code, err).toBe(0);
  expect(out).toMatch(/^Better than the best fixed action/);
  expect(out).toContain("uniform: mean reward 0.3");
  const choose = async (age: number) =>
    JSON.parse((await concord(["bandit", "choose", policy, "--with", `age=${age}`, "region=north", "--json"])).out);
  expect(await choose(25)).toEqual({ action: "a", propensity: 1 });
  expect(await choose(70)).toEqual({ action: "b", propensity: 1 });
  const broken = await concord(["bandit", "choose", policy, "--with", "age=young"]);
  expect(broken.err).toContain("age is no number");
});

test("options change what is learned and estimated; without propensities frequencies count, and that is said", async () => {
  const found = async (...more: string[]) => (await learn("--json", ...more)).out;
  const base = await found();
  for (const more of [
    ["--kind", "thompson"],
    ["--exploration", "9"],
    ["--lambda", "500"],
    ["--clip", "1"],
    ["--test", "0.3"],
    ["--seed", "1"],
  ])
    expect(await found(...more), more.join(" ")).not.toBe(base);
  const few = await learn("--test", "0.02");
  expect(few.out).toMatch(/^Too few decisions to say/);
  const plain = await concord(["bandit", "learn", log, ...asked.slice(0, -2)]);
  expect(plain.out).toContain("No propensities");
});

test("a propensity of 0 is refused with its row, and so are a column that is not there and shares out of range", async () => {
  const zero = write("zero.csv", [[30, "north", "a", 1, 0]]);
  const refused = await concord(["bandit", "learn", zero, ...asked]);
  expect(refused.code).not.toBe(0);
  expect(refused.err).toMatch(/no probability above 0[\s\S]*zero\.csv:902/);
  expect((await concord(["bandit", "learn", log, "--context", "height"])).err).toContain("no such column");
  expect((await concord(["bandit", "learn", log])).err).toContain("--context");
  expect((await learn("--test", "1")).err).toContain("not a share");
  expect((await learn("--kind", "best")).err).toContain("kind is out of range");
});
