// Finished runs of earlier versions, frozen, open in today's: answers, listing, inspection, report, scores, verification, resuming. Each lies in a
// folder named by its day (README.md there says how it was made).
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { arch, platform } from "node:process";
import { afterAll, expect, test } from "vitest";
import { openRunFolder } from "../../src/artifacts/index.ts";
import { terminalWidth } from "../../src/base/index.ts";
import { stages } from "../../src/pipeline/index.ts";
import { verifyRelease } from "../../src/release/index.ts";
import { afterOf, versions } from "../../src/stages/index.ts";
import { finishedStage, hashOf, type StageRecord, stageRecordName } from "../../src/store/index.ts";
import { concord } from "../command-line.ts";

const home = mkdtempSync(join(tmpdir(), "concord-frozen-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A copy of a frozen run beside its table, told where it lies now. */
function thawed(day: string): string {
  const place = join(home, day);
  cpSync(new URL(day, import.meta.url), place, { recursive: true });
  const about = join(place, "run/run.json");
  writeFileSync(about, readFileSync(about, "utf8").replace('"home": "."', `"home": ${JSON.stringify(place)}`));
  return join(place, "run");
}

const days = ["2026-11-26", "2026-11-29"] as const;
const accuracy = { "2026-11-26": "0.737", "2026-11-29": "1.000" };

test.each(days)("a run of %s answers, is listed and inspected, and its scores come out again", async (day) => {
  const run = thawed(day);
  const asked = async (...args: string[]) => {
    const { code, out, err } = await concord([...(args[0] === "--lang" ? [] : ["--lang", "en"]), ...args]);
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    return out;
  };
  expect(await asked("predict", run, "one cat my dog here")).toMatch(/^animal 0\.\d+/);
  expect(await asked("runs", join(home, day))).toMatch(/^run +single-label +\d+\/\d+ +\w+ [\d.]+/m);
  const [head, line] = (await asked("--lang", "zh", "runs", join(home, day))).split("\n");
  expect(terminalWidth(head!.split("任务")[0]!)).toBe(line!.indexOf("single-label")); // full-width characters take two columns
  const inspected = await asked("inspect", run);
  expect(inspected).toMatch(/robustness +done/);
  expect(inspected).toContain(`accuracy ${accuracy[day]}`);
  expect(await asked("evaluate", run)).toContain(`accuracy ${accuracy[day]}`);
  const planned = await asked("run", join(run, "../recipe.yaml"), "--out", run, "--dry-run");
  expect(planned).toMatch(/^prepare +(run +changed|reuse)/m);
});

/** Gives records the inputs that today's code would write: versions, machine and settings; what they say of results stays. */
async function renewed(run: string, day: string): Promise<void> {
  const { recipe } = await openRunFolder(run);
  const keys: Record<string, string> = {};
  for (const stage of stages) {
    const record = await finishedStage(run, stage.name);
    if (!record) continue;
    const settings = await stage.settings(recipe, join(home, day));
    const after = Object.fromEntries(
      afterOf(stages, stage).flatMap((name) => (keys[name] === undefined ? [] : [[name, keys[name]]])),
    );
    const machine = `${platform}-${arch}`;
    const inputs = { settings, seed: recipe.seed, after, code: stage.version, versions: versions(), machine };
    keys[stage.name] = hashOf(inputs);
    const next: StageRecord = { ...record, inputs, key: hashOf(inputs) };
    writeFileSync(join(run, stageRecordName(stage.name)), JSON.stringify(next));
  }
}

test("resuming a finished run of this machine and these versions repeats nothing; after a change, what it is about", async () => {
  const day = "2026-11-29";
  const run = thawed(day);
  await renewed(run, day);
  const { code, err } = await concord(["--lang", "en", "resume", run]);
  expect(code).toBe(0);
  expect(err).toMatch(/^report +reused/m);
  // the stage profile is younger than this run
  expect(err.match(/^\S+ +running \(/gm)).toEqual(["profile           running ("]);
  const changed = await concord([
    "run",
    join(run, "../recipe.yaml"),
    "--out",
    run,
    "--dry-run",
    "--set",
    "report.examples=2",
  ]);
  expect(changed.out.match(/ run /g)).toHaveLength(1);
});

test("the report of an old run is made anew from what its stages left", async () => {
  const day = "2026-11-26";
  const run = thawed(day);
  await renewed(run, day);
  const { code, err } = await concord(["resume", run]);
  expect({ code, err }).toMatchObject({ code: 0 });
  const page = readFileSync(join(run, "report.html"), "utf8");
  expect(page).toContain("0.737");
});

test("a release of 26 November is verified; a page that another version words otherwise is named, all else stays strict", async () => {
  const run = thawed("2026-11-26");
  const release = join(run, "../release");
  const options = { policy: join(run, "../policy.yaml"), log: join(run, "../releases"), now: new Date("2026-11-30") };
  const found = await verifyRelease(release, options);
  expect([found.files, found.unchecked, found.gates.map((gate) => gate.passed)]).toEqual([
    9,
    ["model/README.md", "annex-iv.md", "ai-rmf.md", "plain.html"],
    [true],
  ]);
  const { out } = await concord(["--lang", "en", "verify", release, "--policy", options.policy]);
  expect(out).toContain(
    "NOT CHECKED, worded by another version of Concord: model/README.md, annex-iv.md, ai-rmf.md, plain.html",
  );
  for (const name of ["recipe.yaml", "report.html", "evidence/metrics.json", "model/config.json"]) {
    const path = join(release, name);
    const before = readFileSync(path, "utf8");
    writeFileSync(path, before.replace("a", "b"));
    await expect(verifyRelease(release, options), name).rejects.toThrow(/E_CHECKSUM|E_SIGNATURE/);
    writeFileSync(path, before);
  }
});
