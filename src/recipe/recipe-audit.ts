// The recipe's part on what is audited after evaluation. Every part may be turned off with `false`.
import { z } from "zod";
import { counterfactualAxes, unmeasuredAxes } from "../counterfactual/index.ts";
import { explanationMethods } from "../explanation/index.ts";
import { imagePerturbations, textPerturbations } from "../modalities/index.ts";
import { labelName } from "./recipe-data.ts";

const off = z.literal(false);

const fairness = z.strictObject({
  pairs: z.boolean().default(true).describe("Attributes two by two as well."),
  resamples: z.int().positive().default(1000).describe("Bootstrap draws of each interval."),
  tolerance: z
    .number()
    .min(0)
    .default(0.05)
    .describe("A group lies behind when it does by more than this, beyond chance; of errors of numbers: a share."),
  measures: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe("By which gaps are called. Default accuracy, exactMatch or mae."),
  counterfactuals: z
    .int()
    .min(0)
    .default(1000)
    .describe("Test texts, drawn by the seed, that are asked again about somebody else; 0 asks none."),
  axes: z
    .array(z.enum([...counterfactualAxes, ...unmeasuredAxes]))
    .min(1)
    .default([...counterfactualAxes])
    .describe(
      "Kinds of words that are exchanged in these. Those other than gender were found in too few real texts for their precision to be stated (docs/counterfactual.md).",
    ),
  examples: z
    .int()
    .min(0)
    .max(100)
    .default(5)
    .describe("Such texts to quote whose answers differ most; 0 quotes none."),
  baseline: z
    .string()
    .min(1)
    .optional()
    .describe("Run folder of the same data without mitigation: gaps and scores are shown before and after."),
  positive: labelName.optional().describe("Label taken as the positive answer: rates of decisions and AUC for it."),
});

const privacy = z.strictObject({
  rows: z
    .int()
    .min(40)
    .default(2000)
    .describe("Training rows that are attacked, and as many that were not trained on."),
  references: z
    .int()
    .min(0)
    .max(64)
    .default(0)
    .describe(
      "Models trained like this one, on as many rows, each attacked row in half of them: stronger attacks, each at the price of training.",
    ),
  candidates: z.int().min(20).max(10_000).default(200).describe("Secrets that a canary is compared with."),
});

const whole = z.int().positive();

const explanation = z.strictObject({
  rows: whole.default(40).describe("Test texts, drawn by the seed, on which each method's faithfulness is measured."),
  methods: z
    .array(z.enum(explanationMethods))
    .min(1)
    .default([...explanationMethods])
    .describe("Ways to say what a word adds."),
  steps: whole.max(1000).default(32).describe("Of integrated gradients; doubled where they do not add up."),
  evaluations: z.int().min(2).max(100_000).default(128).describe("Sets of words that shap asks of a long text."),
  randomised: z.boolean().default(true).describe("Compare with explanations of a model of random weights."),
  classRows: z.int().min(0).default(300).describe("Test texts from which the words that drive each class are read."),
  words: z.int().min(0).max(100).default(8).describe("Words to report of each class; 0 reports none."),
  support: whole.default(5).describe("Texts that must have a word before it is reported."),
  slices: z.int().min(0).max(100).default(10).describe("Cohorts with high error to report; 0 looks for none."),
  falseDiscoveryRate: z.number().gt(0).lt(1).default(0.05).describe("Share of false cohorts accepted among them."),
});

const rate = z.number().gt(0).max(1);

const imageRates = (change: keyof typeof imagePerturbations, what: string) =>
  z
    .array(rate)
    .optional()
    .describe(`Of images: ${what}. Default ${JSON.stringify(imagePerturbations[change].rates)}.`);

const robustness = z.strictObject({
  rows: whole.default(300).describe("Test rows, drawn by the seed, that are changed."),
  typos: z
    .array(rate)
    .default([...textPerturbations.typos.rates])
    .describe("Of texts: shares of words and Chinese characters that are misspelt."),
  synonyms: z
    .array(rate)
    .default([...textPerturbations.synonyms.rates])
    .describe("Of texts: shares of the words with a synonym that are replaced by it."),
  brightness: imageRates("brightness", "multiplied with one more or one less this"),
  contrast: imageRates("contrast", "contrast raised or lowered by this share"),
  noise: imageRates("noise", "Gaussian noise with this share of the range as its standard deviation"),
  shift: imageRates("shift", "moved by this share of each side"),
  cutout: imageRates("cutout", "a grey square over this share of the image"),
  foreign: z.boolean().default(true).describe("Of texts: whether foreign texts can be told from the test texts."),
  foreignRows: whole.default(1000).describe("Training texts from which distances of foreign texts are learned."),
  sets: z.enum(["lac", "aps"]).default("lac").describe("How prediction sets are made: smallest, or adaptive."),
  coverage: z.number().gt(0).lt(1).default(0.9).describe("How often a prediction set is to hold the truth."),
  perLabel: z.boolean().default(false).describe("Promise the coverage for each label by itself; sets get larger."),
  perGroup: z
    .string()
    .optional()
    .describe("An attribute for each of whose groups the coverage is promised by itself, in the audit."),
});

/** `audit: {}` asks for every part with its defaults. */
export const auditSchema = z
  .strictObject({
    fairness: z
      .union([off, fairness])
      .prefault({})
      .describe("Differences between groups (data.attributes) and their intersections."),
    privacy: z.union([off, privacy]).prefault({}).describe("What an attacker learns about training rows."),
    explanation: z
      .union([off, explanation])
      .prefault({})
      .describe("Which words drive answers, and how faithful that is."),
    robustness: z
      .union([off, robustness])
      .prefault({})
      .describe("Changed inputs (misspellings, noise …), foreign texts, prediction sets."),
  })
  .describe("Fairness, privacy, explanation and robustness of the model, measured.");

/** What a recipe says of audits, defaults filled in. */
export type AuditSettings = z.output<typeof auditSchema>;

/** Names of the parts of an audit, in the order in which they run. */
export const auditNames = ["fairness", "privacy", "explanation", "robustness"] as const;
export type AuditName = (typeof auditNames)[number];
