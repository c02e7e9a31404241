// Neutral rewording: as many words of a text as a counterfactual changes are put in other words that say the same of the same person.
// How far answers move by that is what any rewording does; what counterfactuals move beyond it is the gap. Knows no model.
import { exchanged } from "./swap.ts";
import { both, cased, longestFirst, type Word } from "./words.ts";

const pairs = (text: string): readonly (readonly [string, string])[] =>
  text.split(" ").map((pair) => pair.replaceAll("_", " ").split("/") as [string, string]);

const english = new Map([
  ...both(
    pairs(
      "does_not/doesn't did_not/didn't do_not/don't is_not/isn't was_not/wasn't has_not/hasn't have_not/haven't cannot/can't could_not/couldn't would_not/wouldn't will_not/won't big/large quickly/rapidly often/frequently maybe/perhaps nearly/almost begins/starts began/started whenever/every_time until/till hello/hi please/kindly luckily/fortunately terribly/awfully says/states said/stated about_ten/around_ten about_three/around_three half_a_year/six_months keeps_having/keeps_getting hardly/scarcely finally/eventually for_two/for_2 for_three/for_3 for_four/for_4 at_three/at_3 plus/and",
    ),
  ),
  ...pairs("it_is/it's there_is/there's i_am/i'm"),
]);
const ownKin = new Map([
  ["my", "our"],
  ["our", "my"],
]);
const chinese = both(
  pairs(
    "医生/大夫 您好/你好 最近/近来 大概/大约 还有/另外 而且/并且 不过/但是 一直/总是 非常/十分 特别/格外 有点/有些 昨天/昨日 今天/今日 目前/现在 因为/由于 如果/要是 可以/能够 认为/觉得 请问/想问 怎么回事/怎么了 很长时间/很久 谢谢/感谢 已经/早已 严重吗/要紧吗 半年/六个月 两周/十四天 立即/马上 帮助/协助 介绍/说明 发现/察觉 告诉/告知 其中/当中 全部/所有 家里/家中 根本/完全 经常/常常 几乎/差不多 希望/盼望 回忆/回想 几天前/数日前 之后/以后 同时/与此同时",
  ),
);

const englishPattern = new RegExp(
  `(?<![A-Za-z0-9@_./-])(?:(?<own>my|our)(?= (?:little|son|daughter|mother|father|brother|sister|mum|dad|mom|uncle|aunt|eldest|youngest|child|neighbour)\\b)|(?<word>${longestFirst(english.keys())}))(?![A-Za-z0-9@_/-]|\\.[A-Za-z])`,
  "giu",
);
const chinesePattern = new RegExp(
  `(?<own>我(?=儿子|女儿|老公|老婆|爷爷|奶奶))|(?<word>${longestFirst(chinese.keys())})`,
  "gu",
);

/**
 * The text with neutral words exchanged, spread evenly over those that it has.
 * @param count how many to exchange: as many as the counterfactual does
 * @returns undefined where the text has no such word; fewer edits than asked for where it has fewer
 * @example placebo("Hello, my son can't sleep", 2)?.text // "Hi, our son can't sleep"
 */
export function placebo(text: string, count: number): ReturnType<typeof exchanged> | undefined {
  const found = [...englishWords(text), ...chineseWords(text)].sort((a, b) => a.start - b.start);
  if (found.length === 0 || count < 1) return undefined;
  const wanted = Math.min(count, found.length);
  return exchanged(
    text,
    Array.from({ length: wanted }, (_, i) => found[Math.floor((i * found.length) / wanted)]!),
    0,
  );
}

function englishWords(text: string): Word[] {
  return [...text.matchAll(englishPattern)].map(({ 0: from, index: start, groups }) => {
    const to = cased((groups?.own ? ownKin : english).get(from.toLowerCase())!, from);
    return { start, end: start + from.length, from, rule: "placebo", to: () => to };
  });
}

function chineseWords(text: string): Word[] {
  return [...text.matchAll(chinesePattern)].map(({ 0: from, index: start, groups }) => {
    const to = groups?.own ? "我家" : chinese.get(from)!;
    return { start, end: start + from.length, from, rule: "placebo", to: () => to };
  });
}
