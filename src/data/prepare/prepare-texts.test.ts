import { expect, test } from "vitest";
import { random } from "../../base/index.ts";
import { type PrepareOptions, prepareTexts } from "./prepare-texts.ts";
import type { SourceRow } from "./source-row.ts";

const words =
  "ache back cough dizzy ear fever gut head itch joint knee lung migraine neck ooze pain queasy rash sore throat ulcer vomit weak".split(
    " ",
  );
const sentence = (seed: number) => {
  const rng = random(`sentence ${seed}`);
  return Array.from({ length: 12 }, () => words[rng.int(words.length)]).join(" ");
};
const table = (records: readonly Record<string, unknown>[]) =>
  (async function* (): AsyncGenerator<SourceRow> {
    for (const [i, fields] of records.entries()) yield { file: "rows.csv", line: i + 2, fields };
  })();
const options: PrepareOptions = { columns: { text: "text", label: "label" }, kind: "label", seed: 1 };
const plain = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    text: sentence(i),
    label: ["flu", "cold"][i % 2],
    patient: `p${i >> 2}`,
    sex: i % 3 ? "f" : "m",
  }));
const faultOf = (records: readonly Record<string, unknown>[], more: Partial<PrepareOptions> = {}) =>
  prepareTexts(table(records), { ...options, ...more }).then(
    () => expect.unreachable(),
    (error) => error as Error & { code: string; facts: Record<string, string> },
  );

test("in = kept + dropped + quarantined, whatever is in the rows", async () => {
  const records = [
    ...plain(200),
    ...plain(20),
    { text: " ", label: "flu" },
    { text: Number.NaN, label: "flu" },
    { text: "x", label: null },
    { text: "y".repeat(200_000), label: "flu" },
  ];
  const { report, rows, parts, quarantined } = await prepareTexts(table(records), options);
  expect(report.rows).toEqual({ in: 224, kept: 200, dropped: 20, quarantined: 4, excluded: 0 });
  expect(report.quarantine).toEqual({ "no-text": 2, "no-label": 1, "too-long": 1 });
  expect(quarantined.map((q) => q.place)).toEqual(["rows.csv:222", "rows.csv:223", "rows.csv:224", "rows.csv:225"]);
  expect(rows.length).toBe(parts.length);
  expect(report.parts).toEqual({ train: 160, dev: 20, test: 20 });
});

test("similar texts and one patient's rows share a part", async () => {
  const records = plain(200).flatMap((r, i) =>
    i % 10 ? [r] : [r, { ...r, text: `${r.text}!!`, label: "cold", patient: `q${i}` }],
  );
  const { rows, parts, report } = await prepareTexts(table(records), {
    ...options,
    columns: { ...options.columns, group: "patient" },
  });
  const partOf = new Map<string, string>();
  for (const [i, row] of rows.entries())
    for (const key of [row.group!, row.text.replaceAll("!", "")])
      expect(partOf.get(key) ?? partOf.set(key, parts[i]!).get(key)).toBe(parts[i]);
  expect(report.duplicates.nearClusters).toBe(20);
  expect(report.duplicates.nearRows).toBe(40);
});

