// The recipe's part on compressing the model: steps in their order, and how much worse it may become.
import { z } from "zod";
import { calibrations, quantiseTargets } from "../quantise/index.ts";
import { distilSchema, factoriseSchema, pruneSchema, storedTrainingSchema, trimSchema } from "./recipe-shrink.ts";

const share = z.number().min(0).max(1);

const quantiseSettings = z
  .strictObject({
    to: z
      .enum(quantiseTargets)
      .describe(
        "int8: products of 8-bit integers. int8-weights, int4: weights alone in 8 or 4 bits. fp16: weights alone in 16-bit floats.",
      ),
    activations: z
      .enum(["static", "row"])
      .default("static")
      .describe(
        "int8: scale of the numbers that weights are multiplied with. static: fixed on calibration rows, the fastest. row: of each row as it comes.",
      ),
    calibration: z
      .enum(calibrations)
      .default("min-max")
      .describe(
        "int8, static: how the range follows from calibration rows: all of it, the 99.99 % of smallest magnitude, or the cut that loses the least information.",
      ),
    rows: z
      .int()
      .min(1)
      .max(100_000)
      .default(256)
      .describe("int8: number of validation rows, sampled with the seed, on which ranges are measured."),
    bits: z
      .union([z.literal(7), z.literal(8)])
      .default(7)
      .describe(
        "int8: bits used of weights. 7 is exact on every processor; 8 needs AVX-VNNI, AVX512-VNNI or ARM, and is silently wrong elsewhere.",
      ),
    smooth: share
      .default(0)
      .describe("int8: strength of SmoothQuant, which moves the range of activations into the weights. 0: none."),
    blockSize: z
      .union([z.literal(16), z.literal(32), z.literal(64), z.literal(128), z.literal(256)])
      .optional()
      .describe(
        "int8-weights, int4: number of weights that share a scale. Default 32 in 4 bits, 64 in 8. In 8 bits, from 128 on, the last bit of an answer may depend on its place in a batch.",
      ),
    symmetric: z.boolean().default(true).describe("int8-weights, int4: blocks without a zero point of their own."),
    tables: z.boolean().default(true).describe("Whether tables of words and positions are stored so as well."),
    keep: z
      .array(z.string().min(1))
      .default([])
      .describe("Parameters left as they are: names, or the beginnings of names."),
    eightBits: z
      .array(z.string().min(1))
      .default([])
      .describe("int4: parameters stored in 8 bits instead: names, or the beginnings of names."),
    sensitivity: z
      .strictObject({
        drop: z
          .number()
          .min(0)
          .describe("Largest loss of the task's main score on the validation set, such as 0.002 of macro F1."),
        rows: z
          .int()
          .min(1)
          .max(10_000)
          .default(64)
          .describe("Number of validation rows, sampled with the seed, on which the answers are compared."),
      })
      .optional()
      .describe(
        "Mixed precision: each matrix alone is stored in fewer bits, and the most sensitive are kept until the loss is accepted: as they are, of int4 in 8 bits. Default: none are.",
      ),
    training: storedTrainingSchema
      .optional()
      .describe(
        "int8, int8-weights, int4: training on the training rows with weights and activations rounded as they will be stored. Default: none.",
      ),
  })
  .refine(({ to, sensitivity }) => to !== "fp16" || sensitivity === undefined, {
    path: ["sensitivity"],
    message: "mixed precision is of int8, int8-weights and int4: leave out sensitivity",
  })
  .refine(({ to, eightBits }) => to === "int4" || eightBits.length === 0, {
    path: ["eightBits"],
    message: "eightBits is of int4: leave it out",
  })
  .refine(({ to, training }) => to !== "fp16" || !training, {
    path: ["training"],
    message: "fp16 rounds too little to train for: leave out training",
  });

const quantise = z
  .union([z.enum(quantiseTargets), quantiseSettings])
  .transform((given) => (typeof given === "string" ? quantiseSettings.parse({ to: given }) : given))
  .describe("Quantisation: int8, int8-weights, int4 or fp16, or { to: … } with settings.");

/** Settings of the step quantise, defaults filled in. */
export type QuantiseSettings = z.output<typeof quantiseSettings>;

