// Runs of one workspace: what one has made the next takes, wherever it lies; nothing is kept that no run has.
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { planRecipe, runRecipe } from "../../src/runs/run.ts";
import { collectShared, findShared, storeBeside } from "../../src/store/index.ts";
import { concord as commandLine } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-sharing-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const lines = Array.from(
  { length: 90 },
  (_, i) => `I have ${i % 2 ? "fever" : "a cold"} since day ${i * 7919},${i % 2}`,
);
writeFileSync(join(home, "rows.csv"), `text,label\n${lines.join("\n")}\n`);
const text = `version: 1
name: shared
data: { file: rows.csv, similarity: 1 }
model: { scratch: { vocabulary: 100, width: 16, layers: 1, heads: 2, inner: 16 }, maxLength: 16 }
adapt: { epochs: 1, batchSize: 16, threads: 1 }
evaluate: { resamples: 20 }
export: { onnx: false }
`;
const workspace = join(home, "runs");
const store = storeBeside(join(workspace, "any"));
const at = (name: string) => join(workspace, name);

/** Runs the recipe; @returns the stages that worked, and those that were taken */
async function run(name: string, ...overrides: string[]) {
  const [worked, taken]: [string[], string[]] = [[], []];
  await runRecipe(readRecipe(text, "recipe.yaml", overrides), {
    home,
    folder: at(name),
    store,
    onEvent: (event) => {
      if (event.kind === "stage" && event.state === "started") worked.push(event.stage);
      if (event.kind === "stage" && event.why.startsWith("reused from another run")) taken.push(event.stage);
    },
  });
  return { worked, taken };
}
const recordOf = (name: string, stage: string) =>
  JSON.parse(readFileSync(join(at(name), ".stages", `${stage}.json`), "utf8"));
const model = (name: string) => join(at(name), "model/model.safetensors");

test("a second run takes what did not change, a plan says so, and each folder stands by itself", async () => {
  expect((await run("a")).worked).toEqual(["prepare", "adapt", "baseline", "evaluate", "profile", "report"]);
  const other = readRecipe(text, "recipe.yaml", ["adapt.learningRate=1e-3"]);
  const plan = await planRecipe(other, { home, folder: at("b"), store });
  expect(plan.map((p) => [p.stage, p.does])).toEqual([
    ["prepare", "keep"],
    ["adapt", "run"],
    ["baseline", "keep"],
    ["evaluate", "run"],
    ["profile", "run"],
    ["report", "run"],
  ]);
  expect(await run("b", "adapt.learningRate=1e-3")).toEqual({
    worked: ["adapt", "evaluate", "profile", "report"],
    taken: ["prepare", "baseline"],
  });
  expect(await run("c")).toEqual({
    worked: ["report"],
    taken: ["prepare", "adapt", "baseline", "evaluate", "profile"],
  });
  expect(readFileSync(model("c")).equals(readFileSync(model("a")))).toBe(true);
  expect(statSync(model("c")).ino).not.toBe(statSync(model("a")).ino); // editing one changes no other
  expect(await run("c")).toEqual({ worked: [], taken: [] });
  renameSync(at("c"), join(home, "moved"));
  rmSync(workspace, { recursive: true });
  renameSync(join(home, "moved"), join(home, "runs2"));
  expect(existsSync(join(home, "runs2/model/config.json"))).toBe(true);
});

test("a shared result that somebody edited is not taken", async () => {
  await run("d");
  appendFileSync(join(at("d"), "data/train.jsonl"), " ");
  expect((await run("e")).worked).toContain("prepare");
  const { shared } = recordOf("e", "prepare");
  expect(await findShared(store, shared)).toMatchObject({ stage: "prepare", outputs: ["data"] });
  expect(await findShared(store, "0".repeat(64))).toBeUndefined();
});

test("a private run gives nothing and takes nothing", async () => {
  const before = readdirSync(store).sort();
  const privately = ["adapt.privacy={ epsilon: 8 }", "adapt.method=full"];
  const { worked, taken } = await run("p", ...privately);
  expect([worked, taken]).toEqual([["prepare", "adapt", "baseline", "evaluate", "profile", "report"], []]);
  expect(recordOf("p", "prepare").shared).toBeUndefined();
  expect(readdirSync(store).sort()).toEqual(before);
  expect(statSync(store).mode & 0o077).toBe(0);
});

test("what no run has is removed, after a run or by concord clean, and nothing else", async () => {
  const kept = readdirSync(store).length;
  writeFileSync(join(store, "README"), "mine");
  expect(await collectShared(store, { dryRun: true })).toMatchObject({ results: 0, kept });
  rmSync(at("d"), { recursive: true });
  rmSync(at("e"), { recursive: true });
  const concord = (...args: string[]) => commandLine(["--lang", "en", ...args]);
  expect((await concord("clean", workspace, "--dry-run")).out).toMatch(/^would remove \d+ stored results \(.*B/);
  expect(readdirSync(store).length).toBe(kept + 1);
  const found = JSON.parse((await concord("--json", "clean", workspace)).out);
  expect(found).toMatchObject({ kind: "clean", results: kept, kept: 0 });
  expect(found.bytes).toBeGreaterThan(10_000);
  expect(readdirSync(store)).toEqual(["README"]);
  expect((await concord("clean", join(home, "none"))).err).toMatch(/^E_IO/);
  expect((await commandLine(["clean", workspace, "--lang", "zh"])).out).toMatch(/^已删除 0 个已存结果/);
});

test("two runs that make the same result at once leave one, and both runs are whole", async () => {
  const both = await Promise.all([run("x"), run("y")]);
  expect(both.every(({ worked }) => worked.includes("report"))).toBe(true);
  for (const stage of ["prepare", "adapt", "baseline", "evaluate", "profile"])
    expect(recordOf("x", stage).content).toBe(recordOf("y", stage).content);
  expect(readdirSync(store).filter((name) => name.startsWith("draft"))).toEqual([]);
});

test("concord runs lists a folder's runs, one that cannot be read too", async () => {
  writeFileSync(join(at("y"), "run.json"), "{}");
  const { out } = await commandLine(["runs", workspace, "--lang", "en"]);
  const [head, ...rows] = out.trimEnd().split("\n");
  expect(head).toMatch(/^run +task +stages +score +best baseline +finished \(UTC\) +size$/);
  expect(rows.find((row) => row.startsWith("x"))).toMatch(
    /single-label +6\/6 +\w+ 0\.\d{3} +[01]\.\d{3} \w+ +2\d{3}-\S+ \S+ +[\d.]+ KiB/,
  );
  expect(rows.find((row) => row.startsWith("y"))).toMatch(/E_FORMAT not a run's file/);
  const json = (await commandLine(["runs", workspace, "--json"])).out
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(json.find(({ path }) => path === at("x"))).toMatchObject({
    kind: "run",
    name: "shared",
    score: { value: expect.any(Number) },
  });
  expect((await commandLine(["runs", store, "--lang", "zh"])).out).toMatch(/没有运行/);
});
