// The recipe's part on making groups' scores more alike while training.
import { z } from "zod";
import { fairCriteria } from "../fairness/index.ts";
import { labelName } from "./recipe-data.ts";

/** How rows of groups count in training. */
export const groupWeightings = ["none", "reweighing", "balancing", "resampling", "group-robust"] as const;

/** How answers are made of what the trained model says. */
export const decisionRules = ["model", "group-thresholds", "linear-post", "exponentiated-gradient"] as const;

export const mitigationSchema = z
  .strictObject({
    attribute: z.string().optional().describe("Column of data.attributes whose groups are made more alike."),
    weighting: z
      .enum(groupWeightings)
      .default("none")
      .describe(
        "reweighing: labels independent of groups (Kamiran & Calders); balancing: every group weighs the same; resampling: rows of smaller groups repeated; group-robust: groups with higher loss weigh more from step to step (Sagawa).",
      ),
    strength: z
      .number()
      .gt(0)
      .max(1)
      .default(1)
      .describe("Of balancing and resampling: 1 makes groups equal, less goes part of the way."),
    stepSize: z.number().gt(0).max(1).default(0.01).describe("Of group-robust: how fast weights follow losses."),
    words: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Table with columns from and to: phrases, and how a group puts them. Training texts that have such a phrase are learned once more in those words.",
      ),
    augment: z
      .boolean()
      .default(false)
      .describe("Training texts that say who they are about are learned once more about somebody else."),
    pairing: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        "Weight λ of logit pairing (Garg): texts that say who they are about are paired with the same text about somebody else, and how far their logits lie apart is added to the loss. Try 0.1; much more than 0.3 may leave one answer to everything.",
      ),
    decisions: z
      .enum(decisionRules)
      .default("model")
      .describe(
        "After training, for single labels. model: its likeliest label; group-thresholds: thresholds by group (Hardt), which need the attribute of each text that is answered; linear-post: by estimated probabilities of the groups (Xian & Zhao), which need it of none; exponentiated-gradient: the head is learned anew on the frozen rest under a bound (Agarwal).",
      ),
    criterion: z
      .enum(fairCriteria)
      .default("demographic-parity")
      .describe(
        "Of decisions, what is made alike between groups: shares of answers; shares found among rows of a label; or those and false alarms.",
      ),
    positive: labelName.optional().describe("Of decisions: the label whose shares are meant. Default every label."),
    tolerance: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.02)
      .describe("Of decisions: the largest difference between two groups that is aimed at, on the dev part."),
    cost: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe("Of decisions: accuracy on the dev part that may be lost for it."),
  })
  .refine(({ attribute, decisions }) => decisions === "model" || attribute !== undefined, {
    path: ["attribute"],
    message: "decisions need the attribute whose groups are meant",
  })
  .refine(({ attribute, weighting }) => weighting === "none" || attribute !== undefined, {
    path: ["attribute"],
    message: "weighting needs the attribute whose groups are meant",
  })
  .describe("What is done while training so that groups are served alike.");
