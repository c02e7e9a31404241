// Words of religion, origin, orientation and names that say who somebody is: only where they stand with a person, for "Christian Bale",
// "American Express", "Hindu god" and "stand straight" name nobody of that kind.
import { cased, type Search, type Word } from "./words.ts";

const person =
  "(?:wom[ae]n|m[ae]n|girls?|boys?|ladies|lady|guys?|persons?|patients?|nurses?|doctors?|famil(?:y|ies)|couples?|friends?|neighbou?rs?|colleagues?|students?|child(?:ren)?|kids?|teachers?|workers?|citizens?|tourists?|immigrants?|migrants?|mothers?|fathers?|sons?|daughters?|husbands?|wi(?:fe|ves)|brothers?|sisters?|boyfriends?|girlfriends?|parents?|cousins?|wom[ae]n|teenagers?|youths?|population|males?|females?|soldiers?|refugees?|businessm[ae]n|developers?|engineers?|scientists?|researchers?|professors?|users?|voters?|players?|artists?|writers?|journalists?)";
const being =
  "(?:i am|i'm|he is|he's|she is|she's|they are|they're|we are|we're|you are|you're|who is|who are|who's|was born|am|is an?|are)";

interface SetOfWords {
  readonly rule: string;
  readonly words: readonly string[];
  /** Finds the word as group `word`. */
  readonly where: RegExp;
  /** What contradicts an exchange anywhere in the text. */
  readonly stays?: RegExp;
}

const english = (words: readonly string[], where: (words: string) => string, flags = "giu") =>
  new RegExp(where(words.join("|")), flags);

const religions = ["christian", "muslim", "buddhist", "hindu"];
const origins = ["american", "chinese", "mexican", "nigerian", "indian", "russian", "british"];
const orientations = ["gay", "straight", "bisexual"];
const female = ["emily", "lakisha", "fatima", "mei", "guadalupe", "priya"];
const male = ["greg", "jamal", "ahmed", "wei", "jose", "raj"];
const zhReligions = ["佛教徒", "基督徒", "穆斯林", "道教徒"];
const zhPeoples = ["汉族", "回族", "藏族", "维吾尔族", "蒙古族"];
const zhHomes = ["城里人", "农村人"];

