// The recipe: everything that a run does, as data. One schema gives the types, the checks and the JSON Schema for editors.
// Nothing in a recipe is ever executed.
import { z } from "zod";
import { modalityNames } from "../modalities/index.ts";
import { poolings } from "../models/index.ts";
import { taskNames, taskOf } from "../tasks/index.ts";
import { auditSchema } from "./recipe-audit.ts";
import { dataSchema as data, hasTestSplit, path, share } from "./recipe-data.ts";
import { mitigationSchema } from "./recipe-mitigation.ts";
import { modalityFaults } from "./recipe-modality.ts";
import { togetherSchema } from "./recipe-together.ts";

const count = z.int().positive();

const scratch = z
  .strictObject({
    vocabulary: count.optional().describe("Of texts: word pieces to learn from them. Default 8000."),
    side: count.max(1024).optional().describe("Of images: pixels of one side. Each image is brought to this size."),
    patch: count.max(256).optional().describe("Of images: pixels of one side of a patch. Default 16."),
    width: count.default(128),
    layers: count.default(2),
    heads: count.default(4),
    inner: count.default(512).describe("Width of the feed-forward part."),
    scale: z.number().positive().max(1).default(0.02).describe("Standard deviation of the random weights."),
    dropout: share.lt(1).default(0.1).describe("Share of values dropped while training."),
  })
  .transform((given) => {
    const { vocabulary, side, patch, ...rest } = given;
    return side === undefined && patch === undefined
      ? { vocabulary: vocabulary ?? 8000, ...rest }
      : {
          ...(vocabulary !== undefined && { vocabulary }),
          ...(side !== undefined && { side }),
          patch: patch ?? 16,
          ...rest,
        };
  });

const privacy = z
  .strictObject({
    epsilon: z.number().positive().optional().describe("Budget ε; the noise follows from it."),
    delta: z.number().gt(0).lt(1).optional().describe("δ of the budget. Default 1/n^1.1 for n training rows."),
    noise: z.number().positive().optional().describe("Noise over the clip bound, instead of what ε asks for."),
    clip: z.number().positive().default(1).describe("Largest gradient norm of one row."),
    sampling: z
      .enum(["poisson", "fixed"])
      .default("poisson")
      .describe("Batches: each row by chance (ε for a row more or less), or a fixed number (ε for a row replaced)."),
    clipping: z.enum(["flat", "per-layer"]).default("flat").describe("One norm for all layers, or one for each."),
    microBatch: count.default(16).describe("Rows that are run at once; a batch takes as many runs as it needs."),
    draws: z
      .union([z.literal(1), z.literal(4)])
      .default(1)
      .describe(
        "Gaussian numbers that one noise value is the sum of: 4 hides float32's pattern, for four times the noise's cost.",
      ),
    tables: z
      .enum(["train", "freeze"])
      .default("train")
      .describe("Whether embedding tables are trained (with noise in every row)."),
  })
  .refine(({ epsilon, noise }) => epsilon !== undefined || noise !== undefined, {
    message: "a budget (epsilon) or noise is needed",
  });

const training = {
  epochs: count.describe("Passes over the rows."),
  batchSize: count,
  learningRate: z.number().positive(),
  warmupRatio: share.default(0.1),
};

const sentence = z.string().min(1);
/** A statement of the owner, in one language or in both. */
const statement = z
  .union([sentence, z.strictObject({ en: sentence.optional(), zh: sentence.optional() })])
  .describe("A text, or { en: …, zh: … } for readers of both languages.");

