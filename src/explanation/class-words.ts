// Words that drive each class, over many explained texts: what a word adds on average, and in how many texts. Pure numbers.

/** What a word adds to a class where the class is answered. */
export interface DrivingWord {
  readonly word: string;
  /** Mean attribution over the texts that have the word, and its 95 % interval (normal). */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Texts that have it. */
  readonly rows: number;
}

export interface ExplainedText {
  readonly label: string;
  readonly words: readonly { readonly word: string; readonly value: number }[];
}

export interface ClassWordsOptions {
  /** Texts of a class that must have the word. Default 5. */
  readonly support?: number;
  /** Words of each class. Default 10. */
  readonly most?: number;
}

/**
 * The words that add most to each class, of those whose interval lies above 0. Case does not count; a word that occurs twice in a
 * text counts by its sum.
 * @example classWords(explained).get("flu") // [{ word: "fever", value: 2.1, low: 1.9, high: 2.3, rows: 40 }, …]
 */
export function classWords(
  texts: readonly ExplainedText[],
  { support = 5, most = 10 }: ClassWordsOptions = {},
): Map<string, DrivingWord[]> {
  const byClass = new Map<string, Map<string, number[]>>();
  for (const { label, words } of texts) {
    const rowWords = new Map<string, number>();
    for (const { word, value } of words) {
      if (!/[\p{L}\p{N}]/u.test(word)) continue;
      const key = word.toLowerCase();
      rowWords.set(key, (rowWords.get(key) ?? 0) + value);
    }
    const known = byClass.get(label) ?? new Map<string, number[]>();
    byClass.set(label, known);
    for (const [word, value] of rowWords) known.set(word, [...(known.get(word) ?? []), value]);
  }
  return new Map(
    [...byClass].map(([label, words]) => [
      label,
      [...words]
        .filter(([, values]) => values.length >= support)
        .map(([word, values]) => driving(word, values))
        .filter((w) => w.low > 0)
        .sort((a, b) => b.value - a.value || (a.word < b.word ? -1 : 1))
        .slice(0, most),
    ]),
  );
}

function driving(word: string, values: readonly number[]): DrivingWord {
  const rows = values.length;
  const value = values.reduce((a, b) => a + b, 0) / rows;
  const spread = values.reduce((a, b) => a + (b - value) ** 2, 0) / Math.max(1, rows - 1);
  const half = 1.96 * Math.sqrt(spread / rows);
  return { word, value, low: value - half, high: value + half, rows };
}
