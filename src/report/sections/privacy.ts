// What training guarantees about single rows, what is outside the guarantee, and what attacks found.
import { type Language, say } from "../../messages/index.ts";
import { type Html, html, isRecord, isScore, scoreCell, short, table } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { valueWords } from "../release/value-words.ts";
import { known } from "../words.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Undefined where training was not private and nothing was attacked. */
export function privacySection({ language, privacy, audit }: ReportInput): Html | undefined {
  const attacked = isRecord(audit?.privacy) && isRecord(audit.privacy.values) ? audit.privacy.values : undefined;
  if (!privacy && !attacked) return undefined;
  return html`${privacy ? statement(language, privacy) : html`<p>${say(language, "report.privacy.none")}</p>`}
${attacked && attacks(language, attacked)}`;
}

function statement(language: Language, privacy: Facts): Html {
  const { epsilon, delta, neighbours, mechanism, steps, accountants, noGuarantee } = privacy;
  const text = say(language, "report.privacy.statement", {
    epsilon: short(Number(epsilon)),
    delta: String(delta),
    neighbours: known(language, "report.privacy", String(neighbours)),
  });
  const number = (x: unknown) => (typeof x === "number" ? short(x) : "–");
  const outside = Array.isArray(noGuarantee) ? noGuarantee.map(String) : [];
  return html`<p>${text}</p>
<p>${say(language, isRecord(mechanism) && mechanism.unit === "person" ? "report.privacy.unit.person" : "report.privacy.unit")} ${isRecord(mechanism) ? mechanismText(language, mechanism, Number(steps)) : ""}${isRecord(mechanism) && Number(mechanism.draws) > 1 ? ` ${say(language, "report.privacy.draws", { draws: Number(mechanism.draws) })}` : ""}</p>
${table({
  caption: say(language, "report.privacy.accountants"),
  columns: (["accountant", "estimate", "lower", "upper"] as const).map((c) => say(language, `report.privacy.${c}`)),
  rows: (Array.isArray(accountants) ? accountants : [])
    .filter(isRecord)
    .map((a) => [
      known(language, "report.privacy", String(a.accountant)),
      number(a.estimate),
      number(a.lower),
      number(a.upper),
    ]),
})}
<p>${say(language, "report.privacy.outside")}</p>
<ul>${outside.map((name) => html`<li>${known(language, "report.privacy.outside", name)}</li>`)}</ul>`;
}

const mechanismText = (language: Language, m: Facts, steps: number): string =>
  say(language, "report.privacy.mechanism", {
    steps,
    rate: short(Number(m.sampleRate)),
    sampling: String(m.sampling),
    clip: short(Number(m.clip)),
    clipping: String(m.clipping),
    noise: short(Number(m.noiseMultiplier)),
  });

function attacks(language: Language, values: Facts): Html {
  const rows = Object.entries(values).filter(([name]) => !["privacy.epsilon", "privacy.delta"].includes(name));
  const shown = (value: unknown) =>
    isScore(value) ? scoreCell(value) : isRecord(value) ? short(Number(value.value)) : "–";
  const { value: references } = isRecord(values["privacy.membership.references"])
    ? values["privacy.membership.references"]
    : {};
  return html`<h3>${say(language, "report.privacy.attacks")}</h3>
${references === 0 ? html`<p>${say(language, "audit.membership.weak")}</p>` : undefined}
${table({
  caption: say(language, "report.privacy.attacks"),
  columns: [say(language, "report.privacy.attack"), say(language, "report.privacy.found")],
  rows: rows.map(([name, value]) => [valueWords(name, language), shown(value)]),
})}`;
}
