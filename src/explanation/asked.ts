// What is explained: an output of the head for a whole text, or for one word of it where words are labelled, as the likeliest entity
// or as somebody asks. Asks the predictor only.
import { ConcordError, unknownName } from "../base/index.ts";
import type { Model } from "../models/index.ts";
import { type FoundEntity, headAnswers, type TextInput, type TextPredictor } from "../predict/index.ts";
import { type ReadText, readText } from "./read-text.ts";
import { readWord } from "./read-windows.ts";

/** An output of the head for a text, or for a word of it. */
export interface Asked {
  readonly seen: ReadText;
  readonly target: number;
  /** Of the text, or of the word. */
  readonly logits: Float32Array;
  /** Where words are labelled. */
  readonly place?: {
    /** Position in `seen.words`. */
    readonly word: number;
    /** At which the word is labelled. */
    readonly token: number;
    /** Found there; undefined for a word that begins none. */
    readonly entity?: FoundEntity;
  };
}

/** Logits of a whole text, or of one token of it. @param row as a predictor gives it: [labels] or [tokens, labels] */
export function logitsAt({ labels }: Model, row: Float32Array, token: number | undefined): Float32Array {
  if (token === undefined) return row;
  const width = labels!.names.length;
  return row.subarray(token * width, (token + 1) * width);
}

/** @throws E_ARGUMENT for a text without words and for an unknown label */
export async function askOfText(
  { model, tokenizer, limit, encodedLogits }: TextPredictor,
  input: TextInput,
  { label, at }: { readonly label?: string; readonly at?: number },
): Promise<Asked> {
  if (at !== undefined) throw bad("the model labels whole texts, not words", "no word", String(at));
  const seen = await readText(tokenizer, input, limit);
  if (seen.words.length === 0)
    throw bad(
      "the model sees no word of the text",
      "a text with at least one word",
      JSON.stringify(seen.texts.join("\t").slice(0, 60)),
    );
  const [logits] = await encodedLogits([seen]);
  return { seen, target: targetOf(model, logits!, label), logits: logits! };
}

function targetOf(model: Model, logits: ArrayLike<number>, label: string | undefined): number {
  if (model.heads)
    throw new ConcordError("E_MODEL", {
      operation: "explain",
      problem: "the model has several heads: no one answer is to be explained so far",
      expected: "a model with one head",
      got: model.heads.map(({ name }) => name).join(", "),
    });
  const names = model.labels?.names ?? Array.from(logits, (_, i) => `LABEL_${i}`);
  if (label === undefined) return likeliest(logits);
  const numeric = headAnswers(model.task)?.numeric;
  if (names.includes(label) && !numeric) return names.indexOf(label);
  if (numeric) throw bad("a number has no label", "no label", label);
  throw unknown(label, names);
}

/**
 * @param at where the word begins; default the likeliest entity's first word @param label a tag, or a type whose likeliest tag is meant
 * @throws E_ARGUMENT for a pair, a text without an entity (unless a word is named), a place where no word begins, an unknown label
 */
export async function askOfWord(
  predictor: TextPredictor,
  input: TextInput,
  { label, at }: { readonly label?: string; readonly at?: number },
): Promise<Asked> {
  const { model, tokenizer, limit } = predictor;
  if (typeof input !== "string") throw bad("words are labelled in one text", "one text", "two");
  const names = model.labels!.names;
  const tags = label === undefined ? [] : tagsNamed(label, names);
  const [answer] = await predictor.answers([input]);
  const entities = answer!.kind === "entities" ? answer!.entities : [];
  const named = tags.length ? entities.filter((e) => tags.some((k) => typeOf(names[k]!) === e.type)) : entities;
  const found =
    at === undefined
      ? named.reduce<FoundEntity | undefined>((a, b) => (a && a.probability >= b.probability ? a : b), undefined)
      : entities.find((e) => e.start === at);
  const start = at ?? found?.start;
  if (start === undefined)
    throw bad(
      label === undefined ? "the model finds no entity in the text" : `the model finds no ${label} in the text`,
      "a text with one, or a word and a label to ask about",
      JSON.stringify(input.slice(0, 60)),
    );
  const word = await readWord(tokenizer, input, start, limit);
  if (!word)
    throw bad("no word begins there", `the start of a word in ${JSON.stringify(input.slice(0, 60))}`, String(start));
  const [row] = await predictor.encodedLogits([word.seen]);
  const logits = logitsAt(model, row!, word.token);
  const target = tags.length ? tags.reduce((a, b) => (logits[b]! > logits[a]! ? b : a)) : likeliest(logits);
  return { seen: word.seen, target, logits, place: { word: word.word, token: word.token, entity: found } };
}

const likeliest = (logits: ArrayLike<number>): number => Array.from(logits).indexOf(Math.max(...Array.from(logits)));
const typeOf = (tag: string): string => tag.replace(/^[BIESLUWM][-_]/, "");

/** Numbers of a tag, or of all tags of a type. */
function tagsNamed(label: string, names: readonly string[]): number[] {
  if (names.includes(label)) return [names.indexOf(label)];
  const tags = names.flatMap((name, k) => (typeOf(name) === label ? [k] : []));
  if (tags.length) return tags;
  throw unknown(label, [...names, ...new Set(names.map(typeOf))]);
}

const bad = (problem: string, expected: string, got: string) =>
  new ConcordError("E_ARGUMENT", { operation: "explain", problem, expected, got });

const unknown = (label: string, names: readonly string[]): ConcordError =>
  unknownName("E_ARGUMENT", { operation: "explain", problem: "the model has no such label" }, label, names);
