// JavaScript expressions as programs for a search whose time is linear: what a checked expression with the flag `u` may hold, step by step.
// Knows no text. What a single character may be is asked of the engine's own expression for it.
import { ConcordError } from "../base/index.ts";

/** One step of a program. `next` is the step after it. */
export type Step =
  /** One character. */
  | { readonly kind: "character"; readonly fits: (codePoint: number) => boolean; next: number }
  /** The first way is tried before the second. */
  | { readonly kind: "either"; next: number; other: number }
  | { readonly kind: "at"; readonly where: "start" | "end" | "boundary" | "inside"; next: number }
  /** Whether `program` matches from here, on or back. */
  | { readonly kind: "look"; readonly program: Program; readonly wanted: boolean; next: number }
  | { readonly kind: "done" };

export interface Program {
  readonly steps: readonly Step[];
  readonly first: number;
  /** Reads towards the beginning of the text. */
  readonly backwards: boolean;
}

type Tree =
  | { readonly kind: "character"; readonly fits: (codePoint: number) => boolean }
  | { readonly kind: "at"; readonly where: "start" | "end" | "boundary" | "inside" }
  | { readonly kind: "look"; readonly part: Tree; readonly wanted: boolean; readonly backwards: boolean }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Tree[] }
  | {
      readonly kind: "repeat";
      readonly part: Tree;
      readonly least: number;
      readonly most: number;
      readonly lazy: boolean;
    };

/** Most steps of a program: a repeat by number is written out. */
const mostSteps = 1000;

const refused = (problem: string, got: string) =>
  new ConcordError("E_ARGUMENT", {
    operation: "regular expression",
    problem,
    expected: "characters, classes, groups, | , repeats and look-around",
    got: got.slice(0, 200),
    path: "pattern",
  });

/**
 * The program of an expression.
 * @throws E_ARGUMENT for back references, repeats of what may match nothing, other flags than `g`, `u` and `y`, and more than 1,000 steps
 */
export function programOf({ source, flags }: RegExp): Program {
  if (!/^[guy]*u[guy]*$/.test(flags)) throw refused("only the flags g, u and y are covered", flags);
  const reader = { source, at: 0 };
  const tree = alternatives(reader);
  if (reader.at < source.length) throw refused("a bracket closes nothing", source);
  return compiled(tree, false, source);
}

/**
 * True where the engine's own search for an expression is linear, by its shape: whatever one of its alternatives reads without a bound is matched.
 * `alsoDirect` names further alternatives of which that is known, given those that follow.
 * @throws E_ARGUMENT as {@link programOf}
 */
export function isDirect(
  { source, flags }: RegExp,
  alsoDirect: (alternative: string, following: readonly string[]) => boolean = () => false,
): boolean {
  if (!/^[guy]*u[guy]*$/.test(flags)) return false;
  const reader = { source, at: 0 };
  const found: { readonly tree: Tree; readonly text: string }[] = [];
  do {
    const start = reader.at;
    const tree = sequenceOf(reader);
    found.push({ tree, text: source.slice(start, reader.at) });
  } while (source[reader.at] === "|" && reader.at++ >= 0);
  const texts = found.map(({ text }) => text);
  return found.every(({ tree, text }, i) => isDirectTree(tree) || alsoDirect(text, texts.slice(i + 1)));
}

/** Parts of bounded length, then at most one class that is repeated; behind it only what may match nothing: nothing is given back. */
function isDirectTree(tree: Tree): boolean {
  const parts = tree.kind === "sequence" ? tree.parts : [tree];
  const run = parts.findIndex((part) => !isBounded(part));
  if (run < 0) return true;
  const isOptional = (part: Tree) => part.kind === "repeat" && part.least === 0 && (isBounded(part) || isRun(part));
  return isRun(parts[run]!) && parts.slice(run + 1).every(isOptional);
}

const isRun = (tree: Tree): boolean =>
  tree.kind === "repeat" && !tree.lazy && tree.least <= 1 && tree.part.kind === "character";
const isBounded = (tree: Tree): boolean =>
  tree.kind === "character" ||
  tree.kind === "at" ||
  (tree.kind === "repeat" && tree.most <= 8 && isBounded(tree.part)) ||
  ((tree.kind === "sequence" || tree.kind === "choice") && tree.parts.every(isBounded));

interface Reader {
  readonly source: string;
  at: number;
}

function alternatives(reader: Reader): Tree {
  const parts: Tree[] = [];
  do parts.push(sequenceOf(reader));
  while (reader.source[reader.at] === "|" && reader.at++ >= 0);
  return parts.length === 1 ? parts[0]! : { kind: "choice", parts };
}

function sequenceOf(reader: Reader): Tree {
  const parts: Tree[] = [];
  for (;;) {
    const sign = reader.source[reader.at];
    if (sign === undefined || sign === "|" || sign === ")") return { kind: "sequence", parts };
    parts.push(repeated(reader, atom(reader)));
  }
}

