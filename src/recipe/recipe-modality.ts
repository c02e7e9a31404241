// What a recipe may not ask of a kind of data: each refused by name, before anything is read.
import { partMethods } from "../explanation/index.ts";
import { imagePerturbations, type ModalityName, textPerturbations } from "../modalities/index.ts";
import { type TaskName, taskOf } from "../tasks/index.ts";
import { thatHold } from "./conditions.ts";
import { type AuditSettings, auditSchema } from "./recipe-audit.ts";
import type { RecipeFault } from "./recipe-fault.ts";

/** What {@link modalityFaults} looks at. */
interface Asked {
  readonly modality: ModalityName;
  readonly task: TaskName;
  readonly data: { readonly pair?: string; readonly image?: string };
  readonly model: {
    readonly pooling?: string;
    readonly scratch?: { readonly vocabulary?: number; readonly side?: number; readonly patch?: number };
  };
  readonly pretrain?: unknown;
  readonly adapt: {
    readonly tokenMasking: number;
    readonly augment?: unknown;
    readonly base: string;
    readonly mitigation: {
      readonly words?: string;
      readonly augment: boolean;
      readonly pairing: number;
      readonly decisions: string;
    };
  };
  readonly audit?: Readonly<Record<"fairness" | "privacy" | "explanation", unknown>> & {
    readonly robustness: false | Readonly<Record<keyof typeof textPerturbations, readonly number[]>>;
  };
  readonly together?: unknown;
}

/** What is wrong for each kind of data. */
const faultsOf: Readonly<Record<ModalityName, (recipe: Asked) => RecipeFault[]>> = {
  text: (recipe) => textFaults(recipe),
  image: (recipe) => imageFaults(recipe),
  series: () => [], // data.series, see recipe-series.ts
};

/** @returns what is wrong, in the order of the recipe */
export const modalityFaults = (recipe: Asked): RecipeFault[] => faultsOf[recipe.modality](recipe);

function textFaults({ model: { scratch }, data, adapt, audit }: Asked): RecipeFault[] {
  const changes = audit?.robustness || {};
  return thatHold([
    [
      scratch?.side !== undefined,
      ["model", "scratch", "side"],
      "only images have sides: set modality: image, or leave it out",
    ],
    [data.image !== undefined, ["data", "image"], "the rows are texts: set modality: image, or leave it out"],
    [
      adapt.augment !== undefined,
      ["adapt", "augment"],
      "only images are moved and mirrored: set modality: image, or leave it out",
    ],
    ...Object.keys(imagePerturbations).map(
      (change) =>
        [
          change in changes,
          ["audit", "robustness", change],
          "only images are changed so: set modality: image, or leave it out",
        ] as const,
    ),
  ]);
}

/** Keys of explanations that only words have; patches of images are explained by methods that only ask the model. */
function ofWordsOnly(asked: unknown) {
  const { explanation } = auditSchema.parse({});
  const given = (asked || explanation) as Exclude<AuditSettings["explanation"], false>;
  const standard = explanation as typeof given;
  const isStandard = (key: keyof typeof given) => String(given[key]) === String(standard[key]);
  const asks = given.methods.every((method) => partMethods.some((one) => one === method));
  const list = partMethods.join(", ");
  return [
    [
      !isStandard("methods") && !asks,
      ["audit", "explanation", "methods"],
      `images are explained by methods that only ask the model: ${list}`,
    ] as const,
    ...(["steps", "classRows", "words", "support"] as const).map(
      (key) => [!isStandard(key), ["audit", "explanation", key], "only texts are explained so: leave it out"] as const,
    ),
  ];
}

function imageFaults({ task, data, model, pretrain, adapt, audit, together }: Asked): RecipeFault[] {
  const { words, augment, pairing, decisions } = adapt.mitigation;
  const { scratch } = model;
  const changes = audit?.robustness || undefined;
  return thatHold([
    [Boolean(taskOf(task).words), ["task"], "entities are found in texts: use single-label, multi-label or regression"],
    [data.pair !== undefined, ["data", "pair"], "images have no pair: leave it out"],
    [model.pooling !== undefined, ["model", "pooling"], "a ViT reads its class token: leave it out"],
    [
      scratch !== undefined && scratch.side === undefined,
      ["model", "scratch", "side"],
      "a model made anew needs the side of its images in pixels, such as side: 28",
    ],
    [
      scratch?.side !== undefined && scratch.side % scratch.patch! !== 0,
      ["model", "scratch", "patch"],
      "side must be a multiple of patch, such as side: 28 with patch: 4",
    ],
    [scratch?.vocabulary !== undefined, ["model", "scratch", "vocabulary"], "images have no vocabulary: leave it out"],
    [pretrain !== undefined, ["pretrain"], "there is no pretraining on images yet: leave it out"],
    [adapt.tokenMasking > 0, ["adapt", "tokenMasking"], "images have no tokens to mask: leave it out"],
    [
      words !== undefined || augment || pairing > 0,
      ["adapt", "mitigation"],
      "words, augment and pairing change texts: leave them out",
    ],
    [
      decisions !== "model",
      ["adapt", "mitigation", "decisions"],
      "decisions by group are fitted for texts only so far: leave it out",
    ],
    [Boolean(audit?.privacy), ["audit", "privacy"], "attacks are measured for texts only so far: set privacy: false"],
    ...ofWordsOnly(audit?.explanation),
    ...Object.entries(textPerturbations).map(
      ([change, { rates }]) =>
        [
          changes !== undefined && String(changes[change as keyof typeof changes]) !== String(rates),
          ["audit", "robustness", change],
          "only texts are changed so: leave it out",
        ] as const,
    ),
    [together !== undefined, ["together"], "studies learn texts together so far: leave it out"],
  ]);
}
