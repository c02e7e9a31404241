// Sparse rounds of few members, searched through: which views and lists of survivors may a lying coordinator show, with colluders on its side, so
// that it reads the sum of fewer than all honest survivors? The rules are the code's: holders, thresholds, thin stretches. Sets are bit masks.
import { expect, test } from "vitest";
import { defaultThreshold, holdersOf, type Proposal, shareThreshold, thinStretch } from "../../src/federated/index.ts";

interface Rules {
  /** A group is held against thin stretches before words leave. */
  readonly checksGroup: boolean;
  /** Holders show a share of an own mask only for whoever signed their own view. */
  readonly checksView: boolean;
}
const rules: Rules = { checksGroup: true, checksView: true };

const size = (set: number): number => {
  let n = 0;
  for (let s = set; s; s &= s - 1) n++;
  return n;
};

/** A round of n members on a ring in the order of their names. */
class Round {
  readonly n: number;
  readonly threshold: number;
  readonly side: number;
  /** Colluders that any stretch as long as a side may hold. */
  readonly mostInStretch: number;
  readonly #shares: number;
  readonly #ring: readonly string[];
  readonly #proposal: Proposal;
  readonly #holders: readonly number[];

  constructor(n: number, neighbours: number) {
    this.n = n;
    this.#ring = Array.from({ length: n }, (_, i) => String.fromCharCode(97 + i));
    this.#proposal = { neighbours, threshold: defaultThreshold(n) } as Proposal;
    this.threshold = this.#proposal.threshold;
    this.side = neighbours / 2;
    this.mostInStretch = Math.floor(neighbours / 4);
    this.#shares = shareThreshold(this.#proposal, { ring: this.#ring }, "a");
    this.#holders = this.#ring.map((name) =>
      holdersOf(this.#proposal, this.#ring, { ring: this.#ring }, name).reduce(
        (set, h) => set | (1 << this.#ring.indexOf(h)),
        0,
      ),
    );
  }

  sets(keep: (set: number) => boolean): number[] {
    return Array.from({ length: 1 << this.n }, (_, set) => set).filter(keep);
  }