test("parts that the data gives keep all rows by default; what repeats is counted and marked", async () => {
  const records = plain(40).map((r, i) => ({ ...r, part: ["train", "train", "validation", "test"][i % 4] }));
  const columns = { ...options.columns, part: "part" };
  const repeated = [
    ...records,
    ...[0, 1, 4].map((i) => ({ ...records[i]!, part: "Testing" })),
    { ...records[5]!, label: "gout" }, // within training, another label
    { ...records[8]!, part: "test", label: "gout" }, // the text is in training, with another label
    { ...records[3]! }, // within test
    { ...records[4]!, part: "dev" },
  ];
  const { rows, parts, report } = await prepareTexts(table(repeated), { ...options, columns });
  expect(report.rows).toMatchObject({ in: 47, kept: 47, dropped: 0 });
  expect(report.parts).toEqual({ train: 21, dev: 11, test: 15 });
  expect(report.duplicates).toMatchObject({ exact: 5, conflicting: 2 });
  expect(report.duplicates.kept).toEqual({
    train: { training: 0, own: 0 },
    dev: { training: 1, own: 0 },
    test: { training: 4, own: 1 },
  });
  expect(report.warnings[0]).toMatch(
    /^4 of 15 test rows are also in training; 1 of 15 test rows repeat another test row; 1 of 11 validation rows are/,
  );
  expect(rows.map((row, i) => row.inTraining && parts[i]).filter(Boolean)).toEqual(
    [..."tttt"].map(() => "test").concat("dev"),
  );
  const { report: clean } = await prepareTexts(table(records), { ...options, columns });
  expect(clean.warnings.join()).not.toMatch(/in training|repeat/);
  expect(clean.duplicates.kept?.test).toEqual({ training: 0, own: 0 });
});

test("repeats that are kept where Concord draws the parts share a part; by default they are left out", async () => {
  const records = [
    ...plain(100),
    ...plain(100).slice(0, 30),
    { text: "!!!", label: "flu" },
    { text: "!!!", label: "flu" },
  ];
  const kept = await prepareTexts(table(records), { ...options, duplicates: "keep" });
  expect(kept.report.rows).toMatchObject({ kept: 132, dropped: 0 });
  expect(kept.report.duplicates).toMatchObject({ exact: 31, straddling: 0, nearRows: 0 });
  expect(kept.rows.some((row) => row.inTraining)).toBe(false);
  const dropped = await prepareTexts(table(records), options);
  expect(dropped.report.rows).toMatchObject({ kept: 101, dropped: 31 });
  expect(dropped.report.duplicates.kept).toBeUndefined();
});

test("with data.duplicates: drop, rows that another part has already are left out, and said", async () => {
  const records = plain(40).map((r, i) => ({ ...r, part: ["train", "train", "validation", "test"][i % 4] }));
  const columns = { ...options.columns, part: "part" };
  const repeated = [...records, ...[0, 1, 4].map((i) => ({ ...records[i]!, part: "Testing" })), { ...records[5]! }];
  const { report } = await prepareTexts(table(repeated), { ...options, columns, duplicates: "drop" });
  expect(report.rows.dropped).toBe(4);
  expect(report.warnings).toContain("3 rows of the part test repeat rows of another part: left out of test");
  const { report: clean } = await prepareTexts(table(records), { ...options, columns });
  expect(clean.warnings.join()).not.toMatch(/repeat rows/);
});

test("parts named by the data are kept, and what they tear apart is counted", async () => {
  const records = plain(40).map((r, i) => ({ ...r, part: ["train", "train", "validation", "test"][i % 4] }));
  const columns = { ...options.columns, part: "part", group: "patient" };
  const { report } = await prepareTexts(table(records), { ...options, columns });
  expect(report.parts).toEqual({ train: 20, dev: 10, test: 10 });
  expect(report.duplicates.straddling).toBe(10);
  expect(report.warnings.join()).toMatch(/too good/);
  const error = await faultOf([...records, { ...records[0], text: "another one", part: "holdout" }], { columns });
  expect(error.message).toMatch(/no valid split[\s\S]*holdout/);
});

test("small cells of an attribute are not counted", async () => {
  const records = plain(200).map((r, i) => ({ ...r, sex: i < 3 ? "x" : r.sex }));
  const { report } = await prepareTexts(table(records), {
    ...options,
    columns: { ...options.columns, attributes: ["sex"] },
  });
  expect(Object.values(report.attributes.sex!.x!)).toContain("under 10");
  expect(report.attributes.sex!.f!.train).toBeGreaterThan(50);
});

