// The audit of a table of predictions as a page: for whom they are worse, and how that was computed. Computes nothing.
import { type Language, say } from "../messages/index.ts";
import { count, facts, type Html, html, htmlDocument, isRecord } from "../pages/index.ts";
import { constantText, fairnessSection } from "./sections/fairness.ts";
import { groupsSection } from "./sections/groups.ts";
import { groupsOf, moreRows, type Point, pointsSection, whomPoint } from "./sections/verdict.ts";

type Facts = Readonly<Record<string, unknown>>;

/** What an audit of a table found and how it was asked. */
export interface AuditPageInput {
  readonly language: Language;
  /** Name of the table, and the SHA-256 of its bytes. */
  readonly table: string;
  readonly digest: string;
  /** When the audit was made, ISO 8601, and by which version of Concord. */
  readonly made: string;
  readonly version: string;
  /** As `concord audit --out` writes them. */
  readonly findings: Facts;
  /** What was done to the table before, in sentences of this language. */
  readonly remarks: readonly string[];
  /** Options that were given, by name. */
  readonly options: readonly (readonly [string, string])[];
}

/**
 * A page that needs nothing but itself.
 * @returns HTML, about 30 to 100 kB
 * @example await writeFile("audit.html", await auditPage(input));
 */
export async function auditPage(input: AuditPageInput): Promise<string> {
  const { language, table, digest, made, version, findings, remarks, options } = input;
  const title = say(language, "audit.page.title", { table });
  const charts = await groupsSection(scoredOf(input));
  const when = made.slice(0, 16).replace("T", " ");
  const section = (id: string, name: string, content: Html | undefined) =>
    content && html`<section aria-labelledby="${id}"><h2 id="${id}">${name}</h2>\n${content}</section>\n`;
  const body = html`<header>
<h1>${title}</h1>
<p>${say(language, "report.made", { when, version })} (UTC)</p>
${pointsSection(pointsOf(input), language)}
${remarks.length ? html`<aside class="warnings" aria-labelledby="warnings"><h2 id="warnings">${say(language, "report.warnings")}</h2><ul>${remarks.map((text) => html`<li>${text}</li>`)}</ul></aside>` : undefined}
</header>
<main>
${section("groups", say(language, "report.groups"), charts)}
${section("fairness", say(language, "report.fairness"), fairnessSection({ language, audit: { fairness: findings } }))}
${section(
  "how",
  say(language, "audit.page.how"),
  facts([
    [say(language, "audit.page.rows"), count(Number(findings.rows))],
    ["SHA-256", html`<code>${digest}</code>`],
    ...options.map(([name, value]): [string, Html] => [name, html`<code>${value}</code>`]),
  ]),
)}</main>`;
  return htmlDocument({ language, title, body });
}

const singles = ({ groupings }: Facts): Facts[] =>
  (Array.isArray(groupings) ? groupings : [])
    .filter(isRecord)
    .filter(({ attributes }) => Array.isArray(attributes) && attributes.length === 1);

/** The main measure of each group as the section of scores by group reads them. */
function scoredOf({ language, findings }: AuditPageInput) {
  const [first = {}] = singles(findings);
  const measure = constantText(language, findings, first)?.measure ?? "accuracy";
  const groups = singles(findings).map(({ attributes, groups: found }) => [
    String((attributes as unknown[])[0]),
    Object.fromEntries(
      Object.entries(isRecord(found) ? found : {}).flatMap(([name, group]) => {
        if (!isRecord(group)) return [];
        const score = isRecord(group.measures) ? group.measures[measure] : undefined;
        return [[name, { rows: group.rows, ...(score === undefined ? {} : { [measure]: score }) }]];
      }),
    ),
  ]);
  const overall = isRecord(first.overall) ? first.overall[measure] : undefined;
  const metrics: Facts = { groups: Object.fromEntries(groups), [measure]: overall };
  return { language, metrics, task: "single-label" as const, testRows: Number(findings.rows), pairs: [] };
}

function pointsOf({ language, findings }: AuditPageInput): { good: Point; whom: Point; next: Point } {
  const audited = { audit: { fairness: findings }, metrics: {}, data: noData };
  const groups = groupsOf(audited);
  const beside = constantText(language, findings, singles(findings)[0] ?? {});
  const good: Point = beside
    ? {
        lead: beside.text,
        numbers: beside.better ? undefined : say(language, "report.fairness.notBetter"),
        bad: !beside.better,
      }
    : { lead: say(language, "verdict.alone") };
  return { good, whom: whomPoint({ language, metrics: {} }, groups), next: { lead: nextStep(language, groups) } };
}

/** The verdict needs nothing of the data but whether attributes were named. */
const noData = { attributes: {} };

function nextStep(language: Language, { gap, state }: ReturnType<typeof groupsOf>): string {
  if (!gap) return say(language, `verdict.next.${state === "incomparable" ? "compare" : "groups"}`);
  if (gap.verdict === "undetermined") return moreRows(language, gap);
  return say(language, gap.verdict === "gap" ? "audit.page.cause" : "audit.page.again");
}
