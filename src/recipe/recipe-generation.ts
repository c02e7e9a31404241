// The recipe's section model.generation: how a model writes unless somebody asks otherwise.
import { z } from "zod";
import { count, share } from "./recipe-data.ts";

export const generationSchema = z
  .strictObject({
    maxTokens: count.max(1_000_000).optional().describe("Most tokens of a continuation. Default 128."),
    temperature: z
      .number()
      .min(0)
      .max(100)
      .optional()
      .describe("Sampling temperature. Default 0: the most probable token."),
    topK: z.int().min(0).max(1_000_000).optional().describe("Only the k most probable tokens. Default 0: all."),
    topP: share.optional().describe("Only the most probable tokens up to this total probability. Default 1: all."),
    minP: share.optional().describe("Only tokens with at least this share of the highest probability. Default 0."),
    repetitionPenalty: z
      .number()
      .min(0.01)
      .max(100)
      .optional()
      .describe("Penalty on tokens that have occurred. Default 1: none."),
    noRepeatNgram: z
      .int()
      .min(0)
      .max(1000)
      .optional()
      .describe("No sequence of so many tokens occurs twice. Default 0."),
    beams: count.max(64).optional().describe("Number of beams. Default 1."),
    lengthPenalty: z
      .number()
      .min(-10)
      .max(10)
      .optional()
      .describe("Exponent of the length when beams are compared. Default 1."),
    stop: z
      .array(z.string().min(1))
      .max(64)
      .optional()
      .describe("Texts before which a continuation ends. Default none."),
  })
  .refine(({ beams = 1, temperature = 0 }) => beams === 1 || temperature === 0, {
    path: ["beams"],
    message: "beams follow the most probable tokens: use beams: 1, or temperature: 0",
  })
  .optional()
  .describe(
    "Text generation: how texts are written unless asked otherwise. Saved as generation_config.json. Default: as in the folder of model.from.",
  );