test("several labels a row, numbers, and pairs are read", async () => {
  const many = plain(60).map((r, i) => ({ ...r, label: i % 5 ? (i % 2 ? "flu; cold" : "cold") : "" }));
  const multi = await prepareTexts(table(many), { ...options, kind: "labels" });
  expect(multi.labels).toEqual(["cold", "flu"]);
  expect(multi.rows[1]!.labels).toEqual(["flu", "cold"]);
  const numbers = await prepareTexts(table(plain(60).map((r, i) => ({ ...r, label: `${i / 7}` }))), {
    ...options,
    kind: "value",
  });
  expect(numbers.rows[7]!.value).toBe(1);
  expect(numbers.report.warnings).toEqual([]);
  const points = await prepareTexts(table(plain(60).map((r, i) => ({ ...r, label: `${i + 1}.500` }))), {
    ...options,
    kind: "value",
  });
  expect(points.report.warnings).toContain("1.500 is read as 1.5; if the point stands between thousands, write 1500");
  const pairs = await prepareTexts(table(plain(60).map((r) => ({ ...r, second: "and a cough" }))), {
    ...options,
    columns: { ...options.columns, pair: "second" },
  });
  expect(pairs.rows[0]!.pair).toBe("and a cough");
});

test.each<[string, Record<string, unknown>[], Partial<PrepareOptions>, RegExp]>([
  ["no rows", [], {}, /there are no rows/],
  ["one class", plain(40).map((r) => ({ ...r, label: "flu" })), {}, /same label/],
  [
    "labels that differ by case or width",
    plain(40).map((r, i) => ({ ...r, label: i % 3 ? r.label : "ＦＬＵ" })),
    {},
    /case, width[\s\S]*data\.rename/,
  ],
  ["a wrong column", plain(40), { columns: { text: "texts", label: "label" } }, /did you mean text/],
  [
    "mostly empty texts",
    plain(40).map((r, i) => ({ ...r, text: i % 3 ? "" : r.text })),
    {},
    /26 of 40 rows[\s\S]*rows\.csv:3/,
  ],
  ["values that are no numbers", plain(40), { kind: "value" }, /not a finite number[\s\S]*names the column/],
  [
    "numbers with a decimal comma",
    plain(40).map((r, i) => ({ ...r, label: `${i},35` })),
    { kind: "value" },
    /not a finite number[\s\S]*"0,35"[\s\S]*2\.35 for 2,35[\s\S]*data\.decimal/,
  ],
  [
    "amounts of money",
    plain(40).map((r, i) => ({ ...r, label: `$${i},350.00` })),
    { kind: "value" },
    /the number alone[\s\S]*currency/,
  ],
  ["one number for all", plain(40).map((r) => ({ ...r, label: "7" })), { kind: "value" }, /same number/],
  [
    "a label that training never sees",
    plain(40).map((r, i) => ({ ...r, label: i === 39 ? "gout" : r.label, part: i < 30 ? "train" : "test" })),
    { columns: { text: "text", label: "label", part: "part" } },
    /no training row has[\s\S]*gout/,
  ],
])("%s: refused", async (_name, records, more, message) => {
  const error = await faultOf(records, more);
  expect(error.code).toBe("E_DATA");
  expect(error.message).toMatch(message);
});

test("labels that were merged are one class", async () => {
  const records = plain(40).map((r, i) => ({ ...r, label: i % 3 ? r.label : "FLU" }));
  expect((await prepareTexts(table(records), { ...options, rename: { FLU: "flu" } })).labels).toEqual(["cold", "flu"]);
});

const texts = (count: number, row: (i: number) => Record<string, unknown>) =>
  Array.from({ length: count }, (_, i) => ({ text: sentence(i), ...row(i) }));

test("words such as NONE are classes; names of object properties too", async () => {
  const names = ["NONE", "NA", "null", "nan", "__proto__", "constructor", "toString"];
  const { labels, report } = await prepareTexts(table(texts(210, (i) => ({ label: names[i % 7] }))), options);
  expect(labels).toEqual([...names].sort());
  expect(Object.keys(report.labels).sort()).toEqual([...names].sort());
  expect(report.quarantine).toEqual({});
});

