// A linear classifier on hashed pieces of text, cheap enough to train twenty times in a test: softmax regression by AdaGrad.
import { hashText, random, shuffle } from "../../src/base/index.ts";

const size = 1 << 15;

/** Words and their pairs, and pieces of one to three Chinese characters. */
function features(text: string): Int32Array {
  const words = text.toLowerCase().match(/[a-z']+|\p{Script=Han}/gu) ?? [];
  const pieces = words.flatMap((word, i) => [
    word,
    `${words[i - 1] ?? "^"} ${word}`,
    `${words[i - 2] ?? "^"} ${words[i - 1] ?? "^"} ${word}`,
  ]);
  return Int32Array.from(pieces, (piece) => hashText(piece) % size);
}

export interface HashedRow {
  readonly text: string;
  readonly label: number;
  readonly weight?: number;
}

/** @returns a function that gives the probabilities of a text */
export function trainHashed(rows: readonly HashedRow[], classes: number, seed: number, epochs = 12) {
  const inputs = rows.map((row) => features(row.text));
  const weights = new Float64Array(size * classes);
  const squares = new Float64Array(size * classes).fill(1e-3);
  const logits = (input: Int32Array) => {
    const out = new Float64Array(classes);
    for (const f of input) for (let k = 0; k < classes; k++) out[k]! += weights[f * classes + k]!;
    return out;
  };
  const softmax = (z: Float64Array) => {
    const most = Math.max(...z);
    const e = z.map((x) => Math.exp(x - most));
    const sum = e.reduce((a, b) => a + b, 0);
    return e.map((x) => x / sum);
  };
  const order = rows.map((_, i) => i);
  const rng = random(seed);
  for (let epoch = 0; epoch < epochs; epoch++)
    for (const i of shuffle(order, rng)) {
      const input = inputs[i]!;
      const p = softmax(logits(input));
      const { label, weight = 1 } = rows[i]!;
      for (let k = 0; k < classes; k++) {
        const g = (weight * (p[k]! - Number(k === label))) / Math.sqrt(input.length);
        if (Math.abs(g) < 1e-5) continue;
        for (const f of input) {
          const at = f * classes + k;
          squares[at]! += g * g;
          weights[at]! -= (0.1 * g) / Math.sqrt(squares[at]!);
        }
      }
    }
  return (text: string) => softmax(logits(features(text)));
}
