// What a recipe may not ask of a model that chooses among answers, and what of no other: each refused by name, with the reason.
import { type TaskName, taskOf } from "../tasks/index.ts";
import { type Condition, ofLabels, ofMitigation, thatHold } from "./conditions.ts";
import type { RecipeFault } from "./recipe-fault.ts";

/** What {@link choiceFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly modality: string;
  readonly data: {
    readonly choices?: unknown;
    readonly labels?: readonly string[];
    readonly exclude: readonly string[];
    readonly rename: Readonly<Record<string, string>>;
  };
  readonly model: { readonly pooling?: string };
  readonly adapt: {
    readonly labelSmoothing: number;
    readonly privacy?: unknown;
    readonly mitigation: {
      readonly words?: string;
      readonly augment: boolean;
      readonly pairing: number;
      readonly weighting: string;
    };
  };
  readonly audit?: unknown;
  readonly compress?: unknown;
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export const choiceFaults = (recipe: Asked): RecipeFault[] =>
  thatHold(taskOf(recipe.task).chooses ? faultsOfChoosers(recipe) : faultsOfOthers(recipe));

const faultsOfOthers = ({ data }: Asked): Condition[] => [
  [data.choices !== undefined, ["data", "choices"], "only multiple choice has choices: set task: multiple-choice"],
];

const faultsOfChoosers = ({ modality, data, model, adapt, audit, compress, together }: Asked): Condition[] => [
  [modality !== "text", ["task"], "choices are texts so far: set modality: text"],
  [data.choices === undefined, ["data", "choices"], "name the column of the choices, or the columns"],
  ofLabels(data, "each row has its own choices, and no label is another row's: leave it out"),
  [model.pooling !== undefined, ["model", "pooling"], "choices are scored from the first token: leave it out"],
  [adapt.labelSmoothing > 0, ["adapt", "labelSmoothing"], "choices are learned by plain cross-entropy: leave it out"],
  [
    Boolean(adapt.privacy),
    ["adapt", "privacy"],
    "a row becomes as many texts as it has choices, and private training bounds each by itself: leave it out",
  ],
  ofMitigation(adapt.mitigation, "mitigation changes decisions about labels, and choices are none: leave it out"),
  [Boolean(audit), ["audit"], "audits look at labels, numbers and entities so far: leave it out"],
  [compress !== undefined, ["compress"], "models that choose are not compressed so far: leave it out"],
  [together !== undefined, ["together"], "studies learn labels together so far: leave it out"],
];
