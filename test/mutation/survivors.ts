// Mutants that no test notices, as a committed list with a reason each, compared with what a run found. A mutant is known by the text of its line
// and the change, so that it stays known when lines move.
import { readFileSync } from "node:fs";

export const survivorsFile = "test/mutation/survivors.json";

/** A mutant that survived. */
export interface Survivor {
  readonly file: string;
  /** Its first line, without the space around it. */
  readonly code: string;
  /** `what stood there → what was put`, white space as one space. */
  readonly change: string;
  /** Why no test notices it: it does the same, or what it changes is promised nowhere. */
  readonly reason: string;
}

/** A mutant as a run reports it; lines and columns from 1. */
export interface Mutant {
  readonly file: string;
  readonly status: string;
  readonly replacement: string;
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

/**
 * What survived beside what is listed, for the files that a run has mutated.
 * @param sourceOf text of a file. Default as it is now
 * @returns `unlisted`, `gone` and `withoutReason` are faults; `kept` is the list with unlisted ones added and those that are gone taken out
 */
export function compareSurvivors(
  mutants: readonly Mutant[],
  listed: readonly Survivor[],
  sourceOf: (file: string) => string = (file) => readFileSync(file, "utf8"),
) {
  const survived = mutants
    .filter(({ status }) => status === "Survived" || status === "NoCoverage")
    .map((mutant) => ({ ...described(mutant, sourceOf(mutant.file).split("\n")), line: mutant.start.line }));
  const files = new Set(mutants.map(({ file }) => file));
  const known = counted(listed);
  const unlisted = survived.filter((one) => !taken(known, one));
  const found = counted(survived);
  const gone = listed.filter((one) => files.has(one.file) && !taken(found, one));
  const kept: Survivor[] = [
    ...listed.filter((one) => !gone.includes(one)),
    ...unlisted.map(({ file, code, change }) => ({ file, code, change, reason: "" })),
  ].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  return { survived, unlisted, gone, withoutReason: listed.filter(({ reason }) => reason.trim() === ""), kept };
}

function described({ file, replacement, start, end }: Mutant, lines: readonly string[]) {
  const within = lines.slice(start.line - 1, end.line);
  const last = within.at(-1)!.slice(0, end.column - 1);
  const whole = [...within.slice(0, -1), last].join("\n").slice(start.column - 1);
  const short = (text: string) => text.replace(/\s+/g, " ").slice(0, 120);
  return { file, code: lines[start.line - 1]!.trim(), change: `${short(whole)} → ${short(replacement)}` };
}

type Known = Pick<Survivor, "file" | "code" | "change">;
const nameOf = ({ file, code, change }: Known) => JSON.stringify([file, code, change]);

/** How often each occurs: a line may stand twice in a file. */
function counted(all: readonly Known[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  return counts;
}

/** Takes one of those that are left; false where none is. */
function taken(left: Map<string, number>, one: Known): boolean {
  const count = left.get(nameOf(one)) ?? 0;
  left.set(nameOf(one), count - 1);
  return count > 0;
}