const faith =
  /\b(?:gods?|goddess|temples?|church(?:es)?|mosques?|synagogues?|priests?|imams?|monks?|rabbis?|popes?|bible|koran|qu'?ran|halal|kosher|ramadan|christmas|easter|diwali|allah|jesus|christ|islam\w*|christianity|buddhism|hinduism|muhammad|missionar\w+|baptis\w+|india|pakistan\w*|yemen|iraq\w*|iran\w*|saudi\w*|afghan\w*|arab\w*|israel\w*|palestin\w*|bosnia\w*|kashmir\w*|non|taliban|bin laden|extremis\w+|terroris\w+|riots?|train)\b/iu;
const lands =
  /\b(?:u\.?s\.?a?\.?|america|china|mexico|nigeria|india|russia|britain|england|uk|u\.k\.|london|beijing|shanghai|moscow|soviet|delhi|mumbai|lagos|texas|california|new york|washington|hong kong|taiwan|native|african|latin|congress|cherokee|navajo|tribes?|tribal|reservation|cowboys?)\b/iu;
const name = (given: string) =>
  `(?<![@_\\d\\-/.]|[A-Z][a-z]+ )\\b(?<word>${given})(?=[\\s,.;:!?')]|$)(?!['’](?!s\\b)|-|\\.[A-Za-z])`;
const capital = (words: readonly string[]) => words.map((word) => word[0]!.toUpperCase() + word.slice(1));

/** Each axis' sets. The first ones are of English, the others of Chinese. */
export const wordSets: Readonly<Record<string, readonly SetOfWords[]>> = {
  religion: [
    {
      rule: "en.religion",
      words: religions,
      where: english(
        religions,
        (w) =>
          `(?<!\\bnon[ -])\\b(?:(?<word>${w})(?= (?:people|${person})\\b)|(?<=\\b${being} (?:a |an )?)(?<word2>${w})s?(?=[.,;!?)]|$| and\\b| but\\b)|(?<word3>${w})(?=s\\b(?!')))`,
      ),
      stays: faith,
    },
    {
      rule: "zh.religion",
      words: zhReligions,
      where: english(zhReligions, (w) => `(?<word>${w})`, "gu"),
      stays: /教堂|清真|寺|耶稣|真主|佛祖|菩萨|圣经|古兰/u,
    },
  ],
  origin: [
    {
      rule: "en.origin",
      words: origins,
      where: english(
        origins,
        (w) =>
          `(?<!\\b(?:native|african|latin|asian|mexican|anti|pro|all|north|south|central|the|american|west|east|red)[ -])\\b(?:(?<word>${w})(?= ${person}\\b)|(?<=\\b(?:i am|i'm|he is|he's|she is|she's|they are|they're|we are|we're|you are) )(?<word2>${w})(?=[.,;!?)]|$| and\\b| but\\b))`,
      ),
      stays: lands,
    },
  ],
  orientation: [
    {
      rule: "en.orientation",
      words: orientations,
      where: english(
        orientations,
        (w) =>
          `\\b(?:(?<word>${w})(?= (?:people|${person})\\b)|(?<=\\b(?:i am|i'm|he is|he's|she is|she's|they are|they're|we are|you are|openly|came out as|being|is|are) )(?<word2>gay|bisexual)(?=[.,;!?)]|$| and\\b| but\\b)|(?<=\\b(?:i am|i'm|he is|he's|she is|she's) )(?<word3>straight)(?=[.,;!?)]|$| and\\b))`,
      ),
      stays:
        /\b(?:marriage|rights|pride|lesbians?|homosexual\w*|heterosexual\w*|closet\w*|san francisco|lgbt\w*|queer|partners?|bath ?houses?|aids|hiv)\b/iu,
    },
  ],
  names: [
    { rule: "en.names", words: female, where: english(capital(female), name, "gu") },
    { rule: "en.names", words: male, where: english(capital(male), name, "gu") },
  ],
  ethnicity: [
    {
      rule: "zh.ethnicity",
      words: zhPeoples,
      where: english(
        zhPeoples,
        (w) =>
          `(?:(?<word>${w})(?=人|同胞|姑娘|小伙|老人|患者|病人|学生|青年|朋友|居民|群众|男|女|孩|大爷|大妈|妇)|(?<=[是,，:：]|民族)(?<word2>${w})(?=[，,。；;！!？?\\s]|$))`,
        "gu",
      ),
      stays: /自治|民族乡|西藏|新疆|内蒙|宁夏|拉萨|藏语|维语|蒙语|清真/u,
    },
  ],
  home: [{ rule: "zh.home", words: zhHomes, where: english(zhHomes, (w) => `(?<word>${w})`, "gu") }],
};

/** Words of a set; the k-th counterfactual moves each of them k + 1 places on, so that different ones stay different. */
export function setWords(text: string, { rule, words, where, stays }: SetOfWords): Search {
  const found = [...text.matchAll(where)].flatMap((match): Word[] => {
    const { word, word2, word3 } = match.groups ?? {};
    const from = word ?? word2 ?? word3;
    if (from === undefined) return [];
    const start = match.index + match[0].indexOf(from);
    const at = words.indexOf(from.toLowerCase());
    const to = (k: number) => cased(words[(at + 1 + k) % words.length]!, from);
    return [withArticle(text, { start, end: start + from.length, from, rule, to })];
  });
  if (found.length === 0) return [];
  if (stays?.test(text) || found.length < mentions(text, words)) return undefined;
  return found;
}

/** Every mention of the set's words, also those that stand with no person: what is exchanged in part contradicts itself. */
const mentions = (text: string, words: readonly string[]) =>
  [...text.matchAll(new RegExp(/[a-z]/.test(words[0]!) ? `\\b(?:${words.join("|")})` : words.join("|"), "giu"))].length;

const vowel = /^[aeiou]/i;
/** "an American friend" becomes "a Chinese friend": the article goes with the word. */
function withArticle(text: string, word: Word): Word {
  const article = /\b(an?)( )$/i.exec(text.slice(0, word.start));
  if (!article) return word;
  const start = word.start - article[0].length;
  const to = (k: number) => {
    const other = word.to(k);
    return `${cased(vowel.test(other) ? "an" : "a", article[1]!)} ${other}`;
  };
  return { ...word, start, from: text.slice(start, word.end), to };
}
