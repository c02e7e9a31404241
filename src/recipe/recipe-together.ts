// The recipe's part on learning together: how members' updates become one model, and what is counted about it.
import { z } from "zod";
import { strategySchema } from "../federated/index.ts";

const groupName = z.string().min(1).max(60);

export const togetherSchema = z
  .strictObject({
    rounds: z.int().min(1).max(10_000).default(10).describe("Times that members train and their updates are averaged."),
    threshold: z
      .int()
      .min(2)
      .optional()
      .describe("Members that must stay for a round to count. Default more than two thirds."),
    neighbours: z
      .int()
      .min(4)
      .multipleOf(2)
      .optional()
      .describe(
        "Others that each member shares masks with. Default all. Fewer are refused for now: a lying coordinator can read any member in such rounds (docs/rounds.md).",
      ),
    strategy: strategySchema.prefault({}),
    optimizer: z
      .enum(["adamw", "sgd"])
      .default("adamw")
      .describe("Of members' local steps, its state fresh in each round. sgd: plain steps, gradients not clipped."),
    decay: z
      .enum(["none", "linear"])
      .default("linear")
      .describe("Of adapt.learningRate from round to round: linear falls to a tenth in the last one."),
    steps: z
      .int()
      .min(1)
      .optional()
      .describe(
        "Of a member in a round, each of adapt.batchSize rows; rounds walk through its rows in turn. Default adapt.epochs over all its rows. Few steps and more rounds come nearer to one table of all rows. Not for private training.",
      ),
    bound: z
      .number()
      .positive()
      .default(1)
      .describe(
        "Largest change of a single number of the model in a round; larger ones are cut, and the member is told.",
      ),
    maxExamples: z
      .int()
      .min(1)
      .max(2 ** 24)
      .default(100_000)
      .describe(
        "Most training rows of a member: a count above it weighs no more. Bounds counts too. The grid of what is summed is as fine as a member is near to it: name about the largest table.",
      ),
    groups: z
      .record(groupName, z.array(groupName).min(1).max(50))
      .default({})
      .describe(
        "Groups that answers are counted for, by column of data.attributes. Other values are counted together, as other.",
      ),
    siteValues: z.boolean().default(false).describe("Whether members are asked to show their own test values too."),
  })
  .describe("Training by rounds with other organisations. `concord run` trains on one table and does not read it.");
