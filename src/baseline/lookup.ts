// What needs no model: for words the tag that each word had most often in training (the baseline of
// CoNLL-2003, Tjong Kim Sang & De Meulder 2003, arXiv:cs/0306050, takes whole entities the same way).

import { mostFrequent } from "../base/index.ts";

/**
 * A tag for each word: the one that it had most often in training, `O` for words never seen.
 * @param words of each training text @param tags of the same words
 */
export function wordTags(words: readonly (readonly string[])[], tags: readonly (readonly string[])[]) {
  const seen = new Map<string, string[]>();
  for (const [i, rowWords] of words.entries())
    for (const [k, word] of rowWords.entries()) {
      const list = seen.get(word);
      if (list) list.push(tags[i]![k]!);
      else seen.set(word, [tags[i]![k]!]);
    }
  const usual = new Map([...seen].map(([word, list]) => [word, mostFrequent(list)!]));
  return (text: readonly string[]): string[] => text.map((word) => usual.get(word) ?? "O");
}
