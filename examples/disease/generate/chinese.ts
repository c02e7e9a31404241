// Facts in Chinese, as patients type them; on the islands partly in their own words. Knows no label.
import type { Random } from "../../../src/base/index.ts";
import { chance, pick } from "./draw.ts";
import { ownWords } from "./english.ts";
import type { Facts } from "./facts.ts";
import type { Patient } from "./people.ts";
import { symptoms } from "./symptoms.ts";

const since = {
  days: ["从昨天开始", "这两天", "三天了", "从周一起", "昨晚开始", "已经四天"],
  weeks: ["一个多星期了", "两周了", "最近十来天", "从月初开始", "大概三个星期"],
  months: ["好几个月了", "断断续续半年了", "快一年了", "大概三个月", "很长时间了"],
} as const;
const islandSince = {
  days: ["自昨昏开始", "这两工", "三工啊"],
  weeks: ["自上回大流水起", "半个月外", "十外工啊"],
  months: ["自年头到今", "几落个月啊", "自休渔了后"],
} as const;
const hellos = ["医生您好", "你好", "大夫好", "您好，想咨询一下", "医生，请问", "麻烦问一下"];
const islandHellos = ["先生好", "先生，麻烦看一下"];
const questions = [
  "请问这是怎么回事？",
  "严重吗？",
  "需要去医院吗？",
  "该吃什么药？",
  "请问可能是什么病？",
  "该挂哪个科？",
  "要不要做检查？",
  "谢谢医生。",
];
const asides = [
  "吃了药也没见好",
  "晚上没睡好",
  "感觉越来越严重",
  "时好时坏",
  "今天请假没上班",
  "还没吃过药",
  "有点担心",
  "以前没有这样过",
  "没有药物过敏",
];

function whoOf({ sex, age, region, own }: Patient, rng: Random): string {
  const child = age === "0-17";
  if (!chance(child ? 0.85 : 0.12, rng))
    return region === "islands" && own !== false && chance(ownWords, rng) ? "阮" : "我";
  if (child) return pick(sex === "female" ? ["我女儿", "孩子", "家里小姑娘"] : ["我儿子", "孩子", "家里小男孩"], rng);
  return pick(sex === "female" ? ["我爱人", "我妈", "我姐"] : ["我老公", "我爸", "我哥"], rng);
}

/** One message. */
export function chinese(facts: Facts, rng: Random): string {
  const { patient, pace } = facts;
  const island = patient.region === "islands" && patient.own !== false;
  const phrases = facts.present.map((name) => {
    const symptom = symptoms.get(name)!;
    return pick(island && chance(ownWords, rng) ? symptom.岛 : symptom.zh, rng);
  });
  const who = chance(0.7, rng) || patient.age === "0-17" ? whoOf(patient, rng) : "";
  const when = chance(0.75, rng) ? pick((island && chance(ownWords, rng) ? islandSince : since)[pace], rng) : "";
  const [first, ...rest] = phrases as [string, ...string[]];
  const lead = chance(0.7, rng) || /[了啊]$/.test(when) === false ? `${who}${when}${first}` : `${who}${first}，${when}`;
  const linked = rest.map((phrase, i) =>
    i === rest.length - 1 && chance(0.4, rng) ? `${pick(["还有", "而且", "另外"], rng)}${phrase}` : phrase,
  );
  const clauses = [lead, ...linked];
  if (facts.denied.length) clauses.push(denial(facts.denied, island, rng));
  if (chance(0.2, rng)) clauses.push(pick(asides, rng));
  const hello = chance(0.3, rng) ? `${pick(island && chance(ownWords, rng) ? islandHellos : hellos, rng)}，` : "";
  const comma = chance(0.1, rng) ? " " : "，"; // some type spaces instead of commas
  const question = chance(0.35, rng) ? pick(questions, rng) : "";
  const end = !question && chance(0.2, rng) ? "" : "。";
  return `${hello}${clauses.join(comma)}${end}${question}`;
}

function denial(names: readonly string[], island: boolean, rng: Random): string {
  const nouns = names.map((name) => pick(symptoms.get(name)!.无, rng));
  const none = island && chance(ownWords, rng) ? "无" : pick(["没有", "没有", "倒是没有", "目前没有", "不过没有"], rng);
  return `${none}${nouns.join(island ? "，也无" : "，也没有")}`;
}