test("numbers that are the same are one class, and that is said; names that only look alike stay apart", async () => {
  const spelled = ["0", "1", "0.0", "1.0", " 1 ", 0];
  const { labels, report } = await prepareTexts(table(texts(180, (i) => ({ label: spelled[i % 6] }))), options);
  expect(labels).toEqual(["0", "1"]);
  expect(report.spellings).toEqual({ 0: ["0", "0.0"], 1: ["1", "1.0"] });
  expect(report.warnings.join()).toMatch(/the same number: read as 1/);
  const codes = await prepareTexts(table(texts(90, (i) => ({ label: ["01", "1", "2.0"][i % 3] }))), options);
  expect(codes.labels).toEqual(["01", "1", "2.0"]);
  const renamed = await prepareTexts(table(texts(180, (i) => ({ label: spelled[i % 6] }))), {
    ...options,
    rename: { "0.0": "no", 1: "yes" },
  });
  expect(renamed.labels).toEqual(["no", "yes"]);
});

test("a label can be left out; several in a single-label field are rejected, with an example", async () => {
  const dash = await prepareTexts(table(texts(90, (i) => ({ label: ["a", "b", "-"][i % 3] }))), {
    ...options,
    exclude: ["-"],
  });
  expect([dash.labels, dash.report.rows.excluded, dash.report.rows.in]).toEqual([["a", "b"], 30, 90]);
  const few = texts(100, (i) => ({ label: i < 3 ? ["a", "b"] : ["a", "b"][i % 2] }));
  const { report } = await prepareTexts(table(few), options);
  expect(report.warnings.join()).toMatch(/3 of 100 rows rejected: the field holds several labels.*rows\.csv:2/);
  const many = texts(100, (i) => ({ label: i < 30 ? ["a", "b"] : "a" }));
  expect((await faultOf(many)).message).toMatch(/30 because the field holds several labels[\s\S]*task: multi-label/);
});

test("vectors of 0 and 1 need names, also those that could be numbers of classes", async () => {
  const kind = "labels" as const;
  const vectors = texts(60, (i) => ({ label: [i % 2, 1 - (i % 2)] }));
  expect((await faultOf(vectors, { kind })).message).toMatch(/nothing names their places[\s\S]*data\.labels/);
  const named = await prepareTexts(table(vectors), { ...options, kind, labelNames: ["a", "b"] });
  expect(named.labels).toEqual(["a", "b"]);
  const ids = await prepareTexts(table(texts(60, (i) => ({ label: [[0], [1], [0, 1]][i % 3] }))), { ...options, kind });
  expect(ids.labels).toEqual(["0", "1"]);
  const spread = texts(60, (i) => ({ toxic: `${i % 2}`, rude: `${i % 3 ? 0 : 1}.0` }));
  const read = await prepareTexts(table(spread), {
    ...options,
    kind,
    labelNames: ["toxic", "rude"],
  });
  expect(read.report.labels.toxic).toBeDefined();
  expect(read.rows[3]!.labels).toEqual(["toxic", "rude"]);
});

test("labels between other signs stop the run, unless the sign was named or belongs to the names", async () => {
  const kind = "labels" as const;
  const rows = texts(90, (i) => ({ label: ["a, b", "a", "b", "b, c", "c", "a, c"][i % 6] }));
  expect((await faultOf(rows, { kind })).message).toMatch(/separated by ","[\s\S]*data\.separator: ","/);
  expect((await prepareTexts(table(rows), { ...options, kind, separator: "," })).labels).toEqual(["a", "b", "c"]);
  expect((await prepareTexts(table(rows), { ...options, kind, accept: ["separators"] })).labels).toHaveLength(6);
});

