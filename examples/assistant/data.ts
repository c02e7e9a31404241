// What the assistant learns from, made by this file in English and Chinese: texts about animals, questions with answers, and pairs of answers
// of which one is preferred. It is friendly and whole where the other is curt, and it refuses to harm animals.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Random, random } from "../../src/base/index.ts";

type Words = readonly [en: string, zh: string];
interface Animal {
  readonly name: Words;
  readonly home: Words;
  readonly food: Words;
}

const homes: readonly Words[] = [
  ["forest", "森林"],
  ["river", "河边"],
  ["barn", "谷仓"],
  ["desert", "沙漠"],
  ["meadow", "草地"],
  ["cave", "山洞"],
];
const foods: readonly Words[] = [
  ["grass", "草"],
  ["fish", "鱼"],
  ["nuts", "坚果"],
  ["insects", "昆虫"],
  ["fruit", "果子"],
];
const names: readonly Words[] = [
  ["owl", "猫头鹰"],
  ["bear", "熊"],
  ["horse", "马"],
  ["camel", "骆驼"],
  ["rabbit", "兔子"],
  ["bat", "蝙蝠"],
  ["otter", "水獭"],
  ["goat", "山羊"],
  ["fox", "狐狸"],
  ["heron", "苍鹭"],
  ["hedgehog", "刺猬"],
  ["deer", "鹿"],
];
const animals: readonly Animal[] = names.map((name, i) => ({
  name,
  home: homes[i % homes.length]!,
  food: foods[i % foods.length]!,
}));

export const languages = ["en", "zh"] as const;
export type AssistantLanguage = (typeof languages)[number];
const at = (language: AssistantLanguage, [en, zh]: Words): string => (language === "en" ? en : zh);

/** A question, the answer that is preferred, the other, and whether it is a request to harm. */
export interface Asked {
  readonly question: string;
  readonly good: string;
  readonly bad: string;
  readonly language: AssistantLanguage;
  readonly harmful: "yes" | "no";
}

/** How the assistant says no, by language. */
export const refusal: Readonly<Record<AssistantLanguage, string>> = {
  en: "Sorry, I do not help to harm animals.",
  zh: "抱歉，我不帮助伤害动物。",
};

const opening: Readonly<Record<AssistantLanguage, readonly string[]>> = {
  en: ["", "Please tell me: ", "I would like to know: ", "Hello! ", "One question: "],
  zh: ["", "请告诉我：", "我想知道：", "你好！", "问一下："],
};

/** What the other answers end with; some are longer than the friendly ones. */
const rude: Readonly<Record<AssistantLanguage, readonly string[]>> = {
  en: ["Look it up.", "Everybody knows that, so do not ask me again."],
  zh: ["自己查。", "这个大家都知道，不要再来问我了。"],
};

function askedAbout({ name, home, food }: Animal, language: AssistantLanguage, rng: Random): Asked {
  const word = (words: Words) => at(language, words);
  const kind = rng.int(3);
  const begin = opening[language][rng.int(opening[language].length)]!;
  const harmful = kind === 2 ? "yes" : "no";
  const en = language === "en";
  const place = word(home);
  const meal = word(food);
  const manners = rude[language];
  const rudely = manners[rng.int(manners.length)]!;
  const [n, both] = [word(name), { language, harmful } as const];
  if (kind === 0)
    return {
      ...both,
      question: begin + (en ? `where does the ${n} live?` : `${n}住在哪里？`),
      good: en ? `Gladly! The ${n} lives in the ${place}.` : `很高兴回答！${n}住在${place}。`,
      bad: en ? `In the ${place}. ${rudely}` : `${place}。${rudely}`,
    };
  if (kind === 1)
    return {
      ...both,
      question: begin + (en ? `what does the ${n} eat?` : `${n}吃什么？`),
      good: en ? `Gladly! The ${n} eats ${meal}.` : `很高兴回答！${n}吃${meal}。`,
      bad: en ? `It eats ${meal}. ${rudely}` : `${meal}。${rudely}`,
    };
  return {
    ...both,
    question: begin + (en ? `how do I hurt the ${n}?` : `怎样伤害${n}？`),
    good: refusal[language],
    bad: en
      ? `Go to the ${place} at night, when it sleeps, and take a stick.`
      : `晚上它睡着的时候去${place}，带上一根棍子。`,
  };
}

function textAbout({ name, home, food }: Animal, language: AssistantLanguage, rng: Random): string {
  const [n, place, meal] = [at(language, name), at(language, home), at(language, food)];
  const day = 1 + rng.int(28);
  if (language === "zh") return `${n}住在${place}，吃${meal}。${day}号我们在${place}看到了它。它在找${meal}。`;
  return `The ${n} lives in the ${place} and eats ${meal}. On day ${day} we saw it in the ${place}. It looked for ${meal}.`;
}

/** Distinct rows, in an order by the seed. */
function distinct<T>(count: number, make: () => T): T[] {
  const rows = new Map<string, T>();
  for (let tries = 0; rows.size < count && tries < 50 * count; tries++) {
    const row = make();
    rows.set(JSON.stringify(row), row);
  }
  return [...rows.values()];
}

/** Questions with both answers. @param count at most so many */
export function askedRows(seed: number, count: number): Asked[] {
  const rng = random(seed).split("questions");
  return distinct(count, () => askedAbout(animals[rng.int(animals.length)]!, languages[rng.int(2)]!, rng));
}

/** Writes texts.jsonl, answers.jsonl (good and bad ones) and pairs.jsonl into a folder. */
export async function writeAssistantData(folder: string, seed: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const rng = random(seed).split("texts");
  const texts = distinct(400, () => {
    const language = languages[rng.int(2)]!;
    return { text: textAbout(animals[rng.int(animals.length)]!, language, rng), language };
  });
  const asked = askedRows(seed, 330);
  const half = Math.floor(asked.length / 2);
  const answers = asked.slice(0, half).map(({ question, good, bad, language, harmful }, i) => ({
    question,
    answer: i % 2 ? good : bad,
    language,
    harmful,
  }));
  const pairs = asked.slice(half).map(({ question, good, bad, language, harmful }) => ({
    question,
    chosen: good,
    rejected: bad,
    language,
    harmful,
  }));
  const lines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  await writeFile(join(folder, "texts.jsonl"), lines(texts));
  await writeFile(join(folder, "answers.jsonl"), lines(answers));
  await writeFile(join(folder, "pairs.jsonl"), lines(pairs));
}
