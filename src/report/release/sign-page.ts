// The page on which a signer reads what a signature would approve, and approves it. It holds no script.
import { type Language, say } from "../../messages/index.ts";
import { facts, type Html, html, htmlDocument, table } from "../../pages/index.ts";
import type { Passport } from "../../passport/index.ts";
import { type Difference, differences } from "./differences.ts";
import { knownLimits } from "./facts.ts";
import { gateTable } from "./gate-table.ts";
import { decisionBox, passportAnswers } from "./plain-page.ts";

export interface SignPageInput {
  readonly language: Language;
  readonly passport: Passport;
  /** Keys that signed already. */
  readonly signedBy: readonly string[];
  /** SHA-256 of what is signed. */
  readonly digest: string;
  /** The file of the key that would sign. */
  readonly keyFile: string;
  readonly encrypted: boolean;
  /** Passport of the last release, where it is known. */
  readonly previous?: Passport;
  /** Secret of the form: another site cannot know it. */
  readonly formToken: string;
  /** What went wrong with the last try. */
  readonly problem?: string;
}

/** The page in one language, with a link to the other. */
export function signPage(input: SignPageInput): string {
  const { language, passport, digest, keyFile } = input;
  const other = language === "en" ? "zh" : "en";
  const body = html`<header><nav aria-label="Language / 语言"><ul><li><a href="/?lang=${other}" lang="${other === "zh" ? "zh-CN" : "en"}">${other === "zh" ? "中文" : "English"}</a></li></ul></nav></header>
<main>
<h1>${say(language, "signPage.title", { name: passport.name })}</h1>
<p>${say(language, "signPage.how")}</p>
${input.problem ? html`<div class="warnings" role="alert"><p>${input.problem}</p></div>` : undefined}
${decisionBox(passport, { signedBy: input.signedBy, at: passport.made }, language, "proposed")}
<h2>${say(language, "signPage.gates")}</h2>
${gateTable(passport, language)}
<h2>${say(language, "signPage.differences")}</h2>
${differenceTable(input)}
<h2>${say(language, "plain.limits")}</h2>
<ul>${knownLimits(passport, language).map((limit) => html`<li>${limit}</li>`)}</ul>
${passportAnswers(passport, language)}
<h2>${say(language, "signPage.approve")}</h2>
${facts([
  [say(language, "signPage.key"), html`<code>${keyFile}</code>`],
  [say(language, "signPage.digest"), html`<code>${digest}</code>`],
])}
${form(input)}
</main>`;
  const title = say(language, "signPage.title", { name: passport.name });
  return htmlDocument({ language, title, body, more: formStyle, forms: true });
}

function differenceTable({ previous, passport, language }: SignPageInput): Html {
  if (!previous) return html`<p>${say(language, "signPage.differences.unknown")}</p>`;
  const found: readonly Difference[] = differences(previous, passport, language);
  if (found.length === 0) return html`<p>${say(language, "signPage.differences.none")}</p>`;
  return table({
    caption: say(language, "signPage.differences.caption", { made: previous.made.slice(0, 10) }),
    columns: [say(language, "signPage.what"), say(language, "signPage.before"), say(language, "signPage.after")],
    rows: found.map(({ what, before, after }) => [what, before, after]),
    texts: [0, 1, 2],
  });
}

const form = ({ language, encrypted, formToken }: SignPageInput): Html => html`<form method="post" action="/sign">
<input type="hidden" name="token" value="${formToken}">
<input type="hidden" name="lang" value="${language}">
<p><label><input type="checkbox" name="read" value="yes" required> ${say(language, "signPage.read")}</label></p>
${encrypted ? html`<p><label>${say(language, "signPage.passphrase")} <input type="password" name="passphrase" autocomplete="off" required></label></p>` : undefined}
<p><button type="submit">${say(language, "signPage.sign")}</button></p>
</form>
<form method="post" action="/refuse">
<input type="hidden" name="token" value="${formToken}">
<input type="hidden" name="lang" value="${language}">
<p><button type="submit" class="quiet">${say(language, "signPage.refuse")}</button></p>
</form>`;

const formStyle = `
.decision{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--c3);border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0}
.decision.exception{border-left-color:var(--edge);background:var(--warn)}
button{font:inherit;padding:.5rem 1.25rem;border-radius:.5rem;border:1px solid var(--c1);background:var(--c1);color:var(--page);cursor:pointer}
button.quiet{background:transparent;color:var(--ink);border-color:var(--line)}
input[type=password]{font:inherit;padding:.4rem;border:1px solid var(--soft);border-radius:.35rem;background:var(--page);color:var(--ink)}
`;

/** The last page: signed, or not. */
export function signedPage(language: Language, name: string, outcome: "signed" | "refused"): string {
  const title = say(language, `signPage.${outcome}`, { name });
  return htmlDocument({
    language,
    title,
    body: html`<main><h1>${title}</h1><p>${say(language, "signPage.close")}</p></main>`,
  });
}
