import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { faultLater } from "../../../test/fault.ts";
import { type HostArray, hostArray } from "../../base/index.ts";
import { readSafetensors, writeSafetensors } from "../../formats/index.ts";
import { listCheckpoints, openCheckpoint, openNewestCheckpoint, saveCheckpoint } from "./checkpoints.ts";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "concord-checkpoints-")), "made", "when missing");
});
afterEach(() => rmSync(join(folder, "..", ".."), { recursive: true, force: true }));

const tensorsOf = (step: number): [string, HostArray][] => [
  ["weight", hostArray("float32", [2, 2], [step, step + 0.5, -step, 1 / (step + 1)])],
  ["order", hostArray("int32", [2], [step, -step])],
];
const save = (step: number, keep?: number) =>
  saveCheckpoint(folder, { step, tensors: tensorsOf(step), state: { step } }, keep === undefined ? {} : { keep });
const steps = async () => (await listCheckpoints(folder)).map((file) => file.step);

describe("saving", () => {
  test("makes the folder, keeps the newest two or as many as asked for, and opens the newest", async () => {
    for (const step of [1, 2, 10]) await save(step);
    expect(await steps()).toEqual([10, 2]);
    const { removed, sizeBytes, path } = await save(11, 1);
    expect(removed.map((file) => file.step)).toEqual([10, 2]);
    expect(readFileSync(path)).toHaveLength(sizeBytes);
    const { checkpoint, skipped } = await openNewestCheckpoint(folder);
    expect(skipped).toEqual([]);
    expect(checkpoint).toMatchObject({ step: 11, state: { step: 11 }, path });
    expect([...checkpoint!.tensors]).toEqual(tensorsOf(11));
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("the same step again replaces its file, and never removes one of a later step or a file of another name", async () => {
    await save(5);
    await save(9);
    writeFileSync(join(folder, "notes.txt"), "mine");
    writeFileSync(join(folder, "step-3.safetensors"), "not ours: no padding");
    await save(5, 1);
    expect(await steps()).toEqual([9, 5]);
    expect(readdirSync(folder)).toHaveLength(4);
  });

  test("a state that JSON cannot keep, a bad step and a bad keep are refused and leave nothing", async () => {
    await save(1);
    const bad = { step: 2, tensors: tensorsOf(2), state: { loss: Number.NaN } };
    expect((await faultLater("E_ARGUMENT", () => saveCheckpoint(folder, bad))).facts.problem).toMatch(/state\.loss/);
    await faultLater("E_ARGUMENT", () => save(-1));
    for (const keep of [0, 1.5, Number.NaN]) await faultLater("E_ARGUMENT", () => save(3, keep));
    expect(readdirSync(folder)).toHaveLength(1);
  });

  test("temporary files of a writer that died are removed", async () => {
    await save(1);
    const host = hostname().replace(/[^\w-]/g, "_");
    writeFileSync(join(folder, `.step-000000000002.safetensors.${host}.${2 ** 30}.0123456789ab.tmp`), "half");
    await save(2);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a path that cannot be a folder is E_IO", async () => {
    mkdirSync(join(folder, ".."), { recursive: true });
    writeFileSync(folder, "a file");
    await faultLater("E_IO", () => save(1));
    await faultLater("E_IO", () => listCheckpoints(folder));
    await faultLater("E_IO", () => saveCheckpoint("/proc/none", { step: 1, tensors: [], state: null }));
  });

  test.skipIf(process.getuid?.() === 0)("a read-only folder is E_IO and keeps what it has", async () => {
    await save(1);
    chmodSync(folder, 0o555);
    await faultLater("E_IO", () => save(2));
    chmodSync(folder, 0o755);
    expect(await steps()).toEqual([1]);
  });
});

describe("opening the newest", () => {
  test("nothing in a folder that is missing or empty", async () => {
    expect(await openNewestCheckpoint(folder)).toEqual({ skipped: [] });
    mkdirSync(folder, { recursive: true });
    expect(await openNewestCheckpoint(folder)).toEqual({ skipped: [] });
  });

  test("skips and names torn, damaged, empty and renamed ones, and says when none is whole", async () => {
    for (const step of [1, 2, 3, 4, 5]) await save(step, 9);
    const [five, four, three, two, one] = (await listCheckpoints(folder)).map((file) => file.path);
    truncateSync(five!, 400);
    const bytes = readFileSync(four!);
    bytes[bytes.indexOf("weight") + 400]! ^= 1;
    writeFileSync(four!, bytes);
    truncateSync(three!, 0);
    const { checkpoint, skipped } = await openNewestCheckpoint(folder);
    expect(checkpoint?.step).toBe(2);
    expect(skipped.map(({ step, error }) => [step, error.code])).toEqual([
      [5, "E_FORMAT"],
      [4, expect.stringMatching(/E_CHECKSUM|E_FORMAT/)],
      [3, "E_FORMAT"],
    ]);
    expect(skipped[0]!.error.facts).toMatchObject({ path: five, problem: "the file is truncated" });
    rmSync(one!);
    renameSync(two!, two!.replace("02.", "01."));
    const { facts } = await faultLater("E_CHECKSUM", () => openNewestCheckpoint(folder));
    expect(facts.got).toMatch(/step 5: the file is truncated; .*step 1: the file's name tells another step/);
    expect(facts.hint).toBeTruthy();
  });

  test("a newer version is refused instead of skipped", async () => {
    await save(1);
    const { path } = await save(2);
    writeFileSync(path, newerVersion(readFileSync(path)));
    await faultLater("E_VERSION", () => openNewestCheckpoint(folder));
  });

  test("fills memory that is given", async () => {
    await save(1);
    const flat = new Float32Array(4);
    const into = ({ name }: { name: string }) => (name === "weight" ? new Uint8Array(flat.buffer) : undefined);
    await openNewestCheckpoint(folder, { into });
    expect([...flat]).toEqual([1, 1.5, -1, 0.5]);
    await faultLater("E_IO", () => openCheckpoint(join(folder, "none")));
  });
});

function newerVersion(file: Uint8Array): Uint8Array {
  const read = readSafetensors(file, "x");
  const sums = read.tensors.get("__checksums__")!;
  const kept = [...read.tensors].filter(([name]) => name !== "__checksums__");
  const bytes = writeSafetensors(kept, { ...read.metadata, version: "2" }, [["__checksums__", sums]]);
  const headBytes = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true));
  bytes.set(
    createHash("sha256").update(bytes.subarray(0, headBytes)).digest(),
    bytes.byteLength - sums.data.byteLength,
  );
  return bytes;
}
