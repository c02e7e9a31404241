import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "../formats/node/index.ts";
import { finishedStage, hashOf, openRunLog, runStage } from "./index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "concord-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a folder that is locked is refused with the holder's pid, and free again after the release", async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(new RegExp(`E_LOCKED[\\s\\S]*process ${process.pid}`));
  await lock.release();
  await (await lockFolder(folder)).release();
});

test("another living process holds its lock; a dead one does not", async () => {
  const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const write = (pid: number, host = hostname()) =>
    writeFileSync(join(folder, ".lock"), JSON.stringify({ pid, host, since: "now" }));
  try {
    write(other.pid!);
    await expect(lockFolder(folder)).rejects.toThrow(new RegExp(`process ${other.pid}`));
  } finally {
    other.kill("SIGKILL");
  }
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  write(dead);
  await (await lockFolder(folder)).release();
  write(dead, "elsewhere"); // nobody can tell from here
  await expect(lockFolder(folder)).rejects.toThrow(/on elsewhere/);
});

test("a lock that was never finished is taken over", async () => {
  writeFileSync(join(folder, ".lock"), '{"pid":');
  await (await lockFolder(folder)).release();
});

test("equal inputs in another order have one hash, others another", () => {
  expect(hashOf({ a: 1, b: { c: [1, undefined], d: undefined } })).toBe(hashOf({ b: { c: [1, null] }, a: 1 }));
  expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: "1" }));
  const keyed = createHash("sha256").update('{"a":[true,null,"x"],"b":1}').digest("hex");
  expect(hashOf({ b: 1, a: [true, null, "x"] })).toBe(keyed);
  expect(() => hashOf({ a: Number.NaN })).toThrow(/not finite/); // null would be another setting
});

const write = (text: string) => async (scratch: string) => {
  writeFileSync(join(scratch, "out.txt"), text);
  return { outputs: ["out.txt"], summary: { text } };
};

test("a stage that finished has a record and its outputs in place; repeating replaces them", async () => {
  await runStage(folder, "prepare", { rate: 1 }, write("one"));
  expect((await finishedStage(folder, "prepare"))!.key).toBe(hashOf({ rate: 1 }));
  await runStage(folder, "prepare", { rate: 2 }, write("two"));
  expect(readFileSync(join(folder, "out.txt"), "utf8")).toBe("two");
  expect((await finishedStage(folder, "prepare"))!.summary).toEqual({ text: "two" });
  expect(readdirSync(join(folder, ".stages"))).toEqual(["prepare.json"]);
});

test("a stage that fails leaves the earlier result whole", async () => {
  await runStage(folder, "prepare", { rate: 1 }, write("one"));
  await expect(
    runStage(folder, "prepare", { rate: 2 }, async (scratch) => {
      writeFileSync(join(scratch, "out.txt"), "half");
      throw new Error("no space");
    }),
  ).rejects.toThrow("no space");
  expect(readFileSync(join(folder, "out.txt"), "utf8")).toBe("one");
  expect((await finishedStage(folder, "prepare"))!.key).toBe(hashOf({ rate: 1 }));
});

test("a result that is gone, or a damaged record, counts as not finished; a newer one is refused", async () => {
  await runStage(folder, "prepare", {}, write("one"));
  const path = join(folder, ".stages", "prepare.json");
  const record = readFileSync(path, "utf8");
  rmSync(join(folder, "out.txt"));
  expect(await finishedStage(folder, "prepare")).toBeUndefined();
  writeFileSync(path, record.slice(0, 40));
  expect(await finishedStage(folder, "prepare")).toBeUndefined();
  writeFileSync(path, record.replace('"version": 1', '"version": 2'));
  await expect(finishedStage(folder, "prepare")).rejects.toThrow(/E_VERSION/);
  expect(existsSync(path)).toBe(true);
});

test("a log's last line that a crash cut short does not spoil the next", () => {
  openRunLog(folder)({ kind: "a" });
  const path = join(folder, "log.jsonl");
  writeFileSync(path, `${readFileSync(path, "utf8")}{"kind":"b`);
  openRunLog(folder)({ kind: "c" });
  const [first, cut, last] = readFileSync(path, "utf8").trimEnd().split("\n");
  expect([JSON.parse(first!).kind, cut, JSON.parse(last!).kind]).toEqual(["a", '{"kind":"b', "c"]);
});

test("what an earlier result had made and the new one does not is gone", async () => {
  const make = (...names: string[]) =>
    runStage(folder, "adapt", { names }, async (scratch) => {
      for (const name of names) writeFileSync(join(scratch, name), name);
      return { outputs: names, summary: {} };
    });
  await make("model", "privacy.json");
  await make("model");
  expect(existsSync(join(folder, "privacy.json"))).toBe(false);
  expect(existsSync(join(folder, "model"))).toBe(true);
});

test("a record that was edited to name files elsewhere deletes nothing there", async () => {
  const make = () =>
    runStage(join(folder, "run"), "adapt", {}, async (scratch) => {
      writeFileSync(join(scratch, "model"), "m");
      return { outputs: ["model"], summary: {} };
    });
  await make();
  const outside = join(folder, "precious");
  writeFileSync(outside, "p");
  const path = join(folder, "run/.stages/adapt.json");
  for (const name of ["../precious", outside, "a/../../precious", ".", "./"]) {
    const record = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...record, outputs: ["model", name] }));
    await make();
    expect([existsSync(outside), existsSync(join(folder, "run/model"))], name).toEqual([true, true]);
  }
});
