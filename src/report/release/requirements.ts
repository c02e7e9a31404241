// Tables that answer a law's or a framework's questions from a passport: each row links to its evidence, or says that there is none.

import { count } from "../../pages/index.ts";
import { limitText, type Passport, type Statement } from "../../passport/index.ts";
import { inputSize } from "../model-inputs.ts";
import { auditFinding, costFinding, type Finding, groupFinding, performanceFinding } from "./chosen-values.ts";
import { english, knownLimits } from "./facts.ts";
import { measured, plain, table } from "./markdown.ts";
import { amountOf, boundWords, valueWords } from "./value-words.ts";

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

const link = (text: string, ...paths: readonly string[]) =>
  `${text} (${paths.map((path) => `[${path}](${path})`).join(", ")})`;
function stated(statement: Statement | undefined): string | undefined {
  const text = english(statement);
  return text && `${plain(text)} (owner's statement)`;
}
const limits = (p: Passport) => link(`${knownLimits(p).length} known limits`, "model/README.md");
const joined = (...parts: readonly (string | undefined)[]): string | undefined =>
  parts.filter((part) => part !== undefined).join(". ") || undefined;

/** Values that a cell shows; the linked files hold all. */
const mostShown = 6;

/** The values of a finding in words, and links to all of its evidence. */
function found(finding: Finding | undefined): string | undefined {
  if (!finding?.values.length) return undefined;
  const { values, files } = finding;
  const more = values.length - mostShown;
  const shown = values
    .slice(0, mostShown)
    .map(([name, value]) => `${plain(valueWords(name, "en"))}: ${measured(name, value)}`)
    .join("; ");
  return link(more > 0 ? `${shown}; ${more} more values` : shown, ...files);
}

/** The results of all gates, failed ones first, with the number that was compared. */
function gateTexts({ policy: { gates }, values }: Passport): string {
  return [...gates]
    .sort((a, b) => Number(a.passed) - Number(b.passed))
    .map((gate) => {
      const amount = (n: number) => amountOf(gate.value, n);
      const bound = boundWords(gate, values[gate.value], "en");
      const result = gate.passed ? "passed" : "FAILED, approved as an exception";
      return `${result}: ${plain(valueWords(gate.value, "en"))} ${amount(gate.measured)} (${bound}), limit ${limitText(gate, amount)}`;
    })
    .join("; ");
}

/** Answers that both tables give. */
export const answers = {
  purpose: ({ about }: Passport) => stated(about.purpose),
  users: ({ about }: Passport) => stated(about.users),
  purposeAndUsers: ({ about }: Passport) => joined(stated(about.purpose), stated(about.users)),
  instructions: ({ about }: Passport) => stated(about.instructions),
  oversight: ({ about }: Passport) => stated(about.oversight),
  misuse: ({ about }: Passport) => stated(about.misuse),
  contact: ({ about }: Passport) => stated(about.contact),
  limits,
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
  performance: (p: Passport) => found(performanceFinding(p)),
  capabilities: (p: Passport) => joined(found(performanceFinding(p)), limits(p)),
  groups: (p: Passport) => found(groupFinding(p)),
  fairness: (p: Passport) => found(auditFinding(p, "fairness")),
  privacy: (p: Passport) => found(auditFinding(p, "privacy")),
  explanation: (p: Passport) => found(auditFinding(p, "explanation")),
  robustness: (p: Passport) => found(auditFinding(p, "robustness")),
  oversightInUse: (p: Passport) => joined(stated(p.about.oversight), found(auditFinding(p, "explanation"))),
  integrity: (p: Passport) => link(`weights signed, SHA-256 ${p.digests.model.slice(0, 16)}…; logged`, "model.sig"),
  gates: (p: Passport) => link(gateTexts(p), "passport.json"),
  cost: (p: Passport) => found(costFinding(p)),
  none: () => undefined,
} as const satisfies Record<string, Requirement["answer"]>;
