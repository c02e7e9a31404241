// The command line as a user meets it: one recipe, run, stopped with Ctrl-C, resumed, asked for answers; faults end with their code.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { random } from "../base/index.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const root = fileURLToPath(new URL("../../", import.meta.url));
const home = mkdtempSync(join(tmpdir(), "concord-cli-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const rng = random(9);
const words = (list: string) => list.split(" ")[rng.int(list.split(" ").length)]!;
const lines = Array.from({ length: 300 }, (_, i) =>
  i % 2
    ? `my ${words("knee hip elbow wrist")} hurts ${words("badly today always")} ${i},joint`
    : `I ${words("cough sneeze wheeze")} ${words("badly today always")} ${i},airways`,
);
writeFileSync(join(home, "rows.csv"), `text,label\n${lines.join("\n")}\n`);
writeFileSync(
  join(home, "recipe.yaml"),
  "version: 1\nname: small\ndata: { file: rows.csv }\nmodel: { scratch: { vocabulary: 200, width: 32, layers: 1, heads: 2, inner: 64 }, maxLength: 32 }\nadapt: { epochs: 6, learningRate: 3e-3, threads: 1 }\nevaluate: { resamples: 50 }\n",
);
const args = (...more: string[]) => ["--import", "tsx", main, ...more];
const concord = (more: string[], input = "") =>
  spawnSync(process.execPath, args(...more), { cwd: root, encoding: "utf8", input });
const run = ["run", join(home, "recipe.yaml"), "--out", join(home, "run")];

test("Ctrl-C saves and ends with 130, resume goes on, the report is printed, a second run does nothing", async () => {
  const child = spawn(process.execPath, args(...run, "--json"), { cwd: root });
  let seen = "";
  child.stdout.on("data", (chunk) => {
    seen += chunk;
    if (!child.killed && seen.includes('"stage":"adapt","done":8,')) child.kill("SIGINT"); // a second one would not wait
  });
  expect(await new Promise((end) => child.on("exit", end))).toBe(130);
  expect(existsSync(join(home, "run", "model"))).toBe(false);
  const resumed = concord(["resume", join(home, "run")]);
  expect(resumed.stderr).toContain("run folder:");
  expect(resumed.status).toBe(0);
  expect(resumed.stdout).toMatch(/precision\s+recall\s+f1-score\s+support/);
  expect(concord([...run, "--dry-run"]).stdout.match(/keep/g)).toHaveLength(4);
});

test("texts from the arguments and from standard input are answered; unsure ones are not, if asked", () => {
  const one = concord(["--json", "predict", join(home, "run"), "my hip hurts today"]);
  expect(JSON.parse(one.stdout).label).toBe("joint");
  const many = concord(["predict", join(home, "run"), "--top", "2"], "I wheeze always\nmy wrist hurts badly\n");
  expect(many.stdout.split("\n").map((l) => l.split(" ")[0])).toEqual(["airways", "joint", ""]);
  expect(concord(["predict", join(home, "run", "model"), "--abstain", "1", "hello"]).stdout).toContain("(abstains)");
});

test.each<[string, string[], number, RegExp]>([
  ["a missing recipe", ["run", join(home, "none.yaml")], 74, /E_IO[\s\S]*none\.yaml/],
  ["a misspelt key", [...run, "--set", "adapt.epohcs=2"], 78, /did you mean epochs/],
  [
    "a missing column",
    ["run", join(home, "recipe.yaml"), "--out", join(home, "other"), "--set", "data.label=labl"],
    65,
    /did you mean label/,
  ],
  ["a folder without a model", ["predict", home, "hello"], 74, /E_IO/],
  ["a share that is none", ["predict", join(home, "run"), "--abstain", "2", "hello"], 64, /0 … 1/],
])("%s: a clear error and its exit code", (_name, more, code, message) => {
  const { status, stderr } = concord(more);
  expect(stderr).toMatch(message);
  expect(stderr).not.toMatch(/^\s+at .*\.ts:\d+/m); // no stack for a user's fault
  expect(status).toBe(code);
});
