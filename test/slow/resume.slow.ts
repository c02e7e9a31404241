// A run that is killed at random moments and resumed ends with the same bits as one that was left alone.
import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { train } from "../../src/train/node/train.ts";
import { bitsOf } from "../bits.ts";
import { bundledChild } from "../train/bundled-child.ts";
import { tinyJob } from "../train/tiny.ts";

let root: string;
let selecting: string;
beforeAll(async () => {
  root = await bundledChild(new URL("../train/child.ts", import.meta.url));
  selecting = await bundledChild(new URL("../train/selecting-child.ts", import.meta.url));
});
afterAll(() => {
  for (const folder of [root, selecting]) rmSync(folder, { recursive: true, force: true });
});
const kills = Number(process.env.CONCORD_KILLS ?? 1);

/** Runs the child; kills it some time after its first step. Gives its last step, and what it selected and the hash if it got to the end. */
function runChild(
  folder: string,
  killAfterMs?: number,
  home = root,
): Promise<{ last: number; hash?: string; selected?: string }> {
  return new Promise((resolve, reject) => {
    const process_ = spawn(process.execPath, [join(home, "child.js"), folder], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    let timer: NodeJS.Timeout | undefined;
    process_.stdout.on("data", (data: Buffer) => {
      output += data;
      if (killAfterMs !== undefined) timer ??= setTimeout(() => process_.kill("SIGKILL"), killAfterMs);
    });
    process_.on("error", reject);
    process_.on("exit", () => {
      clearTimeout(timer);
      const steps = [...output.matchAll(/^step (\d+)$/gm)];
      resolve({
        last: Number(steps.at(-1)?.[1] ?? 0),
        selected: /^selected (.+)$/m.exec(output)?.[1],
        hash: /^done (\w+)$/m.exec(output)?.[1],
      });
    });
  });
}

test(`killed with SIGKILL at ${kills} random moments and resumed, the weights are bit-equal`, {
  timeout: 600_000,
}, async () => {
  const alone = await runChild(join(root, "alone"));
  expect(alone).toMatchObject({ last: 400, hash: expect.any(String) });
  const folder = join(root, "killed");
  let killed = 0;
  const reached: number[] = [];
  while (killed < kills) {
    const { last, hash } = await runChild(folder, Math.random() * 500);
    if (hash)
      rmSync(folder, { recursive: true }); // it got to the end before the signal: start over, the count goes on
    else killed++;
    reached.push(last);
  }
  expect((await runChild(folder)).hash).toBe(alone.hash);
  console.log(`killed ${killed} times, at steps ${reached.join(", ")}`);
});

test(`killed at ${3 * kills} random moments, a run that keeps its best epoch and stops early ends with the same epoch and bits`, {
  timeout: 600_000,
}, async () => {
  const alone = await runChild(join(selecting, "alone"), undefined, selecting);
  const selected = JSON.parse(alone.selected ?? "null");
  expect(selected).toMatchObject({ stopped: true, kept: selected.best.epoch });
  expect(selected.epochs).toBe(selected.kept + 6);
  expect(alone.last).toBe(20 * selected.epochs);
  const folder = join(selecting, "killed");
  const reached: number[] = [];
  while (reached.length < 3 * kills) {
    const { last, hash } = await runChild(folder, Math.random() * 400, selecting);
    if (hash) rmSync(folder, { recursive: true });
    else reached.push(last);
  }
  const { last: _, ...ended } = await runChild(folder, undefined, selecting);
  expect(ended).toEqual({ hash: alone.hash, selected: alone.selected });
  console.log(`killed at steps ${reached.join(", ")}; epoch ${selected.kept} of ${selected.epochs} is kept`);
});

test("aborting saves where it stands, at a step that is no checkpoint, and the resumed run ends with the same bits", async () => {
  const whole = await train(tinyJob({ epochs: 2 }), {});
  const stop = new AbortController();
  const options = { folder: join(root, "aborted"), signal: stop.signal };
  const first = await train(tinyJob({ epochs: 2 }), {
    ...options,
    onEvent: (e) => e.kind === "step" && e.step === 10 && stop.abort(),
  });
  expect(first.finished).toBe(false);
  const second = await train(tinyJob({ epochs: 2 }), { folder: options.folder });
  if (!whole.finished || !second.finished) throw new Error("a run did not finish");
  for (const [name, { data }] of whole.weights) expect(bitsOf(second.weights.get(name)!.data), name).toBe(bitsOf(data));
});
