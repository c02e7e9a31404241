// A private run that is killed at random moments: the same weights (so the same batches and noise), each step charged once, the ledger
// unbroken, the key there until the end and gone after it. And a ledger that was tampered with between two runs is refused.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { random } from "../../src/base/index.ts";
import { ledgerPhases, readLedger } from "../../src/privacy/index.ts";
import { bundledChild } from "../train/bundled-child.ts";

const kills = Number(process.env.CONCORD_KILLS ?? 0); // of its own suite in .ci/run: a kill costs seconds
let home: string;
const key = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1));
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

beforeAll(async () => {
  home = await bundledChild(new URL("../privacy/crash-child.ts", import.meta.url));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Runs the child in a folder; kills it some time after it has told of a step. */
function runChild(name: string, killAfterMs?: number, step = 1) {
  const child = spawn(process.execPath, [join(home, "child.js"), join(home, name)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  let timer: NodeJS.Timeout | undefined;
  child.stderr.on("data", (data: Buffer) => (err += data));
  child.stdout.on("data", (data: Buffer) => {
    out += data;
    const there = [...out.matchAll(/^step (\d+)$/gm)].some(([, n]) => Number(n) >= step);
    if (killAfterMs !== undefined && there) timer ??= setTimeout(() => child.kill("SIGKILL"), killAfterMs);
  });
  return new Promise<{ last: number; hash?: string; err: string }>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      const last = Number([...out.matchAll(/^step (\d+)$/gm)].at(-1)?.[1] ?? 0);
      resolve({ last, hash: /^done (\w+)$/m.exec(out)?.[1], err });
    });
  });
}

/** A folder with the key that both runs have, so that their noise can be compared. */
function started(name: string): string {
  mkdirSync(join(home, name));
  writeFileSync(join(home, name, "run.key"), key, { mode: 0o600 });
  return join(home, name);
}

test.skipIf(kills === 0)(
  `killed with SIGKILL at ${kills} random moments and resumed, a private run ends with the same weights and the same ledger`,
  {
    timeout: 300_000,
  },
  async () => {
    const [alone, folder] = [started("alone"), started("killed")];
    const whole = await runChild("alone");
    expect(whole).toMatchObject({ last: 100, hash: expect.any(String) });
    const rng = random(11);
    const reached: number[] = [];
    while (reached.length < kills) {
      const step = 1 + Math.floor(((reached.length + rng.float()) * 90) / kills); // all along the run
      const { last, hash } = await runChild("killed", rng.float() * 40, step);
      expect(hash, "the run ended before the signal").toBeUndefined();
      expect(readFileSync(join(folder, "run.key")).equals(key)).toBe(true);
      const { entries } = readLedger(readFileSync(join(folder, "ledger.jsonl"), "utf8"), sha256);
      expect(ledgerPhases(entries)[0]!.steps, "a step ran that was not charged").toBeGreaterThanOrEqual(last);
      reached.push(last);
    }
    expect(reached.at(-1), "no kill came before the end").toBeLessThan(100);
    expect((await runChild("killed")).hash).toBe(whole.hash);
    const ledgers = [alone, folder].map((at) => readFileSync(join(at, "ledger.jsonl"), "utf8"));
    expect(ledgers[1]).toBe(ledgers[0]);
    const { entries } = readLedger(ledgers[1]!, sha256);
    const charges = entries.flatMap((e) => (e.kind === "charge" ? [e.through] : []));
    expect(charges).toEqual([...Array.from({ length: 14 }, (_, i) => 7 * (i + 1)), 100]);
    for (const at of [alone, folder]) expect(readdirSync(at).filter((name) => name.startsWith("run.key"))).toEqual([]);
    console.log(`killed ${kills} times, at steps ${reached.join(", ")}`);
  },
);

beforeAll(async () => {
  started("tampered");
  await runChild("tampered", 0, 16);
});

test.each([
  ["deleted", () => undefined, /E_CHECKSUM[\s\S]*ledger was deleted/],
  ["cut short", (lines: string[]) => lines.slice(0, -2), /E_CHECKSUM[\s\S]*ledger was cut short/],
  ["replaced", (lines: string[]) => rewritten(lines), /E_CHECKSUM[\s\S]*ledger was replaced/],
] as const)("a ledger that was %s is noticed when the run goes on", async (how, change, words) => {
  const folder = join(home, `ledger ${how}`);
  cpSync(join(home, "tampered"), folder, { recursive: true });
  const ledger = join(folder, "ledger.jsonl");
  const lines = readFileSync(ledger, "utf8").trimEnd().split("\n");
  expect(lines.length).toBeGreaterThan(2);
  const changed = change(lines);
  if (changed) writeFileSync(ledger, `${changed.join("\n")}\n`);
  else rmSync(ledger);
  const before = existsSync(ledger) && readFileSync(ledger, "utf8");
  const { err, last } = await runChild(`ledger ${how}`);
  expect(err).toMatch(words);
  expect(last).toBe(0);
  expect(existsSync(ledger) && readFileSync(ledger, "utf8")).toBe(before);
});

/** Another ledger with as many lines, unbroken by itself: half the steps. */
function rewritten(lines: readonly string[]): string[] {
  let head = "";
  return lines.map((line, i) => {
    const { entry } = JSON.parse(line) as { entry: { through?: number } };
    const own = entry.through === undefined ? entry : { ...entry, through: i };
    const ordered = (v: unknown): unknown =>
      typeof v === "object" && v !== null
        ? Object.fromEntries(
            Object.entries(v)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([n, x]) => [n, ordered(x)]),
          )
        : v;
    const digest = sha256(`concord-ledger\n${head}\n${JSON.stringify(ordered(own))}`);
    const text = JSON.stringify({ before: head, entry: own, digest });
    head = digest;
    return text;
  });
}

test("a key whose making or erasing was cut short does not stand in the way of a run, and is never used", async () => {
  const { openRunKey, eraseRunKey, runKeyPath } = await import("../../src/privacy/node/run-key.ts");
  const folder = join(home, "keys");
  mkdirSync(folder);
  writeFileSync(`${runKeyPath(folder)}.new`, key.subarray(0, 5), { mode: 0o600 });
  const made = await openRunKey(folder);
  expect(made.some((byte) => byte !== 0)).toBe(true);
  writeFileSync(runKeyPath(folder), new Uint8Array(32));
  const again = await openRunKey(folder);
  expect(again.some((byte) => byte !== 0)).toBe(true);
  expect(Buffer.compare(again, made)).not.toBe(0);
  writeFileSync(`${runKeyPath(folder)}.new`, key, { mode: 0o600 });
  await eraseRunKey(folder);
  expect(readdirSync(dirname(runKeyPath(folder)))).toEqual([]);
});