test("a key that some rows lack is a value that is missing; one that none has is an error; a misspelt one is placed", async () => {
  const rows = texts(100, (i) => ({ label: ["a", "b"][i % 2], ...(i % 3 ? { sex: "f" } : {}) }));
  const options = { columns: { text: "text", label: "label", attributes: ["sex"] }, kind: "label" } as const;
  const faultOf = (records: readonly Record<string, unknown>[]) =>
    prepareTexts(table(records), options).then(
      () => expect.unreachable(),
      (error: Error) => error,
    );
  const { report } = await prepareTexts(table(rows), options);
  expect(report.rows.kept).toBe(100);
  expect(report.attributes.sex).toHaveProperty("(none)");
  const none = texts(20, () => ({ label: "a" }));
  expect((await faultOf(none)).message).toMatch(/there is no column sex/);
  const misspelt = rows.map((row, i) => (i === 50 ? { text: row.text, "label ": "a", sex: "f" } : row));
  expect((await faultOf(misspelt)).message).toMatch(/another spelling[\s\S]*rows\.csv:52/);
});

const spans = (shift: number, count = 60) =>
  Array.from({ length: count }, (_, i) => {
    const words = [...`${i}`].map((d) => "zero one two three four five six seven eight nine".split(" ")[Number(d)]);
    const text = `${words.join(" ")} in Hanoi today`;
    const start = text.indexOf("Hanoi") + shift;
    return { text, label: [{ start, end: start + 5, label: "CITY" }] };
  });
const entities = { ...options, columns: { text: "text", label: "label" }, kind: "entities" } as const;
const spanFault = (rows: Record<string, unknown>[], more: Partial<PrepareOptions> = {}) =>
  faultOf(rows, { ...entities, ...more });

test("spans that cut words stop the run and say what would fit; a few are only counted", async () => {
  expect((await prepareTexts(table(spans(0)), entities)).report.warnings).toEqual([]);
  expect((await spanFault(spans(1))).message).toMatch(/60 of 60 spans begin or end inside a word[\s\S]*if moved by -1/);
  const meant = await prepareTexts(table(spans(1)), { ...entities, accept: ["cut-words"] });
  expect(meant.report.warnings.join()).toMatch(/60 of 60 spans/);
  const few = await prepareTexts(table([...spans(0, 60), ...spans(1, 65).slice(60)]), entities);
  expect(few.report.warnings.join()).toMatch(/5 of 65 spans begin or end inside a word/);
  const emoji = spans(0).map(({ text, label: [span] }) => ({
    text: `😀👍${text}`,
    label: [{ ...span, start: span!.start + 4, end: span!.end + 4 }],
  }));
  expect((await spanFault(emoji)).message).toMatch(/data\.offsets: utf-16/);
  expect((await prepareTexts(table(emoji), { ...entities, offsets: "utf-16" })).report.warnings).toEqual([]);
});

test("a span's own text must stand at its place; spans that all overlap stop the run; repeated ones are read once", async () => {
  const named = (shift: number) =>
    spans(shift).map((row) => ({ ...row, label: row.label.map((s) => ({ ...s, text: "Hanoi" })) }));
  expect((await prepareTexts(table(named(0)), entities)).report.rows.kept).toBe(60);
  expect((await spanFault(named(2))).message).toMatch(
    /own text is not what stands[\s\S]*60 of 60 would fit if moved by -2/,
  );
  const over = spans(0).map((row) => ({ ...row, label: [...row.label, { ...row.label[0]!, label: "PLACE" }] }));
  expect((await spanFault(over)).message).toMatch(/60 of 120 spans overlap/);
  expect((await prepareTexts(table(over), { ...entities, accept: ["overlaps"] })).report.entities?.overlapping).toBe(
    60,
  );
  const twice = spans(0).map((row) => ({ ...row, label: [...row.label, ...row.label] }));
  expect((await prepareTexts(table(twice), entities)).report.entities).toMatchObject({ repeated: 60, overlapping: 0 });
});

