// The NIST AI Risk Management Framework (AI 100-1, version 1.0) as far as a passport evidences it. Subcategories in our words.
import type { Passport } from "../../passport/index.ts";
import { plain } from "./markdown.ts";
import { answers, type Requirement, requirementTable } from "./requirements.ts";

const row = (id: string, asks: string, answer: Requirement["answer"]): Requirement => ({ id, asks, answer });

/** The subcategories that concern one released model. */
export const aiRmf: readonly Requirement[] = [
  row("GOVERN 1.4", "risk management is set out and its outcomes are open to see", answers.gates),
  row("GOVERN 1.5", "monitoring and review are planned", answers.none),
  row("GOVERN 2.1", "who is responsible for what", answers.contact),
  row("GOVERN 6.1", "risks from third parties' software and data", answers.versions),
  row("MAP 1.1", "purpose, users and setting", answers.purposeAndUsers),
  row("MAP 1.6", "requirements are understood from those concerned", answers.none),
  row("MAP 2.1", "the task and the methods", answers.method),
  row("MAP 2.2", "limits of its knowledge, and how people oversee it", answers.limits),
  row("MAP 2.3", "scientific integrity: data selection, construct validity", answers.data),
  row("MAP 3.5", "human oversight", answers.oversight),
  row("MAP 5.1", "likelihood and size of harms", answers.misuse),
  row("MEASURE 1.1", "metrics for the largest risks are chosen", answers.gates),
  row("MEASURE 2.1", "test sets, metrics and tools are documented", answers.performance),
  row("MEASURE 2.3", "performance under conditions like those of use", answers.groups),
  row("MEASURE 2.4", "behaviour in use is monitored", answers.none),
  row("MEASURE 2.5", "valid and reliable, limits of generalisation", answers.robustness),
  row("MEASURE 2.6", "safe, fails safely", answers.none),
  row("MEASURE 2.7", "secure and resilient", answers.integrity),
  row("MEASURE 2.8", "transparent and accountable", answers.integrity),
  row("MEASURE 2.9", "explained, and its output interpreted in context", answers.explanation),
  row("MEASURE 2.10", "privacy risk", answers.privacy),
  row("MEASURE 2.11", "fairness and bias", answers.fairness),
  row("MEASURE 2.12", "environmental impact (energy was not measured; size, speed and memory were)", answers.cost),
  row("MANAGE 1.1", "whether it meets its purpose and may be released", answers.gates),
  row("MANAGE 2.4", "how to overrule or stop it", answers.oversight),
  row("MANAGE 4.1", "monitoring after deployment", answers.none),
];

/** `ai-rmf.md`. */
export const aiRmfFile = (passport: Passport): string =>
  `# NIST AI RMF 1.0: ${plain(passport.name)}\n\nSubcategories that concern one model, in our words, with the evidence that this release holds. Made from the signed passport.\n\n${requirementTable(passport, aiRmf)}\n`;
