// Finding the matches of a literal or a regular expression, and refusing expressions that a hostile file could use to
// stall the process. Knows no tokenizer; the translation from Oniguruma syntax is passed in.
import { fault } from "./checked-json.ts";
import type { PatternPart } from "./file-format.ts";

/** All matches in a text as [start, end] pairs, flattened, in UTF-16 units. */
export type Matcher = (text: string) => number[];

/** Makes a JavaScript expression (flags `gu`) from an Oniguruma one; throws where it cannot. */
export type TranslateRegex = (source: string) => RegExp;

/** A matcher for a checked pattern. */
export function matcher(pattern: PatternPart, translate: TranslateRegex, path: string): Matcher {
  if ("String" in pattern) return (text) => literalMatches(text, pattern.String);
  let regex: RegExp;
  try {
    regex = translate(pattern.Regex);
  } catch (cause) {
    throw fault(path, `the regular expression cannot be used: ${(cause as Error).message}`, {
      got: pattern.Regex.slice(0, 80),
    });
  }
  return (text) => regexMatches(text, regex);
}

function literalMatches(text: string, literal: string): number[] {
  const found: number[] = [];
  for (let i = text.indexOf(literal); i >= 0; i = text.indexOf(literal, i + literal.length))
    found.push(i, i + literal.length);
  return found;
}

/** An empty match right behind the last one is skipped, as Oniguruma's iterator does. */
function regexMatches(text: string, regex: RegExp): number[] {
  const found: number[] = [];
  let from = 0;
  let lastEnd = -1;
  while (from <= text.length) {
    regex.lastIndex = from;
    const match = regex.exec(text);
    if (match === null) break;
    const end = match.index + match[0].length;
    if (match[0] === "" && end === lastEnd) {
      from += (text.codePointAt(from) ?? 0) > 0xffff ? 2 : 1;
      continue;
    }
    found.push(match.index, end);
    from = end;
    lastEnd = end;
  }
  return found;
}

/** What a part of an expression can do to the time that matching takes. */
interface Cost {
  /** Repetitions without an upper bound, one after another. */
  unbounded: number;
  /** Other parts of variable length, one after another. */
  variable: number;
  alternatives: boolean;
}

const limits = { length: 8192, depth: 64, unbounded: 4, variable: 12 };

/**
 * Throws E_TOKENIZER for an expression that can take exponential time (a repeated group that itself can match in several
 * ways), or time above the fourth power of the text's length. The rule is stricter than needed, never laxer.
 */
export function checkRegex(source: string, path: string): void {
  const refuse = (problem: string, hint?: string) =>
    fault(path, problem, { got: source.slice(0, 80), ...(hint === undefined ? {} : { hint }) });
  if (source.length > limits.length) throw refuse("absurd size", `at most ${limits.length} characters`);
  if (source === "") throw refuse("an empty expression matches everywhere");
  const fresh = (): Cost => ({ unbounded: 0, variable: 0, alternatives: false });
  const worse = (a: Cost, b: Cost): Cost => ({
    unbounded: Math.max(a.unbounded, b.unbounded),
    variable: Math.max(a.variable, b.variable),
    alternatives: a.alternatives || b.alternatives,
  });
  // One entry per open group: the worst alternative so far and the one being read.
  const stack: { worst: Cost; current: Cost }[] = [{ worst: fresh(), current: fresh() }];
  const token = /\\(?:[pPxu]\{[^}]*\}|[1-9k]|[\s\S])|\(\?(?:<?[=!]|<[^>]*>|[^)]*?:|>)|[*+?]|\{\d*,?\d*\}|[\s\S]/gu;
  let atom: Cost = fresh(); // cost inside what a quantifier would repeat
  let i = 0;
  while (i < source.length) {
    if (source[i] === "[") {
      i = endOfClass(source, i);
      if (i < 0) throw refuse("unbalanced character class");
      atom = fresh();
      continue;
    }
    token.lastIndex = i;
    const part = token.exec(source)![0];
    i += part.length;
    const top = stack.at(-1)!;
    if (/^\\[1-9k]/.test(part)) throw refuse("back references are not supported");
    if (part[0] === "(") {
      stack.push({ worst: fresh(), current: fresh() });
      if (stack.length > limits.depth) throw refuse("nested too deeply");
    } else if (part === ")") {
      if (stack.length === 1) throw refuse("unbalanced parenthesis");
      atom = worse(top.worst, top.current);
      stack.pop();
      addCost(stack.at(-1)!.current, atom);
    } else if (part === "|") {
      top.worst = { ...worse(top.worst, top.current), alternatives: true };
      top.current = fresh();
      atom = fresh();
    } else if (/^(?:[*+?]|\{\d*,?\d*\})$/.test(part) && part !== "{}") {
      const { least, most } = bounds(part);
      if (most > 1 && (atom.alternatives || atom.unbounded > 0 || atom.variable > 0))
        throw refuse("a repeated group that can match in several ways could take exponential time");
      if (most === Number.POSITIVE_INFINITY) top.current.unbounded++;
      else if (least !== most) top.current.variable++;
      if (source[i] === "?" || source[i] === "+") i++; // lazy or possessive
      atom = { unbounded: 1, variable: 0, alternatives: false };
    } else atom = fresh();
    const { unbounded, variable } = stack.at(-1)!.current;
    if (unbounded > limits.unbounded || variable > limits.variable)
      throw refuse("too many repetitions one after another could take too long");
  }
  if (stack.length !== 1) throw refuse("unbalanced parenthesis");
}

function addCost(into: Cost, cost: Cost): void {
  into.unbounded += cost.unbounded;
  into.variable += cost.variable;
  into.alternatives ||= cost.alternatives;
}

function bounds(quantifier: string): { least: number; most: number } {
  if (quantifier === "?") return { least: 0, most: 1 };
  if (quantifier === "*" || quantifier === "+") return { least: 0, most: Number.POSITIVE_INFINITY };
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
