// From a set of texts to a machine that reads their UTF-8 bytes one by one: states are made when they are reached (subset construction).
// Knows no tokens.
import { ConcordError } from "../base/index.ts";
import type { CodePoints, Expression } from "./expression.ts";

/** A machine over bytes. A state is a number; 0 is where every text begins. */
export interface Automaton {
  /** The state after a byte; undefined where no text goes on so. @throws E_ARGUMENT where there are too many states */
  next(state: number, byte: number): number | undefined;
  /** Whether a text may end here. */
  accepts(state: number): boolean;
}

/** Most nodes of an expression, and most states that are made of them. */
const most = { nodes: 200_000, states: 20_000 } as const;

/** Nodes of a machine that may be in several at once. */
interface Nodes {
  /** Of each node: where it goes without a byte. */
  readonly free: number[][];
  /** Of each node: bytes from … to, and where they lead. */
  readonly byte: (readonly [from: number, to: number, node: number] | undefined)[];
}

/** @throws E_ARGUMENT for an expression that is too large */
export function automatonOf(expression: Expression): Automaton {
  const nodes: Nodes = { free: [], byte: [] };
  const [first, last] = built(nodes, expression);
  const sets: (readonly number[])[] = [];
  const known = new Map<string, number>();
  const following: Map<number, number | undefined>[] = [];
  const stateOf = (set: readonly number[]): number => {
    const key = set.join(",");
    const found = known.get(key);
    if (found !== undefined) return found;
    if (sets.length >= most.states) throw tooLarge();
    known.set(key, sets.length);
    following.push(new Map());
    return sets.push(set) - 1;
  };
  stateOf(closure(nodes, [first]));
  return {
    accepts: (state) => sets[state]!.includes(last),
    next(state, byte) {
      const after = following[state]!;
      if (after.has(byte)) return after.get(byte);
      const reached = sets[state]!.flatMap((node) => {
        const edge = nodes.byte[node];
        return edge && edge[0] <= byte && byte <= edge[1] ? [edge[2]] : [];
      });
      const to = reached.length ? stateOf(closure(nodes, reached)) : undefined;
      after.set(byte, to);
      return to;
    },
  };
}

const tooLarge = () =>
  new ConcordError("E_ARGUMENT", {
    operation: "regular expression",
    problem: "the pattern or schema is too large",
    expected: "fewer repeats and alternatives",
    path: "pattern",
  });

/** Nodes that are reached without a byte, in order. */
function closure({ free }: Nodes, from: readonly number[]): number[] {
  const seen = new Set(from);
  for (const node of seen) for (const next of free[node]!) seen.add(next);
  return [...seen].sort((a, b) => a - b);
}

function newNode(nodes: Nodes): number {
  if (nodes.free.length >= most.nodes) throw tooLarge();
  nodes.byte.push(undefined);
  return nodes.free.push([]) - 1;
}

/** Nodes where an expression begins and ends (Thompson 1968). */
function built(nodes: Nodes, expression: Expression): [first: number, last: number] {
  const [first, last] = [newNode(nodes), newNode(nodes)];
  const join = (from: number, to: number) => nodes.free[from]!.push(to);
  if (expression.kind === "characters")
    for (const range of expression.ranges)
      for (const bytes of utf8Ranges(range)) {
        let at = first;
        for (const [i, [from, to]] of bytes.entries()) {
          const edge = newNode(nodes);
          join(at, edge);
          const next = i === bytes.length - 1 ? last : newNode(nodes);
          nodes.byte[edge] = [from, to, next];
          at = next;
        }
      }
  else if (expression.kind === "choice")
    for (const part of expression.parts) {
      const [a, b] = built(nodes, part);
      join(first, a);
      join(b, last);
    }
  else {
    const { parts, loop } = unrolled(expression);
    let at = first;
    for (const { part, skips } of parts) {
      const [a, b] = built(nodes, part);
      join(at, a);
      if (skips) join(at, last);
      at = b;
    }
    if (loop) {
      const [a, b] = built(nodes, loop);
      join(at, a);
      join(b, a);
      join(b, last);
    }
    join(at, last);
  }
  return [first, last];
}

/** A sequence, or a repeat, as parts of which the last ones may be left out, and one that may come any number of times. */
function unrolled(expression: Extract<Expression, { kind: "sequence" | "repeat" }>): {
  parts: { part: Expression; skips: boolean }[];
  loop?: Expression;
} {
  if (expression.kind === "sequence") return { parts: expression.parts.map((part) => ({ part, skips: false })) };
  const { part, least, most: limit } = expression;
  const count = limit ?? least;
  return {
    parts: Array.from({ length: count }, (_, i) => ({ part, skips: i >= least })),
    ...(limit === undefined && { loop: part }),
  };
}

/** Code points as sequences of ranges of bytes: those of one length whose later bytes run from 80 to BF are one sequence. */
export function utf8Ranges([from, to]: CodePoints): (readonly [number, number])[][] {
  const ends = [0x7f, 0x7ff, 0xffff, 0x10ffff];
  for (const end of ends)
    if (from <= end && to > end) return [...utf8Ranges([from, end]), ...utf8Ranges([end + 1, to])];
  const size = ends.findIndex((end) => to <= end);
  for (let tail = 1; tail <= size; tail++) {
    const mask = 64 ** tail - 1; // of what the last bytes hold
    if (Math.floor(from / (mask + 1)) === Math.floor(to / (mask + 1))) continue;
    if (from % (mask + 1) !== 0)
      return [
        ...utf8Ranges([from, from + mask - (from % (mask + 1))]),
        ...utf8Ranges([from + mask - (from % (mask + 1)) + 1, to]),
      ];
    if (to % (mask + 1) !== mask)
      return [...utf8Ranges([from, to - (to % (mask + 1)) - 1]), ...utf8Ranges([to - (to % (mask + 1)), to])];
  }
  const [a, b] = [utf8Bytes(from), utf8Bytes(to)];
  return [a.map((byte, i) => [byte, b[i]!] as const)];
}

/** Surrogates too: they are never asked for, but may bound a range. */
function utf8Bytes(point: number): number[] {
  if (point < 0x80) return [point];
  const tail = (shift: number) => 0x80 | (Math.floor(point / 2 ** shift) & 0x3f);
  if (point < 0x800) return [0xc0 | (point >> 6), tail(0)];
  if (point < 0x10000) return [0xe0 | (point >> 12), tail(6), tail(0)];
  return [0xf0 | (point >> 18), tail(12), tail(6), tail(0)];
}
