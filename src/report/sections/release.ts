// What let a model be released: gates, who signed, digests, limits that are known.
import { say } from "../../messages/index.ts";
import { limitText } from "../../passport/index.ts";
import { type Html, html } from "../html.ts";
import type { ReportInput } from "../input.ts";
import { short } from "../numbers.ts";
import { knownLimits } from "../release/facts.ts";
import { facts, table } from "../table.ts";

/** Undefined where the report is of a run, not of a release. */
export function releaseSection({ language, release }: ReportInput): Html | undefined {
  if (!release) return undefined;
  const { passport, signers } = release;
  const { policy, digests } = passport;
  const columns = (["value", "measured", "limit", "result"] as const).map((c) => say(language, `report.release.${c}`));
  const rows = policy.gates.map((gate) => [
    gate.value,
    short(gate.measured),
    limitText(gate),
    say(language, gate.passed ? "release.gate.passed" : "release.gate.overridden"),
  ]);
  return html`<p>${say(language, "report.release.text")}</p>
${table({ caption: say(language, "report.release.gates"), columns, rows, texts: [0, 3] })}
${facts([
  [say(language, "report.release.signers"), signers.map(({ role, name }) => `${role}: ${name}`).join("; ")],
  [say(language, "report.release.weights"), html`<code>${digests.model}</code>`],
  [say(language, "report.release.policy"), html`<code>${policy.digest}</code>`],
])}
<h3>${say(language, "report.release.limits")}</h3>
<ul>${knownLimits(passport, language).map((limit) => html`<li>${limit}</li>`)}</ul>`;
}
