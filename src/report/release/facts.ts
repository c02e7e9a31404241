// What the renderings of a passport ask of it: groups of values by the first part of their names, and what is not there.
import { type Language, say } from "../../messages/index.ts";
import { short } from "../../pages/index.ts";
import {
  type Measured,
  type Passport,
  type Stated,
  type Statement,
  type StudyMember,
  statedIn,
} from "../../passport/index.ts";
import { known } from "../words.ts";
import { valueWords } from "./value-words.ts";

type Named = readonly (readonly [name: string, value: Measured])[];

/** A statement of the owner for a reader of English: its own words where there is no translation. */
export const english = (statement: Statement | undefined): string | undefined => statedIn(statement, "en")?.text;

/** Values whose name starts with `<prefix>.`, sorted, with the rest of the name. */
export const valuesUnder = (passport: Passport, prefix: string): Named =>
  Object.entries(passport.values)
    .filter(([name]) => name.startsWith(`${prefix}.`))
    .map(([name, value]) => [name.slice(prefix.length + 1), value] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** Scores of the whole test part: not by class, not by group. */
export const overallScores = (passport: Passport): Named =>
  valuesUnder(passport, "metrics").filter(([name]) => !/^(classes|groups)\./.test(name) && name !== "temperature");

/** True where this part of the audit measured something. */
export const wasAudited = (passport: Passport, part: string): boolean => valuesUnder(passport, part).length > 0;

/** Files of the release that hold evidence of a part, as they lie in it. */
export const evidenceOf = (passport: Passport, name: string): string | undefined =>
  Object.hasOwn(passport.digests.evidence, name) ? `evidence/${name}` : undefined;

/** ε that a member states, of its budget. */
export function spentText({ budget, spent }: StudyMember, language: Language): string {
  if (budget === null) return "–";
  if (spent === null) return say(language, "study.unstated", { budget });
  return say(language, "study.spent", { epsilon: short(spent.epsilon), delta: short(spent.delta), budget });
}

/** What rows have no guarantee, or none that anybody stated. */
function privacyLimits({ privacy, together }: Passport, language: Language): string[] {
  const owned = together?.members.filter(({ rounds }) => rounds > 0) ?? [];
  if (owned.length === 0 || owned.some(({ budget }) => budget === null))
    return privacy === null ? [say(language, "limit.noGuarantee")] : [];
  const silent = owned.filter(({ spent }) => spent === null).map(({ name }) => name);
  const outside = Array.isArray(privacy?.noGuarantee) ? privacy.noGuarantee.map(String) : [];
  const words = outside.map((name) => known(language, "report.privacy.outside", name)).join("; ");
  return [
    ...(silent.length ? [say(language, "limit.unstated", { members: silent.join(", ") })] : []),
    ...(words ? [say(language, "limit.outside", { what: words })] : []),
  ];
}

/** Limits that the passport itself shows, after those that its owner wrote; the owner's are in the language in which they are written. */
export function knownLimitStatements(passport: Passport, language: Language): Stated[] {
  const owners = passport.about.limits.map((limit) => statedIn(limit, language)).filter((limit) => limit !== undefined);
  return [...owners, ...shownLimits(passport, language).map((text) => ({ text, language }))];
}

/** The same as plain texts. */
export const knownLimits = (passport: Passport, language: Language = "en"): string[] =>
  knownLimitStatements(passport, language).map(({ text }) => text);

function shownLimits(passport: Passport, language: Language): string[] {
  const { gates, overrides } = passport.policy;
  const parts = (["fairness", "privacy", "explanation", "robustness"] as const).filter((p) => !wasAudited(passport, p));
  return [
    ...parts.map((part) => say(language, `limit.unaudited.${part}`)),
    ...privacyLimits(passport, language),
    ...gates
      .filter((gate) => !gate.passed)
      .map(({ value }) => {
        const reason = overrides.find((o) => o.value === value)?.reason ?? "–";
        return say(language, "limit.overridden", { value: valueWords(value, language), reason });
      }),
  ];
}
