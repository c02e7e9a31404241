// What a recipe may not combine with its head: each refused by name, with the reason.
import { z } from "zod";
import { headActivations, textHeadLayers } from "../models/index.ts";
import { isAnswering, isWhole, type TaskName, taskOf } from "../tasks/index.ts";
import { thatHold } from "./conditions.ts";
import type { RecipeFault } from "./recipe-fault.ts";

export const imbalanceSchema = z
  .strictObject({
    focal: z
      .number()
      .min(0)
      .max(10)
      .default(0)
      .describe("Focal loss: exponent γ. Rows that the model is sure of count less. 2 is usual; 0: cross-entropy."),
    weights: z
      .enum(["none", "balanced", "effective"])
      .default("none")
      .describe(
        "Weights of classes. balanced: inverse of their rows. effective: inverse of their effective number of rows, which is milder.",
      ),
    beta: z
      .number()
      .gt(0)
      .lt(1)
      .default(0.999)
      .describe("effective: β of the effective number (1 − β^n) / (1 − β). Nearer to 1 is nearer to balanced."),
  })
  .prefault({})
  .describe("Classes with very few rows: how the loss makes up for it.");

/** What reads a text, or the words of a text. */
export const headSchema = z
  .union([
    z.enum([...textHeadLayers, "crf"]),
    z.strictObject({
      layer: z.enum(textHeadLayers).default("mlp").describe("linear: one layer. mlp: two, an activation between them."),
      hidden: z.int().min(1).max(65_536).optional().describe("mlp: width between the layers. Default: the model's."),
      activation: z.enum(headActivations).default("gelu").describe("mlp: activation between the layers."),
      dropout: z.number().min(0).lt(1).default(0.1).describe("Dropout rate before each layer."),
    }),
  ])
  .optional()
  .describe(
    "What reads a text. linear: one layer; mlp: two layers, with keys for their width, activation and dropout. Entities: linear: each word by itself; crf: the likeliest sequence of tags, with learned transitions. Default: as in the model, else the architecture's own; of entities linear.",
  );

/** What {@link headFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly modality: string;
  readonly model: { readonly pooling?: string; readonly head?: z.output<typeof headSchema> };
  readonly adapt: {
    readonly privacy?: unknown;
    readonly labelSmoothing: number;
    readonly imbalance: z.output<typeof imbalanceSchema>;
    readonly mitigation: { readonly decisions: string };
  };
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export function headFaults({ task, modality, model, adapt, together }: Asked): RecipeFault[] {
  const { head, pooling } = model;
  const crf = head === "crf";
  const { exclusive, words, numeric, ordered = false } = taskOf(task);
  const answers = isAnswering(taskOf(task));
  const whole = (isWhole(taskOf(task)) || taskOf(task).several) && modality === "text";
  const { focal, weights } = adapt.imbalance;
  return thatHold([
    [
      crf && !words,
      ["model", "head"],
      "only entities have tags of words to decide: use linear or mlp, or leave it out",
    ],
    [
      words === true && head !== undefined && !crf && head !== "linear",
      ["model", "head"],
      "tags of words are decided by one layer or a CRF: use linear or crf",
    ],
    [
      head !== undefined && !crf && !words && !whole,
      ["model", "head"],
      "only models that give a text labels or a number have a head to choose: leave it out",
    ],
    [
      pooling === "attention" && !whole,
      ["model", "pooling"],
      "only models that give a text labels or a number pool by attention: use another pooling, or leave it out",
    ],
    [
      crf && Boolean(adapt.privacy),
      ["model", "head"],
      "private training cannot bound what one text adds to the transitions of a CRF: use head: linear",
    ],
    [
      focal > 0 && (!answers || numeric),
      ["adapt", "imbalance", "focal"],
      "only labels have a focal loss: leave it out",
    ],
    [
      focal > 0 && crf,
      ["adapt", "imbalance", "focal"],
      "a CRF learns whole sequences, which no focal loss weighs: leave it out",
    ],
    [
      focal > 0 && adapt.labelSmoothing > 0,
      ["adapt", "imbalance", "focal"],
      "a focal loss has no label smoothing: use one of both",
    ],
    [
      weights !== "none" && !exclusive,
      ["adapt", "imbalance", "weights"],
      "only single labels are weighed by their rows: leave it out",
    ],
    [
      weights !== "none" && Boolean(adapt.privacy),
      ["adapt", "imbalance", "weights"],
      "weights come from counts of the rows, which private training does not cover: leave it out",
    ],
    [
      (weights !== "none" || focal > 0) && together !== undefined,
      ["adapt", "imbalance"],
      "studies learn with the plain loss so far: leave it out",
    ],
    [
      ordered && adapt.mitigation.decisions === "exponentiated-gradient",
      ["adapt", "mitigation", "decisions"],
      "classes in an order are told by thresholds on one score, which no linear head replaces: use group-thresholds or linear-post",
    ],
    [ordered && together !== undefined, ["task"], "studies learn classes without an order so far: use single-label"],
    [crf && together !== undefined, ["model", "head"], "studies learn linear heads together so far: use head: linear"],
  ]);
}
