// The recipe: everything that a run does, as data. One schema gives the types, the checks and the JSON Schema for editors.
// Nothing in a recipe is ever executed.
import { z } from "zod";
import { modalityNames } from "../modalities/index.ts";
import { decoders, embeddingPoolings } from "../models/index.ts";
import { taskNames, taskOf } from "../tasks/index.ts";
import { adapterFaults, adapterSchema } from "./recipe-adapter.ts";
import { auditSchema } from "./recipe-audit.ts";
import { choiceFaults } from "./recipe-choices.ts";
import { compressSchema } from "./recipe-compress.ts";
import { count, dataSchema as data, hasTestSplit, path, share } from "./recipe-data.ts";
import { embeddingFaults, embeddingSchema } from "./recipe-embedding.ts";
import { generationSchema } from "./recipe-generation.ts";
import { headFaults, headSchema, imbalanceSchema } from "./recipe-heads.ts";
import { mitigationSchema } from "./recipe-mitigation.ts";
import { modalityFaults } from "./recipe-modality.ts";
import { preferenceFaults, preferenceKeys } from "./recipe-preferences.ts";
import { quotingFaults, quotingSchema } from "./recipe-quoting.ts";
import { searchSchema } from "./recipe-search.ts";
import { selectionFaults } from "./recipe-selection.ts";
import { seriesFaults } from "./recipe-series.ts";
import { taskFaults, tasksSchema } from "./recipe-tasks.ts";
import { togetherSchema } from "./recipe-together.ts";
import { engineSchema, privacySchema, trainingFaults, trainingKeys } from "./recipe-training.ts";
import { writingFaults } from "./recipe-writing.ts";

