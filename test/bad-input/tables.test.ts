// Tables that are no tables, and columns that are not there.
import { join } from "node:path";
import { expect, test } from "vitest";
import { concord } from "../command-line.ts";
import { expectRefusal, goodRows, put, type Refusal, recipeFor, temporaryFolder } from "./refusal.ts";

const home = temporaryFolder();
const good = goodRows.join("\n");

test.each<[name: string, content: string | Uint8Array | undefined, data: string, Refusal]>([
  [
    "a missing file",
    undefined,
    "",
    {
      code: "E_IO",
      place: "t.csv",
      problem: "no such file",
      expected: "a file or folder of this name",
      got: "ENOENT",
      remedy: "check the path",
    },
  ],
  [
    "an empty file",
    "",
    "",
    { code: "E_DATA", place: "t.csv", problem: "empty", expected: "a header", got: "0 bytes", remedy: "check" },
  ],
  [
    "a header only",
    "text,label\n",
    "",
    {
      code: "E_DATA",
      place: "t.csv",
      problem: "no rows",
      expected: "at least one row",
      got: "header only",
      remedy: "add rows",
    },
  ],
  [
    "mixed encodings",
    Buffer.concat([
      Buffer.from(`text,label\n${`${good}\n`.repeat(100)}`),
      Buffer.from([0xb8, 0xd0, 0xc3, 0xb0, 0x2c, 0x61, 0x0a]),
    ]),
    "",
    {
      code: "E_DATA",
      place: /t\.csv:2002 \(byte \d+\)/,
      problem: "mixes encodings",
      expected: "utf-8",
      got: "b8 d0 c3",
      remedy: "data.encoding",
    },
  ],
  [
    "a ragged row",
    `text,label\n${good}\nfever, chills and more,flu\n`,
    "",
    {
      code: "E_DATA",
      place: "t.csv:22",
      problem: "another number of fields",
      expected: "2 fields",
      got: '3, beginning "fever,',
      remedy: "quotes",
    },
  ],
  [
    "an unclosed quote",
    `text,label\n${good}\n"fever,flu\nchills,flu\n`,
    "",
    {
      code: "E_DATA",
      place: "t.csv:22",
      problem: "never closed",
      expected: "closing quote",
      got: '"fever,flu',
      remedy: 'written twice: ""',
    },
  ],
  [
    "two columns of one name",
    `text,label,text\n${goodRows.map((row) => `${row},x`).join("\n")}\n`,
    "",
    {
      code: "E_DATA",
      place: "t.csv:1",
      problem: "same name",
      expected: "each column named once",
      got: '"text"',
      remedy: "rename one",
    },
  ],
  [
    "a misspelt column",
    `text,label\n${good}\n`,
    ", label: lable",
    {
      code: "E_DATA",
      place: "t.csv:2",
      problem: "no column lable",
      expected: "text, label",
      got: "lable",
      remedy: "did you mean label?",
    },
  ],
])("%s is refused with its place and a remedy", async (name, content, data, wanted) => {
  const folder = join(home, name.replaceAll(" ", "-"));
  if (content !== undefined) put(folder, "t.csv", content);
  const recipe = put(folder, "recipe.yaml", recipeFor(`file: t.csv${data}`));
  await expectRefusal(["run", recipe, "--out", join(folder, "run")], wanted);
});

test("every refusal is told in Chinese too, with the code's meaning and the same place", async () => {
  const recipe = put(home, "zh.yaml", recipeFor("file: none.csv"));
  const { code, err } = await concord(["run", recipe, "--out", join(home, "zh"), "--lang", "zh"]);
  expect(code).toBe(74);
  expect(err).toMatch(
    /E_IO {2}文件或文件夹无法读取或写入。\n {2}问题 .*\n {2}应为 .*\n {2}实际 .*\n {2}建议 .*\n {2}位置 +.*none\.csv\n$/,
  );
});
