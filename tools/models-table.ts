// Writes the table of docs/models.md and docs/zh/models.md from what test/models/coverage.ts measures: npx tsx tools/models-table.ts
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Cell, type CoverageRow, columns, coverage, seenBy } from "../test/models/coverage.ts";

export const languages = ["en", "zh"] as const;
type Language = (typeof languages)[number];

const head: Record<Language, readonly string[]> = {
  en: ["model_type", "class", "load", "train", "LoRA", "ONNX", "round trip in Python", "in transformers.js"],
  zh: ["model_type", "类", "加载", "训练", "LoRA", "ONNX", "Python 往返", "transformers.js"],
};
const cells: Record<Language, Record<Cell, string>> = {
  en: { yes: "yes", none: "–", no: "no" },
  zh: { yes: "是", none: "–", no: "否" },
};

export const pagePath = (language: Language): string =>
  fileURLToPath(new URL(`../docs/${language === "en" ? "" : `${language}/`}models.md`, import.meta.url));

/** The table as Markdown, with the versions that Python was. */
export function table(rows: readonly CoverageRow[], language: Language): string {
  const line = (parts: readonly string[]) => `| ${parts.join(" | ")} |`;
  const body = rows.map((row) => line([row.type, row.architecture, ...columns.map((c) => cells[language][row[c]])]));
  const versions = ([4, 5] as const).map((major) => seenBy(major).versions.split(",")[0]).join(", ");
  return [
    "",
    line(head[language]),
    line(head[language].map(() => "---")),
    ...body,
    "",
    `Python: ${versions}.`,
    "",
  ].join("\n");
}

const [start, end] = ["<!-- table: written by tools/models-table.ts -->", "<!-- end of table -->"];

/** The table that a page holds. */
export function tableIn(page: string): string {
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`no place for the table: ${start} … ${end}`);
  return page.slice(before + start.length, after);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const rows = await coverage();
  for (const language of languages) {
    const page = readFileSync(pagePath(language), "utf8");
    writeFileSync(pagePath(language), page.replace(start + tableIn(page) + end, start + table(rows, language) + end));
  }
}
