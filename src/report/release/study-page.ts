// The report of a study's release: who learned together, what each round counted, and every value, made from the passport alone.
import { type Language, say } from "../../messages/index.ts";
import { type Content, count, type Html, html, htmlDocument, short } from "../../pages/index.ts";
import type { Measured, Passport } from "../../passport/index.ts";
import { countedNames, leftOutNotes, stateText } from "../study-report.ts";
import { spentText } from "./facts.ts";

/** HTML, English first, then Chinese. @param signers who has signed */
export function studyPage(
  passport: Passport,
  signers: readonly { readonly role: string; readonly name: string }[],
): string {
  const body = html`<main>
${(["en", "zh"] as const).map((language) => article(passport, signers, language))}
</main>`;
  return htmlDocument({ language: "en", title: say("en", "study.title", { name: passport.name }), body });
}

const table = (head: readonly string[], rows: readonly (readonly Content[])[]): Html => html`<table>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody>
</table>`;

const measured = ({ value, low, high }: Measured): string =>
  low === undefined || high === undefined ? short(value) : `${short(value)} [${short(low)}, ${short(high)}]`;

function article(
  { name, together, values }: Passport,
  signers: readonly { readonly role: string; readonly name: string }[],
  language: Language,
): Html {
  const t = (key: "member" | "rounds" | "epsilon" | "round" | "survivors" | "rows" | "model" | "value" | "signers") =>
    say(language, `study.${key}`);
  if (!together) return html``;
  return html`<article lang="${language === "zh" ? "zh-CN" : "en"}">
<h1>${say(language, "study.title", { name })}</h1>
<p>${say(language, "study.how", { members: together.members.length, threshold: together.threshold, strategy: together.strategy })}</p>
${table(
  [t("member"), t("rounds"), say(language, "studyReport.member.state"), t("epsilon")],
  together.members.map((m) => [m.name, m.rounds, stateText(m, language), spentText(m, language)]),
)}
${table(
  [t("round"), t("survivors"), t("rows"), t("model")],
  together.rounds.map((r) => [r.round, countedNames(r).join(", "), count(r.examples), r.model.slice(0, 16)]),
)}
${leftOutNotes(together.rounds, language)}
${table(
  [t("value"), ""],
  Object.entries(values).map(([key, value]) => [key, measured(value)]),
)}
<p>${t("signers")}: ${signers.map((s) => `${s.name} (${s.role})`).join(", ")}</p>
</article>
`;
}