  /** Lists that a member takes as a group or as survivors. */
  isList(set: number, checksThin = true): boolean {
    const names = this.#ring.filter((_, i) => set & (1 << i));
    return size(set) >= this.threshold && !(checksThin && thinStretch(this.#proposal, { ring: this.#ring }, names));
  }

  /** Whether so few collude, and so far apart, that a round is said to be safe. */
  isSafe(colluders: number): boolean {
    const inStretch = (from: number) =>
      Array.from({ length: this.side }, (_, i) => (colluders >> ((from + i) % this.n)) & 1).reduce((a, b) => a + b, 0);
    return (
      size(colluders) < 2 * this.threshold - this.n &&
      this.#ring.every((_, from) => inStretch(from) <= this.mostInStretch)
    );
  }

  /**
   * Parts of the honest members whose sum can be read, where those of `there` saw `group` and agreed to `survivors`, and the others saw `other`.
   * Empty where too few agree: then nothing is shown.
   */
  readable(sets: {
    readonly colluders: number;
    readonly there: number;
    readonly group: number;
    readonly survivors: number;
    readonly other: number;
    readonly rules: Rules;
  }): number[] {
    const { colluders, there, group, survivors, other } = sets;
    const showing = there & survivors;
    if (size(showing | (colluders & survivors)) < this.threshold) return [];
    const honest = ((1 << this.n) - 1) & ~colluders;
    const [own, pair] = [[], []] as [boolean[], boolean[]];
    const groupOf = (x: number) => (there & (1 << x) ? group : other);
    for (let x = 0; x < this.n; x++) {
      const holders = this.#holders[x]!;
      const bit = 1 << x;
      const shown = size(holders & showing & this.#dealtTo(group, x)) + size(holders & colluders);
      const isShown = (survivors & bit) !== 0 && (!sets.rules.checksView || (there & bit) !== 0);
      own[x] = (isShown ? shown : size(holders & colluders)) >= this.#shares;
      pair[x] = (survivors & bit ? size(holders & colluders) : shown) >= this.#shares || (colluders & bit) !== 0;
    }
    // parts: honest members with words whose own mask is known, joined where they share a mask that is not
    let open = 0;
    for (let x = 0; x < this.n; x++) if (honest & (1 << x) && groupOf(x) & (1 << x) && own[x]) open |= 1 << x;
    const joined = (x: number) => {
      if (pair[x]) return 0;
      let set = 0;
      for (let y = 0; y < this.n; y++)
        if (y !== x && this.#holders[x]! & (1 << y) && groupOf(x) & (1 << y) && !pair[y]) set |= 1 << y;
      return set;
    };
    const parts: number[] = [];
    for (let left = open; left; ) {
      let part = left & -left;
      for (let grown = part, before = 0; grown !== before; part = grown) {
        before = grown;
        for (let x = 0; x < this.n; x++) if (before & (1 << x)) grown |= joined(x);
      }
      left &= ~part;
      const cancels = (part & ~open) === 0 && this.#isMutual(part, joined);
      if (cancels) parts.push(part);
    }
    return parts;
  }

  /** Holders get the boxes of dealers of their own group. */
  #dealtTo(group: number, dealer: number): number {
    return group & (1 << dealer) ? (1 << this.n) - 1 : 0;
  }

  #isMutual(part: number, joined: (x: number) => number): boolean {
    for (let x = 0; x < this.n; x++)
      for (let y = 0; y < this.n; y++)
        if (part & (1 << x) && joined(x) & (1 << y) && !(joined(y) & (1 << x))) return false;
    return true;
  }
}

/**
 * The first case in which fewer than all honest survivors are read; and how many cases were looked at, and sums read.
 * @param mostAway honest members that are shown the other round
 */
function search(round: Round, given: Rules, colluders: readonly number[], mostAway = round.n) {
  const all = (1 << round.n) - 1;
  const lists = round.sets((set) => round.isList(set));
  const groups = given.checksGroup ? lists : round.sets((set) => round.isList(set, false));
  let [cases, read] = [0, 0];
  for (const group of lists)
    for (const survivors of lists.filter((set) => (set & ~group) === 0))
      for (const bad of colluders) {
        const honest = all & ~bad;
        const spare = size(survivors) - round.threshold; // so many may be shown another round, or nothing is ever unmasked
        for (let away = honest; ; away = (away - 1) & honest) {
          if (size(away & survivors) <= spare && size(away) <= mostAway)
            for (const other of away === 0 ? [group] : groups) {
              cases++;
              const sets = { colluders: bad, there: honest & ~away, group, survivors, other };
              const parts = round.readable({ ...sets, rules: given });
              read += parts.length;
              const part = parts.find((one) => one !== (honest & survivors));
              if (part !== undefined) return { cases, read, found: { ...sets, part } };
            }
          if (away === 0) break;
        }
      }
  return { cases, read, found: undefined };
}

/** Sets of colluders within the bounds; of those that are one another turned round the ring, one. */
const safeColluders = (round: Round) =>
  round.sets((set) => {
    const turned = (by: number) => ((set << by) | (set >> (round.n - by))) & ((1 << round.n) - 1);
    return round.isSafe(set) && Array.from({ length: round.n }, (_, by) => turned(by)).every((other) => other >= set);
  });

test.each([
  [6, 4],
  [8, 6],
  [15, 4],
])(
  "of %i members with %i neighbours, no view isolates anybody, whoever colludes within the bounds",
  (n, neighbours) => {
    const round = new Round(n, neighbours);
    const { found, cases, read } = search(round, rules, safeColluders(round));
    expect(found).toBeUndefined();
    expect(read).toBeGreaterThan(1); // sums of all honest survivors
    console.log(`${n} members, ${neighbours} neighbours: ${cases} cases, ${read} sums of all honest survivors`);
  },
);

test("the search finds the view that isolates a member where neither its group nor what it signed is looked at", () => {
  const round = new Round(15, 4);
  const found = (given: Partial<Rules>) => search(round, { ...rules, ...given }, [0], 1).found;
  const view = found({ checksGroup: false, checksView: false });
  expect(size(view!.part)).toBeLessThan(round.threshold);
  expect(found({ checksGroup: false })).toBeUndefined(); // the signed view alone holds; the group is a second bar
});
