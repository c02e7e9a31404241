// English words of gender in a text, with grammar (her → him or his) and case; a text is left alone where an exchange is not sure.
import {
  afterObject,
  afterPlace,
  beforeName,
  beforeObject,
  englishKin,
  englishKinOneWay,
  englishPersons,
  englishStops,
  givenNames,
  noNames,
  nounsOnLy,
  otherNames,
  otherSense,
  otherStops,
  wordsAsNames,
} from "./english.ts";
import { both, cased, type Search, type Word } from "./words.ts";

const kin = new Map([...both(englishKin), ...englishKinOneWay]);
const persons = both(englishPersons);
const names = both(givenNames.map(([a, b]) => [a.toLowerCase(), b.toLowerCase()] as const));
const subjects = both([
  ["he", "she"],
  ["himself", "herself"],
]);
const titles = new Map([
  ["Mr", "Ms"],
  ["Mrs", "Mr"],
  ["Ms", "Mr"],
  ["Miss", "Mr"],
]);
const unsure = "unsure";
type Judged = { readonly to: string; readonly rule: string } | typeof unsure | undefined;

/** One token with what stands around it. */
interface Token {
  readonly word: string;
  readonly lower: string;
  readonly start: number;
  readonly before: string;
  readonly after: string;
}

const tokenPattern = /[A-Za-zé]+/g;
/** Part of a longer word with an apostrophe or hyphen, an address or a name of a file; -in-law goes with its word. */
const isPart = (before: string, after: string) =>
  /(?:[@_\d\-/]|[A-Za-z]['’.])$/.test(before) ||
  /^(?:[@_\d/]|-(?!in-law)|\.[A-Za-z]|['’](?!s\b|[\s.,;:!?)]|ll\b|d\b|$))/.test(after);

const eitherKind = /\b(?:s\/he|he\/she|she\/he|his\/hers?|hers?\/his|him\/her|her\/him)\b/i;
const han = /\p{Script=Han}/u;

/** @returns undefined where the text names somebody and an exchange could say something else */
export function englishGender(text: string): Search {
  const tokens = [...text.matchAll(tokenPattern)].map(
    ({ 0: word, index: start }): Token => ({
      word,
      lower: word.toLowerCase(),
      start,
      before: text.slice(Math.max(0, start - 60), start),
      after: text.slice(start + word.length, start + word.length + 60),
    }),
  );
  if (!isEnglish(tokens)) return [];
  if (eitherKind.test(text)) return undefined;
  const found: Word[] = [];
  for (const token of tokens) {
    if (isPart(token.before, token.after)) continue;
    const judged = judge(token);
    if (judged === unsure) return undefined;
    if (!judged) continue;
    const { word: from, start } = token;
    if (judged.rule === "en.given-name" && (han.test(text) || isInAddress(token, text))) return undefined;
    const to = judged.rule === "en.title" ? judged.to : cased(judged.to, from);
    found.push({ start, end: start + from.length, from, rule: judged.rule, to: () => to });
  }
  return found.some(({ rule }) => rule !== "en.given-name" && rule !== "en.title") && namesOthers(tokens, found)
    ? undefined
    : found;
}

/**
 * Whether a capitalised word may be a given name that no list has: what is said of its sex would contradict it. What follows a name or
 * title that is exchanged is a surname.
 */
function namesOthers(tokens: readonly Token[], found: readonly Word[]): boolean {
  const exchanged = new Set(found.map(({ start }) => start));
  let surname = false;
  return tokens.some(({ word, lower, start, before, after }) => {
    if (exchanged.has(start)) {
      surname = names.has(lower) || titles.has(word);
      return false;
    }
    const capital = /^[A-Z][a-z]+$/.test(word) && !isPart(before, after);
    if (!capital || noNames.has(lower) || (surname && /[a-zA-Z.]\s$/.test(before))) {
      surname = surname && capital;
      return false;
    }
    surname = false;
    return (
      !endsSentence(before) ||
      /^(?:'s)?\s+(?:says?|said|told|tells|added|wrote|writes|claims?|is quick|and (?:his|her))\b/.test(after)
    );
  });
}

/** More stop words of English than of languages in which man, son, her or he mean something else. */
function isEnglish(tokens: readonly Token[]): boolean {
  const count = (stops: ReadonlySet<string>) => tokens.filter(({ lower }) => stops.has(lower)).length;
  return count(otherStops) <= count(englishStops);
}

/** A name that also stands in an address of mail or the web stays there. */
const isInAddress = ({ lower }: Token, text: string) => new RegExp(`${lower}[\\w.-]*@|[@/.]${lower}`, "i").test(text);

const endsSentence = (before: string) => /(?:^|[.!?:>"“(\n]\s*)$/.test(before.slice(-4)) || before === "";

function judge(token: Token): Judged {
  const { word, lower, before, after } = token;
  if (lower === "him" || lower === "his" || lower === "her" || lower === "hers") return pronoun(token);
  const subject = subjects.get(lower);
  if (subject) return /\b(?:an?|the|my|this)\s$/i.test(before) ? unsure : { to: subject, rule: "en.subject" };
  const title = titles.get(word);
  if (title) return titled(title, before, after);
  const noun = kin.get(lower) ?? persons.get(lower);
  if (noun) return nounOf(token, noun, kin.has(lower) ? "en.kin" : "en.person");
  if (/^(?:fe)?males?$/.test(lower)) return unsure;
  if (/^[A-Z]/.test(word)) return nameOf(token);
  return undefined;
}

/** him, his, her, hers: which form is wanted shows in what stands around. */
function pronoun({ lower, word, before, after }: Token): Judged {
  if (/\b(?:an?|the)\s$/i.test(before)) return unsure;
  if (lower === "him") return { to: "her", rule: "en.object" };
  if (lower === "hers") return { to: "his", rule: "en.possessive" };
  const next = /^(?:[ \t]+|\s*["'“(*_])([A-Za-z]+(?:-[a-z]+)*)/.exec(after)?.[1]?.toLowerCase();
  if (lower === "his") {
    if (word === "HIS" || /^\s*(?:[.@/\\][A-Za-z]|\d)/.test(after)) return unsure;
    if (/\bof\s$/i.test(before) && /^(?:has|had|is|was|who|that|came|to|in)$/.test(next ?? ""))
      return { to: "hers", rule: "en.possessive" };
    const alone = next === undefined || ["is", "was", "are", "were", "and", "or", "but", "too"].includes(next);
    return { to: alone ? "hers" : "her", rule: "en.possessive" };
  }
  return her(next, before, after);
}

function her(next: string | undefined, before: string, after: string): Judged {
  const object = { to: "him", rule: "en.object" } as const;
  const possessive = { to: "his", rule: "en.possessive" } as const;
  const last = /([A-Za-z]+)[\s"'(]*$/.exec(before)?.[1]?.toLowerCase() ?? "";
  if (next === undefined) return /^\s*(?:[.,;:!?)\]"'”’]|--?|$)/.test(after) ? object : unsure;
  if (next === "own") return possessive;
  if (/^\s*["'“(*_]/.test(after)) return unsure;
  if (next === "back") return backOf(last, before, object, possessive);
  if (next.includes("-")) return possessive;
  if (afterObject.has(next)) return object;
  if (/^(?:mon|tues|wednes|thurs|fri|satur|sun)days?$/.test(next)) return unsure;
  if (/^(?:better|worse|more|most|less|well|first|last|right)$/.test(next)) return unsure;
  if (next.endsWith("ly") && !nounsOnLy.has(next)) return unsure;
  return beforeObject.has(last) ? unsure : possessive;
}

/** "on her back" and "her back hurts", but "called her back". */
function backOf(last: string, before: string, object: Judged, possessive: Judged): Judged {
  if (
    ["on", "in", "of", "behind", "down", "from", "to", "and", "along", "across", "for", "with", "under"].includes(last)
  )
    return possessive;
  if (endsSentence(before)) return possessive;
  return /^(?:call|bring|brought|send|sent|invite|phon|want|welcom|follow|text|writ|wrote)/.test(last)
    ? object
    : unsure;
}

function titled(to: string, before: string, after: string): Judged {
  if (/\b(?:and|or|&|\/)\s*$/.test(before) || /^\.?\s*(?:and|or|&|\/)/.test(after)) return unsure;
  if (!/^\.?[ \t]+[A-Z][A-Za-z]*/.test(after)) return undefined;
  const verb =
    /\b(?:to|not|never|don't|dont|or|you|we|i)\s$/i.test(before) ||
    /^\s+(?:This|The|That|Out|Your|Our|It|A|An|Any|Another|These|Them)\b/.test(after);
  return verb || /^\.?\s+(?:World|Universe|America|Manners|Piggy|Right|President)\b/.test(after)
    ? unsure
    : { to, rule: "en.title" };
}

function nounOf({ word, lower, before, after }: Token, to: string, rule: string): Judged {
  const named = /^,?\s+([A-Z][a-z]+)/.exec(after)?.[1];
  if (named && !names.has(named.toLowerCase())) return unsure;
  const other = otherSense[lower];
  if (other?.before?.test(before) || other?.after?.test(after)) return unsure;
  const shouted = word.length > 1 && word === word.toUpperCase();
  if (!shouted && /^[A-Z]/.test(word) && !endsSentence(before))
    return /^\s+[A-Z]/.test(after) || /[A-Z][A-Za-z]*\s$/.test(before) || rule === "en.person" ? unsure : { to, rule };
  if (!shouted && /^[A-Z]/.test(word) && /^\s+[A-Z][a-z]/.test(after)) return unsure;
  return { to, rule };
}

/** A capitalised given name; not sure where it may be a surname, a second name, a place or a firm. */
function nameOf({ word, lower, before, after }: Token): Judged {
  const to = names.get(lower);
  if (to === undefined && !otherNames.has(word)) return undefined;
  const previous = /([A-Za-z.'’]+)[ \t]+$/.exec(before)?.[1];
  const next = /^\s+([A-Za-z]+)/.exec(after)?.[1];
  const beforeSurname = next !== undefined && /^[A-Z]/.test(next);
  if (to === undefined) return beforeSurname || !endsSentence(before) || !wordsAsNames.has(word) ? unsure : undefined;
  if (previous && /^(?:mr|mrs|ms|miss|dr|prof)\.?$/i.test(previous))
    return beforeSurname ? { to, rule: "en.given-name" } : undefined;
  if (next && afterPlace.has(next.toLowerCase())) return unsure;
  const second =
    previous && /^[A-Z]/.test(previous) && !/[.!?:]$/.test(previous) && !beforeName.has(previous.toLowerCase());
  return second ? unsure : { to, rule: "en.given-name" };
}
