import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stateAt, tensorsAt } from "../../../test/crash/checkpoint-content.ts";
import { random } from "../../base/index.ts";
import { bytesOf } from "../../formats/index.ts";
import { openNewestCheckpoint, saveCheckpoint } from "./checkpoints.ts";

const kills = Number(process.env.CONCORD_KILLS ?? 12);
let home: string;
let writer: string;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "concord-crash-"));
  writer = join(home, "writer.mjs"); // bundled once: starts in a tenth of the time
  const source = fileURLToPath(new URL("../../../test/crash/checkpoint-writer.ts", import.meta.url));
  await build({
    entryPoints: [source],
    outfile: writer,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Saves from `firstStep` on until it is killed `delayMs` after its first write began; the last step that it confirmed. */
async function killedAfter(folder: string, firstStep: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [writer, folder, `${firstStep}`], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (chunk) => (said += chunk));
  await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  await new Promise((resolve) => setTimeout(resolve, delayMs));
  expect(child.exitCode, "the writer ended by itself").toBeNull();
  child.kill("SIGKILL");
  await once(child, "close");
  return Number(
    said
      .trim()
      .split("\n")
      .at(-1)!
      .replace("ready", `${firstStep - 1}`),
  );
}

async function crashChain(folder: string, rounds: number, seed: number): Promise<{ torn: number; saved: number }> {
  mkdirSync(folder);
  const rng = random(seed);
  let [torn, last] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const confirmed = await killedAfter(folder, last + 1, rng.float() * 60);
    torn += Number(readdirSync(folder).some((name) => name.endsWith(".tmp")));
    const { checkpoint, skipped } = await openNewestCheckpoint(folder);
    expect(skipped).toEqual([]);
    // The newest is the last one confirmed, or the next one, renamed into place but not yet confirmed.
    const step = checkpoint?.step ?? 0;
    expect([confirmed, confirmed + 1]).toContain(step);
    if (checkpoint) {
      expect(checkpoint.state).toEqual(stateAt(step));
      expect(checkpoint.tensors.size).toBe(tensorsAt(step).length);
      for (const [name, tensor] of tensorsAt(step))
        expect(Buffer.compare(bytesOf(checkpoint.tensors.get(name)!), bytesOf(tensor)), name).toBe(0);
    }
    last = step;
  }
  await saveCheckpoint(folder, { step: last + 1, tensors: tensorsAt(last + 1), state: stateAt(last + 1) });
  expect(readdirSync(folder).filter((name) => !/^step-\d{12}\.safetensors$/.test(name))).toEqual([]);
  return { torn, saved: last };
}

test(`a writer killed with -9 at ${kills} random moments leaves a newest checkpoint that is bit-equal to its step`, async () => {
  const chains = [1, 2].map((seed) => crashChain(join(home, `${seed}`), Math.ceil(kills / 2), seed));
  const results = await Promise.all(chains);
  const [torn, saved] = [results.reduce((sum, r) => sum + r.torn, 0), results.reduce((sum, r) => sum + r.saved, 0)];
  console.log(`${kills} kills: ${torn} in the middle of a write, ${saved} checkpoints saved`);
  expect(torn, "no kill hit a write: the test shows nothing").toBeGreaterThan(0);
  expect(saved).toBeGreaterThan(0);
});
