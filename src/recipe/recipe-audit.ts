// The recipe's part on what is audited after evaluation. Every part may be turned off with `false`.
import { z } from "zod";
import { counterfactualAxes, unmeasuredAxes } from "../counterfactual/index.ts";
import { explanationMethods } from "../explanation/index.ts";
import { imagePerturbations, textPerturbations } from "../modalities/index.ts";
import { labelName } from "./recipe-data.ts";

const off = z.literal(false);

const fairness = z.strictObject({
  pairs: z.boolean().default(true).describe("Whether combinations of two attributes are compared as well."),
  resamples: z.int().positive().default(1000).describe("Bootstrap resamples of each interval."),
  tolerance: z
    .number()
    .min(0)
    .default(0.05)
    .describe("Limit for gaps between groups. For errors of regression: a share of the error."),
  measures: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("Measures that are compared. Default accuracy, exactMatch or mae."),
  counterfactuals: z
    .int()
    .min(0)
    .default(1000)
    .describe(
      "Number of test texts, sampled with the seed, in which words for a person are replaced. 0: no counterfactual test.",
    ),
  axes: z
    .array(z.enum([...counterfactualAxes, ...unmeasuredAxes]))
    .min(1)
    .default([...counterfactualAxes])
    .describe(
      "Attributes whose words are replaced. For attributes other than gender, the precision of the rules is unknown (docs/counterfactual.md).",
    ),
  examples: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .describe("Number of text pairs to quote, those with the largest score change. 0: none."),
  baseline: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Run folder on the same data without mitigation. The report then compares gaps and scores before and after.",
    ),
  positive: labelName.optional().describe("Positive label, for rates of decisions and AUC."),
});

const privacy = z.strictObject({
  rows: z
    .int()
    .min(40)
    .default(2000)
    .describe("Number of training rows to attack. As many rows outside the training set are attacked too."),
  references: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(
      "Number of reference models, trained like this one. They make attacks stronger; each costs one training run.",
    ),
  candidates: z
    .int()
    .min(20)
    .max(10_000)
    .default(200)
    .describe("Number of other secrets that each canary is compared with."),
});

const whole = z.int().positive();

const explanation = z.strictObject({
  rows: whole
    .default(40)
    .describe("Number of test rows, sampled with the seed, on which the faithfulness of each method is measured."),
  methods: z
    .array(z.enum(explanationMethods))
    .min(1)
    .default([...explanationMethods])
    .describe("Attribution methods. Images: occlusion and shap, of the patches that the model reads."),
  steps: whole
    .max(1000)
    .default(32)
    .describe("Integration steps of integrated gradients; doubled if the attribution error is large."),
  evaluations: z
    .int()
    .min(2)
    .max(100_000)
    .default(128)
    .describe("Number of subsets of the words, or of the patches of an image, that SHAP evaluates."),
  randomised: z
    .boolean()
    .default(true)
    .describe("Whether explanations are compared with those of a model with random weights."),
  classRows: z
    .int()
    .min(0)
    .default(300)
    .describe("Number of test texts used to find the most important words of each class."),
  words: z.int().min(0).max(100).default(8).describe("Number of words to report per class. 0: none."),
  support: whole.default(5).describe("Minimum number of texts with a word before the word is reported."),
  slices: z.int().min(0).max(100).default(10).describe("Number of cohorts with a high error rate to report. 0: none."),
  falseDiscoveryRate: z.number().gt(0).lt(1).default(0.05).describe("Accepted false discovery rate of these cohorts."),
});

const rate = z.number().gt(0).max(1);

const imageRates = (change: keyof typeof imagePerturbations, what: string) =>
  z
    .array(rate)
    .optional()
    .describe(`Images: ${what}. Default ${JSON.stringify(imagePerturbations[change].rates)}.`);

const robustness = z.strictObject({
  rows: whole.default(300).describe("Number of test rows, sampled with the seed, that are changed."),
  typos: z
    .array(rate)
    .default([...textPerturbations.typos.rates])
    .describe("Texts: shares of words and Chinese characters with typos."),
  synonyms: z
    .array(rate)
    .default([...textPerturbations.synonyms.rates])
    .describe("Texts: shares of words that are replaced by a synonym, of those that have one."),
  brightness: imageRates("brightness", "values x by which brightness is multiplied, as 1 + x or 1 − x"),
  contrast: imageRates("contrast", "shares by which contrast is raised or lowered"),
  noise: imageRates("noise", "standard deviations of Gaussian noise, as shares of the range"),
  shift: imageRates("shift", "shifts, as shares of each side"),
  cutout: imageRates("cutout", "areas of a grey square, as shares of the image"),
  foreign: z.boolean().default(true).describe("Texts: whether the detection of out-of-distribution texts is tested."),
  foreignRows: whole
    .default(1000)
    .describe("Number of training texts used to fit the distance of out-of-distribution texts."),
  sets: z
    .enum(["lac", "aps"])
    .default("lac")
    .describe("Method of the prediction sets: lac (smallest) or aps (adaptive)."),
  coverage: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.9)
    .describe("Target coverage: share of rows whose prediction set contains the true label."),
  perLabel: z
    .boolean()
    .default(false)
    .describe("Calibrate the coverage for each label separately. Sets become larger."),
  perGroup: z.string().optional().describe("Attribute whose groups get a separate coverage calibration in the audit."),
});

const phrases = z.array(z.string().min(1)).min(1);
const writing = z.strictObject({
  rows: whole.default(300).describe("Number of training texts, and of test texts, that are looked at."),
  prefix: whole
    .default(32)
    .describe("Extraction: most tokens of a text that are given. At least half of the text is left."),
  suffix: whole.default(24).describe("Extraction: most tokens that the model has to give back."),
  maxTokens: whole.default(64).describe("Longest answer, in tokens."),
  refusals: phrases
    .optional()
    .describe("Phrases that make an answer a refusal. Default: a short list in English and Chinese."),
  words: phrases.optional().describe("Words that make an answer toxic. Default: a short list in English and Chinese."),
});

/** `audit: {}` asks for every part with its defaults, but for writing, which only models that write have. */
export const auditSchema = z
  .strictObject({
    fairness: z
      .union([off, fairness])
      .prefault({})
      .describe("Differences between groups (data.attributes) and their intersections."),
    privacy: z
      .union([off, privacy])
      .prefault({})
      .describe("Membership inference and canaries: what an attacker can learn about training rows."),
    explanation: z
      .union([off, explanation])
      .prefault({})
      .describe("Attribution of words or patches, and its faithfulness."),
    robustness: z
      .union([off, robustness])
      .prefault({})
      .describe("Changed inputs (typos, noise …), out-of-distribution texts, prediction sets."),
    writing: z
      .union([off, writing])
      .optional()
      .describe("Text generation: training text given away, refusals and toxic words by group."),
  })
  .describe("Audits of the model: fairness, privacy, explanation and robustness; of a model that writes: writing.");

/** What a recipe says of audits, defaults filled in. */
export type AuditSettings = z.output<typeof auditSchema>;

/** Names of the parts of an audit, in the order in which they run. */
export const auditNames = ["fairness", "privacy", "explanation", "robustness"] as const;
export type AuditName = (typeof auditNames)[number];
