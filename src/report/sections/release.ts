// What let a model be released: gates, who signed, digests, limits that are known.
import { say } from "../../messages/index.ts";
import { facts, type Html, html } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { knownLimits } from "../release/facts.ts";
import { gateTable } from "../release/gate-table.ts";

/** Undefined where the report is of a run, not of a release. */
export function releaseSection({ language, release }: ReportInput): Html | undefined {
  if (!release) return undefined;
  const { passport, signers } = release;
  const { policy, digests } = passport;
  return html`<p>${say(language, "report.release.text")}</p>
${gateTable(passport, language)}
${facts([
  [say(language, "report.release.signers"), signers.map(({ role, name }) => `${role}: ${name}`).join("; ")],
  [say(language, "report.release.weights"), html`<code>${digests.model}</code>`],
  [say(language, "report.release.policy"), html`<code>${policy.digest}</code>`],
])}
<h3>${say(language, "report.release.limits")}</h3>
<ul>${knownLimits(passport, language).map((limit) => html`<li>${limit}</li>`)}</ul>`;
}
