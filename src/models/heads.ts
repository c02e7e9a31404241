// Which head a config asks for, and the config of a model with another head.
import { ConcordError } from "../base/index.ts";
import {
  type Config,
  field,
  flag,
  integer,
  type Labels,
  labels,
  list,
  nullable,
  oneOf,
  text,
} from "../formats/index.ts";
import { type OutputLayer, type Pooling, poolings, type Task } from "./model.ts";

/** The head named by `architectures[0]` of a config; a bare encoder gives `features`. */
export interface Head {
  readonly architecture: string;
  readonly task: Task;
  readonly labels?: Labels;
  /** Number of outputs of a classifying head. */
  readonly outputs: number;
}

/** `problem_type` of classes in an order; Transformers has no such head, and does not load the folder: its classifier has another shape. */
export const orderedProblem = "ordinal_classification";

/** `problem_type` of several heads side by side; Transformers gives their outputs as one row. */
export const severalProblem = "multi_task";

/** Kinds of answers to a whole input, by `problem_type`. */
export const problems = {
  single_label_classification: "single-label",
  [orderedProblem]: "ordinal",
  multi_label_classification: "multi-label",
  regression: "regression",
  [severalProblem]: "multi-task",
} as const;

/**
 * What a class of Transformers answers, by the end of its name; `whole`: one answer to each input, of the kind that `problem_type` says.
 */
export const headAnswers = {
  Model: "features",
  ForSequenceClassification: "whole",
  ForImageClassification: "whole",
  ForTokenClassification: "token",
  ForQuestionAnswering: "question-answering",
  ForPrediction: "quantiles",
  ForMultipleChoice: "multiple-choice",
  ForMaskedLM: "masked-lm",
  ForPreTraining: "masked-lm",
  LMHeadModel: "causal-lm",
  ForCausalLM: "causal-lm",
} as const;
export type HeadName = keyof typeof headAnswers;

/** How Transformers names an architecture's classes and weights. */
export interface Family {
  /** `model_type` of config.json. */
  readonly type: string;
  /** Class prefix: `Bert`. */
  readonly name: string;
  /** Endings of the classes whose heads are covered. */
  readonly heads: readonly HeadName[];
  /** Heads that answer another thing than their name says elsewhere. */
  readonly answers?: Partial<Record<HeadName, Task>>;
  /** Where the encoder's weights lie in a model with a head: `bert.`. */
  readonly prefix: string;
  /** Of architectures that give logits of a vocabulary. */
  readonly output?: OutputLayer;
}

/** Class names of the heads that are covered. */
export const headNames = ({ name, heads }: Omit<Family, "type">): string => heads.map((head) => name + head).join(", ");

/**
 * Reads the head from a config. Without `architectures` it is the bare model.
 * @throws E_MODEL for an architecture that is not of this family or has a head that is not covered
 */
export function headOf(config: Config, family: Family): Head {
  const declared = field(config, "architectures", nullable(list(text, 8)), null)?.[0] ?? `${family.name}Model`;
  // Class names are compared without case: LLaMAForCausalLM is an older spelling
  const suffix = declared.toLowerCase().startsWith(family.name.toLowerCase())
    ? declared.slice(family.name.length)
    : undefined;
  const named = family.heads.find((head) => head === suffix);
  if (named === undefined)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: `architecture ${declared} is not covered`,
      expected: `the heads of ${family.type}: ${headNames(family)}`,
      got: declared,
      hint: "config.json names the head in architectures; a recipe chooses it by its task",
      path: config.path,
    });
  const answer = family.answers?.[named] ?? headAnswers[named];
  if (answer === "whole" || answer === "token") {
    const names = labels(config);
    const outputs = names?.names.length ?? field(config, "num_labels", integer(1, 2 ** 20), 2) ?? 2;
    const task = answer === "token" ? answer : problemOf(config, outputs);
    return { architecture: `${family.name}${named}`, task, labels: names, outputs };
  }
  if (answer !== "features" && !family.output?.mayDiffer) checkTied(config);
  // the second head of pretraining, for pairs of sentences or replaced words, is left out
  const suffixKept = named !== "ForPreTraining" ? named : answer === "features" ? "Model" : "ForMaskedLM";
  return { architecture: `${family.name}${suffixKept}`, task: answer, outputs: 0 };
}

/** Vocabulary logits come of the word table itself: a decoder with weights of its own is not covered. */
function checkTied(config: Config): void {
  if (field(config, "tie_word_embeddings", nullable(flag), true) !== false) return;
  throw new ConcordError("E_MODEL", {
    operation: "read config",
    problem: "tie_word_embeddings false is not covered: the output layer would have weights of its own",
    expected: "true",
    got: "false",
    path: `${config.path} > tie_word_embeddings`,
  });
}

/** The problem of a sequence head: as told, else regression for one output and single-label for more (as Transformers guesses). */
function problemOf(config: Config, outputs: number): Task {
  const declared = field(
    config,
    "problem_type",
    {
      expected: "a problem type or null",
      take: (v) => (v === null ? "none" : oneOf(...(Object.keys(problems) as (keyof typeof problems)[])).take(v)),
    },
    "none" as const,
  );
  return declared === "none"
    ? outputs === 1
      ? "regression"
      : "single-label"
    : problems[declared as keyof typeof problems];
}

/** The pooling that a config names (`classifier_pooling`, as ModernBERT has it). Default `cls`. @throws E_CONFIG */
export const poolingOf = (config: Config): Pooling =>
  field(config, "classifier_pooling", oneOf(...poolings), "cls" as const);

/** False for a bare encoder whose file has no pooler: Transformers decides that when a model is made, here a config entry keeps it. */
export const hasPooler = (config: Config): boolean => field(config, "add_pooling_layer", flag, true);
