// How many tokens a text will be, without a tokenizer: that runs in the model's thread. Only the order of batches depends on it.

/** Characters that are mostly a token each. */
const wide = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]/g;

/**
 * Estimated tokens of texts: one for each Han, kana or Hangul character, one for four others, and the special ones.
 * @param most the model's limit, at which longer texts are cut
 * @example tokensOf(["a sore throat"], 96) // 6
 */
export function tokensOf(texts: readonly string[], most: number): number {
  let count = 2;
  for (const text of texts) {
    const seen = text.length > 8 * most ? text.slice(0, 8 * most) : text;
    const single = seen.match(wide)?.length ?? 0;
    count += single + Math.ceil((seen.length - single) / 4);
  }
  return Math.min(count, most);
}
