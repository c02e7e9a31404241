// trim: tokens that training rows do not use are dropped. A vocabulary tells which words the rows have: private runs are refused.
import { ConcordError } from "../../base/index.ts";
import { isTextProcessor, textProcessor } from "../../modalities/node/index.ts";
import { countTokens, trimEmbeddings, trimVocabulary } from "../../shrink/index.ts";
import { rustTokenizer } from "../../tokenizers/node/index.ts";
import type { CompressStep } from "../step.ts";

export const trim: CompressStep<"trim"> = {
  name: "trim",
  notAfterPrivacy: () => ({
    problem: "a trimmed vocabulary would tell which words private training rows have",
    without: "trim",
  }),
  async apply(given, settings, { rows }) {
    const { model, weights, processor } = given;
    if (!isTextProcessor(processor))
      throw new ConcordError("E_MODEL", {
        operation: "compress",
        problem: "the model reads no tokens",
        expected: "a model of texts",
        got: model.reads,
        path: "compress.steps",
      });
    const read = (await given.processor.examples([...rows.train])).flatMap((e) => ("ids" in e ? [{ ids: e.ids }] : []));
    const { file, kept } = trimVocabulary(processor.tokenizer.source, countTokens(read), settings);
    const tokenizer = await rustTokenizer(file);
    const smaller = trimEmbeddings(model, weights, kept);
    const before = model.tokens!.vocabulary;
    return {
      result: {
        ...given,
        ...smaller,
        vocabulary: kept.map((id) => given.vocabulary?.[id] ?? id),
        processor: textProcessor(tokenizer, processor.maxLength),
      },
      facts: { tokens: { before, after: kept.length } },
    };
  },
};
