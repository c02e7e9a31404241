// An architecture as somebody would add one: a classifier of the mean of a text's word vectors. What the guards add to a copy.
import { type Config, field, modelWidth, vocabularySize } from "../../src/formats/index.ts";
import { type Family, headOf } from "../../src/models/heads.ts";
import type { ModelParts } from "../../src/models/model.ts";
import { specs } from "../../src/models/specs.ts";
import { embedding, linear, meanOfRows, submodule } from "../../src/nn/index.ts";

export function wordMeans(config: Config, family: Family): ModelParts {
  const head = headOf(config, family);
  const [words, width] = [field(config, "vocab_size", vocabularySize), field(config, "hidden_size", modelWidth)];
  const { linear: lin, table } = specs(0.1);
  return {
    ...head,
    prefix: family.prefix,
    parameters: [
      table(`${family.prefix}words`, words, width),
      ...lin(`${family.prefix}mix`, width, width),
      ...lin("classifier", head.outputs, width, true),
    ],
    headCounts: [1],
    causal: false,
    tokens: {
      vocabulary: words,
      maxLength: 64,
      firstPosition: 0,
      padId: 0,
      types: 0,
      tableNames: { words: `${family.prefix}words.weight` },
    },
    forward: (p, inputs, layout, { context }) => {
      const body = submodule(p, family.prefix.slice(0, -1));
      const rows = linear(submodule(body, "mix"), embedding(submodule(body, "words"), inputs.ids!), context); // [T, H]
      const pooled = meanOfRows(layout!, rows);
      return { hidden: [rows], last: rows, pooled, logits: linear(submodule(p, "classifier"), pooled, context) };
    },
  };
}
