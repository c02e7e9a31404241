// How well texts can be foretold by counting: after the last few bytes, which byte came how often (n-grams with the interpolation of
// Witten and Bell 1991). A language model that is worth its training does better. Knows texts; no vocabulary.

/** A text that is foretold, and what was read before it. */
export interface ForetoldText {
  readonly text: string;
  readonly before?: string;
}

/** A counted model of texts. */
export interface ByteNgrams {
  /** Bits that a text costs, its end included. @param before what is known already and costs nothing */
  bits(text: string, before?: string): number;
}

const end = 256; // the symbol after the last byte
const symbols = 257;
const encoder = new TextEncoder();

/** Contexts that have been seen, each a node: the root is none, a child is one byte longer. */
interface Counts {
  /** node · 257 + symbol → the node of the longer context. */
  readonly children: Map<number, number>;
  /** How often a node was entered, and how often and how differently it was left. */
  readonly entered: number[];
  readonly left: number[];
  readonly kinds: number[];
}

/**
 * Counts texts.
 * @param order longest context in bytes @param texts with what stands before each, which is counted too
 * @example byteNgrams([{ text: "abab" }], { order: 2 }).bits("aba") < byteNgrams([{ text: "abab" }], { order: 2 }).bits("bbb") // true
 */
export function byteNgrams(texts: Iterable<ForetoldText>, { order }: { readonly order: number }): ByteNgrams {
  const counts: Counts = { children: new Map(), entered: [0], left: [0], kinds: [0] };
  for (const { text, before = "" } of texts) {
    let contexts = [0]; // by length: the last 0, 1, … bytes
    for (const symbol of symbolsOf(before + text))
      contexts = [0, ...contexts.map((at) => enter(counts, at, symbol)).slice(0, order)];
  }
  return {
    bits(text, before = "") {
      const known = encoder.encode(before).length;
      let [bits, at] = [0, 0];
      let contexts: number[] = [0];
      for (const symbol of symbolsOf(before + text)) {
        if (at++ >= known) bits -= Math.log2(probability(counts, contexts, symbol));
        const longer = contexts.flatMap((node) => counts.children.get(node * symbols + symbol) ?? []);
        contexts = [0, ...longer.slice(0, order)];
      }
      return bits;
    },
  };
}

/** Most bytes that are counted: contexts beyond take more memory than they tell. */
const mostBytes = 2 ** 20;

/**
 * Counts the first rows, up to a megabyte; the validation rows say how long contexts are. Without any they have 5 bytes.
 * @param train texts of each row, in random order @returns `bits`: of all texts of a row
 */
export function fitByteNgrams(train: readonly (readonly ForetoldText[])[], dev: readonly (readonly ForetoldText[])[]) {
  let bytes = 0;
  const over = train.findIndex((row) => {
    for (const { text, before = "" } of row) bytes += encoder.encode(before + text).length;
    return bytes > mostBytes;
  });
  const counted = over < 0 ? train : train.slice(0, Math.max(1, over));
  const cost = (model: ByteNgrams) => (row: readonly ForetoldText[]) =>
    row.reduce((sum, { text, before }) => sum + model.bits(text, before), 0);
  const tried = [5, 3, 7].map((order) => {
    const model = byteNgrams(counted.flat(), { order });
    return { order, bits: cost(model), total: dev.reduce((sum, row) => sum + cost(model)(row), 0) };
  });
  const { order, bits } = tried.reduce((a, b) => (b.total < a.total ? b : a));
  return { rows: counted.length, order, bits };
}

const symbolsOf = (text: string): number[] => [...encoder.encode(text), end];

/** Σ over longer and longer contexts: seen ones count, and what they had not seen is left to the shorter ones. */
function probability({ children, entered, left, kinds }: Counts, contexts: readonly number[], symbol: number): number {
  let p = 1 / symbols;
  for (const node of contexts) {
    if (left[node] === 0) continue;
    const next = children.get(node * symbols + symbol);
    const count = next === undefined ? 0 : entered[next]!;
    p = (count + kinds[node]! * p) / (left[node]! + kinds[node]!);
  }
  return p;
}

function enter({ children, entered, left, kinds }: Counts, node: number, symbol: number): number {
  const key = node * symbols + symbol;
  let next = children.get(key);
  if (next === undefined) {
    next = entered.push(0) - 1;
    left.push(0);
    kinds.push(0);
    children.set(key, next);
    kinds[node]!++;
  }
  entered[next]!++;
  left[node]!++;
  return next;
}
