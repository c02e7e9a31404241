// The recipe's part on what is audited after evaluation. Every part may be turned off with `false`.
import { z } from "zod";

const off = z.literal(false);

const fairness = z.strictObject({});

const privacy = z.strictObject({
  rows: z
    .int()
    .min(40)
    .default(2000)
    .describe("Training rows that are attacked, and as many that were not trained on."),
  references: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(
      "Models trained like this one on random halves of the attacked rows: stronger attacks, each at the price of training.",
    ),
  candidates: z.int().min(20).max(10_000).default(200).describe("Secrets that a canary is compared with."),
});

const explanation = z.strictObject({});

const robustness = z.strictObject({});

/** `audit: {}` asks for every part with its defaults. */
export const auditSchema = z
  .strictObject({
    fairness: z
      .union([off, fairness])
      .prefault({})
      .describe("Differences between groups (data.attributes) and their intersections."),
    privacy: z.union([off, privacy]).prefault({}).describe("What an attacker learns about training rows."),
    explanation: z
      .union([off, explanation])
      .prefault({})
      .describe("Which words drive answers, and how faithful that is."),
    robustness: z
      .union([off, robustness])
      .prefault({})
      .describe("Misspellings, other words, foreign texts, prediction sets."),
  })
  .describe("Fairness, privacy, explanation and robustness of the model, measured.");

/** What a recipe says of audits, defaults filled in. */
export type AuditSettings = z.output<typeof auditSchema>;

/** Names of the parts of an audit, in the order in which they run. */
export const auditParts = ["fairness", "privacy", "explanation", "robustness"] as const;
export type AuditPartName = (typeof auditParts)[number];
