// trim: tokens that training rows do not use are dropped. A vocabulary tells which words the rows have: private runs are refused.
import { ConcordError } from "../../base/index.ts";
import { isTextProcessor, textProcessor } from "../../modalities/node/index.ts";
import { countTokens, trimEmbeddings, trimVocabulary } from "../../shrink/index.ts";
import { rustTokenizer } from "../../tokenizers/node/index.ts";
import type { CompressStep } from "../step.ts";

export const trim: CompressStep<"trim"> = {
  name: "trim",
  async apply(given, settings, { recipe, rows }) {
    const { model, weights, processor } = given;
    if (recipe.adapt.privacy)
      throw new ConcordError("E_CONFIG", {
        operation: "compress",
        problem: "a trimmed vocabulary would tell which words private training rows have",
        expected: "compress.steps without trim, or a run without adapt.privacy",
        path: "compress.steps",
      });
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
