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
    attribute: z
      .string()
      .optional()
      .describe("Attribute (one of data.attributes) whose group differences are reduced."),
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
      .describe("Strength of balancing and resampling: 1 makes groups equal; smaller values do less."),
    stepSize: z.number().gt(0).max(1).default(0.01).describe("Step size of the group weights of group-robust."),
    words: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Table with the columns from and to: phrases, and how a group words them. Training texts with such a phrase are added again with the replacement.",
      ),
    augment: z
      .boolean()
      .default(false)
      .describe(
        "Counterfactual data augmentation: training texts that mention a person are added again about another person.",
      ),
    pairing: z
      .number()
      .min(0)
      .max(1000)
      .default(0)
      .describe(
        "Weight λ of counterfactual logit pairing (Garg). The loss includes the difference of logits between a text and its copy about another person. Start with 0.1. Values well above 0.3 can collapse all predictions to one label.",
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
        "Fairness criterion of decisions: equal selection rates, equal true positive rates, or equal true and false positive rates.",
      ),
    positive: labelName.optional().describe("Decisions: label whose rates are compared. Default: every label."),
    tolerance: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.02)
      .describe("Decisions: target for the largest difference between two groups on the validation set."),
    cost: z
      .number()
      .min(0)
      .max(1)
      .default(0.05)
      .describe("Decisions: accuracy on the validation set that may be lost for this."),
  })
  .refine(({ attribute, decisions }) => decisions === "model" || attribute !== undefined, {
    path: ["attribute"],
    message: "decisions need the attribute whose groups are meant",
  })
  .refine(({ attribute, weighting }) => weighting === "none" || attribute !== undefined, {
    path: ["attribute"],
    message: "weighting needs the attribute whose groups are meant",
  })
  .describe("Bias mitigation: what training does against differences between groups.");
