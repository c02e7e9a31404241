// Facts in English, as patients type them; on the islands partly in their own words. Knows no label.
import type { Random } from "../../../src/base/index.ts";
import { chance, pick } from "./draw.ts";
import type { Facts } from "./facts.ts";
import type { Patient } from "./people.ts";
import { symptoms } from "./symptoms.ts";

/** How often islanders use their own word for a symptom. */
export const ownWords = 0.6;

const since = {
  days: ["since yesterday", "for two days now", "for three days", "since Monday", "since last night", "for 4 days"],
  weeks: ["for a week", "for two weeks now", "for about ten days", "since the start of the month", "for three weeks"],
  months: ["for months", "for half a year", "on and off for a year", "for about three months", "for a long time"],
} as const;
const islandSince = {
  days: ["these two tides", "since yestereve", "three sleeps now"],
  weeks: ["since the last spring tide", "a fortnight of tides", "since the herring came"],
  months: ["since the winter gales", "many a moon", "on and off since the fishing season"],
} as const;
const hellos = ["Hello", "Hi", "Hi doctor", "Good morning", "Dear doctor", "Hello, I need some advice"];
const islandHellos = ["Fair day doctor", "Health to thee", "Good tide to you"];
const questions = [
  "What could this be?",
  "Should I be worried?",
  "Do I need to come in?",
  "Is there something I can take?",
  "Please advise.",
  "Could you tell me what to do?",
  "Any idea what this is?",
  "Thanks.",
];
const asides = [
  "I already took paracetamol but it did not help.",
  "I hardly slept.",
  "It is getting worse.",
  "It comes and goes.",
  "I had to stay home from work.",
  "I have not taken anything yet.",
  "My neighbour told me to write to you.",
  "It worries me a bit.",
  "No allergies that I know of.",
];

interface Voice {
  readonly subject: string;
  readonly again: string;
  readonly possessive: string;
  readonly object: string;
  readonly third: boolean;
}

function voiceOf({ sex, age }: Patient, rng: Random): Voice {
  const child = age === "0-17";
  if (!chance(child ? 0.85 : 0.12, rng))
    return { subject: "I", again: "I", possessive: "my", object: "me", third: false };
  const [girl, boy] = child
    ? [
        ["my daughter", "my little girl", "our youngest"],
        ["my son", "my little boy", "our eldest"],
      ]
    : [
        ["my wife", "my mother", "my sister"],
        ["my husband", "my father", "my brother"],
      ];
  return sex === "female"
    ? { subject: pick(girl!, rng), again: "she", possessive: "her", object: "her", third: true }
    : { subject: pick(boy!, rng), again: "he", possessive: "his", object: "him", third: true };
}

/** A clause with its {I}, {my}, {am} … filled in. */
function filled(clause: string, { again, possessive, object, third }: Voice): string {
  const forms: Readonly<Record<string, string>> = {
    I: again,
    my: possessive,
    me: object,
    s: third ? "s" : "",
    es: third ? "es" : "",
    have: third ? "has" : "have",
    am: third ? "is" : "am",
  };
  return clause.replace(/\{(\w+)\}/g, (_, name: string) => forms[name]!);
}

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

function listed(items: readonly string[], rng: Random): string {
  if (items.length === 1) return items[0]!;
  const last = chance(0.15, rng) ? "plus" : "and";
  return `${items.slice(0, -1).join(", ")} ${last} ${items.at(-1)}`;
}

/** One message. */
export function english(facts: Facts, rng: Random): string {
  const { patient, pace } = facts;
  const island = patient.region === "islands" && patient.own !== false;
  const voice = voiceOf(patient, rng);
  const [nouns, clauses]: [string[], string[]] = [[], []];
  for (const name of facts.present) {
    const symptom = symptoms.get(name)!;
    if (island && chance(ownWords, rng)) nouns.push(filled(pick(symptom.isle, rng), voice));
    else if (symptom.do.length && chance(0.45, rng)) clauses.push(filled(pick(symptom.do, rng), voice));
    else nouns.push(filled(pick(symptom.en, rng), voice));
  }
  const parts = chance(0.5, rng)
    ? [...having(nouns, voice, rng), ...clauses]
    : [...clauses, ...having(nouns, voice, rng)];
  const when = island && chance(ownWords, rng) ? pick(islandSince[pace], rng) : pick(since[pace], rng);
  if (chance(0.75, rng)) parts[0] = `${parts[0]} ${when}`;
  if (voice.third) parts[0] = introduced(parts[0]!, voice);
  const sentences = chance(0.3, rng) && parts.length > 1 ? [parts.slice(0, 2).join(" and "), ...parts.slice(2)] : parts;
  const out = sentences.map(sentence);
  if (facts.denied.length) out.push(denial(facts.denied, voice, rng));
  if (chance(0.2, rng)) out.push(pick(asides, rng));
  if (chance(0.3, rng)) {
    const hello = pick(island && chance(ownWords, rng) ? islandHellos : hellos, rng);
    out[0] = `${hello}, ${/^I\b/.test(out[0]!) ? out[0] : out[0]![0]!.toLowerCase() + out[0]!.slice(1)}`;
  }
  if (chance(0.35, rng)) out.push(pick(questions, rng));
  return out.join(" ");
}

function having(nouns: readonly string[], { again, third }: Voice, rng: Random): string[] {
  if (nouns.length === 0) return [];
  const has = third ? "has" : "have";
  const list = listed(nouns, rng);
  return [
    pick(
      [
        `${again} ${has} ${list}`,
        `${again} ${has} had ${list}`,
        `${again} ${third ? "is" : "am"} dealing with ${list}`,
        `${again} ${third ? "keeps" : "keep"} having ${list}`,
        `it started with ${list}`,
      ],
      rng,
    ),
  ];
}

/** Names who is meant at the first mention: "she has …" → "my wife has …". */
const introduced = (part: string, { subject, again, possessive }: Voice): string =>
  part.startsWith(`${again} `)
    ? `${subject}${part.slice(again.length)}`
    : part.startsWith(`${possessive} `)
      ? `${subject}'s${part.slice(possessive.length)}`
      : `it is about ${subject}: ${part}`;

function denial(names: readonly string[], { again, third }: Voice, rng: Random): string {
  const nouns = names.map((name) => `no ${pick(symptoms.get(name)!.no, rng)}`);
  const both = nouns.join(" and ");
  return sentence(
    pick(
      [
        `but ${both}`,
        `${again} ${third ? "has" : "have"} ${both}`,
        `${both}, luckily`,
        `${both} so far`,
        `there is ${both}`,
      ],
      rng,
    ),
  );
}
