// Finding the matches of a literal or a regular expression in time that grows with the text alone, and refusing expressions that a hostile file
// could use to stall whoever runs them. Knows no tokenizer; the translation from Oniguruma syntax is passed in.
import { isConcordError } from "../base/index.ts";
import { isDirect, linearSearch, type Search } from "../patterns/index.ts";
import { fault } from "./checked-json.ts";
import type { PatternConfig } from "./file-format.ts";

/** All matches in a text as [start, end] pairs, flattened, in UTF-16 units. */
export type Matcher = (text: string) => number[];

/** Makes a JavaScript expression (flags `gu`) from an Oniguruma one; throws where it cannot. */
export type TranslateRegex = (source: string) => RegExp;

/** A matcher for a checked pattern. */
export function matcher(pattern: PatternConfig, translate: TranslateRegex, path: string): Matcher {
  if ("String" in pattern) return (text) => literalMatches(text, pattern.String);
  try {
    const search = searchOf(translate(pattern.Regex));
    return (text) => matchesOf(text, search(text));
  } catch (cause) {
    const why = isConcordError(cause) ? cause.facts.problem : (cause as Error).message;
    throw fault(path, `the regular expression cannot be used: ${why}`, {
      got: pattern.Regex.slice(0, 80),
    });
  }
}

/** The engine's own search where the expression's shape makes that linear, as those of the known tokenizers do; otherwise one that remembers. */
export function searchOf(regex: RegExp): (text: string) => Search {
  if (!isDirect(regex, isKnown)) return linearSearch(regex);
  return (text) => (from) => {
    regex.lastIndex = from;
    const match = regex.exec(text);
    return match ? [match.index, match.index + match[0].length] : undefined;
  };
}

/** One character or class, so many times and nothing behind it: ` {2,}` of SentencePiece. What it reads it matches, or it fails within that number. */
const oneRun = /^(?:[^\\.()[\]{}*+?|^$]|\\[sdw])\{\d{1,2},?\d{0,2}\}$/u;

/**
 * Refuses what an engine that tries again, and starts anew at each place, could be stalled with: expressions whose shape does not make the search
 * linear, and signs behind `{…}`, which engines read differently. Those of the known tokenizers pass.
 * @throws E_TOKENIZER
 */
