// The recipe's keys of every training run, pretraining and adapting alike, those of private training, and what does not go with them.
import { z } from "zod";
import { thatHold } from "./conditions.ts";
import { count, share } from "./recipe-data.ts";
import type { RecipeFault } from "./recipe-fault.ts";

export const privacySchema = z
  .strictObject({
    epsilon: z.number().positive().optional().describe("Privacy budget ε. The noise is computed from it."),
    delta: z.number().gt(0).lt(1).optional().describe("δ of the privacy budget. Default 1/n^1.1 for n training rows."),
    noise: z.number().positive().optional().describe("Noise multiplier, instead of one computed from ε."),
    clip: z.number().positive().default(1).describe("Clipping norm of per-row gradients."),
    sampling: z
      .enum(["poisson", "fixed"])
      .default("poisson")
      .describe(
        "Sampling of batches: Poisson (ε for one row added or removed) or fixed size (ε for one row replaced).",
      ),
    clipping: z
      .enum(["flat", "per-layer"])
      .default("flat")
      .describe("Clipping of all layers together (flat), or of each layer."),
    microBatch: count.default(16).describe("Rows per micro-batch. A batch is split into as many as needed."),
    draws: z
      .union([z.literal(1), z.literal(4)])
      .default(4)
      .describe(
        "Number of Gaussian numbers summed for one noise value. 4 protects against float32 attacks, at four times the cost of noise; 1 does not.",
      ),
    unit: z
      .enum(["row", "person"])
      .default("row")
      .describe(
        "What is protected: one row, or all rows of a person, whom data.group names. With person a batch has at most one row of each, and an epoch as many rows as there are persons.",
      ),
    ledger: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Folder of the ledger of the data: what all private runs have spent on these rows. Default .concord/privacy beside the table.",
      ),
    tables: z
      .enum(["train", "freeze"])
      .default("train")
      .describe("Whether embedding tables are trained, with noise in every row."),
  })
  .refine(({ epsilon, noise }) => epsilon !== undefined || noise !== undefined, {
    message: "a budget (epsilon) or noise is needed",
  });

/** Keys that `pretrain` and `adapt` share. */
export const trainingKeys = {
  epochs: count.describe("Number of passes over the training set."),
  batchSize: count.describe("Number of rows per optimizer step."),
  learningRate: z.number().positive().describe("Highest learning rate of AdamW."),
  warmupRatio: share
    .default(0.1)
    .describe("Share of the steps in which the learning rate rises from 0. After them it falls linearly to 0."),
  accumulate: count
    .default(1)
    .describe("Parts that a batch is run in, one after the other, with one step for all of them: less memory."),
  gradientCheckpointing: z
    .boolean()
    .default(false)
    .describe(
      "Keeps only what passes from layer to layer, and computes the rest again for the gradients: less memory, more time, the same updates.",
    ),
  groupByLength: z
    .boolean()
    .default(false)
    .describe("Batches of rows of similar length, taken from runs of 20 shuffled batches: less padding, faster steps."),
};

export const engineSchema = z
  .enum(["concord", "pytorch"])
  .default("concord")
  .describe(
    "What runs the training steps. concord: this library, on the CPU. pytorch: the same job in PyTorch, on a GPU where there is one; the interpreter is python3, or what the environment variable CONCORD_PYTHON names.",
  );

interface Steps {
  readonly engine: string;
  readonly accumulate: number;
  readonly gradientCheckpointing: boolean;
  readonly groupByLength: boolean;
}

/** What {@link trainingFaults} looks at. */
interface Asked {
  readonly pretrain?: Steps & { readonly objective: string };
  readonly data: { readonly group?: string };
  readonly adapt: Steps & { readonly privacy?: { readonly unit?: unknown }; readonly headFirst?: unknown };
}

/** What is wrong, in the order of the recipe. */
export const trainingFaults = ({ pretrain, adapt, data }: Asked): RecipeFault[] =>
  thatHold([
    [
      adapt.privacy?.unit === "person" && data.group === undefined,
      ["adapt", "privacy", "unit"],
      "nothing says whose a row is: name the column of persons in data.group",
    ],
    [
      pretrain?.objective === "contrast" && pretrain.accumulate > 1,
      ["pretrain", "accumulate"],
      "contrast compares the texts of a whole batch: leave it out",
    ],
    ...Object.entries({ pretrain, adapt }).map(
      ([section, asked]) =>
        [
          asked?.gradientCheckpointing === true && asked.engine !== "concord",
          [section, "gradientCheckpointing"],
          "PyTorch is given the whole graph and keeps what it computes: leave it out",
        ] as const,
    ),
    [
      Boolean(adapt.privacy) && adapt.accumulate > 1,
      ["adapt", "accumulate"],
      "private training runs micro-batches already: leave it out, or set adapt.privacy.microBatch",
    ],
    [
      Boolean(adapt.privacy) && adapt.gradientCheckpointing,
      ["adapt", "gradientCheckpointing"],
      "norms of single examples are computed from what the layers keep: leave it out, or lower adapt.privacy.microBatch",
    ],
    [
      Boolean(adapt.privacy) && adapt.groupByLength,
      ["adapt", "groupByLength"],
      "the guarantee needs batches that are drawn at random: leave it out",
    ],
    [
      Boolean(adapt.privacy) && Boolean(adapt.headFirst),
      ["adapt", "headFirst"],
      "private training spends its budget on one training: leave it out",
    ],
  ]);