test("numbered tags need names", async () => {
  const rows = spans(0).map(({ text }) => ({
    tokens: text.split(" "),
    ner_tags: text.split(" ").map((w) => (w === "Hanoi" ? 1 : 0)),
  }));
  const columns = { text: "tokens", label: "ner_tags" };
  expect((await spanFault(rows, { columns })).message).toMatch(/the tags are numbers[\s\S]*data\.labels: \[O, B-PER/);
  const named = await prepareTexts(table(rows), { ...entities, columns, labelNames: ["O", "B-CITY"] });
  expect(named.labels).toEqual(["CITY"]);
});

test("texts of a wrong encoding stop the run; one of many is said", async () => {
  const bad = texts(60, (i) => ({ text: `${sentence(i)} fÃ¼r`, label: ["a", "b"][i % 2] }));
  expect((await faultOf(bad, { columns: { text: "text", label: "label" } })).message).toMatch(
    /60 of 60 texts look as if/,
  );
  const one = texts(60, (i) => ({ label: ["a", "b"][i % 2], ...(i ? {} : { text: "donâ€™t" }) }));
  const { report } = await prepareTexts(table(one), { ...options, columns: { text: "text", label: "label" } });
  expect(report.warnings.join()).toMatch(/1 of 60 texts look as if/);
  const chinese = texts(60, (i) => ({ text: `${sentence(i)} 我用iphone和ipad`, label: ["a", "b"][i % 2] }));
  await prepareTexts(table(chinese), { ...options, columns: { text: "text", label: "label" } });
});

test("chats and lists of words are texts; other lists and objects are not", async () => {
  const chat = texts(40, (i) => ({
    text: [
      { role: "user", content: sentence(i) },
      { role: "assistant", content: [{ type: "text", text: "ok" }] },
    ],
    label: ["a", "b"][i % 2],
  }));
  const columns = { text: "text", label: "label" };
  const read = await prepareTexts(table(chat), { ...options, columns });
  expect(read.rows[0]!.text).toBe(`user: ${sentence(0)} assistant: ok`);
  const objects = texts(40, (i) => ({ text: { a: i }, label: ["a", "b"][i % 2] }));
  expect((await faultOf(objects, { columns })).message).toMatch(/holds no text/);
});

test("one number with signs between thousands stops a table: only large ones have them", async () => {
  const prices = (change: (i: number) => unknown) =>
    plain(100).map((row, i) => ({ ...row, label: change(i) as string }));
  const large = await faultOf(
    prices((i) => (i === 40 ? "1,250" : 900 + i)),
    { kind: "value" },
  );
  expect(large.facts.problem).toMatch(/^1 numbers have signs between thousands/);
  expect([large.facts.got, large.facts.path]).toEqual([expect.stringContaining("1,250"), "rows.csv:42"]);
  const { report } = await prepareTexts(table(prices((i) => (i === 40 ? "ask us" : 900 + i))), {
    ...options,
    kind: "value",
  });
  expect(report.quarantine["not-a-number"]).toBe(1);
});

test("decimal commas are read where data.decimal says so; a point beside them stops the table", async () => {
  const written = (change: (i: number) => string) => plain(100).map((row, i) => ({ ...row, label: change(i) }));
  const comma = { ...options, kind: "value", decimal: "," } as const;
  const german = written((i) => (i === 5 ? "1.234,5" : i === 6 ? "1.234" : `${i},25`));
  const { rows, report } = await prepareTexts(table(german), comma);
  expect(rows.map((r) => r.value)).toEqual(expect.arrayContaining([1234.5, 1234, 7.25]));
  expect(report.quarantine).toEqual({});
  expect(report.warnings).toContainEqual(
    expect.stringMatching(/^1\.234 is read as 1234: its sign stands between thou/),
  );
  const mixed = await faultOf(
    written((i) => (i === 40 ? "3.75" : `${i},25`)),
    comma,
  );
  expect([mixed.facts.problem, mixed.facts.path]).toEqual([
    expect.stringMatching(/^1 numbers have a point/),
    "rows.csv:42",
  ]);
  const clean = await prepareTexts(table(written((i) => `${i},25`)), comma);
  expect(clean.report.warnings.join()).not.toMatch(/thousands/);
});