/** Openings of groups, and what they are. */
const groups = /\((?:\?(?:(?<look><?[=!])|:|<[^>=!][^>]*>))?/uy;
const unit =
  /\[(?:\\[\s\S]|[^\]\\])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[a-zA-Z]|[\s\S])|[^()|*+?]/uy;
const places: Readonly<Record<string, "start" | "end" | "boundary" | "inside">> = {
  "^": "start",
  $: "end",
  "\\b": "boundary",
  "\\B": "inside",
};

function found(expression: RegExp, reader: Reader): RegExpExecArray | undefined {
  expression.lastIndex = reader.at;
  const match = expression.exec(reader.source) ?? undefined;
  if (match) reader.at = expression.lastIndex;
  return match;
}

function atom(reader: Reader): Tree {
  if (reader.source[reader.at] === "(") {
    const opening = found(groups, reader)!;
    const part = alternatives(reader);
    if (reader.source[reader.at++] !== ")") throw refused("a group is not closed", reader.source);
    const look = opening.groups?.look;
    return look ? { kind: "look", part, wanted: look.endsWith("="), backwards: look.startsWith("<") } : part;
  }
  const text = found(unit, reader)?.[0];
  if (text === undefined) throw refused("a repeat has nothing to repeat", reader.source);
  const where = places[text];
  if (where) return { kind: "at", where };
  if (/^\\[1-9k]/.test(text)) throw refused("back references are not supported", reader.source);
  return { kind: "character", fits: characterTest(text) };
}

function repeated(reader: Reader, part: Tree): Tree {
  const match = found(/[*+?]|\{\d+(?:,\d*)?\}/uy, reader)?.[0];
  if (match === undefined) return part;
  const lazy = found(/\?/uy, reader) !== undefined;
  const counts: Readonly<Record<string, readonly [number, number]>> = {
    "*": [0, Number.POSITIVE_INFINITY],
    "+": [1, Number.POSITIVE_INFINITY],
    "?": [0, 1],
  };
  const [from, to] = match.slice(1, -1).split(",");
  const most = to === undefined ? Number(from) : to === "" ? Number.POSITIVE_INFINITY : Number(to);
  const [least, limit] = counts[match] ?? [Number(from), most];
  if (limit !== 0 && mayBeEmpty(part)) throw refused("a repeat of what may match nothing", reader.source); // engines differ in what it means
  return { kind: "repeat", part, least, most: limit, lazy };
}

const mayBeEmpty = (tree: Tree): boolean => {
  if (tree.kind === "sequence") return tree.parts.every(mayBeEmpty);
  if (tree.kind === "choice") return tree.parts.some(mayBeEmpty);
  if (tree.kind === "repeat") return tree.least === 0 || mayBeEmpty(tree.part);
  return tree.kind !== "character";
};

/** Whether a character is one of a class, asked once for each character. */
function characterTest(source: string): (codePoint: number) => boolean {
  const expression = new RegExp(`^${source}$`, "u");
  const known = new Map<number, boolean>();
  return (codePoint) => {
    let fits = known.get(codePoint);
    if (fits === undefined) {
      fits = expression.test(String.fromCodePoint(codePoint));
      known.set(codePoint, fits);
    }
    return fits;
  };
}

function compiled(tree: Tree, backwards: boolean, source: string): Program {
  const steps: Step[] = [];
  const add = (step: Step): number => {
    if (steps.length >= mostSteps) throw refused("the expression has too many steps", source);
    return steps.push(step) - 1;
  };
  /** @returns the first step of a part that goes on at `next` */
  const build = (part: Tree, next: number): number => {
    switch (part.kind) {
      case "character":
      case "at":
        return add({ ...part, next });
      case "look":
        return add({ kind: "look", program: compiled(part.part, part.backwards, source), wanted: part.wanted, next });
      case "sequence": {
        const parts = backwards ? part.parts : [...part.parts].reverse();
        return parts.reduce((after, one) => build(one, after), next);
      }
      case "choice":
        return part.parts
          .map((one) => build(one, next))
          .reduceRight((other, one) => add({ kind: "either", next: one, other }));
      case "repeat":
        return buildRepeat(part, next);
    }
  };
  const either = (again: number, next: number, lazy: boolean): Step =>
    lazy ? { kind: "either", next, other: again } : { kind: "either", next: again, other: next };
  const buildRepeat = ({ part, least, most, lazy }: Extract<Tree, { kind: "repeat" }>, next: number): number => {
    let at = next;
    if (most === Number.POSITIVE_INFINITY) {
      const loop = add(either(next, next, lazy)); // its way back is set below, once it is known
      steps[loop] = either(build(part, loop), next, lazy);
      at = loop;
    } else for (let i = least; i < most; i++) at = add(either(build(part, at), next, lazy));
    for (let i = 0; i < least; i++) at = build(part, at);
    return at;
  };
  const done = add({ kind: "done" });
  return { first: build(tree, done), steps, backwards };
}
