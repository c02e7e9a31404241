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
function shown(options: Partial<CommandContext>, isTTY = false, told = events): { out: string; err: string } {
  let [out, err] = ["", ""];
  const show = showRun({
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
  for (const event of told) show(event);
  return { out, err };
}

test("on a terminal one line is drawn over and over: bar, steps, time left, loss, rate, dev score", () => {
  const { out, err } = shown({}, true);
  expect(err.split("\r\x1b[2K")).toHaveLength(3);
  expect(err).toMatch(/adapt █{12}░{12} 2\/4 {2}0:00 < \d:\d\d {2}loss 0\.600 {2}rate 9\.0e-4 {2}dev 0\.810\n/);
  expect(out).toBe("accuracy 0.9\n");
});

test("a note between steps breaks the line and no more: time and steps are counted on, and nothing is empty", () => {
  const step = (done: number): RunEvent => ({ kind: "progress", stage: "adapt", done, total: 9, values: { loss: 1 } });
  const note: RunEvent = { kind: "note", stage: "adapt", text: "epoch 1" };
  const { err } = shown({}, true, [step(1), note, note, step(2), note]);
  const lines = err.replaceAll("\r\x1b[2K", "").split("\n");
  expect(lines.map((line) => line.slice(0, 7))).toEqual(["adapt █", "epoch 1", "epoch 1", "adapt █", "epoch 1", ""]);
  const plain = shown({}, false, [step(1), note, step(2), step(3)]).err; // a line in ten seconds, whatever stands between
  expect(plain.split("\n").filter((line) => line.startsWith("adapt"))).toHaveLength(1);
});

test("of numbers the dev error is shown as one", () => {
  const values = { loss: 0.6, learningRate: 9e-4, devMae: 12.5 };
  const { err } = shown({ language: "zh" }, true, [{ kind: "progress", stage: "adapt", done: 2, total: 4, values }]);
  expect(err).toContain("开发集 MAE 12.500");
});

test("elsewhere there are plain lines, in the language asked for", () => {
  const { err } = shown({ language: "zh" });
  expect(err).not.toContain("\x1b");
  expect(err.split("\n")).toEqual([
    "adapt             运行：changed: seed",
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
