// Exact match and F1 of answers to questions, as SQuAD (Rajpurkar 2016, arXiv:1606.05250; 2018, arXiv:1806.03822) and for Chinese
// CMRC 2018 (Cui 2019, arXiv:1810.07366) define them.

const punctuation = /[!-/:-@[-`{-~]/g; // ASCII, as Python's string.punctuation
const chinese = /[\u4e00-\u9fa5]/;
const dropped = new Set("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』");

/** The words of an answer: lower case, without ASCII punctuation and the articles a, an, the. @example answerWords("The  Tower!") // ["tower"] */
export const answerWords = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(punctuation, "")
    .replace(/(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu, " ")
    .split(/\s+/u)
    .filter((word) => word !== "");

/** The parts of a Chinese answer: each Chinese character, and words of other scripts between spaces; without punctuation. @example answerCharacters("2018年，春") // ["2018", "年", "春"] */
export function answerCharacters(text: string): string[] {
  const parts: string[] = [];
  let word = "";
  const close = () => {
    parts.push(...word.split(/\s+/u).filter((one) => one !== ""));
    word = "";
  };
  for (const sign of text.toLowerCase().trim()) {
    if (dropped.has(sign)) continue;
    if (chinese.test(sign)) {
      close();
      parts.push(sign);
    } else word += sign;
  }
  close();
  return parts;
}

const withoutSigns = (text: string): string =>
  [...text.toLowerCase().trim()].filter((sign) => !dropped.has(sign)).join("");

/** Whether answers are compared by characters: one of the true ones has a Chinese character. */
export const isChinese = (truths: readonly string[]): boolean => truths.some((text) => chinese.test(text));

/** How good an answer is. */
export interface AnswerScore {
  /** 1 or 0. */
  readonly exact: number;
  /** 0 … 1. */
  readonly f1: number;
}

/**
 * Scores of an answer against the best of the true ones; "" is no answer, and without a true one it is the right answer.
 * In English F1 counts shared words; in Chinese the longest run of shared characters.
 * @example answerScore("the Eiffel Tower", ["Eiffel Tower"]) // { exact: 1, f1: 1 }
 */
export function answerScore(answer: string, truths: readonly string[]): AnswerScore {
  const byCharacters = isChinese(truths);
  const parts = byCharacters ? answerCharacters : answerWords;
  const whole = byCharacters ? withoutSigns : (text: string) => answerWords(text).join(" ");
  const given = parts(answer);
  const said = truths.filter((truth) => parts(truth).length > 0);
  let [exact, f1] = [0, 0];
  for (const truth of said.length > 0 ? said : [""]) {
    const wanted = parts(truth);
    exact = Math.max(exact, Number(whole(answer) === whole(truth)));
    const shared = byCharacters ? longestRun(given, wanted) : sharedCount(given, wanted);
    const none = given.length === 0 || wanted.length === 0;
    f1 = Math.max(f1, none ? Number(given.length === wanted.length) : (2 * shared) / (given.length + wanted.length));
  }
  return { exact, f1 };
}

/** Parts that both have, each as often as in the one that has it less often. */
function sharedCount(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const word of a) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of b) {
    const count = left.get(word) ?? 0;
    if (count > 0) shared++;
    left.set(word, count - 1);
  }
  return shared;
}

/** Length of the longest run of parts that both have. */
function longestRun(a: readonly string[], b: readonly string[]): number {
  let best = 0;
  let row = new Array<number>(b.length + 1).fill(0);
  for (const part of a) {
    const next = new Array<number>(b.length + 1).fill(0);
    for (const [j, other] of b.entries())
      if (part === other) {
        next[j + 1] = row[j]! + 1;
        best = Math.max(best, next[j + 1]!);
      }
    row = next;
  }
  return best;
}
