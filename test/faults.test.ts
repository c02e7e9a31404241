// Errors in Chinese are Chinese: every problem and remedy that reading tables, training, scores, audits, releases, recipes and their commands can tell has a translation.
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";
import { numberRemedies } from "../src/base/index.ts";
import { chineseOf, translatedSentences } from "../src/messages/faults/translate.ts";

const named = (folder: string, pattern: RegExp) =>
  readdirSync(folder).flatMap((name) => (pattern.test(name) && !name.includes(".test.") ? [`${folder}/${name}`] : []));
/** All files of a room and below. */
const room = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.name.includes(".test."))
    .map((entry) => `${entry.parentPath}/${entry.name}`);
const files = [
  ...["train", "eval", "predict", "baseline", "audit", "passport", "federated"].flatMap((name) => room(`src/${name}`)),
  ...["stages", "release"].flatMap((name) => room(`src/pipeline/${name}`)),
  ...named("src/data/node", /^(?!rust).*\.ts$/),
  ...named("src/data/tokenizers", /^(settings|bpe-file|bert-file|added-vocabulary|special-tokens)\.ts$/),
  ...named("src/formats", /^config\.ts$/),
  ...named("src/formats/node", /^model-folder\.ts$/),
  ...named("src/models", /\.ts$/),
  ...named("src/models/node", /\.ts$/),
  ...named("src/onnx", /^external\.ts$/),
  ...named("src/data/prepare", /^(?!near).*\.ts$/),
  ...named(
    "src/pipeline",
    /^(recipe|recipe-data|recipe-fault|read-recipe|look-at-table|table-roles|evaluate-run|open-model|save-onnx|answer-labels|answer-columns|audit-table)\.ts$/,
  ),
  ...named("src/cli", /^(texts|device|reading)\.ts$/),
  ...named("src/cli/commands", /^(init|inspect|predict|evaluate|audit)\.ts$/),
];

/** Sentences of the properties that people read, with `x` for what they fill in. */
function sentencesOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const take = (node: ts.Expression): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) found.push(node.text);
    else if (ts.isTemplateExpression(node))
      found.push(
        `${node.head.text}${node.templateSpans.map((span) => `x${span.literal.text}`).join("")}`.replace(
          /(\w)x$/,
          "$1",
        ),
      );
    else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach(take);
    else if (ts.isBinaryExpression(node)) [node.left, node.right].forEach(take);
    else if (ts.isParenthesizedExpression(node)) take(node.expression);
  };
  const visit = (node: ts.Node): void => {
    const name = ts.isPropertyAssignment(node) ? node.name.getText() : "";
    if (ts.isPropertyAssignment(node) && /^(problem|hint|message)$/.test(name)) take(node.initializer);
    if (
      ts.isCallExpression(node) &&
      /^(onGuess|options\.onGuess|fault|stop|said\.push|bad|badExample|refuse|refused|wrong)$/.test(
        node.expression.getText(),
      )
    )
      node.arguments.forEach(take);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Words that are no code: three letters or more, twice, with a space between. */
const isSentence = (text: string) => /[a-z]{3,} [a-z]{2,}/.test(text) && !/^(npm|concord) /.test(text);

test("every problem, remedy and warning of these rooms has a Chinese sentence", () => {
  const all = [...new Set(files.flatMap(sentencesOf))].filter(isSentence);
  expect(all.length).toBeGreaterThan(400);
  expect(all.filter((sentence) => !/[\u4e00-\u9fff]/.test(chineseOf(sentence)))).toEqual([]);
});

test("what to do about numbers that are not read has a Chinese sentence", () => {
  for (const remedy of Object.values(numberRemedies)) expect(chineseOf(remedy)).toMatch(/[\u4e00-\u9fff]/);
});

test("a translation fills in what its sentence does, and no sentence is there twice", () => {
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
  expect(chineseOf("something else")).toBe("something else");
});
