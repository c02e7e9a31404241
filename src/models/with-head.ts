// The config of a model with another head.
import { ConcordError } from "../base/index.ts";
import { isJsonRecord, type JsonRecord } from "../formats/index.ts";
import { architectures } from "./architectures.ts";
import { type HeadLayer, tokenHeadEntry } from "./chain.ts";
import { embeddingEntry } from "./embedding.ts";
import { headAnswers, headNames, problems } from "./heads.ts";
import type { EmbeddingForm, Pooling, Task, TaskHead } from "./model.ts";
import { severalEntries, severalEntry, severalLabels } from "./several.ts";
import { type TextHeadForm, textHeadEntry } from "./text-head.ts";

/** What a head is made as, where an architecture or a task leaves a choice. */
export interface HeadForm {
  /** Of whole texts. Default the config's own. */
  readonly pooling?: Pooling;
  /** A head of whole texts in the place of the architecture's. Default the config's own, else none. */
  readonly text?: Partial<TextHeadForm>;
  /** Of vectors of whole texts. Default the config's own, else mean and length 1. */
  readonly embedding?: Partial<EmbeddingForm>;
  /** Of a model with several heads: all of them; its labels follow. Default the config's own. */
  readonly heads?: readonly TaskHead[];
  /** How labels of words are decided. Default the config's own, else `linear`. */
  readonly layer?: HeadLayer;
}

/**
 * A config with another head: `architectures`, labels and problem type replaced, the rest kept.
 * @param family class prefix of the architecture: `Bert`
 * @param labels of the outputs; a head for a number has one, named as Transformers does
 * @throws E_MODEL for a family, or for a task that the family has no head for (lists those that it has)
 */
export function withHead(
  config: JsonRecord,
  family: string,
  task: Task,
  labels?: readonly string[],
  { pooling, text, layer, embedding, heads }: HeadForm = {},
): JsonRecord {
  const { id2label: _i, label2id: _l, problem_type: _p, num_labels: _n, add_pooling_layer: _a, ...others } = config;
  const { [tokenHeadEntry]: own, [embeddingEntry]: vectors, [textHeadEntry]: stored, ...kept } = others;
  const { [severalEntry]: storedHeads, ...rest } = kept;
  const labelNames = labels ?? (heads ? severalLabels(heads) : task === "regression" ? ["LABEL_0"] : []);
  const several = heads ? severalEntries(heads) : storedHeads === undefined ? {} : { [severalEntry]: storedHeads };
  const chained = task === "token" && (layer ?? own) === "crf";
  const whole = text ?? (isJsonRecord(stored) ? { ...stored, ...(pooling && { pooling }) } : undefined);
  const problem = Object.entries(problems).find(([, t]) => t === task)?.[0];
  return {
    ...rest,
    architectures: [classOf(family, task, problem !== undefined)],
    ...(labelNames.length
      ? {
          id2label: Object.fromEntries(labelNames.map((name, i) => [`${i}`, name])),
          label2id: Object.fromEntries(labelNames.map((name, i) => [name, i])),
        }
      : {}),
    ...(problem ? { problem_type: problem } : {}),
    ...(task === "multi-task" ? several : {}),
    ...(problem && whole ? { [textHeadEntry]: { ...whole } } : pooling ? { classifier_pooling: pooling } : {}),
    ...(task === "embedding"
      ? { [embeddingEntry]: { ...(isJsonRecord(vectors) ? vectors : {}), ...embedding }, add_pooling_layer: false }
      : {}),
    ...(chained ? { [tokenHeadEntry]: "crf" } : {}),
  };
}

/** Class name of a family's head for a task. @param whole whether the task has one answer to each input */
function classOf(family: string, task: Task, whole: boolean): string {
  const all = Object.values(architectures);
  const architecture = all.find(({ name }) => name === family);
  const head = architecture?.heads.find(
    (one) => headAnswers[one] === (whole ? "whole" : task === "embedding" ? "features" : task),
  );
  if (head !== undefined) return `${family}${head}`;
  throw new ConcordError("E_MODEL", {
    operation: "choose a head",
    problem: architecture ? `${family} has no head for the task ${task}` : `the family ${family} is not covered`,
    expected: architecture ? headNames(architecture) : all.map(({ name }) => name).join(", "),
    got: architecture ? task : family,
  });
}
