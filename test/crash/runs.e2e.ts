// What nobody plans: a run killed in every stage, a read-only folder, a full disk, two runs in one folder. Needs `npm run build`.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { built, resultsOf } from "./built.ts";

const kills = Number(process.env.CONCORD_KILLS ?? 3); // in each stage
const home = mkdtempSync(join(tmpdir(), "concord-runs-"));
chmodSync(home, 0o755);
const mounted: string[] = [];
afterAll(() => {
  for (const folder of mounted) execFileSync("umount", [folder]);
  rmSync(home, { recursive: true, force: true });
});

const rng = random(31);
const pick = (list: readonly string[]) => list[rng.int(list.length)]!;
const parts = {
  joint: ["knee", "hip", "elbow"],
  skin: ["rash", "itch", "spots"],
  airways: ["cough", "wheeze", "sneeze"],
};
const fillers = "since monday night at work home my old left right very much again never before after rain cold".split(
  " ",
);
const rows = Array.from({ length: 900 }, () => {
  const label = pick(Object.keys(parts)) as keyof typeof parts;
  const words = Array.from({ length: 6 }, () => pick(fillers)).join(" ");
  return `${words} ${pick(parts[label])} ${pick(parts[label])} ${pick(fillers)},${label}`;
});
writeFileSync(join(home, "rows.csv"), `text,label\n${rows.join("\n")}\n`);
const recipe = join(home, "recipe.yaml");
writeFileSync(
  recipe,
  `version: 1
name: crash
data: { file: rows.csv }
model: { scratch: { vocabulary: 300, width: 64, layers: 2, heads: 4, inner: 128 }, maxLength: 32 }
pretrain: { epochs: 2 }
adapt: { epochs: 3, learningRate: 2e-3 }
evaluate: { resamples: 500 }
`,
);
const whole = join(home, "whole");

beforeAll(async () => {
  const { code, err } = await built(["run", "--no-store", recipe, "--out", whole, "--quiet"]);
  expect([code, err]).toEqual([0, ""]);
});

test(`killed ${kills} times in each stage, then resumed, a run ends with the same files, bit for bit`, async () => {
  const wanted = resultsOf(whole);
  expect(Object.keys(wanted)).toEqual(
    expect.arrayContaining([
      "model/model.safetensors",
      "curves.json",
      "metrics.json",
      "onnx/model.onnx",
      "data/train.jsonl",
    ]),
  );
  const run = join(home, "killed");
  const reached: string[] = [];
  for (const stage of ["prepare", "pretrain", "adapt", "baseline", "evaluate", "export", "report"])
    for (let kill = 0; kill < kills; kill++) {
      const at = existsSync(join(run, "run.json"))
        ? ["resume", "--no-store", run]
        : ["run", "--no-store", recipe, "--out", run];
      let timer: NodeJS.Timeout | undefined;
      const { code } = await built([...at, "--json"], {
        onOut: (text, die) => {
          if (!text.includes(`"stage":"${stage}","state":"started"`) || timer) return;
          timer = setTimeout(
            die,
            rng.float() * { prepare: 60, pretrain: 900, adapt: 900, evaluate: 250, export: 60, report: 600 }[stage]!,
          );
        },
      });
      clearTimeout(timer);
      reached.push(`${stage}${code === null ? "" : " (was faster)"}`);
    }
  const { code, err } = await built(
    existsSync(join(run, "run.json")) ? ["resume", "--no-store", run] : ["run", "--no-store", recipe, "--out", run],
  );
  expect([code, err]).toEqual([0, expect.stringContaining("Run folder")]);
  expect(resultsOf(run)).toEqual(wanted);
  expect(readdirSync(join(run, ".stages")).filter((name) => !name.endsWith(".json"))).toEqual([]);
  console.log(`killed in ${reached.join(", ")}`);
  expect(reached.filter((r) => r === "pretrain" || r === "adapt").length).toBeGreaterThan(0); // else nothing was tested
});

test("a second run in the folder is refused with the holder's pid, and changes nothing", async () => {
  const run = join(home, "twice");
  let second: ReturnType<typeof built> | undefined;
  let pid = 0;
  await built(["run", "--no-store", recipe, "--out", run, "--json"], {
    onOut: (text, die) => {
      if (!text.includes('"stage":"pretrain","state":"started"') || second) return;
      pid = JSON.parse(execFileSync("cat", [join(run, ".lock")], { encoding: "utf8" })).pid;
      second = built(["run", "--no-store", recipe, "--out", run, "--json", "--set", "adapt.epochs=9"]);
      void second.then(die);
    },
  });
  const { code, err } = await second!;
  expect(code).toBe(75);
  expect(JSON.parse(err)).toMatchObject({
    code: "E_LOCKED",
    got: expect.stringContaining(`process ${pid},`),
    path: run,
  });
  expect(execFileSync("cat", [join(run, "recipe.yaml")], { encoding: "utf8" })).toMatch(/epochs: 3/); // the first one's
  expect(await built(["resume", "--no-store", run])).toMatchObject({ code: 0 }); // the dead holder's lock is taken over
});

/** Mounts a file system in memory. @returns false where that is not allowed */
function mount(folder: string, options: string): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return false;
  }
  mounted.push(folder);
  return true;
}

test("a read-only folder is refused in words before any work is done", async () => {
  const folder = join(home, "read-only");
  const isMounted = process.getuid?.() === 0 && mount(folder, "ro");
  if (!isMounted) mkdirSync(folder, { recursive: true, mode: 0o555 });
  const nobody = process.getuid?.() === 0 && !isMounted ? { uid: 65_534, gid: 65_534 } : {}; // root may write anywhere
  const { code, out, err } = await built(["run", "--no-store", recipe, "--out", join(folder, "run"), "--json"], nobody);
  expect([code, out]).toEqual([74, ""]);
  expect(JSON.parse(err)).toMatchObject({
    code: "E_IO",
    problem: expect.stringMatching(/read-only|permission denied/),
  });
});

test("a disk that fills up ends the run in words; what is there is whole, and the run goes on when there is room", async () => {
  const folder = join(home, "small");
  const asMount = process.getuid?.() === 0 && mount(folder, "size=400k");
  if (!asMount) mkdirSync(folder, { recursive: true });
  const run = join(folder, "run");
  // without a small disk: no file may grow past 100 blocks of 512 bytes
  const first = await built(
    ["run", "--no-store", recipe, "--out", run, "--json"],
    asMount ? {} : { shell: 'ulimit -f 100; exec "$@"' },
  );
  expect(first.code).toBe(74);
  const fault = JSON.parse(first.err.trim().split("\n").at(-1)!);
  expect(fault).toMatchObject({ code: "E_IO", problem: expect.stringMatching(/disk is full|grew past a limit/) });
  expect(first.err).not.toMatch(/^\s+at /m);
  expect(existsSync(join(run, "model"))).toBe(false);
  const room = join(home, "room");
  cpSync(run, room, { recursive: true });
  expect(await built(["resume", "--no-store", room])).toMatchObject({ code: 0 });
  expect(resultsOf(room)).toEqual(resultsOf(whole));
});
