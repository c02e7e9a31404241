// The key of a private run: its mode, what refuses it, and that a run which was stopped goes on with it to the same bits.
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { TrainingEvent } from "../../src/train/index.ts";
import { train } from "../../src/train/node/train.ts";
import { bitsOf } from "../bits.ts";
import { tinyPrivateJob } from "../privacy/tiny-private.ts";

const home = mkdtempSync(join(tmpdir(), "concord-run-key-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const job = tinyPrivateJob({ noiseMultiplier: 1, delta: 1e-3, clip: 0.5, microBatch: 8 });

describe("the run key", () => {
  const folder = join(home, "stopped");
  const events: TrainingEvent[] = [];

  test("is made with mode 0600 beside the checkpoints of a run that stops", async () => {
    const stop = new AbortController();
    const onEvent = (e: TrainingEvent) => {
      events.push(e);
      if (e.kind === "step" && e.step === 10) stop.abort();
    };
    expect((await train(job, { folder, signal: stop.signal, onEvent })).finished).toBe(false);
    expect(statSync(join(folder, "run.key")).mode & 0o777).toBe(0o600);
    expect(events.some((e) => e.kind === "privacy" && e.through === 7)).toBe(true);
  });

  test("that others may read is refused", async () => {
    chmodSync(join(folder, "run.key"), 0o644);
    const problem = await train(job, { folder }).catch((e: Error) => e.message);
    expect(problem).toMatch(/E_CONFIG[\s\S]*mode 0600[\s\S]*0644/);
    chmodSync(join(folder, "run.key"), 0o600);
  });

  test("lets the resumed run end with the bits of one that was never stopped, at no further charge", async () => {
    const key = readFileSync(join(folder, "run.key"));
    const alone = join(home, "alone");
    const early = new AbortController();
    early.abort(); // makes the folder and a key; then the same key is put there
    await train(job, { folder: alone, signal: early.signal });
    writeFileSync(join(alone, "run.key"), key, { mode: 0o600 });
    for (const name of readdirSync(alone)) if (name.endsWith(".safetensors")) rmSync(join(alone, name));
    const [resumed, whole] = [await train(job, { folder }), await train(job, { folder: alone })];
    if (!resumed.finished || !whole.finished) throw new Error("a run did not finish");
    for (const [name, { data }] of whole.weights)
      expect(bitsOf(resumed.weights.get(name)!.data), name).toBe(bitsOf(data));
    const ledger = readFileSync(join(folder, "ledger.jsonl"), "utf8").trim().split("\n");
    expect(ledger.map((line) => JSON.parse(line).entry.through ?? "open")).toEqual(["open", 7, 14, 21, 28, 35, 40]);
  });

  test("is erased at the end", () => {
    expect(existsSync(join(folder, "run.key"))).toBe(false);
  });
});