const scratch = z
  .strictObject({
    vocabulary: count.optional().describe("Texts: vocabulary size. Default 8000."),
    side: count.max(1024).optional().describe("Images: side length in pixels. Each image is resized to it."),
    patch: count
      .max(256)
      .optional()
      .describe(
        "Images: side length of a patch in pixels; default 16. Series: steps of a patch; default an eighth of the horizon, at most 16.",
      ),
    decoder: z.enum(decoders).optional().describe("Text generation: architecture of the decoder. Default gpt2."),
    width: count.default(128).describe("Width of the hidden states. A multiple of heads."),
    layers: count.default(2).describe("Number of transformer layers."),
    heads: count.default(4).describe("Number of attention heads in each layer."),
    inner: count.default(512).describe("Width of the feed-forward layer."),
    scale: z.number().positive().max(1).default(0.02).describe("Standard deviation of the initial weights."),
    dropout: share.lt(1).default(0.1).describe("Dropout rate in training."),
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

const sentence = z.string().min(1);
/** A statement of the owner, in one language or in both. */
const statement = z
  .union([
    sentence,
    z.strictObject({
      en: sentence.optional().describe("The statement in English."),
      zh: sentence.optional().describe("The statement in Chinese."),
    }),
  ])
  .describe("A text, or { en: …, zh: … } for readers of both languages.");

/** Recipe files of version 1. */
export const recipeSchema = z
  .strictObject({
    version: z.literal(1).describe("Version of the recipe format."),
    name: z
      .string()
      .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,63}$/u)
      .describe("Name of the run, as shown in reports."),
    modality: z.enum(modalityNames).default("text").describe("Kind of data: text, image or series."),
    task: z
      .enum(taskNames)
      .default("single-label")
      .describe(
        "What is predicted. single-label: one class; ordinal: one class of classes in an order; multi-label: any number of classes; regression: a number; entities: spans in the text; embeddings: vectors of texts that belong together lie close; question-answering: the part of a text that answers a question; multi-task: several of these about the whole text, see tasks; multiple-choice: which of a row's own answers is right; text-generation: text that continues a text or answers a prompt; forecasting: the next steps of a series, as quantiles; reward: how good an answer is.",
      ),
    tasks: tasksSchema,
    seed: z
      .int()
      .min(0)
      .default(0)
      .describe("Seed of all random choices. The same seed gives the same bits on the same kind of CPU."),
    data: data.describe("The table, how it is read, and what its columns mean."),
    model: z
      .strictObject({
        from: path
          .optional()
          .describe("Folder of a pretrained model (config.json, model.safetensors, tokenizer.json)."),
        scratch: scratch
          .optional()
          .describe(
            "A model trained from scratch: a BERT with a vocabulary learned from the training texts, a ViT, or for text generation a decoder (GPT-2 or Llama).",
          ),
        maxLength: z
          .int()
          .min(8)
          .max(8192)
          .default(128)
          .describe("Maximum input length in tokens. Longer inputs are cut."),
        pooling: z
          .enum([...embeddingPoolings, "attention"])
          .optional()
          .describe(
            "Pooling of a text for the head. cls: first token. mean: mean over tokens, as in sentence encoders. max: maximum over tokens. attention: mean over tokens by learned weights. last: last token (embeddings only). Default: as in the model, else cls; mean for a model trained from scratch or with model.head.",
          ),
        head: headSchema,
        generation: generationSchema,
      })
      .refine(({ from, scratch: made }) => Boolean(from) !== Boolean(made), {
        message: "a model comes from a folder (from) or is trained from scratch (scratch): choose one",
      })
      .describe("The model to train: from a folder, or from scratch."),
    pretrain: z
      .strictObject({
        file: path.optional().describe("Table of unlabelled texts. Default: the training texts."),
        text: z.string().optional().describe("Column with these texts. Default: data.text."),
        engine: engineSchema,
        ...trainingKeys,
        epochs: trainingKeys.epochs.default(3),
        batchSize: trainingKeys.batchSize.default(32),
        learningRate: trainingKeys.learningRate.default(1e-3),
        objective: z
          .enum(["masked-words", "contrast"])
          .default("masked-words")
          .describe(
            "masked-words: predict masked words. contrast: contrastive learning, which pulls the two halves of a text, or texts of one group, together.",
          ),
        group: z
          .string()
          .optional()
          .describe("contrast: column, such as the patient, whose texts with equal values form positive pairs."),
        temperature: z
          .number()
          .gt(0)
          .max(1)
          .default(0.05)
          .describe("contrast: temperature that divides the cosine similarities."),
        dropout: z
          .boolean()
          .optional()
          .describe("Whether dropout is used in pretraining. Default: yes for masked-words, no for contrast."),
        maskRate: z.number().gt(0).max(0.5).default(0.15).describe("masked-words: share of masked tokens."),
        canaries: z
          .strictObject({
            count: count
              .max(1000)
              .default(20)
              .describe("Number of canaries: random secrets of five words that are inserted into the training texts."),
            repeats: count.max(1000).default(1).describe("Number of copies of each canary."),
          })
          .optional()
          .describe("Canaries, with which the audit measures how much the model memorizes single texts."),
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
      .describe("Pretraining on unlabelled texts before fine-tuning."),
    adapt: z
      .strictObject({
        engine: engineSchema,
        method: z
          .enum(["full", "lora"])
          .default("full")
          .describe("full: all weights are trained. lora: only a small adapter and the head are trained."),
        base: z
          .enum(["float32", "int8", "nf4"])
          .default("float32")
          .describe(
            "Adapters: how the frozen matrices are held while training. int8 is the fastest on processors with VNNI. nf4 (QLoRA) takes an eighth of the memory and is slower than float32.",
          ),
        rank: count.default(8).describe("Rank of LoRA."),
        adapter: adapterSchema.optional(),
        freezeLayers: count
          .optional()
          .describe(
            "Number of first layers that are not trained; the embeddings below them are not trained either. Default: none.",
          ),
        layerDecay: z
          .number()
          .gt(0)
          .lt(1)
          .optional()
          .describe(
            "Layer-wise learning rates: each layer learns at this factor of the rate of the layer above it; the head learns at the full rate. Default: all layers at the full rate.",
          ),
        ...trainingKeys,
        epochs: trainingKeys.epochs.default(5),
        batchSize: trainingKeys.batchSize.default(16),
        learningRate: trainingKeys.learningRate.default(2e-5),
        weightDecay: z.number().min(0).default(0.01).describe("Weight decay of AdamW."),
        labelSmoothing: z
          .number()
          .min(0)
          .lt(1)
          .default(0)
          .describe("Share of each target that is spread over all labels. 0: none."),
        imbalance: imbalanceSchema,
        headFirst: z
          .strictObject({
            epochs: count.default(5).describe("Number of passes over the training set with only the head trained."),
            learningRate: z.number().positive().default(2e-2).describe("Highest learning rate of these passes."),
          })
          .optional()
          .describe(
            "Trains the new head alone before the whole model. This protects pretrained features (Kumar 2022, arXiv:2202.10054).",
          ),
        encoderRate: z
          .number()
          .min(0)
          .max(1)
          .default(1)
          .describe("Factor on the learning rate of all weights except the head. 0 freezes the encoder."),
        average: share
          .default(0)
          .describe(
            "Share of the last steps whose weights are averaged for the final model. 0: weights of the last step.",
          ),
        ...preferenceKeys,
        patience: count
          .optional()
          .describe(
            "Early stopping: training stops when the validation score has not improved for this many epochs. The score is macro F1; of entities F1; of multiple choice accuracy; of multi-task the mean of the tasks' scores by their weights; of regression and ordinal the mean absolute error, of forecasts the weighted quantile loss (lower is better). Default: all epochs run.",
          ),
        keep: z
          .enum(["best", "last"])
          .optional()
          .describe(
            "Epoch whose weights become the model. best: the one with the best validation score (see patience). last: the last one that ran. Default last.",
          ),
        tokenMasking: share
          .lt(1)
          .default(0)
          .describe("Share of training tokens replaced by the mask token, sampled again in each epoch."),
        augment: z
          .strictObject({
            flip: z.boolean().default(false).describe("Random horizontal flip with probability 0.5."),
            shift: z.number().int().min(0).max(1024).default(0).describe("Maximum shift in pixels."),
            padding: z.enum(["black", "edge"]).default("black").describe("Fill of the area that a shift leaves empty."),
            brightness: share.default(0).describe("Random brightness factor between 1 − x and 1 + x."),
            contrast: share.default(0).describe("Random contrast factor between 1 − x and 1 + x."),
          })
          .optional()
          .describe("Image augmentation, sampled again in each epoch."),
        threads: count.default(2).describe("Number of CPU threads for training."),
        targets: z
          .strictObject({
            mean: z.number().describe("Mean of the targets."),
            std: z.number().positive().describe("Standard deviation of the targets."),
          })
          .optional()
          .describe(
            "Regression: mean and standard deviation that standardize the targets. Predictions are in the original unit. Default: those of the training set.",
          ),
        quantiles: z
          .array(z.number().gt(0).lt(1))
          .refine((levels) => levels.includes(0.5) && levels.every((q, i) => i === 0 || q > levels[i - 1]!), {
            message: "ascending levels between 0 and 1, with 0.5 among them",
          })
          .default([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
          .describe(
            "Forecasting: levels of the quantiles that are learned, 0.5 among them. The lowest and the highest are the ends of the interval.",
          ),
        mitigation: mitigationSchema.prefault({}),
        embedding: embeddingSchema,
        quoting: quotingSchema,
        privacy: privacySchema.optional().describe("Differentially private training."),
      })
      .prefault({})
      .describe("Fine-tuning on the labelled rows."),
    evaluate: z
      .strictObject({
        resamples: count.default(1000).describe("Bootstrap resamples of each interval."),
        stride: count
          .optional()
          .describe(
            "Text generation: tokens by which the window moves between predictions. Smaller gives more context. Default: half of model.maxLength.",
          ),
        words: z
          .boolean()
          .default(false)
          .describe(
            "Embeddings: searches by vectors and by shared words (BM25) together. The validation set chooses how much each counts.",
          ),
        smallestCell: count.default(10).describe("Groups with fewer rows are not reported."),
        bins: z
          .record(
            z.string(),
            z.array(z.number()).refine((edges) => edges.every((edge, i) => i === 0 || edge > edges[i - 1]!), {
              message: "ascending numbers, such as [18, 40, 65], or [] for each value as a group",
            }),
          )
          .default({})
          .describe("Group edges of numeric attributes. Default: quintiles."),
        tried: count
          .optional()
          .describe(
            "Number of settings among which these were chosen; concord tune sets it. Scores then also have intervals that hold for all of them together.",
          ),
      })
      .prefault({})
      .describe("Scores on the test set, of all rows and by group."),
    audit: auditSchema.optional(),
    compress: compressSchema.optional(),
    together: togetherSchema.optional(),
    search: searchSchema.optional(),
    export: z
      .strictObject({
        onnx: z
          .boolean()
          .default(true)
          .describe("Whether the run also writes the model as ONNX, for transformers.js and browsers."),
      })
      .prefault({})
      .describe("What the run writes besides the model folder."),
    about: z
      .strictObject({
        purpose: statement.optional().describe("What the model is for."),
        users: statement.optional().describe("Who is meant to use it."),
        instructions: statement
          .optional()
          .describe("How to use it: what to enter, how to read a prediction, when to ask a person."),
        misuse: statement.optional().describe("What it must not be used for."),
        oversight: statement.optional().describe("Human oversight: who monitors it, and how to overrule or stop it."),
        limits: z.array(statement).default([]).describe("Known limits, one sentence each."),
        licence: z.string().optional().describe("SPDX name of the model's licence."),
        contact: z.string().optional().describe("Who answers questions about the model."),
        languages: z.array(z.string()).default([]).describe("Languages of the texts: en, zh …"),
      })
      .prefault({})
      .describe(
        "Statements of the owner about the model, shown in card, passport and technical file. Concord does not measure them.",
      ),
    report: z
      .strictObject({
        language: z.enum(["en", "zh"]).default("en").describe("Language of report.html."),
        outside: z
          .boolean()
          .default(false)
          .describe(
            "Entities: whether the table per tag has O, the words outside entities, and its averages count it.",
          ),
        examples: z.int().min(0).max(100).default(10).describe("Number of test texts to quote of each kind. 0: none."),
      })
      .prefault({})
      .describe("How report.html is written."),
  })
  .refine(({ audit, data }) => !audit || hasTestSplit({ data }), {
    path: ["audit"],
    message: "audits need a test set: set data.split.test, or remove audit",
  })
  .refine(({ compress, data }) => !compress || hasTestSplit({ data }), {
    path: ["compress"],
    message: "compressing measures what changed on a test set: set data.split.test, or remove compress",
  })
  .refine(({ search, adapt }) => !search || !adapt.privacy, {
    path: ["search"],
    message:
      "each trial would spend privacy budget on the same rows: search without adapt.privacy on rows that may be used so, or leave it out",
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
  .superRefine((recipe, context) => {
    for (const { path, message } of [...selectionFaults(recipe), ...adapterFaults(recipe), ...trainingFaults(recipe)])
      context.addIssue({ code: "custom", path: [...path], message });
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
    for (const { path, message } of [
      ...modalityFaults(recipe),
      ...writingFaults(recipe),
      ...headFaults(recipe),
      ...preferenceFaults(recipe),
      ...embeddingFaults(recipe),
      ...quotingFaults(recipe),
      ...choiceFaults(recipe),
      ...taskFaults(recipe),
      ...seriesFaults(recipe),
    ])
      context.addIssue({ code: "custom", path: [...path], message });
  });

/** A recipe with every default filled in. */
export type Recipe = z.output<typeof recipeSchema>;

/** JSON Schema of recipe files, for editors. */
export const recipeJsonSchema = (): unknown => z.toJSONSchema(recipeSchema, { io: "input", reused: "inline" });
