// The technical documentation of Annex IV of the EU AI Act (Regulation (EU) 2024/1689) as far as a passport evidences it. The
// questions are in our words; the law's text counts.
import type { Passport } from "../../passport/index.ts";
import { plain } from "./markdown.ts";
import { answers, type Requirement, requirementTable } from "./requirements.ts";

const row = (id: string, asks: string, answer: Requirement["answer"]): Requirement => ({ id, asks, answer });

/** The points of Annex IV. */
export const annexIv: readonly Requirement[] = [
  row("1(a)", "intended purpose, provider, version", answers.purposeAndUsers),
  row("1(b)", "interaction with other hardware and software", answers.none),
  row("1(c)", "versions of software", answers.versions),
  row(
    "1(d)",
    "forms in which it is placed on the market",
    (p) => `files of this release: ${Object.keys(p.digests.files).length} under \`model/\`, \`onnx/\``,
  ),
  row("1(e)", "hardware it is meant to run on", answers.none),
  row("1(f)", "photographs of the product it is part of", answers.none),
  row("1(g)", "user interface for the deployer", answers.none),
  row("1(h)", "instructions for use", answers.instructions),
  row("2(a)", "methods and steps of development, pre-trained systems used", answers.method),
  row("2(b)", "design: logic, choices, what is optimised, trade-offs", answers.method),
  row("2(c)", "architecture and computing resources", answers.architecture),
  row("2(d)", "data: provenance, selection, labelling, cleaning", answers.data),
  row("2(e)", "measures of human oversight", answers.oversight),
  row("2(f)", "changes that are determined in advance", answers.none),
  row("2(g), accuracy", "validation and testing: data, metrics, logs", answers.performance),
  row("2(g), robustness", "metrics of robustness", answers.robustness),
  row("2(g), discrimination", "potentially discriminatory impacts", answers.fairness),
  row("2(h)", "cybersecurity measures", answers.integrity),
  row("3, capabilities", "capabilities and limits of performance", answers.capabilities),
  row("3, groups", "accuracy for persons or groups it is meant for", answers.groups),
  row("3, risks", "foreseeable unintended outcomes and sources of risk", answers.misuse),
  row("3, oversight", "human oversight in use, and explanation of outputs", answers.oversightInUse),
  row("4", "why the performance metrics are appropriate", answers.none),
  row("5", "risk management system", answers.gates),
  row("6", "changes through the life of the system", answers.none),
  row("7", "harmonised standards applied", answers.none),
  row("8", "EU declaration of conformity", answers.none),
  row("9", "plan for monitoring after it is on the market", answers.none),
];

/** `annex-iv.md`. */
export const annexIvFile = (passport: Passport): string =>
  `# Technical documentation: ${plain(passport.name)}\n\nPoints of Annex IV of Regulation (EU) 2024/1689, in our words, with the evidence that this release holds. Made from the signed passport; it is no declaration of conformity.\n\n${requirementTable(passport, annexIv)}\n`;