/** One step: an object with one key, its name. */
const step = z
  .strictObject({
    prune: pruneSchema.optional(),
    trim: trimSchema.optional(),
    distil: distilSchema.optional(),
    factorise: factoriseSchema.optional(),
    quantise: quantise.optional(),
  })
  .refine((given) => Object.values(given).filter((settings) => settings !== undefined).length === 1, {
    message: "a step has one name: write each step as a list entry of its own",
  });

/** How much worse a score may become; scores that are not named are not limited. */
const tolerances = z
  .record(z.string(), z.number().min(0))
  .default({})
  .describe(
    "Largest worsening of values of the audit that is accepted: { accuracy: 0.01, gap.region: 0.02, flips: 0.01 }. The compression is refused beyond it.",
  );

const target = z
  .strictObject({
    size: z.number().positive().max(1).optional().describe("Largest size of the weights, as a share of the model's."),
    latency: z.number().positive().optional().describe("Longest time for one input, as a share of the model's."),
    drop: z
      .number()
      .min(0)
      .optional()
      .describe("Largest loss of the task's main score on the validation set, such as 0.01 of macro F1."),
  })
  .refine((given) => Object.values(given).some((limit) => limit !== undefined), {
    message: "a target needs a limit: size, latency or drop",
  })
  .describe(
    "Limits for a search: ways to store the weights are tried after the steps and after each list of candidates, and the fastest that keeps them is taken.",
  );

export const compressSchema = z
  .strictObject({
    steps: z
      .array(step)
      .default([])
      .describe("Steps in their order. quantise comes last: what it writes cannot be trained."),
    target: target.optional(),
    candidates: z
      .array(z.array(step).min(1))
      .optional()
      .describe(
        "With a target: lists of steps that are tried after steps, each besides none. Each list is trained once, then stored in every way. Default: half of the heads and inner units, half of the layers, training for int8; see minutes.",
      ),
    minutes: z
      .number()
      .min(0)
      .optional()
      .describe(
        "With a target and without candidates: minutes for models that are trained for the search. One is tried only if the speed of the run's own training foretells that its training ends in time. 0: nothing is trained. Default 10.",
      ),
    tolerances,
    explained: z
      .int()
      .min(0)
      .max(1000)
      .default(20)
      .describe("Number of test rows, sampled with the seed, whose explanations are compared. 0: none."),
    resamples: z.int().positive().default(1000).describe("Bootstrap resamples of each interval."),
  })
  .superRefine(({ steps, target, candidates, minutes }, context) => {
    if (candidates?.length && !target)
      context.addIssue({
        code: "custom",
        path: ["candidates"],
        message: "candidates are tried for a target: name one",
      });
    if (minutes !== undefined && (candidates || !target))
      context.addIssue({
        code: "custom",
        path: ["minutes"],
        message: "minutes are those of a search that names no candidates: name a target, and leave candidates out",
      });
    const storing = (candidates ?? []).findIndex((list) => list.some((one) => one.quantise !== undefined));
    if (storing >= 0)
      context.addIssue({
        code: "custom",
        path: ["candidates", storing],
        message: "a target chooses how weights are stored: leave out the step quantise",
      });
    if (steps.length === 0 && !target)
      context.addIssue({ code: "custom", path: ["steps"], message: "there is nothing to do: name steps or a target" });
    if (target && steps.some((one) => one.quantise !== undefined))
      context.addIssue({
        code: "custom",
        path: ["target"],
        message: "a target chooses how weights are stored: leave out the step quantise",
      });
    const factored = steps.findIndex((one) => one.factorise !== undefined);
    const cuts = steps.findIndex(
      (one, i) => i > factored && (one.prune ?? one.distil?.layers ?? one.factorise) !== undefined,
    );
    if (factored >= 0 && cuts >= 0)
      context.addIssue({
        code: "custom",
        path: ["steps", cuts],
        message: "factors are not cut again: put factorise after prune and distil",
      });
    const early = steps.findIndex((one, i) => one.quantise !== undefined && i < steps.length - 1);
    if (early >= 0)
      context.addIssue({
        code: "custom",
        path: ["steps", early],
        message: "quantise comes last: a model in integers cannot be changed further",
      });
  })
  .describe("Compression of the model after it was evaluated, with an audit of what it changed.");

/** What a recipe says of compression, defaults filled in. */
export type CompressSettings = z.output<typeof compressSchema>;
export type CompressStepSettings = CompressSettings["steps"][number];
