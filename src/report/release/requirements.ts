// Tables that answer a law's or a framework's questions from a passport: each row links to its evidence, or says that there is none.

import { limitText, type Measured, type Passport } from "../../passport/index.ts";
import { inputSize } from "../model-inputs.ts";
import { count } from "../numbers.ts";
import { evidenceOf, headline, knownLimits, overallScores, valuesUnder, wasAudited } from "./facts.ts";
import { measured, plain, table } from "./markdown.ts";

/** A question and how a passport answers it; undefined where it does not. */
export interface Requirement {
  readonly id: string;
  /** The question, in our words. */
  readonly asks: string;
  answer(passport: Passport): string | undefined;
}

/** Words in the place of evidence. */
export const notEvidenced = "**not evidenced**";

/** The table of a list of requirements, and how many of them are evidenced. */
export function requirementTable(passport: Passport, requirements: readonly Requirement[]): string {
  const rows = requirements.map(({ id, asks, answer }) => [id, asks, answer(passport) ?? notEvidenced]);
  const answered = rows.filter(([, , text]) => text !== notEvidenced).length;
  return `${answered} of ${rows.length} points have evidence in this release.\n\n${table(["point", "asks for", "evidence"], rows)}`;
}

const link = (text: string, path: string) => `${text} ([${path}](${path}))`;
const stated = (text: string | undefined) => (text ? `${plain(text)} (owner's statement)` : undefined);
const some = (named: readonly (readonly [string, Measured])[], most = 4) =>
  named
    .slice(0, most)
    .map(([k, v]) => `${plain(k)} ${measured(v)}`)
    .join("; ");

/** Answers that both tables give. */
export const answers = {
  purpose: ({ about }: Passport) => stated(about.purpose),
  users: ({ about }: Passport) => stated(about.users),
  oversight: ({ about }: Passport) => stated(about.oversight),
  misuse: ({ about }: Passport) => stated(about.misuse),
  contact: ({ about }: Passport) => stated(about.contact),
  limits: (p: Passport) => link(`${knownLimits(p).length} known limits`, "model/README.md"),
  versions: (p: Passport) =>
    link(
      Object.entries(p.versions)
        .map(([k, v]) => `${plain(k)} ${plain(v)}`)
        .join(", "),
      "bom.cdx.json",
    ),
  method: ({ model }: Passport) =>
    link(
      `${model.from ? `fine-tuned from ${plain(model.from)}` : "trained from random weights"}, ${plain(model.method)}; every setting`,
      "recipe.yaml",
    ),
  architecture: ({ model, machine }: Passport) =>
    `${plain(model.architecture)}, ${count(model.parameters)} parameters, ${inputSize(model)}; trained on ${plain(machine)}`,
  data: (p: Passport) =>
    link(
      `${Object.entries(p.rows)
        .map(([k, n]) => `${plain(k)} ${count(n)} rows`)
        .join(", ")}; digests of each part`,
      "passport.json",
    ),
  performance: (p: Passport) => link(some(overallScores(p)), evidenceOf(p, "metrics.json") ?? "passport.json"),
  groups: (p: Passport) => {
    const path = evidenceOf(p, "audit/fairness.json");
    const found = wasAudited(p, "fairness") ? headline(p, "fairness") : valuesUnder(p, "metrics.groups");
    return found.length ? link(some(found), path ?? evidenceOf(p, "metrics.json") ?? "passport.json") : undefined;
  },
  fairness: (p: Passport) => audited(p, "fairness"),
  privacy: (p: Passport) => audited(p, "privacy"),
  explanation: (p: Passport) => audited(p, "explanation"),
  robustness: (p: Passport) => audited(p, "robustness"),
  integrity: (p: Passport) => link(`weights signed, SHA-256 ${p.digests.model.slice(0, 16)}…; logged`, "model.sig"),
  gates: (p: Passport) =>
    link(
      p.policy.gates
        .map((g) => `${plain(g.value)} ${limitText(g)}: ${g.passed ? "passed" : "overridden"}`)
        .slice(0, 6)
        .join("; "),
      "passport.json",
    ),
  size: (p: Passport) => {
    const found = [...valuesUnder(p, "size"), ...valuesUnder(p, "speed"), ...valuesUnder(p, "memory")];
    return found.length ? link(some(found, 6), "passport.json") : undefined;
  },
  none: () => undefined,
} as const satisfies Record<string, Requirement["answer"]>;

function audited(passport: Passport, part: string): string | undefined {
  const path = evidenceOf(passport, `audit/${part}.json`);
  return path && wasAudited(passport, part) ? link(some(headline(passport, part)), path) : undefined;
}
