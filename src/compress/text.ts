// What compressing changed, in lines for a terminal.
import { alignedColumns } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import { changeName, changeNumber } from "../report/index.ts";
import type { Reaudit } from "./reaudit/reaudit.ts";

/** Rows of groups are left to the report. */
const isShown = (name: string): boolean => !name.startsWith("groups.");

/** A table of size, time, scores and gaps before and after, and which answers changed. */
export function compressionText(
  { changes, answers }: Pick<Reaudit, "changes" | "answers">,
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
  return [...table, ...(answers ? [flipsText(answers, language)] : [])].join("\n");
}

/** How many answers changed, which way, and how likely that is by chance. */
export const flipsText = (
  { changed, rows, becameWrong: wrong, becameRight: right, pValue }: NonNullable<Reaudit["answers"]>,
  language: Language,
): string => say(language, "compress.flips", { changed, rows, wrong, right, p: pValue.toPrecision(2) });
