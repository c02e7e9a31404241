// Heads of decoders for texts and words, as GPT-2 and Llama have them: whole texts are read at their last token, which has seen all.
// Shapes: T token rows, M wanted rows, B examples, H width, C labels.
import type { Value } from "../graph/index.ts";
import { type Layout, linear, type Params, submodule } from "../nn/index.ts";
import { wantedRows } from "./encoder.ts";
import type { Head } from "./heads.ts";
import type { ForwardOptions, ModelOutputs, ParameterSpec, Task } from "./model.ts";
import { specs } from "./specs.ts";

/** The parameters of a decoder's head: `score` without a bias for whole texts, `words` for words. */
export function decoderHead(
  { task, outputs }: Head,
  { width, std }: { readonly width: number; readonly std: number },
  words: string,
): ParameterSpec[] {
  const { linear: lin } = specs(std);
  if (task === "causal-lm" || task === "features") return [];
  return task === "token" ? lin(words, outputs, width, true) : lin("score", outputs, width, true, false);
}

/** What the head gives of the last hidden state [T, H]: logits [B, C], or [M, C] of words; nothing for a bare decoder. */
export function decoderOutputs(
  task: Task,
  p: Params,
  words: string,
  last: Value,
  layout: Layout,
  dropout: number,
  o: ForwardOptions,
): Pick<ModelOutputs, "logits" | "pooled"> {
  if (task === "features") return {};
  if (task === "token")
    return { logits: linear(submodule(p, words), o.context.dropout(wantedRows(last, o), dropout), o.context) };
  const pooled = layout.last(last); // [B, H]
  return { pooled, logits: linear(submodule(p, "score"), pooled, o.context) };
}
