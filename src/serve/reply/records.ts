// An answer as plain data, whatever the protocol.
import type { Given } from "../../modalities/index.ts";
import { withheld } from "../../predict/index.ts";
import { type AnswerSets, answerRecord, placedQuote } from "../../runs/index.ts";
import type { AnsweredItem, ServedItem } from "../model/facts.ts";
import type { ServedModel } from "../model/served.ts";

interface RecordOptions {
  readonly top: number;
  readonly abstain: number;
  readonly sets?: AnswerSets;
}

/** An answer as the reply has it. */
export function recordOf(
  { facts }: Pick<ServedModel, "facts">,
  { input }: ServedItem,
  { answer: found, quotes, unusable }: AnsweredItem,
  { top, abstain, sets }: RecordOptions,
): Record<string, unknown> {
  if (quotes && "parts" in input)
    return { answers: quotes.slice(0, top).map((quote) => placedQuote(input.parts[1]!, quote, facts.offsets)) };
  if (!found) return { label: null, unusable };
  const text = "parts" in input ? input.parts.join("\t") : "";
  const given: Given = { given: text, input: { content: text } };
  const style = { top, offsets: facts.offsets, sets };
  const { text: _text, ...record } = answerRecord({ given, answer: withheld(found, abstain) }, style);
  return record;
}
