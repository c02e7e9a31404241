// What a recipe may ask of a model that learns from preferences or rewards: its keys in `adapt`, and what does not go together.
import { z } from "zod";
import { type Task, type TaskName, taskOf } from "../tasks/index.ts";
import { type Condition, thatHold } from "./conditions.ts";
import { count, type hasValidationSplit, path, share } from "./recipe-data.ts";
import type { RecipeFault } from "./recipe-fault.ts";

/** What an objective learns from. */
export interface ObjectiveNeeds {
  /** Pairs: data.rejected. */
  readonly pairs: boolean;
  /** Single answers with a verdict: data.label. */
  readonly verdicts: boolean;
  /** Answers of the model's own, and rewards. */
  readonly rollouts: boolean;
  /** Is measured against where the model started. */
  readonly reference: boolean;
  /** Has adapt.beta. */
  readonly beta: boolean;
}

const nothing: ObjectiveNeeds = { pairs: false, verdicts: false, rollouts: false, reference: false, beta: false };
const rolled: ObjectiveNeeds = { ...nothing, rollouts: true, reference: true };

/** Objectives of a model that writes, by their names in recipes. */
export const writingObjectives = {
  supervised: nothing,
  dpo: { ...nothing, pairs: true, reference: true, beta: true },
  orpo: { ...nothing, pairs: true, beta: true },
  kto: { ...nothing, verdicts: true, reference: true, beta: true },
  grpo: rolled,
  reinforce: rolled,
} as const satisfies Readonly<Record<string, ObjectiveNeeds>>;

export type WritingObjective = keyof typeof writingObjectives;
const objectiveNames = Object.keys(writingObjectives) as WritingObjective[];

/** What a recipe's objective learns from. */
export const needsOf = (recipe: { readonly adapt: { readonly objective: WritingObjective } }): ObjectiveNeeds =>
  writingObjectives[recipe.adapt.objective];

/** Of which name a recipe's score of validation rows is, and which way is better. */
export interface ValidationScore {
  readonly name: Task["devScore"]["name"] | "reward";
  /** As trackers call it. */
  readonly tracked: string;
  readonly better: "higher" | "lower";
}

/**
 * The score of validation rows that epochs and trials are compared by: that of the task; of a model that learns preferences how often it
 * agrees with them, of one that learns from rewards what its answers earn.
 */
export function validationScoreOf(recipe: {
  readonly task: TaskName;
  readonly adapt: { readonly objective: WritingObjective };
}): ValidationScore {
  const { pairs, verdicts, rollouts } = needsOf(recipe);
  if (rollouts) return { name: "reward", tracked: "dev_reward", better: "higher" };
  return pairs || verdicts ? taskOf("reward").devScore : taskOf(recipe.task).devScore;
}

const weight = z.number().default(1).describe("Factor on this reward; the rewards of an answer are added up.");

const reward = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("exact").describe("1 if the answer is data.answer, apart from spaces around it; else 0."),
    weight,
  }),
  z.strictObject({
    kind: z.literal("pattern").describe("1 if the whole answer matches a regular expression; else 0."),
    pattern: z.string().min(1).describe("Regular expression, as in --pattern of predict."),
    weight,
  }),
  z.strictObject({
    kind: z.literal("schema").describe("1 if the answer is JSON that a schema allows; else 0."),
    schema: z.record(z.string(), z.json()).describe("JSON Schema, as in --schema of predict."),
    weight,
  }),
  z.strictObject({
    kind: z
      .literal("length")
      .describe("1 if the answer has so many characters; less by its distance from the limit over most; at least 0."),
    least: z.int().min(0).default(0).describe("Fewest characters."),
    most: count.describe("Most characters."),
    weight,
  }),
  z.strictObject({
    kind: z.literal("model").describe("The score of a reward model."),
    from: path.describe("Folder of a run with task: reward, or of its model."),
    weight,
  }),
  z.strictObject({
    kind: z.literal("endpoint").describe("What a server answers, for each prompt and answer."),
    url: z.url({ protocol: /^https?$/ }).describe("Address that takes POST with JSON."),
    timeoutSeconds: z.number().positive().max(600).default(10).describe("Longest wait for a batch, in seconds."),
    weight,
  }),
]);

/** A reward of a recipe. */
export type RecipeReward = z.output<typeof reward>;

