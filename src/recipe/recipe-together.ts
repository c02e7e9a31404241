// The recipe's part on learning together: how members' updates become one model, and what is counted about it.
import { z } from "zod";
import { robustSchema, strategySchema } from "../federated/index.ts";

const groupName = z.string().min(1).max(60);

export const togetherSchema = z
  .strictObject({
    rounds: z.int().min(1).max(10_000).default(10).describe("Number of federated rounds."),
    threshold: z
      .int()
      .min(2)
      .optional()
      .describe("Minimum number of participants that must stay for a valid round. Default: more than two thirds."),
    neighbours: z
      .int()
      .min(4)
      .multipleOf(2)
      .optional()
      .describe(
        "Number of other participants with which each participant shares masks. Default: all; fewer suit studies of some hundred participants. docs/rounds.md says how many colluders each number withstands.",
      ),
    strategy: strategySchema.prefault({}).describe("How the mean update of a round changes the model."),
    robust: robustSchema
      .optional()
      .describe(
        "Robust aggregation: participants are divided into buckets, each bucket makes a secret sum of its own, and the rule combines the buckets' means so that a few false ones cannot move the model beyond the others. It costs secrecy: a sum is over a bucket only. Default: one sum over all. Not with neighbours.",
      ),
    optimizer: z
      .enum(["adamw", "sgd"])
      .default("adamw")
      .describe(
        "Optimizer of the local steps; its state is reset in each round. sgd: plain steps without gradient clipping.",
      ),
    decay: z
      .enum(["none", "linear"])
      .default("linear")
      .describe("Schedule of adapt.learningRate over the rounds. linear: falls to a tenth in the last round."),
    steps: z
      .int()
      .min(1)
      .optional()
      .describe(
        "Local steps of a participant per round, each on adapt.batchSize rows. Default: adapt.epochs over all its rows. Fewer steps with more rounds come closer to training on pooled data. Not for private training.",
      ),
    bound: z
      .number()
      .positive()
      .default(1)
      .describe(
        "Clipping bound for the change of each parameter in a round. The participant is informed of clipped values.",
      ),
    norm: z
      .number()
      .positive()
      .optional()
      .describe(
        "Longest update of a participant in a round (Euclidean norm over all its numbers). Longer updates are scaled down by the participant, which is told their norm, and each participant proves to the coordinator, without showing its update, that its own is no longer: about four times this norm cannot be sent. It takes the place of together.bound. Choose about the norm that honest updates have. Default: not checked.",
      ),
    maxExamples: z
      .int()
      .min(1)
      .max(2 ** 24)
      .default(100_000)
      .describe(
        "Maximum number of training rows that a participant's weight can reflect. It also bounds counts. Choose about the size of the largest table, because it sets the resolution of the masked sums.",
      ),
    groups: z
      .record(groupName, z.array(groupName).min(1).max(50))
      .default({})
      .describe("Groups to report, by column of data.attributes. All other values are counted together as other."),
    ledgers: z
      .enum(["hidden", "shown"])
      .default("hidden")
      .describe(
        "Private training: whether participants show their privacy ledgers, so that others compute ε again from them. hidden: ε is each participant's word, and shown with two digits. shown: also the number of its rows and what earlier private runs spent on them become known.",
      ),
    siteValues: z
      .boolean()
      .default(false)
      .describe("Whether participants are asked to publish their own test scores too."),
  })
  .describe("Federated training with other organisations. `concord run` trains on one table and ignores this section.");
