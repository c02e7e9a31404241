// concord clean takes checkpoints that no run goes on from, and no others. Whether a killed run really goes on, test/crash/workspace.e2e.ts asks.
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { concord } from "../../test/command-line.ts";
import { stages } from "../pipeline/index.ts";
import { readRecipe } from "../recipe/index.ts";
import { resumableFolders } from "../stages/index.ts";
import { cleanCheckpoints } from "./clean-checkpoints.ts";
import { runRecipe } from "./run.ts";

const home = mkdtempSync(join(tmpdir(), "concord-clean-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const workspace = join(home, "runs");
const rows = Array.from(
  { length: 40 },
  (_, i) => `${i % 2 ? "fever" : "cough"} since day ${i * 7919},${i % 2 ? "flu" : "cold"}`,
);
writeFileSync(join(home, "rows.csv"), `text,label\n${rows.join("\n")}\n`);
const recipe = readRecipe(
  `version: 1
name: small
data: { file: rows.csv, similarity: 1 }
model: { scratch: { vocabulary: 80, width: 8, layers: 1, heads: 2, inner: 16 } }
`,
  "recipe.yaml",
);

/** A run whose stage prepare has finished, with folders of checkpoints. */
async function begun(name: string, ...kept: string[]): Promise<string> {
  const run = join(workspace, name);
  await runRecipe(recipe, { home, folder: run, until: "prepare" });
  for (const path of kept) put(run, path);
  return run;
}
function put(run: string, path: string): void {
  mkdirSync(join(run, path), { recursive: true });
  writeFileSync(join(run, path, "step-000000000001.safetensors"), "x".repeat(100));
}
const other = ".stages/adapt-0000000000000000";

test("what a resume would go on from stays; what was superseded, cut short, or lies where no run is any more goes", async () => {
  const run = await begun("a", other, ".stages/evaluate.partial", ".stages/pretrain-1111111111111111");
  const [goesOn] = (await resumableFolders(stages, { recipe, home, run })).get("adapt")!;
  put(run, goesOn!);
  const audit = ".stages/audit-privacy-2222222222222222"; // asked for by concord audit, with settings that nobody knows
  put(run, audit);
  put(join(workspace, "gone"), other);
  symlinkSync(home, join(run, ".stages/adapt-3333333333333333"));
  const found = await cleanCheckpoints(workspace, { dryRun: true });
  expect(found.map(({ run: name, path, why, bytes }) => [name, path, why, bytes]).sort()).toEqual([
    ["a", other, "superseded", 100],
    ["a", ".stages/evaluate.partial", "unfinished", 100],
    ["a", ".stages/pretrain-1111111111111111", "superseded", 100], // the recipe has no pretraining
    ["gone", other, "no-run", 100],
  ]);
  expect(existsSync(join(run, other))).toBe(true);
  const { out } = await concord(["--lang", "en", "clean", workspace]);
  expect(out).toContain("removed checkpoints of gone, stage adapt (100 B): the folder has no run");
  expect([other, goesOn!, audit].map((path) => existsSync(join(run, path)))).toEqual([false, true, true]);
  expect(existsSync(join(home, "rows.csv"))).toBe(true);
  expect(JSON.parse((await concord(["--json", "clean", workspace])).out).checkpoints).toEqual([]);
});

test("a run at work, a private run, and one that cannot be judged keep theirs", async () => {
  const run = await begun("b", other);
  const stays = async () => {
    await cleanCheckpoints(workspace);
    expect(existsSync(join(run, other))).toBe(true);
  };
  writeFileSync(join(run, ".lock"), JSON.stringify({ pid: process.pid, host: hostname(), since: "" }));
  await stays();
  rmSync(join(run, ".lock"));
  writeFileSync(join(run, "privacy-ledger.jsonl"), "");
  await stays();
  rmSync(join(run, "privacy-ledger.jsonl"));
  rmSync(join(run, ".stages/prepare.json")); // its key is known when prepare has run
  await stays();
  await runRecipe(recipe, { home, folder: run, until: "prepare" });
  writeFileSync(join(run, "recipe.yaml"), "version: 2");
  await stays();
  await runRecipe(recipe, { home, folder: run, until: "prepare" });
  await cleanCheckpoints(workspace);
  expect(existsSync(join(run, other))).toBe(false);
});
