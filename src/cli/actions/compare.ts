// concord compare: scores of runs with paired differences, and what their recipes say differently.
import { extname } from "node:path";
import { alignedColumns, visible } from "../../base/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import { type Language, say } from "../../messages/index.ts";
import { comparisonPage, comparisonTables } from "../../report/index.ts";
import { compareRuns, type RunComparison } from "../../runs/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";

/** @throws E_ARGUMENT for a page that is not called .html; as {@link compareRuns} */
export async function compare(
  folders: readonly string[],
  { out }: { readonly out?: string },
  context: CommandContext,
): Promise<void> {
  const { language, quiet, stderr } = context;
  if (out !== undefined && !/^\.html?$/i.test(extname(out)))
    throw argumentError("--out", {
      problem: "the name does not tell the format",
      expected: ".html",
      got: out,
    });
  const found = await compareRuns(folders);
  if (out !== undefined) await writeFileAtomically(out, [new TextEncoder().encode(comparisonPage(found, language))]);
  writeResult(context, { kind: "comparison", ...found }, () => textOf(found, language));
  if (out !== undefined && !quiet) stderr.write(`${say(language, "compare.written", { path: out })}\n`);
}

const longestCell = 60;
const shortened = (row: readonly string[]): string[] =>
  row.map((cell) => visible(cell.length > longestCell ? `${cell.slice(0, longestCell - 1)}…` : cell));

/** The comparison as aligned tables. */
function textOf(found: RunComparison, language: Language): string {
  const { scores, notes, recipes } = comparisonTables(found, language);
  const lines = (table: readonly string[][]) => alignedColumns(table.map(shortened));
  const differing = recipes.length ? lines(recipes) : [say(language, "compare.equal")];
  return [...scores.flatMap((table) => [...lines(table), ""]), ...notes, "", ...differing].join("\n");
}
