// What the model reads of a given text, and what is shown of an answer.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, expect, test } from "vitest";
import { answerLine, answerRows } from "../cli/answers.ts";
import { answerRecord } from "./answer-record.ts";
import { type GivenText, givenText, linesOf, textsOfFile } from "./given-texts.ts";

const home = mkdtempSync(join(tmpdir(), "concord-texts-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));
const plain = { pair: false, longest: 100, words: false };
const all = async (texts: AsyncIterable<GivenText>) => {
  const list: GivenText[] = [];
  for await (const text of texts) list.push(text);
  return list;
};

test("pairs are two texts with a tab between, or two columns", async () => {
  const pair = { pair: true, longest: 100, words: false };
  expect(givenText("a  b\tc", pair).input).toEqual({ content: ["a b", "c"] });
  expect(() => givenText("alone", pair)).toThrow(/E_ARGUMENT[\s\S]*tab between/);
  const file = join(home, "pairs.csv");
  writeFileSync(file, "one,two\na,b\n,c\n");
  expect((await all(textsOfFile(file, ["one", "two"], pair))).map((t) => t.input)).toEqual([
    { content: ["a", "b"] },
    { unusable: "no-text" },
  ]);
  await expect(all(textsOfFile(file, ["oen"], plain))).rejects.toThrow(/did you mean one\?/);
});

test("lines come in order from a stream of any pieces, CRLF too; a missing file is an E_IO", async () => {
  const lines = await all(linesOf(Readable.from(["fe", "ver\r\n", "\ncou", "gh"]), plain));
  expect(lines.map((t) => t.input)).toEqual([{ content: "fever" }, { unusable: "no-text" }, { content: "cough" }]);
  await expect(all(textsOfFile(join(home, "none.txt"), [], plain))).rejects.toThrow(/E_IO/);
});

test("another table and a text file are decoded by the one reader: a guess is told, a named encoding is used", async () => {
  const words = "Kopfschmerzen und Übelkeit seit gestern, Fieber über 39, müde und völlig erschöpft";
  const latin = Buffer.from(words.replaceAll(",", ""), "latin1");
  const [csv, txt] = [join(home, "latin.csv"), join(home, "latin.txt")];
  writeFileSync(csv, Buffer.concat([Buffer.from("text\n"), latin]));
  writeFileSync(txt, latin);
  for (const file of [csv, txt]) {
    const said: string[] = [];
    const [guessed] = await all(textsOfFile(file, ["text"], plain, { onGuess: (guess) => said.push(guess) }));
    expect(guessed!.given).toBe(words.replaceAll(",", ""));
    expect(said).toEqual([expect.stringMatching(/read as windows-1252, because .*--encoding/)]);
    const [named] = await all(textsOfFile(file, ["text"], plain, { encoding: "windows-1251" }));
    expect(named!.given).toContain("Ьbelkeit");
  }
  writeFileSync(txt, "\ufefffever\r\ncough\n");
  expect((await all(textsOfFile(txt, [], plain))).map((t) => t.given)).toEqual(["fever", "cough"]);
});

test("a text beyond the limit is not answered, and only its beginning is kept", () => {
  const { given, input } = givenText("x".repeat(5000), plain);
  expect([given.length, input]).toEqual([1000, { unusable: "too-long" }]);
});

const style = { top: 1, offsets: "code-points" } as const;

test("entities as a line, a record and rows of CSV, with places as the recipe counts them", () => {
  const text = givenText("😀 Rome", { pair: false, longest: 100, words: true });
  expect(text.input).toEqual({ content: "😀 Rome" });
  const entities = [{ start: 3, end: 7, type: "LOC", text: "Rome", probability: 0.9 }];
  const answered = { given: text, answer: { kind: "entities", entities } as const };
  expect(answerLine(answered, { top: 1 }, "en")).toBe("Rome (LOC 0.900)\t😀 Rome");
  expect(answerRecord(answered, style)).toEqual({ text: "😀 Rome", entities: [{ ...entities[0], start: 2, end: 6 }] });
  expect(answerRecord(answered, { ...style, offsets: "utf-16" })).toMatchObject({ entities });
  expect(answerRows(answered, style)).toEqual([{ start: 2, end: 6, label: "LOC", entity: "Rome", probability: 0.9 }]);
  const none = { given: text, answer: { kind: "entities", entities: [] } as const };
  expect([answerRows(none, style), answerLine(none, { top: 1 }, "zh")]).toEqual([[{}], "（无实体）\t😀 Rome"]);
  expect(givenText("\u200b \u00a0", { pair: false, longest: 9, words: true }).input).toMatchObject({
    unusable: "no-text",
  });
});

test("answers of each kind as a line, a record and a row of CSV", () => {
  const text = givenText('say "a, b"\x1b[2J', plain);
  const ranked = [
    { label: "a", probability: 0.75 },
    { label: "b", probability: 0.6 },
  ];
  const several = { given: text, answer: { kind: "labels", labels: ["a", "b"], ranked } as const };
  expect(answerLine(several, { top: 1 }, "en")).toBe('a 0.750  b 0.600\tsay "a, b"\ufffd[2J'); // a terminal is not steered
  const none = { given: text, answer: { kind: "labels", labels: [], ranked } as const };
  expect([answerLine(none, { top: 1 }, "en"), answerLine(none, { top: 2 }, "en")]).toEqual([
    expect.stringMatching(/^\(no label\)\t/),
    expect.stringMatching(/^a 0\.750 {2}b 0\.600\t/),
  ]);
  expect(answerRecord(several, style)).toMatchObject({ label: ["a", "b"], labels: [ranked[0]] });
  expect(answerRows(several, style)).toEqual([{ label: "a;b", probability: 0.75 }]);
  const value = { given: text, answer: { kind: "value", value: 1.5 } as const };
  expect(answerLine(value, { top: 1 }, "zh")).toMatch(/^1\.5\t/);
  expect(answerRecord(value, style)).toMatchObject({ value: 1.5 });
  expect(answerLine({ given: givenText(" ", plain) }, { top: 1 }, "zh")).toMatch(/^（无法使用：没有文本）\t/);
});
