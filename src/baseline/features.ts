// TF-IDF of character n-grams inside words, as scikit-learn's TfidfVectorizer(analyzer="char_wb", sublinear_tf=True) defines them.
// Knows no label.
import { ConcordError } from "../base/index.ts";
import type { SparseRows } from "./sparse.ts";

export interface NgramOptions {
  /** Shortest and longest n-gram in characters. Default 1 and 4. */
  readonly shortest?: number;
  readonly longest?: number;
  /** Texts that must have an n-gram for it to count. Default 2 from 1,000 texts on, else 1. */
  readonly leastTexts?: number;
  /** Most features; those in the most texts are kept. Default 50,000. */
  readonly most?: number;
}

/** Turns texts into features. */
export interface NgramFeatures {
  readonly width: number;
  /** Rows of Euclidean length 1, or of zeros where no n-gram is known. */
  rows(texts: readonly string[]): SparseRows;
}

/**
 * Learns the n-grams and their weights from texts: (1 + ln count)·(1 + ln((1 + N)/(1 + texts with it))), rows scaled to length 1.
 * Text is brought to NFKC and lower-cased, and each word stands between two spaces (Pedregosa 2011; Salton & Buckley 1988 for the weights).
 * @throws E_DATA where no text has a character
 * @example const features = ngramFeatures(train); const rows = features.rows(test);
 */
export function ngramFeatures(texts: readonly string[], options: NgramOptions = {}): NgramFeatures {
  const { shortest = 1, longest = 4, most = 50_000, leastTexts = texts.length >= 1000 ? 2 : 1 } = options;
  const inTexts = new Map<string, number>();
  for (const text of texts)
    for (const gram of countsOf(text, shortest, longest).keys()) inTexts.set(gram, (inTexts.get(gram) ?? 0) + 1);
  const kept = [...inTexts]
    .filter(([, n]) => n >= leastTexts)
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most);
  if (kept.length === 0)
    throw new ConcordError("E_DATA", { operation: "baseline", problem: "the texts have no characters in common" });
  const columnOf = new Map(kept.map(([gram], i) => [gram, i]));
  const weights = Float64Array.from(kept, ([, n]) => 1 + Math.log((1 + texts.length) / (1 + n)));
  return {
    width: kept.length,
    rows: (given) => rowsOf(given, (text) => countsOf(text, shortest, longest), columnOf, weights),
  };
}

/** How often each n-gram stands in a text; n-grams longer than their word stand once, as the padded word. */
function countsOf(text: string, shortest: number, longest: number): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (gram: string) => counts.set(gram, (counts.get(gram) ?? 0) + 1);
  for (const word of text.normalize("NFKC").toLowerCase().split(/\s+/u)) {
    if (word === "") continue;
    const letters = [...` ${word} `];
    for (let n = shortest; n <= longest; n++) {
      if (n >= letters.length) {
        add(letters.join(""));
        break;
      }
      for (let i = 0; i + n <= letters.length; i++) add(letters.slice(i, i + n).join(""));
    }
  }
  return counts;
}

function rowsOf(
  texts: readonly string[],
  count: (text: string) => Map<string, number>,
  columnOf: ReadonlyMap<string, number>,
  weights: Float64Array,
): SparseRows {
  const starts = new Int32Array(texts.length + 1);
  const [columns, values]: [number[], number[]] = [[], []];
  for (const [i, text] of texts.entries()) {
    const entries = [...count(text)]
      .flatMap(([gram, n]): [number, number][] => {
        const column = columnOf.get(gram);
        return column === undefined ? [] : [[column, (1 + Math.log(n)) * weights[column]!]];
      })
      .sort(([a], [b]) => a - b);
    const length = Math.sqrt(entries.reduce((sum, [, v]) => sum + v * v, 0)) || 1;
    for (const [column, value] of entries) {
      columns.push(column);
      values.push(value / length);
    }
    starts[i + 1] = columns.length;
  }
  return {
    rows: texts.length,
    width: weights.length,
    starts,
    columns: Int32Array.from(columns),
    values: Float64Array.from(values),
  };
}
