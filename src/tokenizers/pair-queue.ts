// Pairs of tokens by how often they occur: counts that change, and the most frequent pair at any time. Ties go to the
// smaller spelling, so the order of events does not matter. Knows no words, only their numbers.

/** The most frequent pair, and the numbers of the words that may hold it. */
export interface FoundPair {
  readonly left: number;
  readonly right: number;
  readonly places: Iterable<number>;
}

interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  places: Set<number>;
  touched: boolean;
}

interface Entry {
  readonly pair: Pair;
  /** Count when it was queued; an entry whose pair has changed since is dropped. */
  readonly count: number;
}

const stride = 1 << 22; // above any token id

/** A priority queue of pairs with changing counts: a heap whose outdated entries are dropped when they come up. */
export class PairQueue {
  readonly #tokens: readonly string[];
  readonly #minimum: number;
  readonly #pairs = new Map<number, Pair>();
  readonly #heap: Entry[] = [];
  #touched: Pair[] = [];

  /** `tokens`: spellings by id, which may grow; pairs below `minimum` are never given out. */
  constructor(tokens: readonly string[], minimum: number) {
    this.#tokens = tokens;
    this.#minimum = minimum;
  }

  /** Adds to the count of a pair; `place` is the number of a word that holds it (-1: nothing new). */
  change(left: number, right: number, count: number, place: number): void {
    const key = left * stride + right;
    let pair = this.#pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, places: new Set(), touched: false };
      this.#pairs.set(key, pair);
    }
    pair.count += count;
    if (place >= 0) pair.places.add(place);
    if (pair.touched) return;
    pair.touched = true;
    this.#touched.push(pair);
  }

  /** Queues every pair that changed since the last call. */
  settle(): void {
    for (const pair of this.#touched) {
      pair.touched = false;
      if (pair.count >= this.#minimum) this.#push({ pair, count: pair.count });
      else if (pair.count === 0) this.#pairs.delete(pair.left * stride + pair.right);
    }
    this.#touched = [];
  }

  /** Takes the most frequent pair out, or undefined when none is frequent enough. */
  take(): FoundPair | undefined {
    for (let top = this.#pop(); top !== undefined; top = this.#pop()) {
      const { pair } = top;
      if (top.count !== pair.count || pair.places.size === 0) continue;
      const { left, right, places } = pair;
      pair.places = new Set();
      return { left, right, places };
    }
    return undefined;
  }

  /** True when `a` comes before `b`. */
  #before(a: Entry, b: Entry): boolean {
    if (a.count !== b.count) return a.count > b.count;
    const [left, other] = [this.#tokens[a.pair.left]!, this.#tokens[b.pair.left]!];
    return left === other ? this.#tokens[a.pair.right]! < this.#tokens[b.pair.right]! : left < other;
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#before(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  #pop(): Entry | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#before(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
