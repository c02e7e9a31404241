// Errors in Chinese are Chinese: every sentence that an error or a warning can say has a translation, in every room.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { numberRemedies } from "../src/base/index.ts";
import { chineseOf, translatedSentences } from "../src/translations/translate.ts";
import { errorSentences, type Sentence } from "./error-sentences.ts";

/** Rooms whose errors stay English: only code that builds a graph itself meets them, and each names the line of that code. */
const notTranslated = ["graph", "autodiff", "passes"];

/** Names of methods, of the program and of a command, which are the same in Chinese. */
const names = /^(concord|init|shap|wilson|pearson|adamw?|sgd|lion|rmsprop|adagrad|adafactor)$/;

const files = new Map(
  readdirSync("src", { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.includes(".test."))
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .filter((path) => ![...notTranslated, "messages"].some((room) => path.startsWith(`src/${room}/`)))
    .map((path) => [path, readFileSync(path, "utf8")] as const),
);

/** Whether a text is words, not code: `at most 5 rows`, but not `--key keys/a.key` or `token_type_ids`. */
function isSentence({ fact, text }: Sentence): boolean {
  if (/^(p?npm|yarn|concord) |^--\S+ \S+$/.test(text)) return false;
  if (/[a-z]{3,} [a-z]{2,}/.test(text)) return true;
  if (/^(operation|problem)$/.test(fact) && /^[a-z]{3,}([- ][a-zA-Z-]+)*$/.test(text)) return !names.test(text);
  return (
    !/^--|[<>≤=_([{/]|[a-z][A-Z]|^[a-z]+(: |, )[a-z]+$/.test(text) &&
    text.includes(" ") &&
    /(^| )[a-z]{3,}( |$|,)/.test(text)
  );
}

const isChinese = (text: string) => /[\u4e00-\u9fff]/.test(text);

/** English words in a Chinese sentence, other than what one types. */
const typed = /“[^”]*”|(--\S+|\bconcord|npm install|pip install|mlflow server|docs\/\S+)( [a-z-]+)*/g;

/** The clauses of a sentence that stay English, wholly or in part. */
const untranslated = (text: string) =>
  chineseOf(text)
    .split("; ")
    .filter((clause) => /[a-z]{3,} [a-z]{2,}/.test(clause.replace(typed, "")) || (text === clause && !isChinese(text)));

test("every problem, remedy, expectation and warning of every room has a Chinese sentence", () => {
  const rooms = new Map<string, string>();
  for (const [path, sentences] of errorSentences(files))
    for (const { text } of sentences.filter(isSentence)) rooms.set(text, path);
  expect(rooms.size).toBeGreaterThan(1500);
  expect([...rooms].filter(([text]) => untranslated(text).length > 0)).toEqual([]);
});

test("sentences are found however the code says them", () => {
  const of = (text: string) =>
    errorSentences(new Map([["a.ts", text]]))
      .get("a.ts")!
      .map((sentence) => sentence.text);
  expect(of(`f({ problem: late ? \`no answer within \${n} s\` : "it is gone" });`)).toEqual([
    "no answer within x s",
    "it is gone",
  ]);
  expect(of(`f({ hint: \`the ledger was \${cut ? "cut short" : "deleted"}\` });`)).toEqual([
    "the ledger was cut short",
    "the ledger was deleted",
  ]);
  expect(of(`const bad = (problem, got) => new E({ problem, got }); bad("it is late", 3);`)).toEqual(["it is late"]);
  expect(of(`const all = { a: ["one is missing"] }; const [problem] = all[k]; f({ problem });`)).toEqual([
    "one is missing",
  ]);
  expect(of(`const message = 1; f([[late, ["adapt", "keep"], "it is too late: leave it out"]]);`)).toEqual([
    "it is too late: leave it out",
  ]);
  const elsewhere = new Map([
    ["a.ts", `export function refuse(at, problem) { throw new E({ problem: at + problem }); }`],
    ["b.ts", 'import { refuse } from "./a.ts"; refuse("x", "it is late");'],
  ]);
  expect(
    errorSentences(elsewhere)
      .get("b.ts")!
      .map(({ text }) => text),
  ).toEqual(["x", "it is late"]);
});

test("what to do about numbers that are not read has a Chinese sentence", () => {
  for (const remedy of Object.values(numberRemedies)) expect(chineseOf(remedy)).toMatch(/[\u4e00-\u9fff]/);
});

test("a translation fills in what its sentence does, and no sentence is there twice", () => {
  expect(translatedSentences.filter((sentence, i) => translatedSentences.indexOf(sentence) < i)).toEqual([]);
  for (const sentence of translatedSentences) {
    const places = [...sentence.matchAll(/\{\d\}/g)].map(([place]) => place);
    expect(new Set(places).size, sentence).toBe(places.length);
  }
  expect(chineseOf("there is no column lable")).toBe("没有名为 lable 的列");
  expect(chineseOf("there is no column split")).toBe("没有名为 split 的列"); // a name is no word of the table
  expect(chineseOf("3 of 20 rows cannot be used; 2 because the text is missing or empty")).toBe(
    "20 行中有 3 行无法使用；其中 2 行因为文本缺失或为空",
  );
  expect(chineseOf("150 of 150 would fit with data.offsets: utf-16; if this is meant: data.accept: [cut-words]")).toBe(
    "设置 data.offsets: utf-16 后，150 个中有 150 个相符；若确实如此：data.accept: [cut-words]",
  );
  expect(chineseOf("w is frozen and takes no gradient")).toBe("w 已冻结，不接受梯度");
  expect(chineseOf("2 of 9 gates fail: a, b")).toBe("9 项发布门槛中有 2 项未通过：a, b");
  expect(chineseOf("name another folder with --out; a release is never replaced")).toBe(
    "请用 --out 指定其他文件夹；发布不会被覆盖",
  );
  expect(chineseOf("12 rows")).toBe("12 行");
  expect(chineseOf("some words about rows")).toBe("some words about rows"); // an amount is no end of a sentence
  expect(chineseOf("encrypted shares of clinic-b are of other participants")).toBe("clinic-b 的加密份额属于其他参与方");
  expect(chineseOf("2 rounds failed one after the other: clinic-b refuses: keys of another round")).toBe(
    "连续 2 轮失败：clinic-b 拒绝：密钥属于另一轮次",
  );
  expect(chineseOf("unknown option '--lable'")).toBe("没有选项 --lable");
  expect(chineseOf("something else")).toBe("something else");
});
