// Other words for the same: small lists of English and Chinese words that can stand for each other in most sentences, made for this
// purpose; no domain's. A text without any of them stays as it is, which is counted. Pure.
import type { Random } from "../../base/index.ts";

/** Words of a group can stand for each other. */
const english = [
  "big large",
  "small little",
  "begin start",
  "began started",
  "stop cease",
  "stopped ceased",
  "quick fast rapid",
  "quickly rapidly",
  "very really extremely",
  "bad awful terrible",
  "good fine",
  "sick ill unwell",
  "tired exhausted weary",
  "pain ache",
  "painful sore",
  "hurts aches",
  "doctor physician",
  "kid child",
  "kids children",
  "mom mother mum",
  "dad father",
  "often frequently",
  "sometimes occasionally",
  "always constantly",
  "help assist",
  "need require",
  "want wish",
  "buy purchase",
  "get obtain",
  "give provide",
  "show display",
  "tell inform",
  "ask request",
  "think believe",
  "hard difficult",
  "easy simple",
  "angry mad furious",
  "happy glad pleased",
  "sad unhappy",
  "afraid scared",
  "strange odd unusual",
  "also too",
  "but yet",
  "because since as",
  "maybe perhaps",
  "about around roughly",
  "nearly almost",
  "enough sufficient",
  "many numerous",
  "several some",
  "whole entire",
  "right correct",
  "wrong incorrect",
  "price cost",
  "free complimentary",
  "money cash",
  "home house",
  "job work",
  "car vehicle",
  "road street",
  "trip journey",
  "picture photo image",
  "answer reply",
  "problem issue",
  "chance opportunity",
  "last previous",
  "next following",
  "now currently",
  "soon shortly",
  "later afterwards",
  "usually normally",
  "severe intense serious",
  "mild slight",
  "weak feeble",
  "noticed observed",
  "feeling experiencing",
];
const chinese = [
  "非常 十分 特别",
  "开始 起初",
  "经常 常常 时常",
  "偶尔 有时",
  "总是 一直 老是",
  "难受 不舒服",
  "疼 痛",
  "厉害 严重",
  "医生 大夫",
  "孩子 小孩",
  "妈妈 母亲",
  "爸爸 父亲",
  "爷爷 祖父",
  "奶奶 祖母",
  "晚上 夜里 夜间",
  "早上 早晨 清晨",
  "中午 午间",
  "昨天 昨日",
  "今天 今日",
  "明天 明日",
  "现在 目前 如今",
  "最近 近来 近日",
  "马上 立刻 立即",
  "大概 大约 差不多",
  "可能 也许 或许",
  "但是 可是 不过",
  "因为 由于",
  "所以 因此",
  "如果 要是 假如",
  "帮助 帮忙",
  "告诉 通知",
  "觉得 感觉 感到",
  "睡觉 入睡",
  "高兴 开心",
  "生气 发火",
  "害怕 恐惧",
  "疲惫 疲倦 劳累",
  "便宜 廉价",
  "免费 不要钱",
  "工作 上班",
  "问题 毛病",
];

const others = new Map<string, readonly string[]>();
for (const group of [...english, ...chinese]) {
  const words = group.split(" ");
  for (const word of words) others.set(word, [...(others.get(word) ?? []), ...words.filter((w) => w !== word)]);
}

// the longer Chinese words first, so that 差不多 is not read in part
const han = [...others.keys()].filter((w) => !/[a-z]/.test(w)).sort((a, b) => b.length - a.length);
const replaceable = new RegExp(`[A-Za-z]+|${han.join("|")}`, "gu");

/**
 * A text in which a share of the words that have another word for the same is replaced by it. Capitals of a first letter stay.
 * @param rate share of those words, 0 … 1
 * @example substitute("I feel very sick", 1, random(0)) // "I feel really unwell"
 */
export function substitute(text: string, rate: number, rng: Random): string {
  return text.replace(replaceable, (word) => {
    const known = others.get(word) ?? others.get(word.toLowerCase());
    if (!known || rng.float() >= rate) return word;
    const chosen = known[rng.int(known.length)]!;
    return /^[A-Z]/.test(word) ? chosen[0]!.toUpperCase() + chosen.slice(1) : chosen;
  });
}
