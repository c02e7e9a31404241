// Exposure of the secrets that pretraining planted, by the pretrained model's own likelihood of each of their words.

import { pretrained } from "../artifacts/index.ts";
import { canaryOpening, drawCanaries, exposure } from "../attacks/index.ts";
import { random } from "../base/index.ts";
import { bootstrap, type Interval } from "../eval/index.ts";
import { loadModel } from "../models/node/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { plantedCanaries, secretLength, wordsOfVocabulary } from "../stages/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";
import { openTokenizer } from "../tokenizers/node/index.ts";
import { type Example, evaluationProgram, predictLogits } from "../train/index.ts";
import type { AuditContext } from "./define-audit.ts";

/** What the canaries of a run show. */
export interface CanaryRecord {
  readonly count: number;
  readonly repeats: number;
  readonly candidates: number;
  /** Mean exposure in bits; chance is `chance`. */
  readonly exposure: Interval;
  readonly chance: number;
  readonly largest: number;
}

/** Undefined where the run planted none. */
export async function canaryRecord(
  { recipe, read }: AuditContext,
  candidates: number,
): Promise<CanaryRecord | undefined> {
  const planted = recipe.pretrain?.canaries;
  if (!planted) return undefined;
  const folder = await read(pretrained);
  const tokenizer = await openTokenizer(folder);
  const canaries = plantedCanaries(tokenizer, planted.count, recipe.seed);
  const words = wordsOfVocabulary(tokenizer);
  const others = drawCanaries(words, candidates, secretLength, random(`candidates ${recipe.seed}`));
  const scores = await likelihoods(
    folder,
    tokenizer,
    [...canaries, ...others].map((c) => c.secret),
  );
  const foreign = scores.slice(canaries.length);
  const bits = scores.slice(0, canaries.length).map((score) => exposure(score, foreign));
  const mean = (rows: Int32Array) => rows.reduce((sum, row) => sum + bits[row]!, 0) / rows.length;
  const { estimate, low, high, confidence } = bootstrap(mean, bits.length, {
    random: random(`exposure ${recipe.seed}`),
    method: "percentile",
  });
  const ranks = Array.from({ length: candidates + 1 }, (_, i) => Math.log2((candidates + 1) / (i + 1)));
  return {
    ...planted,
    candidates,
    exposure: { estimate, low, high, confidence },
    chance: ranks.reduce((a, b) => a + b, 0) / ranks.length,
    largest: Math.max(...bits),
  };
}

/** Σ log p of each word of a secret, masked while the others stand. */
async function likelihoods(
  folder: string,
  tokenizer: Tokenizer,
  secrets: readonly (readonly string[])[],
): Promise<number[]> {
  const { model, weights } = await loadModel(folder);
  const executable = await cpuRuntime.compile(evaluationProgram(model), {});
  try {
    const mask = tokenizer.special.mask!.id;
    const texts = secrets.map((secret) => [...canaryOpening, ...secret].join(" "));
    const rows = await tokenizer.encodeIds(texts, { maxLength: model.tokens!.maxLength });
    const masked: { readonly example: Example; readonly at: number; readonly id: number; readonly secret: number }[] =
      [];
    for (const [secret, ids] of rows.entries())
      for (let at = ids.length - 1 - secretLength; at < ids.length - 1; at++) {
        const hidden = Int32Array.from(ids);
        hidden[at] = mask;
        masked.push({ example: { ids: hidden }, at, id: ids[at]!, secret });
      }
    const examples = masked.map((m) => m.example);
    const fed = Object.fromEntries(weights);
    const sums = new Array<number>(secrets.length).fill(0);
    for (let start = 0; start < examples.length; start += 256) {
      const logits = await predictLogits(executable, model, fed, examples.slice(start, start + 256), 32);
      for (const [i, { data, shape }] of logits.entries()) {
        const { at, id, secret } = masked[start + i]!;
        const width = shape[1]!;
        const row = data.subarray(at * width, (at + 1) * width);
        sums[secret]! += row[id]! - logSumExp(row);
      }
    }
    return sums;
  } finally {
    await executable.dispose();
  }
}

function logSumExp(row: Float32Array): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const x of row) most = Math.max(most, x);
  let sum = 0;
  for (const x of row) sum += Math.exp(x - most);
  return most + Math.log(sum);
}
