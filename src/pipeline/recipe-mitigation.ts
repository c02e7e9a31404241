// The recipe's part on making groups' scores more alike while training.
import { z } from "zod";

/** How rows of groups count in training. */
export const groupWeightings = ["none", "reweighing", "balancing", "resampling", "group-robust"] as const;

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
  })
  .refine(({ attribute, weighting }) => weighting === "none" || attribute !== undefined, {
    path: ["attribute"],
    message: "weighting needs the attribute whose groups are meant",
  })
  .describe("What is done while training so that groups are served alike.");