export function checkBacktracking(source: string, translate: TranslateRegex, path: string): void {
  const direct = oneRun.test(source) || isDirect(translate(source), isKnown);
  if (direct && !/\{\d*,?\d*\}[+*?{]/.test(source)) return;
  throw fault(path, "the Rust tokenizer could take very long with this regular expression, or end the process", {
    expected: "an expression of a known tokenizer, or another whose parts begin with different characters",
    got: source.slice(0, 80),
    hint: "use the TypeScript tokenizer, which is the default: its search is linear for any expression",
  });
}

const letters = {
  upper: "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]",
  lower: "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]",
} as const;

/**
 * Alternatives of known tokenizers that may read further than they match, but only what an alternative behind them matches as a whole: spaces
 * before `\s+` at the end (GPT-2, Llama 3, Qwen), and letters in o200k's first alternative, which its second one matches.
 */
function isKnown(alternative: string, following: readonly string[]): boolean {
  const space = /^(\\s|\\p\{White_Space\})\+$/.exec(following.at(-1) ?? "")?.[1];
  if (space !== undefined) {
    const other = space === "\\s" ? "\\S" : "\\P{White_Space}";
    if ([`${space}+(?!${other})`, `${space}*[\\r\\n]+`, `${space}*[\\r\\n]`].includes(alternative)) return true;
  }
  const { upper, lower } = letters;
  return (
    alternative.includes(`${upper}*${lower}+`) &&
    following[0] === alternative.replace(`${upper}*${lower}+`, `${upper}+${lower}*`)
  );
}

function literalMatches(text: string, literal: string): number[] {
  const found: number[] = [];
  for (let i = text.indexOf(literal); i >= 0; i = text.indexOf(literal, i + literal.length))
    found.push(i, i + literal.length);
  return found;
}

/** An empty match right behind the last one is skipped, as Oniguruma's iterator does. */
function matchesOf(text: string, search: Search): number[] {
  const found: number[] = [];
  let from = 0;
  let lastEnd = -1;
  while (from <= text.length) {
    const match = search(from);
    if (match === undefined) break;
    const [start, end] = match;
    if (start === end && end === lastEnd) {
      from += (text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    found.push(start, end);
    from = end;
    lastEnd = end;
  }
  return found;
}

/** What a part of an expression can do to the time that matching takes, and how little it can match. */
interface Cost {
  /** Repetitions without an upper bound, one after another. */
  unbounded: number;
  /** In how many ways other parts of variable length, one after another, can share a text. */
  variable: number;
  alternatives: boolean;
  /** Fewest characters of a match. */
  width: number;
}

/** `repeats`: a repeat by number above `long` counts as one without a bound. */
const limits = { length: 8192, depth: 64, unbounded: 2, variable: 4096, long: 16, repeats: 512 };

const nothing = (): Cost => ({ unbounded: 0, variable: 1, alternatives: false, width: 0 });
const one = (width = 1): Cost => ({ ...nothing(), width });

function either(a: Cost, b: Cost): Cost {
  return {
    unbounded: Math.max(a.unbounded, b.unbounded),
    variable: Math.max(a.variable, b.variable),
    alternatives: a.alternatives || b.alternatives,
    width: Math.min(a.width, b.width),
  };
}

/**
 * Throws E_TOKENIZER for an expression that can take exponential time (a repeated group that itself can match in several
 * ways), or has more than two repetitions one after another, in any engine that tries again. The rule is stricter than needed, never laxer; what it
 * accepts is searched for in linear time all the same ({@link matcher}).
 * Returns the fewest characters that a match has.
 */
export function checkRegex(source: string, path: string): number {
  const refuse = (problem: string, hint?: string) =>
    fault(path, problem, { got: source.slice(0, 80), ...(hint === undefined ? {} : { hint }) });
  if (source.length > limits.length) throw refuse("absurd size", `at most ${limits.length} characters`);
  if (source === "") throw refuse("an empty expression matches everywhere");
  // One entry per open group: the alternatives so far and the one being read.
  const stack: { past: Cost | undefined; current: Cost; looks: boolean }[] = [
    { past: undefined, current: nothing(), looks: false },
  ];
  let atom = nothing(); // what a quantifier would repeat
  for (let i = 0; i < source.length; ) {
    const top = stack.at(-1)!;
    const part = nextPart(source, i);
    if (part === undefined) throw refuse("unbalanced character class");
    i += part.length;
    if (/^\\[1-9k]/.test(part)) throw refuse("back references are not supported");
    if (part[0] === "(") {
      stack.push({ past: undefined, current: nothing(), looks: /^\(\?<?[=!]/.test(part) });
      if (stack.length > limits.depth) throw refuse("nested too deeply");
    } else if (part === ")") {
      if (stack.length === 1) throw refuse("unbalanced parenthesis");
      stack.pop();
      atom = top.past === undefined ? top.current : either(top.past, top.current);
      if (top.looks) atom = { ...atom, width: 0 };
      addCost(stack.at(-1)!.current, atom);
    } else if (part === "|") {
      top.past = { ...(top.past === undefined ? top.current : either(top.past, top.current)), alternatives: true };
      top.current = nothing();
      atom = nothing();
    } else if (isQuantifier(part)) {
      const { least, most } = bounds(part);
      if (most > 1 && (atom.alternatives || atom.unbounded > 0 || atom.variable > 1))
        throw refuse("a repeated group that can match in several ways could take exponential time");
      if (Math.max(least, most === Number.POSITIVE_INFINITY ? 0 : most) > limits.repeats)
        throw refuse("a part is repeated too often", `at most ${limits.repeats} times by number`);
      if (most - least > limits.long) top.current.unbounded++;
      else top.current.variable *= most - least + 1;
      top.current.width += (Math.min(least, 1) - 1) * atom.width;
      if (source[i] === "?" || source[i] === "+") i++; // lazy or possessive
      atom = { ...nothing(), unbounded: 1 };
    } else {
      atom = one(/^(?:[\^$]|\\[AzZbBG])$/.test(part) ? 0 : 1);
      addCost(top.current, atom);
    }
    const { unbounded, variable } = stack.at(-1)!.current;
    if (unbounded > limits.unbounded || variable > limits.variable)
      throw refuse("too many repetitions one after another could take too long");
  }
  if (stack.length !== 1) throw refuse("unbalanced parenthesis");
  const { past, current } = stack[0]!;
  return past === undefined ? current.width : Math.min(past.width, current.width);
}

const partPattern = /\\(?:[pPxu]\{[^}]*\}|[1-9k]|[\s\S])|\(\?(?:<?[=!]|<[^>]*>|[^)]*?:|>)|[*+?]|\{\d*,?\d*\}|[\s\S]/gu;

/** The next escape, class, group opening, quantifier or character; undefined for a class that does not end. */
function nextPart(source: string, from: number): string | undefined {
  if (source[from] === "[") {
    const end = endOfClass(source, from);
    return end < 0 ? undefined : source.slice(from, end);
  }
  partPattern.lastIndex = from;
  return partPattern.exec(source)![0];
}

const isQuantifier = (part: string) => /^(?:[*+?]|\{\d*,?\d*\})$/.test(part) && part !== "{}";

function addCost(into: Cost, cost: Cost): void {
  into.unbounded += cost.unbounded;
  into.variable *= cost.variable;
  into.alternatives ||= cost.alternatives;
  into.width += cost.width;
}

function bounds(quantifier: string): { least: number; most: number } {
  if (quantifier === "?") return { least: 0, most: 1 };
  if (quantifier === "*" || quantifier === "+")
    return { least: quantifier === "+" ? 1 : 0, most: Number.POSITIVE_INFINITY };
  const [least, most] = quantifier.slice(1, -1).split(",");
  if (most === undefined) return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === "" ? Number.POSITIVE_INFINITY : Number(most) };
}

/** Index behind a character class that starts at `start` (classes nest in Oniguruma), or -1. */
function endOfClass(source: string, start: number): number {
  let depth = 0;
  for (let i = start; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "[") depth++;
    else if (source[i] === "]" && i > start + 1 && --depth === 0) return i + 1;
  }
  return -1;
}
