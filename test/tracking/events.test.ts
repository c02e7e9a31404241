// Event files: the bytes are those that the real Python tensorboard read back (test/golden/tracking, tools/tensorboard-reading.py).
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventFile } from "../../src/tracking/index.ts";
import { trackedExample } from "./run.ts";

const folder = "test/golden/tracking";
const read = JSON.parse(readFileSync(`${folder}/tensorboard.json`, "utf8")) as {
  scalars: Record<string, [number, number, number][]>;
  changedBytesNoticed: [number, number];
};

test("an event file has the bytes that tensorboard read", () => {
  const bytes = Buffer.from(eventFile(trackedExample));
  expect(bytes.equals(readFileSync(`${folder}/events.out.tfevents.0.concord`))).toBe(true);
});

test("tensorboard read every tag, step, value (as float32) and time from it, and noticed every changed byte", () => {
  const wanted: Record<string, [number, number, number][]> = {};
  for (const { tag, step, value } of trackedExample.points) {
    wanted[tag] ??= [];
    wanted[tag].push([step, Math.fround(value), trackedExample.timeMs / 1000]);
  }
  expect(read.scalars).toEqual(wanted);
  expect(read.changedBytesNoticed).toEqual([5, 5]);
});

test("another value, step or tag gives other bytes", () => {
  const plain = { timeMs: 1000, points: [{ tag: "loss", step: 1, value: 0.5 }] };
  const hex = (point: object) =>
    Buffer.from(eventFile({ ...plain, points: [{ ...plain.points[0]!, ...point }] })).toString("hex");
  expect(new Set([hex({}), hex({ value: 0.25 }), hex({ step: 2 }), hex({ tag: "损失" })]).size).toBe(4);
});