/** Recipe files of version 1. */
export const recipeSchema = z
  .strictObject({
    version: z.literal(1).describe("Of the recipe format."),
    name: z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u)
      .describe("Of the run, as reports show it."),
    modality: z.enum(modalityNames).default("text").describe("What a row is."),
    task: z.enum(taskNames).default("single-label"),
    seed: z.int().min(0).default(0),
    data,
    model: z
      .strictObject({
        from: path
          .optional()
          .describe("Folder of a pretrained model (config.json, model.safetensors, tokenizer.json)."),
        scratch: scratch
          .optional()
          .describe("A model made anew: a BERT with a vocabulary learned from the training texts, or a ViT."),
        maxLength: z.int().min(8).max(8192).default(128).describe("Longest input in tokens; the rest is cut off."),
        pooling: z
          .enum(poolings)
          .optional()
          .describe(
            "What the head reads of a text: cls, its first token; mean, the mean over its tokens (what sentence encoders were trained for). Default the model's own, else cls; mean for a model made anew.",
          ),
      })
      .refine(({ from, scratch: made }) => Boolean(from) !== Boolean(made), {
        message: "a model comes from a folder (from) or is made anew (scratch): name one of them",
      }),
    pretrain: z
      .strictObject({
        file: path.optional().describe("Table of unlabelled texts. Default the training texts."),
        text: z.string().optional().describe("Its column. Default data.text."),
        ...training,
        epochs: training.epochs.default(3),
        batchSize: training.batchSize.default(32),
        learningRate: training.learningRate.default(1e-3),
        objective: z
          .enum(["masked-words", "contrast"])
          .default("masked-words")
          .describe(
            "masked-words: predict hidden words. contrast: tell a text's other part, or another text of its group, from other texts; trains what a head over whole texts reads.",
          ),
        group: z
          .string()
          .optional()
          .describe("Of contrast: column whose equal values belong together (a patient); two texts of one are a pair."),
        temperature: z.number().gt(0).max(1).default(0.05).describe("Of contrast: divides the cosines."),
        dropout: z
          .boolean()
          .optional()
          .describe("Whether values are dropped while pretraining. Default for masked words, not for contrast."),
        maskRate: z.number().gt(0).max(0.5).default(0.15).describe("Of masked words: share of tokens to predict."),
        canaries: z
          .strictObject({
            count: count
              .max(1000)
              .default(20)
              .describe("Secrets of five words, drawn at random, that are put among the texts."),
            repeats: count.max(1000).default(1).describe("Times that each is put there."),
          })
          .optional()
          .describe("Invented secrets, so that the audit can measure how well the model remembers single texts."),
      })
      .refine(({ objective, canaries }) => objective === "masked-words" || !canaries, {
        path: ["canaries"],
        message: "canaries are read back by predicting masked words: set objective: masked-words, or leave them out",
      })
      .refine(({ objective, group }) => objective === "contrast" || group === undefined, {
        path: ["group"],
        message: "only contrast pairs the texts of a group: set objective: contrast, or leave it out",
      })
      .optional()
      .describe("Pretraining on unlabelled texts before adapting."),
    adapt: z
      .strictObject({
        method: z.enum(["full", "lora"]).default("full"),
        base: z.enum(["float32", "int8"]).default("float32").describe("How LoRA's frozen matrices are held."),
        rank: count.default(8).describe("Of LoRA."),
        ...training,
        epochs: training.epochs.default(5),
        batchSize: training.batchSize.default(16),
        learningRate: training.learningRate.default(2e-5),
        weightDecay: z.number().min(0).default(0.01),
        labelSmoothing: z.number().min(0).lt(1).default(0),
        headFirst: z
          .strictObject({
            epochs: count.default(5),
            learningRate: z.number().positive().default(2e-2),
          })
          .optional()
          .describe(
            "Trains the fresh head alone before the whole model, so that its first steps do not distort pretrained features (Kumar 2022, arXiv:2202.10054).",
          ),
        encoderRate: z
          .number()
          .min(0)
          .max(1)
          .default(1)
          .describe("Factor on the learning rate of all but the head; 0 keeps the encoder as it is."),
        average: share
          .default(0)
          .describe(
            "Share of the last steps whose weights are averaged: what training ends with; 0 takes the last step's.",
          ),
        tokenMasking: share
          .lt(1)
          .default(0)
          .describe("Share of a training text's tokens replaced by the mask token, drawn anew each epoch."),
        augment: z
          .strictObject({
            flip: z.boolean().default(false).describe("Mirrors every second image, drawn."),
            shift: z.number().int().min(0).max(1024).default(0).describe("Most pixels that it is moved by."),
            padding: z.enum(["black", "edge"]).default("black").describe("What comes in where it was moved away."),
            brightness: share.default(0).describe("Factors from 1 − this to 1 + this."),
            contrast: share.default(0).describe("Factors of the distance from the mean grey, as for brightness."),
          })
          .optional()
          .describe("Changes training images anew in each epoch, in the model's size. Images only."),
        threads: count.default(2),
        targets: z
          .strictObject({ mean: z.number(), std: z.number().positive() })
          .optional()
          .describe(
            "Of regression: numbers are learned less this mean and divided by this standard deviation, and answered in their own unit. Default those of the training rows.",
          ),
        mitigation: mitigationSchema.prefault({}),
        privacy: privacy.optional().describe("Differentially private training: what any one row changes is bounded."),
      })
      .prefault({}),
    evaluate: z
      .strictObject({
        resamples: count.default(1000).describe("Bootstrap resamples of each interval."),
        smallestCell: count.default(10).describe("Groups of fewer rows are not reported."),
        bins: z
          .record(
            z.string(),
            z.array(z.number()).refine((edges) => edges.every((edge, i) => i === 0 || edge > edges[i - 1]!), {
              message: "ascending numbers, such as [18, 40, 65], or [] for each value as a group",
            }),
          )
          .default({})
          .describe(
            "Edges between the groups of attributes that are numbers. Default five groups of about as many rows.",
          ),
      })
      .prefault({}),
    audit: auditSchema.optional(),
    together: togetherSchema.optional(),
    export: z.strictObject({ onnx: z.boolean().default(true) }).prefault({}),
    about: z
      .strictObject({
        purpose: statement.optional().describe("What the model is for."),
        users: statement.optional().describe("Who is meant to use it."),
        instructions: statement
          .optional()
          .describe("How to use it: what to enter, how to read an answer, when to ask a person."),
        misuse: statement.optional().describe("What it must not be used for."),
        oversight: statement.optional().describe("Who watches it, and how it is overruled or stopped."),
        limits: z.array(statement).default([]).describe("Known limits, a sentence each."),
        licence: z.string().optional().describe("SPDX name of the model's licence."),
        contact: z.string().optional(),
        languages: z.array(z.string()).default([]).describe("Of the texts: en, zh …"),
      })
      .prefault({})
      .describe(
        "What its owner says of the model: shown in its card, passport and technical file, measured by nobody.",
      ),
    report: z
      .strictObject({
        language: z.enum(["en", "zh"]).default("en").describe("Of report.html."),
        outside: z
          .boolean()
          .default(false)
          .describe("Of entities: the table per tag also has O, the words outside, and counts them in its averages."),
        examples: z.int().min(0).max(100).default(10).describe("Test texts quoted of each kind; 0 quotes none."),
      })
      .prefault({}),
  })
  .refine(({ audit, data }) => !audit || hasTestSplit({ data }), {
    path: ["audit"],
    message: "audits measure the test part: set data.split.test, or leave audit out",
  })
  .refine(({ task, data }) => !taskOf(task).words || data.pair === undefined, {
    path: ["data", "pair"],
    message: "entities are found in one text: leave out data.pair",
  })
  .refine(({ task, model }) => !taskOf(task).words || model.pooling === undefined, {
    path: ["model", "pooling"],
    message: "entities are read from each word: leave it out",
  })
  .refine(({ task, report }) => taskOf(task).words || !report.outside, {
    path: ["report", "outside"],
    message: "only entities have words outside: leave it out",
  })
  .refine(({ task, adapt }) => !taskOf(task).words || adapt.labelSmoothing === 0, {
    path: ["adapt", "labelSmoothing"],
    message: "labels of words are not smoothed: leave it out",
  })
  .refine(
    ({ adapt: { privacy, mitigation } }) =>
      !privacy ||
      (mitigation.weighting === "none" &&
        mitigation.decisions === "model" &&
        !mitigation.augment &&
        !mitigation.words &&
        mitigation.pairing === 0),
    {
      path: ["adapt", "mitigation"],
      message:
        "private training counts each row once: repeated, changed or weighted rows are not covered by its guarantee",
    },
  )
  .refine(
    ({ task, adapt: { mitigation } }) =>
      !taskOf(task).words ||
      (mitigation.weighting === "none" && !mitigation.augment && !mitigation.words && mitigation.pairing === 0),
    {
      path: ["adapt", "mitigation"],
      message: "words are not weighted by group, nor paired: leave it out",
    },
  )
  .refine(({ task, adapt: { targets } }) => taskOf(task).numeric || !targets, {
    path: ["adapt", "targets"],
    message: "only numbers have a mean and a standard deviation: leave it out",
  })
  .refine(({ task, adapt: { privacy, targets } }) => !taskOf(task).numeric || !privacy || Boolean(targets), {
    path: ["adapt", "targets"],
    message:
      "private training must not read mean and standard deviation from its rows: state what is publicly known, such as targets: { mean: 50, std: 20 }",
  })
  .refine(({ adapt: { privacy, headFirst } }) => !privacy || !headFirst, {
    path: ["adapt", "headFirst"],
    message: "private training spends its budget on one training: leave it out",
  })
  .refine(({ adapt: { method, encoderRate } }) => method === "full" || encoderRate > 0, {
    path: ["adapt", "encoderRate"],
    message: "an adapter with rate 0 learns nothing: use method: full to train the head alone",
  })
  .refine(({ task, adapt: { mitigation } }) => taskOf(task).exclusive || mitigation.decisions === "model", {
    path: ["adapt", "mitigation", "decisions"],
    message: "decisions are made among single labels: leave it out",
  })
  .refine(({ data, adapt: { mitigation } }) => data.pair === undefined || mitigation.pairing === 0, {
    path: ["adapt", "mitigation", "pairing"],
    message: "pairing is for single texts: leave out data.pair, or pairing",
  })
  .refine(
    ({
      data,
      adapt: {
        mitigation: { attribute },
      },
    }) => attribute === undefined || data.attributes.includes(attribute),
    {
      path: ["adapt", "mitigation", "attribute"],
      message: "no such attribute: name it in data.attributes too",
    },
  )
  .refine(({ data, together }) => Object.keys(together?.groups ?? {}).every((a) => data.attributes.includes(a)), {
    path: ["together", "groups"],
    message: "no such attribute: name it in data.attributes too",
  })
  .superRefine((recipe, context) => {
    for (const { path, message } of modalityFaults(recipe))
      context.addIssue({ code: "custom", path: [...path], message });
  });

/** A recipe with every default filled in. */
export type Recipe = z.output<typeof recipeSchema>;

/** JSON Schema of recipe files, for editors. */
export const recipeJsonSchema = (): unknown => z.toJSONSchema(recipeSchema, { io: "input", reused: "inline" });