const rollouts = z.strictObject({
  group: count.min(2).max(1024).default(8).describe("Answers to each prompt. Each is judged against the others."),
  maxTokens: count.max(8192).default(64).describe("Longest answer, in tokens."),
  temperature: z.number().gt(0).max(100).default(1).describe("Temperature of sampling."),
  topK: z.int().min(0).default(0).describe("Samples from the k most probable tokens. 0: all."),
  topP: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe("Samples from the most probable tokens with this total probability."),
  minP: share.lt(1).default(0).describe("Samples from tokens with at least this share of the highest probability."),
  updates: count.max(64).default(1).describe("Updates with each batch of answers."),
  clip: share
    .gt(0)
    .default(0.2)
    .describe("grpo: limit of the change of a token's probability ratio. Matters with updates above 1."),
  kl: z
    .number()
    .min(0)
    .max(100)
    .default(0.04)
    .describe("Weight of the KL divergence from the start model, per token. 0: none."),
});

/** Keys of `adapt`. */
export const preferenceKeys = {
  objective: z
    .enum(objectiveNames)
    .default("supervised")
    .describe(
      "Text generation: what is learned. supervised: the answers. dpo, orpo: data.answer over data.rejected. kto: answers that data.label calls good or bad. grpo, reinforce: answers of the model's own, by adapt.rewards.",
    ),
  beta: z
    .number()
    .gt(0)
    .max(100)
    .default(0.1)
    .describe("dpo, kto: strength of the tie to the start model. orpo: weight of the odds ratio."),
  rollouts: rollouts.optional().describe("grpo, reinforce: how answers are sampled and learned from."),
  rewards: z.array(reward).min(1).optional().describe("grpo, reinforce: rewards of an answer. They are added up."),
};

/** How answers are sampled, with every default. */
export const rolloutsOf = ({ adapt }: { readonly adapt: { readonly rollouts?: z.output<typeof rollouts> } }) =>
  adapt.rollouts ?? rollouts.parse({});

/** What {@link preferenceFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly data: Parameters<typeof hasValidationSplit>[0]["data"] & {
    readonly answer?: string;
    readonly rejected?: string;
  };
  readonly model: { readonly from?: string };
  readonly adapt: {
    readonly objective: WritingObjective;
    readonly rollouts?: unknown;
    readonly rewards?: readonly { readonly kind: string }[];
    readonly base: string;
    readonly labelSmoothing: number;
    readonly patience?: number;
    readonly keep?: string;
  };
}

/** @returns what is wrong, in the order of the recipe */
export function preferenceFaults(recipe: Asked): RecipeFault[] {
  const { task, data, model, adapt } = recipe;
  const { writes, ranks } = taskOf(task);
  const { pairs, verdicts, rollouts: rolls, reference } = writingObjectives[adapt.objective];
  const faults: Condition[] = [
    [
      !writes && adapt.objective !== "supervised",
      ["adapt", "objective"],
      "only text generation learns so: set task: text-generation, or leave it out",
    ],
    [
      data.rejected !== undefined && !pairs && !ranks,
      ["data", "rejected"],
      "pairs are learned by task: reward, and by text-generation with adapt.objective dpo or orpo: set one, or leave it out",
    ],
    [
      (pairs || ranks === true) && data.rejected === undefined,
      ["data", "rejected"],
      "pairs need a rejected answer: name its column",
    ],
    [
      (pairs || verdicts || ranks === true) && data.answer === undefined,
      ["data", "answer"],
      "preferences are about answers: name their column",
    ],
    [
      reference && model.from === undefined,
      ["model", "from"],
      "preferences change a model that writes already: name its folder, such as a run's model",
    ],
    [rolls && adapt.rewards === undefined, ["adapt", "rewards"], "answers need a reward: name at least one"],
    [
      !rolls && (adapt.rewards !== undefined || adapt.rollouts !== undefined),
      ["adapt", adapt.rewards !== undefined ? "rewards" : "rollouts"],
      "the model answers in training with objective: grpo or reinforce only: leave it out",
    ],
    [
      rolls && adapt.base !== "float32",
      ["adapt", "base"],
      "answers are sampled from float32 weights: set base: float32",
    ],
    [
      Boolean(adapt.rewards?.some(({ kind }) => kind === "exact")) && data.answer === undefined,
      ["data", "answer"],
      "exact compares with data.answer: name its column",
    ],
    [
      rolls && (adapt.patience !== undefined || adapt.keep === "best"),
      ["adapt", adapt.patience === undefined ? "keep" : "patience"],
      "answers of the model's own are judged in training, not on the validation set: leave it out",
    ],
    [
      adapt.labelSmoothing > 0 &&
        writes === true &&
        adapt.objective !== "supervised" &&
        (adapt.objective !== "dpo" || adapt.labelSmoothing >= 0.5),
      ["adapt", "labelSmoothing"],
      "dpo takes less than 0.5, the share of pairs that are the wrong way round; the others take none",
    ],
  ];
  return thatHold(faults);
}
