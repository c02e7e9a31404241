import { EventEmitter } from "node:events";
import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { RunEvent } from "../stages/stage.ts";
import type { CommandContext } from "./context.ts";
import { showRun } from "./show-run.ts";

const events: RunEvent[] = [
  { kind: "stage", stage: "adapt", state: "started", why: "changed: seed" },
  { kind: "progress", stage: "adapt", done: 1, total: 4, values: { loss: 0.7, learningRate: 1e-3, examples: 16 } },
  {
    kind: "progress",
    stage: "adapt",
    done: 2,
    total: 4,
    values: { loss: 0.6, learningRate: 9e-4, examples: 16, dev: 0.81 },
  },
  { kind: "warning", stage: "adapt", text: "skipped" },
  { kind: "note", stage: "evaluate", text: "accuracy 0.9" },
];

/** What is shown of the events. */
function shown(
  options: Partial<CommandContext>,
  isTTY = false,
  told: readonly (RunEvent | "stop")[] = events,
): { out: string; err: string } {
  let [out, err] = ["", ""];
  const { show, stopping } = showRun({
    stdout: { write: (text) => (out = `${out}${text}`) },
    stderr: { write: (text) => (err = `${err}${text}`), isTTY, columns: 200 },
    stdin: Readable.from([]),
    env: {},
    signals: new EventEmitter(),
    language: "en",
    json: false,
    quiet: false,
    ...options,
  });
  for (const event of told) event === "stop" ? stopping() : show(event);
  return { out, err };
}

test("on a terminal one bar is drawn over and over: steps, elapsed time, time left, loss, learning rate, validation score", () => {
  const { out, err } = shown({}, true);
  expect(err).toMatch(
    /adapt █{12}░{12} 2\/4 {2}0:00 elapsed, \d:\d\d left {2}loss 0\.600 {2}learning rate 9\.0e-4 {2}validation score 0\.810/,
  );
  expect(err.endsWith("\r\x1b[2Kwarning  adapt: skipped\n")).toBe(true); // above the bar, which nothing draws again
  expect(out).toBe("accuracy 0.9\n");
});

test("notes between steps stand above one bar: time and steps are counted on, and nothing is empty", () => {
  const step = (done: number): RunEvent => ({ kind: "progress", stage: "adapt", done, total: 9, values: { loss: 1 } });
  const note: RunEvent = { kind: "note", stage: "adapt", text: "epoch 1" };
  const { err } = shown({}, true, [step(1), note, note, step(2), note, step(3)]);
  const left = err.split("\n").map((line) => line.split("\r\x1b[2K").at(-1)!.slice(0, 7)); // what a terminal still shows
  expect(left).toEqual(["epoch 1", "epoch 1", "epoch 1", "adapt █"]);
  const plain = shown({}, false, [step(1), note, step(2), step(3)]).err; // a line in ten seconds, whatever is between
  expect(plain.split("\n").filter((line) => line.startsWith("adapt"))).toHaveLength(1);
});

test("a second phase of a stage that counts further than its bar breaks nothing", () => {
  const step = (done: number, total: number): RunEvent => ({
    kind: "progress",
    stage: "adapt",
    done,
    total,
    values: { loss: 1 },
  });
  expect(shown({}, true, [step(2, 2), step(5, 6)]).err).toContain("5/6");
});

test("Ctrl-C has a line of its own, once, and no bar is drawn after it", () => {
  const step: RunEvent = { kind: "progress", stage: "adapt", done: 1, total: 9, values: { loss: 1 } };
  const { err } = shown({}, true, [step, "stop", "stop", step]);
  expect(err).toMatch(/loss|adapt █[^\n]*\nInterrupted\. Saving a checkpoint[^\n]*\n$/);
  expect(err.match(/Interrupted/g)).toHaveLength(1);
  expect(shown({ json: true }, true, [step, "stop"]).err).toBe("");
});

test("of numbers the dev error is shown as one", () => {
  const values = { loss: 0.6, learningRate: 9e-4, devMae: 12.5 };
  const { err } = shown({ language: "zh" }, true, [{ kind: "progress", stage: "adapt", done: 2, total: 4, values }]);
  expect(err).toContain("验证集平均绝对误差 12.500");
});

test("elsewhere there are plain lines, in the language asked for", () => {
  const { err } = shown({ language: "zh" });
  expect(err).not.toContain("\x1b");
  expect(err.split("\n")).toEqual([
    "adapt             正在运行（changed: seed）",
    expect.stringMatching(/^adapt 1\/4 {2}已用 0:00，剩余 .* 损失 0\.700 {2}学习率 1\.0e-3$/),
    "警告  adapt：skipped",
    "",
  ]);
});

test("quiet keeps warnings and results; JSON is every event on a line", () => {
  expect(shown({ quiet: true })).toEqual({ out: "accuracy 0.9\n", err: "warning  adapt: skipped\n" });
  const { out, err } = shown({ json: true });
  expect([
    out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line)),
    err,
  ]).toEqual([events, ""]);
});
