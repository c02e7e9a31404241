// Which head a config asks for, and the config of a model with another head.
import { ConcordError } from "../base/index.ts";
import {
  type Config,
  field,
  integer,
  type JsonRecord,
  type Labels,
  labels,
  list,
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

/**
 * Reads the head from a config.
 * @param family Transformers' class prefix: `Bert`
 * @throws E_MODEL for an architecture that is not of this family or has a head that is not covered
 */
export function headOf(config: Config, family: string): Head {
  const architecture = field(config, "architectures", list(text, 8), undefined)?.[0] ?? `${family}Model`;
  const suffix = architecture.startsWith(family) ? architecture.slice(family.length) : undefined;
  const names = labels(config);
  const outputs = names?.names.length ?? field(config, "num_labels", integer(1, 2 ** 20), 2) ?? 2;
  const head = (task: Task): Head => ({ architecture, task, labels: names, outputs });
  switch (suffix) {
    case "Model":
      return { architecture, task: "features", outputs: 0 };
    case "ForSequenceClassification":
    case "ForImageClassification":
      return head(problemOf(config, outputs));
    case "ForTokenClassification":
      return head("token");
    case "ForMaskedLM":
    case "ForPreTraining":
      return { architecture: `${family}ForMaskedLM`, task: "masked-lm", outputs: 0 };
    case "LMHeadModel":
    case "ForCausalLM":
      return { architecture, task: "causal-lm", outputs: 0 };
    default:
      throw new ConcordError("E_MODEL", {
        operation: "read config",
        problem: `architecture ${architecture} is not covered`,
        expected: ["Model", "ForSequenceClassification", "ForTokenClassification", "ForMaskedLM"]
          .map((s) => family + s)
          .join(", "),
        path: config.path,
      });
  }
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

/**
 * A config with another head: `architectures`, labels and problem type replaced, the rest kept.
 * @param pooling of a head of whole texts. Default the config's own
 */
export function withHead(
  config: JsonRecord,
  family: string,
  task: Task,
  labelNames: readonly string[] = [],
  pooling?: Pooling,
): JsonRecord {
  const suffix = {
    "single-label": "ForSequenceClassification",
    "multi-label": "ForSequenceClassification",
    regression: "ForSequenceClassification",
    token: "ForTokenClassification",
    "masked-lm": "ForMaskedLM",
    "causal-lm": family === "GPT2" ? "LMHeadModel" : "ForCausalLM",
    features: "Model",
  }[task];
  const { id2label: _i, label2id: _l, problem_type: _p, num_labels: _n, ...rest } = config;
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
