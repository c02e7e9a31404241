// Rows of questions, and windows over the texts that hold their answers.
import { expect, test } from "vitest";
import { composed, jsTokenizer, trainWordPiece } from "../../tokenizers/index.ts";
import { givenAnswers, quotedAnswer } from "../prepare/quoted-rows.ts";
import { readTexts } from "../prepare/read-texts.ts";
import { answerTokens, quoteWindows } from "./windows.ts";

const text = "one two three four five six seven eight nine ten";
const tokenizer = await jsTokenizer(
  composed(trainWordPiece([`${text} where is it`], { vocabSize: 200, minFrequency: 1 })),
);
const question = "where is it";

test("a long text becomes windows that overlap, each after the question, and every token is in one", async () => {
  const windows = await quoteWindows(tokenizer, [[question, text]], { maxLength: 11, overlap: 2 });
  const seen = windows.map(({ offsets }) => offsets.map(([s, e]) => text.slice(s, e)));
  expect(new Set(seen.flat())).toEqual(new Set(text.split(" ")));
  expect(seen.length).toBeGreaterThan(1);
  for (const [i, words] of seen.entries()) if (i) expect(words.slice(0, 2)).toEqual(seen[i - 1]!.slice(-2));
  for (const { ids, first } of windows) {
    expect(ids.length).toBeLessThanOrEqual(11);
    expect(first).toBe(5);
    expect(ids.slice(0, 5)).toEqual(windows[0]!.ids.slice(0, 5));
  }
  const apart = await quoteWindows(tokenizer, [[question, text]], { maxLength: 11, overlap: 0 });
  expect(apart.length).toBeLessThan(windows.length);
});

test("an answer is marked where a window holds it whole, and elsewhere the first token is", async () => {
  const answer = { text: "five six", start: text.indexOf("five") };
  const windows = await quoteWindows(tokenizer, [[question, text]], { maxLength: 11, overlap: 0 });
  const marked = windows.map((window) => answerTokens(window, answer));
  expect(marked[0]).toEqual([0, 0]); // it ends with "five"
  const [whole] = await quoteWindows(tokenizer, [[question, text]], { maxLength: 64, overlap: 0 });
  const [from, to] = answerTokens(whole!, answer);
  const at = (token: number) => whole!.offsets[token - whole!.first]!;
  expect(text.slice(at(from)[0], at(to)[1])).toBe("five six");
  expect(answerTokens(whole!, undefined)).toEqual([0, 0]);
});

test("a question that fills the window is cut, and the text is read all the same", async () => {
  const long = Array(40).fill("where").join(" ");
  const windows = await quoteWindows(tokenizer, [[long, text]], { maxLength: 16, overlap: 0 });
  expect(windows.every(({ ids }) => ids.length <= 16)).toBe(true);
  expect(windows.flatMap(({ offsets }) => offsets)).toHaveLength(10);
});

test("answers come as text, in lists, as hubs and as SQuAD have them; anything else is refused", () => {
  expect(givenAnswers("Paris", undefined)).toEqual([{ text: "Paris" }]);
  expect(givenAnswers("Paris|Rome", "3|9", "|")).toEqual([
    { text: "Paris", start: 3 },
    { text: "Rome", start: 9 },
  ]);
  expect(givenAnswers({ text: ["a"], answer_start: [4] }, undefined)).toEqual([{ text: "a", start: 4 }]);
  expect(
    givenAnswers(
      [
        { text: "a", answer_start: 4 },
        { text: "b", answer_start: 6 },
      ],
      undefined,
    ),
  ).toHaveLength(2);
  for (const none of ["", null, undefined, [], { text: [], answer_start: [] }])
    expect(givenAnswers(none, undefined)).toEqual([]);
  expect(givenAnswers({ answer: 1 }, undefined)).toBeUndefined();
  expect(givenAnswers("Paris", "here")).toBeUndefined();
  expect(givenAnswers(["a", "b"], [1])).toBeUndefined();
});

test("the start says which occurrence is meant, in its own unit, after cleaning too", () => {
  const given = "😀 a  a\r\na";
  const context = { given, clean: "😀 a a\na" };
  const clean = (part: string) => part.trim();
  expect(quotedAnswer({ text: "a", start: 5 }, context, clean, "code-points")).toEqual({ text: "a", start: 5 });
  expect(quotedAnswer({ text: "a", start: 6 }, context, clean, "utf-16")).toEqual({ text: "a", start: 5 });
  expect(quotedAnswer({ text: "a" }, context, clean, "utf-16")).toEqual({ text: "a", start: 3 });
  expect(quotedAnswer({ text: "a", start: 0 }, context, clean, "utf-16")).toBeUndefined();
  expect(quotedAnswer({ text: "b" }, context, clean, "utf-16")).toBeUndefined();
});

test("a table's rows have answers with their starts; a row whose text does not hold its answer is left out", async () => {
  const rows = [
    { q: "where?", c: "Oslo, not Oslo", a: "Oslo", s: "10" },
    { q: "when?", c: "in May", a: "", s: "" },
    { q: "who?", c: "nobody", a: "Ada", s: "" },
  ];
  async function* source() {
    for (const [i, fields] of rows.entries()) yield { file: "a.csv", line: i + 2, fields };
  }
  const columns = { text: "q", pair: "c", answer: "a", start: "s" };
  const read = await readTexts(source(), { kind: "answers", columns, quarantineLimit: 1 });
  expect(read.rows.map(({ answers }) => answers)).toEqual([[{ text: "Oslo", start: 10 }], []]);
  expect(read.quarantined.map(({ reason }) => reason)).toEqual(["not-there"]);
  const { start: _, ...without } = columns;
  const first = await readTexts(source(), { kind: "answers", columns: without, quarantineLimit: 1 });
  expect(first.rows[0]!.answers![0]!.start).toBe(0);
});
