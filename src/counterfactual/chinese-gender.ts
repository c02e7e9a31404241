// Chinese words of gender in a text.
import {
  chineseKin,
  chineseKinOneWay,
  chinesePersons,
  chinesePersonsOneWay,
  humanCue,
  kinSyllables,
  otherSenses,
  surnames,
} from "./chinese.ts";
import { both, longestFirst, type Word } from "./words.ts";

const kin = new Map([...both(chineseKin), ...chineseKinOneWay]);
const persons = new Map([...both(chinesePersons), ...chinesePersonsOneWay]);
const syllables = both(kinSyllables);
const titles = new Map([
  ["先生", "女士"],
  ["女士", "先生"],
  ["小姐", "先生"],
]);
const spouses = both([["先生", "太太"]]);

/** In order: what is skipped, then the words; a name in 《》 is quoted and stays. */
const pattern = new RegExp(
  [
    `(?<skip>《[^》]*》|^[^《》]*》|[“「][^”」]{1,4}[”」]|孩子[他她](?=[爸妈])|${longestFirst(otherSenses)})`,
    `(?<kin>${longestFirst(kin.keys()).replace("|孙女|", "|孙女(?!士)|").replace("姨妈", "(?<!大)姨妈")})(?!夫)`,
    `(?<person>${longestFirst(persons.keys())})`,
    "(?<=[我俺咱你他她](?:[大二三小老亲表堂])?)(?<syllable>[爸妈哥姐弟妹])(?![爸妈哥姐弟妹的夫媳子咪们])",
    `(?<=[我你她](?:家)?)(?<spouse>先生|太太)`,
    `(?<=[${surnames}])(?<title>先生|女士|小姐)(?!姐|们)`,
    "(?<pronoun>[他她])",
  ].join("|"),
  "gu",
);
const salutation = /^先生(?:好|[，,])/u;

/** A name after 父亲, 妻子 … stays, and could contradict the exchange. */
const namedAfter =
  /^(?:[A-Za-z]{2}|[王李张刘陈杨赵吴周徐孙马朱胡郭何林罗梁郑谢宋唐许邓冯曹彭曾肖董潘袁蔡蒋余杜程魏苏吕丁沈姜崔谭范廖贾]\p{Script=Han}[\p{Script=Han}（(，,、。]|阿\p{Script=Han})/u;

/** The words, and the text without them and without what only looks like them. */
export function chineseGender(text: string): { readonly found: readonly Word[]; readonly rest: string } | undefined {
  const found: Word[] = [];
  let [rest, at] = ["", salutation.exec(text)?.[0].length ?? 0];
  for (const match of text.matchAll(pattern)) {
    const word = wordOf(match);
    if (match.index < at || (!word && match.groups?.skip === undefined)) continue;
    rest += text.slice(at, match.index);
    at = match.index + match[0].length;
    if (word) found.push(word);
  }
  if (
    found.some(
      ({ rule, end }) => rule !== "zh.title" && rule !== "zh.pronoun" && namedAfter.test(text.slice(end, end + 3)),
    )
  )
    return undefined;
  const certain = humanCue.test(text) || found.some(({ rule }) => rule !== "zh.pronoun");
  return { found: certain ? found : [], rest: rest + text.slice(at) };
}

function wordOf({ 0: from, index: start, groups = {} }: RegExpMatchArray & { index: number }): Word | undefined {
  const of = (rule: string, other: string | undefined) =>
    other === undefined ? undefined : { start, end: start + from.length, from, rule, to: () => other };
  if (groups.kin) return of("zh.kin", kin.get(from));
  if (groups.syllable) return of("zh.kin", syllables.get(from));
  if (groups.spouse) return of("zh.kin", spouses.get(from));
  if (groups.person) return of("zh.person", persons.get(from));
  if (groups.title) return of("zh.title", titles.get(from));
  return groups.pronoun ? of("zh.pronoun", from === "他" ? "她" : "他") : undefined;
}
