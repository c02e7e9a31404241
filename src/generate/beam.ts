// Beam search: several continuations of one prompt are followed, and the best finished one is given. As Transformers has it
// (early_stopping false). Knows tokens; no text.
import type { Decoder } from "./decoder.ts";
import type { Generation } from "./options.ts";
import { penalise } from "./sampling.ts";

/** A continuation with the sum of its tokens' log-probabilities. */
interface Beam {
  /** Prompt and continuation. */
  readonly tokens: readonly number[];
  readonly logProbability: number;
}

interface Candidate extends Beam {
  /** Beam that it goes on from. */
  readonly from: number;
}

/** The best continuation of a prompt. @param ends tokens that end a text @param signal ends the search with the best beam so far */
export async function beamSearch(
  decoder: Decoder,
  prompt: readonly number[],
  ends: ReadonlySet<number>,
  generation: Generation,
  signal?: AbortSignal,
): Promise<number[]> {
  const { beams: width, lengthPenalty, maxTokens } = generation;
  const most = Math.min(maxTokens, decoder.limit - prompt.length);
  let finished: (Beam & { score: number })[] = [];
  let running: readonly Beam[] = [{ tokens: prompt, logProbability: 0 }];
  const decoding = await decoder.start([prompt]);
  for (let length = 1; !signal?.aborted; length++) {
    const found = best(running, decoding.logits, 2 * width, generation);
    const isOver = ({ tokens }: Beam) => length >= most || ends.has(tokens.at(-1)!);
    const over = found.slice(0, width).filter(isOver);
    const score = ({ logProbability }: Beam) => logProbability / length ** lengthPenalty;
    finished = [...finished, ...over.map((beam) => ({ ...beam, score: score(beam) }))]
      .sort((a, b) => b.score - a.score)
      .slice(0, width);
    const going = found.filter((beam) => !isOver(beam)).slice(0, width);
    running = going;
    // the best that still runs would not be among the finished
    if (going.length === 0 || (finished.length === width && score(going[0]!) <= finished.at(-1)!.score)) break;
    decoding.keep(going.map(({ from }) => from));
    await decoding.step(going.map(({ tokens }) => tokens.at(-1)!));
  }
  return (finished[0] ?? running[0]!).tokens.slice(prompt.length);
}

/** The likeliest next steps of all beams together. */
function best(
  beams: readonly Beam[],
  logits: readonly Float32Array[],
  count: number,
  generation: Generation,
): Candidate[] {
  const found = beams.flatMap(({ tokens, logProbability }, from) => {
    const scores = logProbabilities(logits[from]!);
    penalise(scores, tokens, generation);
    return largest(scores, count).map(
      (id): Candidate => ({ from, tokens: [...tokens, id], logProbability: logProbability + scores[id]! }),
    );
  });
  return found.sort((a, b) => b.logProbability - a.logProbability).slice(0, count);
}

/** ln softmax. */
export function logProbabilities(logits: Float32Array): Float32Array {
  let top = Number.NEGATIVE_INFINITY;
  for (const x of logits) if (x > top) top = x;
  let sum = 0;
  for (const x of logits) sum += Math.exp(x - top);
  const shift = top + Math.log(sum);
  return logits.map((x) => x - shift);
}

/** Numbers of the largest values, largest first. */
function largest(values: Float32Array, count: number): number[] {
  const kept: number[] = [];
  for (let id = 0; id < values.length; id++) {
    if (kept.length === count && values[id]! <= values[kept.at(-1)!]!) continue;
    let at = kept.length;
    while (at > 0 && values[kept[at - 1]!]! < values[id]!) at--;
    kept.splice(at, 0, id);
    if (kept.length > count) kept.pop();
  }
  return kept;
}
