import { expect, test } from "vitest";
import { cliMessages } from "./cli.ts";
import { errorMessages } from "./errors.ts";
import { explainMessages } from "./explain.ts";
import { languageOf, say } from "./index.ts";
import { initMessages } from "./init.ts";
import { reportMessages } from "./report.ts";
import { robustnessMessages } from "./robustness.ts";
import { runMessages } from "./run.ts";
import { togetherMessages } from "./together.ts";
import { verdictMessages } from "./verdict.ts";

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

test("every message says the same values in both languages, and says something in each", () => {
  for (const [key, { en, zh }] of Object.entries({
    ...cliMessages,
    ...errorMessages,
    ...explainMessages,
    ...initMessages,
    ...reportMessages,
    ...robustnessMessages,
    ...runMessages,
    ...togetherMessages,
    ...verdictMessages,
  })) {
    expect(names(zh), key).toEqual(names(en));
    expect(en.trim(), key).not.toBe("");
    expect(zh.trim(), key).not.toBe("");
  }
});

test("a message is filled in; a Chinese locale in any spelling gives Chinese", () => {
  expect(say("zh", "report.rows", { rows: 3 })).toBe("3 行");
  expect(["zh", "zh_CN.UTF-8", "zh-Hans", "ZH-tw"].map(languageOf)).toEqual(["zh", "zh", "zh", "zh"]);
  expect(["en_GB.UTF-8", "C", undefined, "zhx"].map(languageOf)).toEqual(["en", "en", "en", "en"]);
});
