// The smallest edit that flips an answer: the fewest words without which the model says something else. Asks the predictor only.
import { ConcordError } from "../base/index.ts";
import { headAnswers, type TextInput, type TextPredictor } from "../predict/index.ts";
import { type ReadText, readText, type SeenWord, textsWithout, type Unseen } from "./read-text.ts";

export interface FlipOptions {
  /** Of several labels: the one whose answer is to change. Default the likeliest. */
  readonly label?: string;
  /** Words that matter most, among which pairs are tried. Default 16. */
  readonly pairsAmong?: number;
}

/** What has to go for another answer. */
export interface Flip {
  readonly texts: readonly string[];
  readonly words: readonly SeenWord[];
  readonly unseen: readonly Unseen[];
  readonly logits: readonly number[];
  /** What was answered: a label, or whether a label of several is given. */
  readonly before: string;
  /** Undefined where leaving out words changes nothing. */
  readonly edit?: {
    /** Positions in `words`. */
    readonly removed: readonly number[];
    readonly after: string;
    /** The texts that are left. */
    readonly texts: readonly string[];
    /** `fewest`: no smaller set flips the answer. `enough`: each word is needed, but another, smaller set may exist. */
    readonly proof: "fewest" | "enough";
  };
  /** Where nothing that was left out changes the answer: what is answered without any word. Undefined for a text of one word. */
  readonly byDefault?: string;
  readonly evaluations: number;
}

/**
 * Looks for the fewest words whose removal changes the answer: all single words, pairs of those that matter most, then words in the
 * order of what they matter, from which the unneeded are put back.
 * @throws E_MODEL for numbers and for models that label words; E_ARGUMENT for an unknown label
 * @example (await smallestFlip(predictor, "no fever, but a cough")).edit?.removed // [0]: "no"
 */
export async function smallestFlip(
  predictor: TextPredictor,
  input: TextInput,
  options: FlipOptions = {},
): Promise<Flip> {
  const seen = await readText(predictor.tokenizer, input, predictor.limit);
  const search = await searchOf(predictor, seen, options.label);
  const found = await find(search, seen.words.length, options.pairsAmong ?? 16);
  const every = seen.words.map((_, w) => w);
  const [empty] = found || every.length < 2 ? [] : await search.without([every]);
  const hidden = found && setOf(found.removed, seen.words.length);
  return {
    texts: seen.texts,
    words: seen.words,
    unseen: seen.unseen,
    logits: search.logits,
    before: search.answer(search.logits),
    edit: found && {
      removed: found.removed,
      after: search.answer(found.logits),
      texts: textsWithout(seen, hidden!),
      proof: found.proof,
    },
    ...(empty && { byDefault: search.answer(empty) }),
    evaluations: search.asked(),
  };
}

interface Search {
  readonly logits: readonly number[];
  answer(logits: ArrayLike<number>): string;
  /** Logits without the words of each set. */
  without(sets: readonly (readonly number[])[]): Promise<Float32Array[]>;
  /** How far the answer that was given is from changing; below 0 it has. */
  margin(logits: ArrayLike<number>): number;
  asked(): number;
}

const setOf = (removed: readonly number[], size: number): Uint8Array => {
  const out = new Uint8Array(size);
  for (const w of removed) out[w] = 1;
  return out;
};

async function searchOf(predictor: TextPredictor, seen: ReadText, label: string | undefined): Promise<Search> {
  const { model } = predictor;
  const answers = headAnswers(model.task);
  if (!answers || answers.words || answers.numeric || model.heads)
    throw new ConcordError("E_MODEL", {
      operation: "smallest edit",
      problem: "only labels of whole texts can flip",
      expected: "single-label or multi-label",
      got: model.task,
    });
  const [first] = await predictor.encodedLogits([seen]);
  const logits = Array.from(first!);
  const names = model.labels?.names ?? logits.map((_, i) => `LABEL_${i}`);
  const given = label === undefined ? logits.indexOf(Math.max(...logits)) : names.indexOf(label);
  if (given < 0 || (label !== undefined && !answers.several && given !== logits.indexOf(Math.max(...logits))))
    throw new ConcordError("E_ARGUMENT", {
      operation: "smallest edit",
      problem:
        given < 0 ? "the model has no such label" : "the text does not have this label: there is nothing to flip",
      expected: given < 0 ? names.slice(0, 12).join(", ") : names[logits.indexOf(Math.max(...logits))],
      got: label,
    });
  const { several } = answers;
  const side = Math.sign(logits[given]!) || 1;
  let asked = 1;
  return {
    logits,
    asked: () => asked,
    answer: (row) =>
      several
        ? `${row[given]! >= 0 ? "" : "not "}${names[given]!}`
        : names[Array.from(row).indexOf(Math.max(...Array.from(row)))]!,
    margin: (row) =>
      several ? side * row[given]! : row[given]! - Math.max(...Array.from(row).filter((_, k) => k !== given)),
    async without(sets) {
      asked += sets.length;
      const texts = sets.map((removed) => textsWithout(seen, setOf(removed, seen.words.length)));
      return predictor.logits(texts.map((t): TextInput => (t.length === 2 ? [t[0]!, t[1]!] : t[0]!)));
    },
  };
}

interface FoundEdit {
  readonly removed: readonly number[];
  readonly logits: Float32Array;
  readonly proof: "fewest" | "enough";
}

async function find(search: Search, size: number, pairsAmong: number): Promise<FoundEdit | undefined> {
  const flipped = async (sets: readonly number[][], proof: FoundEdit["proof"]): Promise<FoundEdit | undefined> => {
    const rows = await search.without(sets);
    const margins = rows.map(search.margin);
    const best = margins.indexOf(Math.min(...margins));
    return margins[best]! < 0 ? { removed: sets[best]!, logits: rows[best]!, proof } : undefined;
  };
  if (size < 2) return undefined; // a text of nothing is no edit
  const singles = Array.from({ length: size }, (_, w) => [w]);
  const rows = await search.without(singles);
  const margins = rows.map(search.margin);
  const order = singles.map(([w]) => w!).sort((a, b) => margins[a]! - margins[b]!);
  const best = order[0]!;
  if (margins[best]! < 0) return { removed: [best], logits: rows[best]!, proof: "fewest" };
  if (size === 2) return undefined;
  const among = order.slice(0, pairsAmong);
  const pairs = among.flatMap((a, i) => among.slice(i + 1).map((b) => [a, b].sort((x, y) => x - y)));
  const complete = size <= pairsAmong;
  const pair = pairs.length ? await flipped(pairs, complete ? "fewest" : "enough") : undefined;
  return pair ?? greedy(search, order, complete);
}

/** Words go in the order of what they matter until the answer flips; then each that is not needed comes back. */
async function greedy(search: Search, order: readonly number[], pairsTried: boolean): Promise<FoundEdit | undefined> {
  const sets = order.slice(3).map((_, k) => order.slice(0, k + 3));
  const rows = sets.length ? await search.without(sets) : [];
  const at = rows.findIndex((row) => search.margin(row) < 0);
  if (at < 0) return undefined;
  let removed = [...sets[at]!];
  let logits = rows[at]!;
  for (const w of [...removed].reverse()) {
    const fewer = removed.filter((x) => x !== w);
    const [row] = await search.without([fewer]);
    if (search.margin(row!) < 0) [removed, logits] = [fewer, row!];
  }
  const proof = pairsTried && removed.length === 3 ? "fewest" : "enough";
  return { removed: removed.sort((a, b) => a - b), logits, proof };
}
