// Okapi BM25 (Robertson 1994): how well a document fits a text by the words that they share. Pure.

/** Scores of documents. */
export interface Bm25 {
  /** Of all documents, for a text. */
  scores(text: string): Float64Array;
}

/** Saturation of a word's count, and how far long documents are made up for; the usual values. */
const [k1, b] = [1.5, 0.75];

const scripts = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}";
const unit = new RegExp(`[${scripts}]|(?:(?![${scripts}])[\\p{L}\\p{M}\\p{N}])+`, "gu");

/** Words in small letters; of scripts without spaces characters and pairs of neighbours. @example termsOf("Sore 头疼") // ["sore", "头", "疼", "头疼"] */
export function termsOf(text: string): string[] {
  const units = [...text.normalize("NFKC").toLowerCase().matchAll(unit)];
  const pairs = units.flatMap((found, i) => {
    const before = units[i - 1];
    const joined = before !== undefined && before.index + before[0].length === found.index;
    return joined && [...before[0]].length === 1 && [...found[0]].length === 1 ? [before[0] + found[0]] : [];
  });
  return [...units.map(([word]) => word), ...pairs];
}

/**
 * Learns how rare words are in documents: idf = ln(1 + (N − n + ½)/(n + ½)), which is never below 0.
 * @example const [first] = fitBm25(["a sore throat", "a fever"]).scores("sore"); // > 0
 */
export function fitBm25(documents: readonly string[]): Bm25 {
  const lengths = new Float64Array(documents.length);
  const postings = new Map<string, Map<number, number>>();
  for (const [d, document] of documents.entries()) {
    const terms = termsOf(document);
    lengths[d] = terms.length;
    for (const term of terms) {
      const counts = postings.get(term) ?? new Map<number, number>();
      postings.set(term, counts.set(d, (counts.get(d) ?? 0) + 1));
    }
  }
  const mean = lengths.reduce((sum, n) => sum + n, 0) / Math.max(1, documents.length) || 1;
  return {
    scores(text) {
      const out = new Float64Array(documents.length);
      for (const term of termsOf(text)) {
        const counts = postings.get(term);
        if (!counts) continue;
        const idf = Math.log(1 + (documents.length - counts.size + 0.5) / (counts.size + 0.5));
        for (const [d, count] of counts)
          out[d]! += (idf * count * (k1 + 1)) / (count + k1 * (1 - b + (b * lengths[d]!) / mean));
      }
      return out;
    },
  };
}
