// The recipe's section adapt.embedding: how a model learns vectors of texts; and what a recipe may not ask of one.
import { z } from "zod";
import { type TaskName, taskOf } from "../tasks/index.ts";
import { type Condition, ofLabels, ofMitigation, thatHold } from "./conditions.ts";
import type { RecipeFault } from "./recipe-fault.ts";

export const embeddingSchema = z
  .strictObject({
    loss: z
      .enum(["ranking", "triplet", "cosine", "cosent"])
      .default("ranking")
      .describe(
        "ranking: of all second texts of a batch, a text's own is the nearest. triplet: it is nearer than the text in data.negative, by a margin. cosine: the cosine of a pair is the number in data.label. cosent: cosines have the order of these numbers.",
      ),
    scale: z
      .number()
      .positive()
      .max(1000)
      .default(20)
      .describe("ranking and cosent: factor on the cosine similarities."),
    margin: z.number().min(0).max(2).default(0.5).describe("triplet: margin, in cosine similarity."),
    range: z
      .tuple([z.number(), z.number()])
      .refine(([least, most]) => least < most, { message: "the least and the largest number, such as [0, 5]" })
      .default([0, 1])
      .describe("cosine and cosent: least and largest number in data.label. cosine learns them as 0 and 1."),
    normalize: z.boolean().optional().describe("Whether vectors have length 1. Default: as in the model, else yes."),
  })
  .prefault({})
  .describe("Embeddings: how pairs of texts are learned.");

/** Whether a recipe's pairs have a number that says how alike their texts are. */
export const scoresPairs = ({
  task,
  adapt: { embedding },
}: {
  readonly task: TaskName;
  readonly adapt: { readonly embedding: { readonly loss: z.output<typeof embeddingSchema>["loss"] } };
}): boolean => taskOf(task).embeds === true && (embedding.loss === "cosine" || embedding.loss === "cosent");

/** What {@link embeddingFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly modality: string;
  readonly data: {
    readonly pair?: string;
    readonly negative?: string;
    readonly labels?: readonly string[];
    readonly exclude: readonly string[];
    readonly rename: Readonly<Record<string, string>>;
  };
  readonly model: { readonly pooling?: string };
  readonly adapt: {
    readonly accumulate: number;
    readonly embedding: z.output<typeof embeddingSchema>;
    readonly headFirst?: unknown;
    readonly encoderRate: number;
    readonly labelSmoothing: number;
    readonly tokenMasking: number;
    readonly privacy?: unknown;
    readonly mitigation: {
      readonly words?: string;
      readonly augment: boolean;
      readonly pairing: number;
      readonly weighting: string;
    };
  };
  readonly evaluate: { readonly words: boolean };
  readonly audit?: unknown;
  readonly compress?: unknown;
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export function embeddingFaults(recipe: Asked): RecipeFault[] {
  const faults = taskOf(recipe.task).embeds ? faultsOfVectors(recipe) : faultsOfOthers(recipe);
  return thatHold(faults);
}

const standard = JSON.stringify(embeddingSchema.parse({}));

const faultsOfOthers = ({ data, model, adapt, evaluate }: Asked): Condition[] => [
  [evaluate.words, ["evaluate", "words"], "only vectors of texts are searched: set task: embeddings, or leave it out"],
  [
    data.negative !== undefined,
    ["data", "negative"],
    "only embeddings learn from texts that do not belong together: leave it out",
  ],
  [
    model.pooling === "last",
    ["model", "pooling"],
    "only embeddings are read from the last token: use cls, mean or max",
  ],
  [
    JSON.stringify(adapt.embedding) !== standard,
    ["adapt", "embedding"],
    "only embeddings are learned so: set task: embeddings, or leave it out",
  ],
];

function faultsOfVectors(recipe: Asked): Condition[] {
  const { modality, data, adapt, evaluate, audit, compress, together } = recipe;
  const { loss, range } = adapt.embedding;
  const scored = scoresPairs(recipe);
  const wholeBatch = loss === "ranking" || loss === "cosent";
  return [
    [modality !== "text", ["task"], "embeddings are learned of texts so far: set modality: text"],
    [
      data.pair === undefined,
      ["data", "pair"],
      "embeddings are learned from pairs: name the column of the second text",
    ],
    [
      loss === "triplet" && data.negative === undefined,
      ["data", "negative"],
      "triplets need a text that does not belong to the first: name its column, or use loss: ranking",
    ],
    [
      scored && data.negative !== undefined,
      ["data", "negative"],
      "pairs with a number have no text that does not belong to them: leave it out",
    ],
    [
      !scored && String(range) !== "0,1",
      ["adapt", "embedding", "range"],
      "only pairs with a number have a range: use loss: cosine or cosent, or leave it out",
    ],
    [scored && evaluate.words, ["evaluate", "words"], "pairs with a number are not searched: leave it out"],
    ofLabels(data, "embeddings have no labels: leave it out"),
    [adapt.headFirst !== undefined, ["adapt", "headFirst"], "vectors of texts have no head: leave it out"],
    [adapt.encoderRate !== 1, ["adapt", "encoderRate"], "vectors of texts have no head: leave it out"],
    [adapt.labelSmoothing > 0, ["adapt", "labelSmoothing"], "embeddings have no labels: leave it out"],
    [
      Boolean(adapt.privacy),
      ["adapt", "privacy"],
      wholeBatch
        ? "the loss couples the texts of a batch, and private training bounds each by itself: leave it out"
        : "an example reads several texts, and private training bounds each by itself: leave it out",
    ],
    ofMitigation(adapt.mitigation, "mitigation changes decisions about labels, and vectors have none: leave it out"),
    [
      wholeBatch && adapt.accumulate > 1,
      ["adapt", "accumulate"],
      "the loss compares the texts of a whole batch: leave it out; gradientCheckpointing saves memory too",
    ],
    [Boolean(audit), ["audit"], "audits look at labels, numbers and entities so far: leave it out"],
    [compress !== undefined, ["compress"], "models of vectors are not compressed so far: leave it out"],
    [together !== undefined, ["together"], "studies learn labels together so far: leave it out"],
  ];
}
