// Entities as corpora and tools write them, good and bad.
import { describe, expect, test } from "vitest";
import { type EntityOptions, entityText, isProblem, noEntities } from "./entity-rows.ts";

const counted = ({ spans, overlapping, insideWords }: ReturnType<typeof noEntities>) => ({
  spans,
  overlapping,
  insideWords,
});

function read(text: string | string[], label: unknown, options: EntityOptions = {}) {
  const counts = noEntities();
  const found = entityText(text, label, options, counts);
  return isProblem(found)
    ? found
    : {
        text: found.text,
        spans: found.spans.map((s) => [found.text.slice(s.start, s.end), s.type].join(":")),
        counts: counted(counts),
      };
}

describe("the same entity in every form", () => {
  const text = "😀 in Rome";
  const expected = { text, spans: ["Rome:LOC"], counts: { spans: 1, overlapping: 0, insideWords: 0 } };
  test.each<[string, unknown, EntityOptions?]>([
    ["tags", ["O", "O", "B-LOC"]],
    ["one string of tags", "O O B-LOC"],
    ["objects", [{ start: 5, end: 9, label: "LOC" }]],
    ["objects in UTF-16", [{ start: 6, end: 10, label: "LOC" }], { offsets: "utf-16" }],
    ["doccano's old names", [{ start_offset: 5, end_offset: 9, label: "LOC" }]],
    ["triples", [[5, 9, "LOC"]]],
    ["CLUENER, the last character included", { LOC: { Rome: [[5, 8]] } }],
  ])("%s", (_, label, options) => expect(read(text, label, options)).toEqual(expected));

  test("words that came apart", () => expect(read(["😀", "in", "Rome"], ["O", "O", "B-LOC"])).toEqual(expected));
});

test("a text without entities is a row; tags without spaces fit characters", () => {
  expect(read("nothing here", [])).toMatchObject({ spans: [] });
  expect(read("nothing here", {})).toMatchObject({ spans: [] });
  expect(read("2017年北京", ["O", "O", "O", "O", "O", "B-LOC", "I-LOC"])).toMatchObject({ spans: ["北京:LOC"] });
  expect(read("U.S. wins", ["B-LOC", "O"])).toMatchObject({ spans: ["U.S.:LOC"] });
});

test("of overlapping entities the longest is kept, and both are counted", () => {
  const label = [
    [0, 5, "A"],
    [0, 12, "B"],
    [13, 14, "C"],
  ];
  expect(read("Peking University x", label)).toEqual({
    text: "Peking University x",
    spans: ["Peking Unive:B", "s:C"],
    counts: { spans: 2, overlapping: 1, insideWords: 3 },
  });
});

describe("what does not fit is refused with what was found", () => {
  test.each<[string, string | string[], unknown, EntityOptions, object]>([
    ["too few tags", ["a", "b"], ["O"], {}, { reason: "bad-tags", got: "1 tags, 2 words" }],
    ["no tag", ["a"], ["PER"], {}, { reason: "bad-tags", got: "PER" }],
    ["a number among tags", ["a", "b"], ["O", 3], {}, { reason: "bad-tags", got: 3 }],
    ["beyond the end", "abc", [[0, 4, "X"]], {}, { reason: "bad-span", got: [0, 4, "X"] }],
    ["in parts", "abcdef", [[[0, 2], [4, 6], "X"]], {}, { reason: "parted-span" }],
    [
      "in fragments",
      "abcdef",
      [
        {
          ranges: [
            [0, 2],
            [4, 6],
          ],
          label: "X",
        },
      ],
      {},
      { reason: "parted-span" },
    ],
    ["empty", "abc", [[2, 2, "X"]], {}, { reason: "bad-span" }],
    ["backwards", "abc", [[2, 1, "X"]], {}, { reason: "bad-span" }],
    ["before the start", "abc", [[-1, 1, "X"]], {}, { reason: "bad-span" }],
    ["no type", "abc", [[0, 1]], {}, { reason: "bad-span" }],
    ["half a number", "abc", [{ start: 0.5, end: 1, label: "X" }], {}, { reason: "bad-span" }],
    ["another name there", "abc", { X: { bc: [[0, 1]] } }, {}, { reason: "span-text" }],
    ["no table of names", "abc", { X: 3 }, {}, { reason: "bad-span" }],
    ["a bare number", "abc", 3, {}, { reason: "bad-span" }],
  ])("%s", (_, text, label, options, problem) => expect(read(text, label, options)).toMatchObject(problem));

  test("any word is a class without prefixes", () =>
    expect(read(["a", "b"], ["NOUN", "O"], { scheme: "none" })).toMatchObject({ spans: ["a:NOUN"] }));
});
