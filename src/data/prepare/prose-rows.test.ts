// Texts that a model learns to write: lines stay, answers and chats are read, rows without an answer are rejected.
import { expect, test } from "vitest";
import { prepareTexts } from "./prepare-texts.ts";
import { textRow } from "./read-row.ts";
import type { SourceRow } from "./source-row.ts";
import { newCounts } from "./text-rows.ts";

const table = (records: readonly Record<string, unknown>[]) =>
  (async function* (): AsyncGenerator<SourceRow> {
    for (const [i, fields] of records.entries()) yield { file: "rows.jsonl", line: i + 1, fields };
  })();
const prepared = (records: readonly Record<string, unknown>[], answer?: string) =>
  prepareTexts(table(records), {
    columns: { text: "text", answer },
    kind: "text",
    quarantineLimit: 0.7,
    shares: { train: 1, dev: 0, test: 0 },
  });

test("lines and spaces of a text stay as they are, and control characters go", async () => {
  const { rows, labels, report } = await prepared([
    { text: " Dear Ann,\r\n\r\n  hello\u0007 \tthere\n" },
    { text: "b" },
  ]);
  expect(rows[0]!.text).toBe("Dear Ann,\n\n  hello \tthere");
  expect(labels).toEqual([]);
  expect(report.cleaning.controls).toBe(1);
});

test("an answer is the second text of its row, and a row without one is rejected", async () => {
  const { rows, quarantined } = await prepared(
    [
      { text: "2 + 2", reply: "4\nfour" },
      { text: "3 + 3", reply: " " },
      { text: "4 + 4", reply: null },
    ],
    "reply",
  );
  expect(rows.map(({ text, pair }) => [text, pair])).toEqual([["2 + 2", "4\nfour"]]);
  expect(quarantined.map(({ reason }) => reason)).toEqual(["no-answer", "no-answer"]);
});

test("chats keep their messages, in the roles of ShareGPT too; one in which nobody answers is rejected", async () => {
  const { rows, quarantined } = await prepared([
    {
      text: [
        { role: "user", content: "hi" },
        { role: "assistant", content: "hello " },
      ],
    },
    {
      text: [
        { from: "human", value: "bye" },
        { from: "gpt", value: "goodbye" },
      ],
    },
    { text: [{ role: "user", content: "hello?" }] },
  ]);
  expect(rows.map(({ messages }) => messages!.map(({ role, content }) => `${role} ${content}`))).toEqual([
    ["user hi", "assistant hello"],
    ["user bye", "assistant goodbye"],
  ]);
  expect(rows[0]!.text).toContain("user: hi");
  expect(quarantined.map(({ reason }) => reason)).toEqual(["no-answer"]);
});

test("pairs and verdicts are read beside the answer; equal pairs and other words are rejected by name", () => {
  const read = (fields: object, columns: object) =>
    textRow(
      { file: "a.jsonl", line: 1, fields: { prompt: "p", good: "a", ...fields } },
      { kind: "text", columns: { text: "prompt", answer: "good", ...columns } },
      newCounts(),
    );
  const pair = (bad: unknown) => read({ bad }, { rejected: "bad" });
  expect(pair("b")).toMatchObject({ text: "p", pair: "a", rejected: "b" });
  expect(pair("a ")).toMatchObject({ reason: "equal-answers" });
  expect(pair(null)).toMatchObject({ reason: "no-answer" });
  const verdict = (ok: unknown) => read({ ok }, { verdict: "ok" });
  expect([true, "false", 1, "no"].map((ok) => (verdict(ok) as { desirable?: boolean }).desirable)).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(verdict("perhaps")).toMatchObject({ reason: "not-a-verdict" });
  expect(verdict("")).toMatchObject({ reason: "no-label" });
});
