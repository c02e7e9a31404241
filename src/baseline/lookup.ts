// What needs no model: the most frequent label, and for words the tag that each word had most often in training (the baseline of
// CoNLL-2003, Tjong Kim Sang & De Meulder 2003, arXiv:cs/0306050, takes whole entities the same way).

/** The value that occurs most often; of equal ones the first in order of code points. */
export function mostFrequent(values: Iterable<string>): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: [string, number] | undefined;
  for (const [value, n] of counts) if (!best || n > best[1] || (n === best[1] && value < best[0])) best = [value, n];
  return best?.[0];
}

/**
 * A tag for each word: the one that it had most often in training, `O` for words never seen.
 * @param words of each training text @param tags of the same words
 */
export function wordTags(words: readonly (readonly string[])[], tags: readonly (readonly string[])[]) {
  const seen = new Map<string, string[]>();
  for (const [i, own] of words.entries())
    for (const [k, word] of own.entries()) {
      const list = seen.get(word);
      if (list) list.push(tags[i]![k]!);
      else seen.set(word, [tags[i]![k]!]);
    }
  const usual = new Map([...seen].map(([word, list]) => [word, mostFrequent(list)!]));
  return (text: readonly string[]): string[] => text.map((word) => usual.get(word) ?? "O");
}
