// What a recipe may not ask of a model that writes texts, and what it may ask of no other: each refused by name, with the reason.
import { type TaskName, taskOf } from "../tasks/index.ts";
import { type Condition, ofLabels, ofMitigation, thatHold } from "./conditions.ts";
import type { RecipeFault } from "./recipe-fault.ts";

/** What {@link writingFaults} looks at. */
interface Asked {
  readonly task: TaskName;
  readonly data: {
    readonly pair?: string;
    readonly answer?: string;
    readonly labels?: readonly string[];
    readonly exclude: readonly string[];
    readonly rename: Readonly<Record<string, string>>;
  };
  readonly model: {
    readonly pooling?: string;
    readonly generation?: unknown;
    readonly scratch?: { readonly decoder?: string };
  };
  readonly pretrain?: unknown;
  readonly adapt: {
    readonly headFirst?: unknown;
    readonly encoderRate: number;
    readonly tokenMasking: number;
    readonly privacy?: unknown;
    readonly mitigation: {
      readonly words?: string;
      readonly augment: boolean;
      readonly pairing: number;
      readonly weighting: string;
    };
  };
  readonly evaluate: { readonly stride?: number };
  readonly audit?: { readonly writing?: unknown };
  readonly compress?: unknown;
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export function writingFaults(recipe: Asked): RecipeFault[] {
  const { writes, ranks } = taskOf(recipe.task);
  const faults = writes ? faultsOfWriters(recipe) : ranks ? faultsOfRankers(recipe) : faultsOfOthers(recipe);
  return thatHold(faults);
}

/** A model that does not write has no way of writing. */
const notWritten = ({ generation }: Asked["model"]): Condition => [
  generation !== undefined,
  ["model", "generation"],
  "only models that write have defaults of writing: set task: text-generation, or leave it out",
];

const faultsOfOthers = ({ task, data, model, evaluate, audit }: Asked): Condition[] => [
  [
    data.answer !== undefined && !taskOf(task).quotes,
    ["data", "answer"],
    "only text generation and question answering learn answers: set task",
  ],
  [
    model.scratch?.decoder !== undefined,
    ["model", "scratch", "decoder"],
    "only text generation trains a decoder: set task: text-generation, or leave it out",
  ],
  notWritten(model),
  [evaluate.stride !== undefined, ["evaluate", "stride"], "only text generation is evaluated in windows: leave it out"],
  [Boolean(audit?.writing), ["audit", "writing"], "only models that write are audited so: leave it out"],
];

/** What a reward model shares with one that writes: no labels, and answers in their own column. */
function faultsOfRankers(recipe: Asked): Condition[] {
  const shared = ["data", "pretrain", "adapt", "audit", "compress", "together"];
  const { adapt } = recipe;
  return [
    ...faultsOfWriters({
      ...recipe,
      pretrain: undefined,
      adapt: { ...adapt, encoderRate: 1, headFirst: undefined },
    }).filter(([, path]) => shared.includes(path[0]!) && path[1] !== "pooling"),
    notWritten(recipe.model),
    [
      recipe.model.scratch?.decoder !== undefined,
      ["model", "scratch", "decoder"],
      "only text generation trains a decoder from scratch: leave it out",
    ],
    [
      recipe.evaluate.stride !== undefined,
      ["evaluate", "stride"],
      "only text generation is evaluated in windows: leave it out",
    ],
  ];
}

function faultsOfWriters({ data, model, pretrain, adapt, audit, compress, together }: Asked): Condition[] {
  return [
    [data.pair !== undefined, ["data", "pair"], "a model writes answers to one text: use data.answer"],
    ofLabels(data, "text generation has no labels: leave it out"),
    [model.pooling !== undefined, ["model", "pooling"], "every token is predicted: leave it out"],
    [pretrain !== undefined, ["pretrain"], "training on texts is the task itself: leave it out"],
    [adapt.headFirst !== undefined, ["adapt", "headFirst"], "a language model has no new head: leave it out"],
    [
      adapt.encoderRate !== 1,
      ["adapt", "encoderRate"],
      "a language model has no head of its own: leave it out, or use method: lora",
    ],
    [
      Boolean(adapt.privacy),
      ["adapt", "privacy"],
      "a long text is learned in several windows, and private training bounds each by itself: leave it out",
    ],
    [adapt.tokenMasking > 0, ["adapt", "tokenMasking"], "hidden tokens would be learned as text: leave it out"],
    ofMitigation(adapt.mitigation, "mitigation changes decisions about labels, and a text has none: leave it out"),
    [
      audit !== undefined && !audit.writing,
      ["audit"],
      "fairness, privacy, explanation and robustness look at labels, numbers and entities so far: ask for audit.writing, or leave it out",
    ],
    [compress !== undefined, ["compress"], "language models are not compressed so far: leave it out"],
    [together !== undefined, ["together"], "studies learn labels together so far: leave it out"],
  ];
}
