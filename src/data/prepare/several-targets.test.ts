// Tables with labels of several tasks: what is kept, counted and spelled alike, and what is refused by the name of its task.
import { expect, test } from "vitest";
import { fault, faultLater } from "../../../test/fault.ts";
import { inLanguage } from "../../translations/index.ts";
import { prepareTexts } from "./prepare-texts.ts";
import { readTexts } from "./read-texts.ts";
import { checkTaskRows, rowsOfTask } from "./several-targets.ts";
import type { SourceRow } from "./source-row.ts";
import type { TaskColumns } from "./text-rows.ts";

const tasks: TaskColumns = {
  topic: { label: "topic", kind: "label" },
  mood: { label: "tags", kind: "labels" },
  days: { label: "days", kind: "value" },
};
async function* rowsOf(...fields: Readonly<Record<string, unknown>>[]): AsyncGenerator<SourceRow> {
  for (const [i, one] of fields.entries()) yield { file: "t.csv", line: i + 2, fields: one };
}
const options = { kind: "tasks", columns: { text: "text" }, tasks, quarantineLimit: 0.5 } as const;
const table = (more: readonly Readonly<Record<string, unknown>>[] = []) => [
  { text: "one", topic: "a", tags: "x;y", days: "1" },
  { text: "two", topic: "b", tags: "", days: "2" },
  { text: "three", topic: "", tags: "[]", days: "" },
  ...more,
];

test("a row keeps the labels that it has; without any it is unlabelled", async () => {
  const all = table([{ text: "four", topic: "", tags: "", days: "" }]);
  const { rows, labels, tasks: classes, quarantined } = await readTexts(rowsOf(...all), options);
  expect(rows.map(({ targets }) => targets)).toEqual([
    { topic: { labels: ["a"] }, mood: { labels: ["x", "y"] }, days: { labels: [], value: 1 } },
    { topic: { labels: ["b"] }, days: { labels: [], value: 2 } },
    { mood: { labels: [] } },
  ]);
  expect(labels).toEqual(["topic: a", "topic: b", "mood: x", "mood: y"]);
  expect(classes).toEqual({ topic: ["a", "b"], mood: ["x", "y"], days: [] });
  expect(quarantined.map(({ reason }) => reason)).toEqual(["no-label"]);
  expect(rowsOfTask(rows, "days").map(({ text, value, labels }) => [text, value, labels])).toEqual([
    ["one", 1, []],
    ["two", 2, []],
  ]);
});

test("each task has its own names: renamed, left out, and numbers in one spelling", async () => {
  const own = { ...tasks, topic: { ...tasks.topic!, rename: { b: "second" }, exclude: ["a"] } };
  const more = [
    { text: "four", topic: "c", tags: "1.0", days: "3" },
    { text: "only a", topic: "a", tags: "", days: "" },
  ];
  const { rows, tasks: classes, excluded } = await readTexts(rowsOf(...table(more)), { ...options, tasks: own });
  expect(classes!.topic).toEqual(["c", "second"]);
  expect(rows[0]!.targets).not.toHaveProperty("topic");
  expect(excluded).toBe(1);
});

test("parts hold small and large numbers, and the report counts each task", async () => {
  const many = Array.from({ length: 300 }, (_, i) => ({
    text: `message ${i} ${"abcdefghij"[i % 10]!.repeat(3)} ${i * 7919}`,
    topic: i % 3 ? "a" : "b",
    tags: i % 2 ? "x" : "",
    days: i % 5 ? `${i}` : "",
  }));
  const { report, parts, rows } = await prepareTexts(rowsOf(...many), {
    ...options,
    shares: { train: 0.6, dev: 0.2, test: 0.2 },
  });
  expect(report.tasks!.topic).toEqual(report.parts);
  const sum = (name: string) => Object.values(report.tasks![name]!).reduce((a, b) => a + b);
  expect([sum("topic"), sum("mood"), sum("days")]).toEqual([300, 150, 240]);
  expect(report.labels["topic: b"]!.test).toBeGreaterThan(0);
  const large = (part: string) =>
    rows.filter(({ targets }, i) => parts[i] === part && (targets!.days?.value ?? 0) > 240).length;
  expect(Math.min(large("dev"), large("test"))).toBeGreaterThan(4);
});

test.each([
  ["a number", { text: "x", topic: "a", days: "soon" }, /not a finite number/, /tasks\.days\.label/],
  ["a single label", { text: "x", topic: ["a", "b"], tags: "x" }, /takes one/, /task: multi-label/],
])("%s that cannot be read rejects its row, and names the task", async (_, row, problem, hint) => {
  const rows = rowsOf(...table(), row);
  const { facts } = await faultLater("E_DATA", () => readTexts(rows, { ...options, quarantineLimit: 0 }));
  expect(facts.problem).toMatch(problem);
  expect(facts.hint).toMatch(hint);
  expect(facts.got).toMatch(/(days|topic): /);
});

test("what is wrong with the labels of one task is said of that task, in Chinese too", async () => {
  const read = (own: TaskColumns, ...more: Readonly<Record<string, unknown>>[]) =>
    faultLater("E_DATA", () => readTexts(rowsOf(...table(more)), { ...options, tasks: own }));
  const absent = await read({ ...tasks, topic: { label: "tpic", kind: "label" } });
  expect(absent.facts.hint).toBe("did you mean topic? Set tasks.topic.label: topic");
  const single = await read(
    { ...tasks, days: { label: "topic", kind: "labels" }, topic: { label: "one", kind: "label" } },
    {
      text: "x",
      one: "only",
    },
  );
  expect([single.facts.problem, single.facts.path]).toEqual(["all rows have the same label", "tasks.topic"]);
  expect(inLanguage("zh", single.facts.hint!)).toContain("tasks.topic.label");
  expect(inLanguage("zh", single.facts.hint!)).not.toMatch(/check|collect/);
  const spelled = await read(tasks, { text: "x", topic: "A" });
  expect(spelled.facts.hint).toContain("tasks.topic.rename: {");
  const bits = await read({ ...tasks, mood: { label: "bits", kind: "labels" } }, { text: "x", bits: [0, 1] });
  expect(bits.facts.hint).toContain("tasks.mood.labels: [first, second, …]");
});

test("a task without a training row is refused", () => {
  const { facts } = fault("E_DATA", () => checkTaskRows({ days: { train: 0, dev: 2, test: 1 } }));
  expect([facts.problem, facts.path]).toEqual(["no training row has a label of the task days", "tasks.days"]);
});
