// Which head a config asks for, and the config of a model with another head.
import { ConcordError } from "../base/index.ts";
import {
  type Config,
  field,
  flag,
  integer,
  type JsonRecord,
  type Labels,
  labels,
  list,
  nullable,
  oneOf,
  text,
} from "../formats/index.ts";
import { type Pooling, poolings, type Task } from "./model.ts";

/** The head named by `architectures[0]` of a config; a bare encoder gives `features`. */
export interface Head {
  readonly architecture: string;
  readonly task: Task;
  readonly labels?: Labels;
  /** Number of outputs of a classifying head. */
  readonly outputs: number;
}

const problems = {
  single_label_classification: "single-label",
  multi_label_classification: "multi-label",
  regression: "regression",
} as const;

/** How Transformers names an architecture's classes and weights. */
export interface Family {
  /** `model_type` of config.json. */
  readonly type: string;
  /** Class prefix: `Bert`. */
  readonly name: string;
  /** Endings of the classes whose heads are covered. */
  readonly heads: readonly string[];
  /** Where the encoder's weights lie in a model with a head: `bert.`. */
  readonly prefix: string;
}

/**
 * Reads the head from a config. Without `architectures` it is the bare model.
 * @throws E_MODEL for an architecture that is not of this family or has a head that is not covered
 */
export function headOf(config: Config, family: Family): Head {
  const told = field(config, "architectures", nullable(list(text, 8)), null)?.[0] ?? `${family.name}Model`;
  // Class names are compared without case: LLaMAForCausalLM is an older spelling
  const suffix = told.toLowerCase().startsWith(family.name.toLowerCase()) ? told.slice(family.name.length) : undefined;
  if (suffix === undefined || !family.heads.includes(suffix))
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: `architecture ${told} is not covered`,
      expected: `the heads of ${family.type}: ${family.heads.map((head) => family.name + head).join(", ")}`,
      got: told,
      hint: "config.json names the head in architectures; a recipe chooses it by its task",
      path: config.path,
    });
  const architecture = `${family.name}${suffix}`;
  const names = labels(config);
  const outputs = names?.names.length ?? field(config, "num_labels", integer(1, 2 ** 20), 2) ?? 2;
  const head = (task: Task): Head => ({ architecture, task, labels: names, outputs });
  switch (suffix) {
    case "ForSequenceClassification":
    case "ForImageClassification":
      return head(problemOf(config, outputs));
    case "ForTokenClassification":
      return head("token");
    case "ForMaskedLM":
    case "ForPreTraining":
      checkTied(config);
      return { architecture: `${family.name}ForMaskedLM`, task: "masked-lm", outputs: 0 };
    case "LMHeadModel":
      checkTied(config);
      return { architecture, task: "causal-lm", outputs: 0 };
    case "ForCausalLM":
      return { architecture, task: "causal-lm", outputs: 0 };
    default:
      return { architecture, task: "features", outputs: 0 };
  }
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
  const told = field(
    config,
    "problem_type",
    {
      expected: "a problem type or null",
      take: (v) => (v === null ? "none" : oneOf(...(Object.keys(problems) as (keyof typeof problems)[])).take(v)),
    },
    "none" as const,
  );
  return told === "none" ? (outputs === 1 ? "regression" : "single-label") : problems[told as keyof typeof problems];
}

/** The pooling that a config names (`classifier_pooling`, as ModernBERT has it). Default `cls`. @throws E_CONFIG */
export const poolingOf = (config: Config): Pooling =>
  field(config, "classifier_pooling", oneOf(...poolings), "cls" as const);

/** False for a bare encoder whose file has no pooler: Transformers decides that when a model is made, here a config entry keeps it. */
export const hasPooler = (config: Config): boolean => field(config, "add_pooling_layer", flag, true);

/**
 * A config with another head: `architectures`, labels and problem type replaced, the rest kept.
 * @param labelNames of the outputs; a head for a number has one, named as Transformers does
 * @param pooling of a head of whole texts. Default the config's own
 */
export function withHead(
  config: JsonRecord,
  family: string,
  task: Task,
  labelNames: readonly string[] = task === "regression" ? ["LABEL_0"] : [],
  pooling?: Pooling,
): JsonRecord {
  const whole = family === "ViT" ? "ForImageClassification" : "ForSequenceClassification";
  const suffix = {
    "single-label": whole,
    "multi-label": whole,
    regression: whole,
    token: "ForTokenClassification",
    "masked-lm": "ForMaskedLM",
    "causal-lm": family === "GPT2" ? "LMHeadModel" : "ForCausalLM",
    features: "Model",
  }[task];
  const { id2label: _i, label2id: _l, problem_type: _p, num_labels: _n, add_pooling_layer: _a, ...rest } = config;
  const problem = Object.entries(problems).find(([, t]) => t === task)?.[0];
  return {
    ...rest,
    architectures: [`${family}${suffix}`],
    ...(labelNames.length
      ? {
          id2label: Object.fromEntries(labelNames.map((name, i) => [`${i}`, name])),
          label2id: Object.fromEntries(labelNames.map((name, i) => [name, i])),
        }
      : {}),
    ...(problem ? { problem_type: problem } : {}),
    ...(pooling ? { classifier_pooling: pooling } : {}),
  };
}
