// What was done to a table of answers before it was audited, in lines for a terminal.
import { type Language, say } from "../messages/index.ts";
import type { TableFindings } from "./audit-table.ts";
import { fairnessText } from "./stages/audit/fairness-text.ts";

/** Rows that were left out, answers that no truth has, how numbers were grouped; then the audit. */
export function tableText(findings: TableFindings, language: Language): string {
  const { withoutTruth, withoutAnswer, strangeAnswers, bins } = findings.reading;
  const lines: string[] = [];
  if (withoutTruth) lines.push(say(language, "audit.table.withoutTruth", { rows: withoutTruth }));
  if (withoutAnswer) lines.push(say(language, "audit.table.withoutAnswer", { rows: withoutAnswer }));
  const strange = Object.entries(strangeAnswers);
  if (strange.length)
    lines.push(
      say(language, "audit.table.strange", {
        rows: strange.reduce((sum, [, rows]) => sum + rows, 0),
        answers: strange
          .slice(0, 6)
          .map(([answer]) => answer)
          .join(", "),
      }),
    );
  for (const [attribute, { edges, found }] of Object.entries(bins))
    lines.push(
      say(language, found ? "audit.table.fifths" : "audit.table.edges", { attribute, edges: edges.join(", ") }),
    );
  return [...lines, fairnessText(findings, language)].join("\n");
}
