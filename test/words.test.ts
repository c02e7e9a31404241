// Texts that people read use the field's words: none of test/banned-words.json, in either language; docs/glossary.md has the words to use.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { userPages } from "../docs/.vitepress/pages.ts";
import type { Command, CommandGroup } from "../src/cli/command.ts";
import { commands } from "../src/cli/commands/index.ts";
import type { Message } from "../src/messages/index.ts";
import banned from "./banned-words.json" with { type: "json" };

type Language = keyof typeof banned;

const isMessage = (value: unknown): value is Message =>
  typeof value === "object" && value !== null && "en" in value && "zh" in value;

/** Every message of the tables, by its key. */
async function messages(): Promise<[string, Message][]> {
  const files = readdirSync("src/messages").filter((name) => name.endsWith(".ts") && !name.includes(".test."));
  const found: [string, Message][] = [];
  for (const file of files.filter((name) => name !== "index.ts")) {
    const tables: Record<string, object> = await import(`../src/messages/${file.slice(0, -3)}.ts`);
    for (const table of Object.values(tables))
      for (const [key, value] of Object.entries(table)) if (isMessage(value)) found.push([key, value]);
  }
  return found;
}

/** Help of a command, its arguments and options. */
const helpOf = (one: Command | CommandGroup): [string, Message][] =>
  "commands" in one
    ? [[one.name, one.about], ...one.commands.flatMap(helpOf)]
    : [
        [one.name, one.about],
        ...Object.entries({ ...one.arguments, ...one.options }).map(([usage, help]): [string, Message] => [
          `${one.name} ${usage}`,
          help,
        ]),
      ];

/** Places of a text that has a banned word: a word of its own in English, any characters in Chinese. */
function bannedIn(language: Language, texts: readonly (readonly [string, string])[]): string[] {
  return banned[language].flatMap(({ word, use }) => {
    const pattern = language === "en" ? new RegExp(`\\b${word}\\b`, "i") : new RegExp(word);
    return texts.filter(([, text]) => pattern.test(text)).map(([key]) => `${key}: “${word}”, write: ${use}`);
  });
}

test("messages and help use none of the banned words", async () => {
  const all = [...(await messages()), ...commands.flatMap(helpOf)];
  expect(all.length).toBeGreaterThan(800);
  for (const language of ["en", "zh"] as const)
    expect(
      bannedIn(
        language,
        all.map(([key, message]) => [key, message[language]] as const),
      ),
    ).toEqual([]);
});

test("descriptions of recipe keys and the Chinese of errors use none either", () => {
  const schema = readFileSync("schema/recipe.schema.json", "utf8");
  const descriptions = [...schema.matchAll(/"description": ("(?:[^"\\]|\\.)*")/g)].map((found): [string, string] => [
    found[1]!,
    found[1]!,
  ]);
  expect(descriptions.length).toBeGreaterThan(100);
  expect(bannedIn("en", descriptions)).toEqual([]);
  const translated = readdirSync("src/translations").map((name): [string, string] => [
    name,
    readFileSync(`src/translations/${name}`, "utf8"),
  ]);
  expect(bannedIn("zh", translated)).toEqual([]);
});

test("pages of docs/ for users use none either", () => {
  const paths = userPages.map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(35);
  for (const [language, folder] of [
    ["en", "docs"],
    ["zh", "docs/zh"],
  ] as const)
    expect(
      bannedIn(
        language,
        paths.map((path) => [path, readFileSync(`${folder}/${path}.md`, "utf8")] as const),
      ),
    ).toEqual([]);
});

test("a banned word is found, whatever its case, and no part of another word", () => {
  expect(bannedIn("en", [["a", "Carry out a recipe"]])).toEqual(["a: “carry out”, write: run"]);
  expect(bannedIn("en", [["b", "recommended"]])).toEqual([]);
  expect(bannedIn("zh", [["c", "发布关卡未通过"]])).toHaveLength(1);
});

test("the glossaries have the same terms in both languages, and none of them is banned", () => {
  const termsOf = (file: string): string[][] =>
    [...readFileSync(file, "utf8").matchAll(/^\| ([^|]+) \| ([^|]+) \|/gm)]
      .slice(1)
      .map(([, a, b]) => [a!.trim(), b!.trim()]);
  const english = termsOf("docs/glossary.md");
  const chinese = termsOf("docs/zh/glossary.md");
  expect(english.length).toBeGreaterThan(30);
  expect(chinese.map(([zh, en]) => [en, zh])).toEqual(english);
  expect(
    bannedIn(
      "en",
      english.map(([en]) => [en!, en!]),
    ),
  ).toEqual([]);
  expect(
    bannedIn(
      "zh",
      english.map(([, zh]) => [zh!, zh!]),
    ),
  ).toEqual([]);
});
