// What compressing changed, in lines for a terminal.
import { alignedColumns } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import { changeName, changeNumber } from "../report/index.ts";
import type { Reaudit } from "./reaudit/reaudit.ts";
import type { Search, Tried } from "./search.ts";

/** Rows of groups are left to the report. */
const isShown = (name: string): boolean => !name.startsWith("groups.");

type Audited = Pick<Reaudit, "changes" | "answers" | "unmeasured">;

/** A table of size, time, scores and gaps before and after, and which answers changed. */
export function compressionText(
  { changes, answers, unmeasured, search }: Audited & { readonly search?: Search },
  language: Language,
): string {
  const order = ["size.bytes", "latency.ms"];
  const names = [...order, ...Object.keys(changes).filter((name) => isShown(name) && !order.includes(name))];
  const rows = names.flatMap((name) => {
    const found = changes[name];
    if (!found) return [];
    const { before, after, change } = found;
    const interval =
      change.low === undefined
        ? ""
        : `[${changeNumber(name, change.low, true)}, ${changeNumber(name, change.high!, true)}]`;
    const numbers = [changeNumber(name, before.value), changeNumber(name, after.value)];
    return [[changeName(name, language), ...numbers, changeNumber(name, change.value, true), interval]];
  });
  const head = (["what", "before", "after", "change", "interval"] as const).map((c) => say(language, `compress.${c}`));
  const table = alignedColumns([head, ...rows], ["left", "right"]);
  return [
    ...(search ? searchLines(search, language) : []),
    ...table,
    ...(answers ? [flipsText(answers, language)] : []),
    ...unmeasuredLines(unmeasured, language),
  ].join("\n");
}

/** Cells of a candidate: its name, ratios, the loss of the score, and whether it is on the front or was taken. */
export const candidateCells = ({ name, size, latency, drop, pareto, chosen }: Tried, language: Language): string[] => [
  name,
  `${size.toFixed(3)} ×`,
  `${latency.toFixed(2)} ×`,
  drop.toFixed(4).replace("-", "−"),
  chosen ? say(language, "compress.chosen") : pareto ? say(language, "compress.pareto") : "",
];

/** Heads of {@link candidateCells}. */
export const candidateHeads = ({ score }: Pick<Search, "score">, language: Language): string[] => [
  say(language, "compress.candidate"),
  say(language, "compress.sizeRatio"),
  say(language, "compress.latencyRatio"),
  say(language, "compress.drop", { score: changeName(score, language) }),
  "",
];

function searchLines(search: Search, language: Language): string[] {
  const rows = search.candidates.map((one) => candidateCells(one, language));
  return [
    ...alignedColumns([candidateHeads(search, language), ...rows], ["left", "right", "right", "right", "left"]),
    ...leftLines(search, language),
    "",
  ];
}

/** What a search did not try, and why, each a sentence. */
export const leftLines = ({ left = [] }: Search, language: Language): string[] =>
  (["time", "model", "private"] as const).flatMap((why) => {
    const names = left.filter((one) => one.why === why).map(({ name }) => name);
    return names.length ? [say(language, `compress.left.${why}`, { names: names.join("; ") })] : [];
  });

/** How many answers changed, which way, and how likely that is by chance. */
export const flipsText = (
  { changed, rows, becameWrong: wrong, becameRight: right, pValue }: NonNullable<Reaudit["answers"]>,
  language: Language,
): string => say(language, "compress.flips", { changed, rows, wrong, right, p: pValue.toPrecision(2) });

/** What was not measured, and why, each a sentence. */
export const unmeasuredLines = (unmeasured: Reaudit["unmeasured"], language: Language): string[] =>
  unmeasured.map((key) => say(language, key));
