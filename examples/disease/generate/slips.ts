// Slips of the keyboard: English letters lost, swapped or doubled and common misspellings; Chinese homophones and characters lost.
import type { Random } from "../../../src/base/index.ts";
import { chance, pick } from "./draw.ts";
import type { Language } from "./people.ts";

/** Share of messages with slips. */
export const slipRate = 0.25;

const misspelt: Readonly<Record<string, string>> = {
  diarrhoea: "diarea",
  stomach: "stomache",
  breathing: "breatheing",
  headache: "head ache",
  temperature: "temprature",
  muscles: "mussels",
  swollen: "swolen",
  terrible: "terrable",
  urine: "urin",
  throat: "throte",
  yesterday: "yestarday",
  phlegm: "flem",
  really: "realy",
};

/** What a pinyin keyboard offers first when one is in a hurry. */
const homophones: Readonly<Record<string, string>> = {
  嗓子: "桑子",
  咳嗽: "咳漱",
  恶心: "饿心",
  呕吐: "偶吐",
  关节: "关结",
  膝盖: "西盖",
  水泡: "水炮",
  鼻塞: "鼻赛",
  胸闷: "胸焖",
  心慌: "心荒",
  乏力: "法力",
  喉咙: "侯咙",
  皮疹: "皮诊",
  头晕: "头运",
  胃口: "味口",
  腹胀: "腹涨",
  症状: "正状",
  已经: "以经",
  一直: "一只",
  半夜: "办夜",
  发冷: "发愣",
  小便: "小遍",
  眼睛: "眼晴",
  难受: "南受",
  厉害: "利害",
};

/** The text with one or two slips, for a share of the messages. */
export function withSlips(text: string, language: Language, rng: Random): string {
  if (!chance(slipRate, rng)) return text;
  const slip = language === "en" ? englishSlip : chineseSlip;
  const once = slip(text, rng);
  return chance(0.35, rng) ? slip(once, rng) : once;
}

function englishSlip(text: string, rng: Random): string {
  const known = Object.keys(misspelt).filter((word) => text.includes(word));
  if (known.length && chance(0.4, rng)) {
    const word = pick(known, rng);
    return text.replace(word, misspelt[word]!);
  }
  const words = [...text.matchAll(/[a-z]{5,}/g)];
  if (words.length === 0) return text;
  const word = pick(words, rng);
  const at = word.index + 1 + rng.int(word[0].length - 2);
  const [a, b] = [text[at]!, text[at + 1]!];
  const instead = pick(["", a + a, ...(a === b ? [] : ["swap"])], rng);
  return instead === "swap"
    ? text.slice(0, at) + b + a + text.slice(at + 2)
    : text.slice(0, at) + instead + text.slice(at + 1);
}

function chineseSlip(text: string, rng: Random): string {
  const known = Object.keys(homophones).filter((word) => text.includes(word));
  if (known.length && chance(0.6, rng)) {
    const word = pick(known, rng);
    return text.replace(word, homophones[word]!);
  }
  const places = [...text.matchAll(/(?<=\p{Script=Han})\p{Script=Han}(?=\p{Script=Han})/gu)];
  if (places.length === 0) return text;
  const at = pick(places, rng).index;
  return text.slice(0, at) + text.slice(at + 1);
}
