// The audit of a table of predictions as a page that an auditor can hand on.
import { basename } from "node:path";
import { fileDigest } from "../formats/node/index.ts";
import type { Language } from "../messages/index.ts";
import { auditPage } from "../report/index.ts";
import { versions } from "../stages/index.ts";
import type { AuditTableOptions, TableFindings } from "./audit-table.ts";
import { tableRemarks } from "./audit-table-text.ts";

/**
 * HTML of one self-contained page: the verdict, groups as charts and tables, gaps, what was done to the table, its SHA-256 and the options.
 * @param options as given to `auditTable`, whose findings these are
 * @throws E_IO where the table cannot be read again for its digest
 * @example await writeFile("audit.html", await auditTablePage("answers.csv", options, await auditTable("answers.csv", options), "en"));
 */
export async function auditTablePage(
  file: string,
  options: AuditTableOptions,
  findings: TableFindings,
  language: Language,
): Promise<string> {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return auditPage({
    language,
    table: basename(file),
    digest: await fileDigest(file),
    made: new Date().toISOString(),
    version: versions().concord ?? "",
    findings: { ...findings },
    remarks: tableRemarks(findings, language).map((text) => text.replaceAll(file, basename(file))), // its folder is nobody's business
    options: given.map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]),
  });
}
