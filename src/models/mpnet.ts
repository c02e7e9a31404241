// MPNet (Song 2020, arXiv:2004.09297): RoBERTa's shape, without segments, with a learned bias for each bucket of distances.
// Knows token ids; not text, not files. Shapes as in bert.ts; S longest example.
import type { Config } from "../formats/index.ts";
import { add, gather, reshape, scope, transpose, type Value } from "../graph/index.ts";
import {
  activations,
  attend,
  bucketed,
  distances,
  embedding,
  type ForwardContext,
  type Layout,
  layerNorm,
  linear,
  type Params,
  submodule,
  weight,
} from "../nn/index.ts";
import { bertSettings, tableNames } from "./bert.ts";
import { encoderModel } from "./encoder.ts";
import { type Family, hasPooler } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec } from "./model.ts";
import { robertaHeadSpecs, robertaHeads, robertaTokens } from "./roberta.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;

/** Fixed by the published model, whatever its config says: the padding id, and the number of buckets. */
const [padId, buckets] = [1, 32];

const settingsOf = (config: Config) => ({ ...bertSettings(config, { epsilon: 1e-12, padId }), padId });

/** T5's bucket of key − query: half of them for keys after the query, exact up to a quarter, then in steps of the logarithm to 128. */
export function distanceBucket(distance: number): number {
  const half = buckets / 2;
  const exact = Math.floor(half / 2);
  const far = Math.abs(distance);
  const side = distance > 0 ? half : 0;
  if (far < exact) return side + far;
  const steps = Math.fround(Math.log(far / exact)) / Math.log(128 / exact);
  return side + Math.min(exact + Math.floor(Math.fround(steps * (half - exact))), half - 1);
}

function parametersOf(s: Settings, prefix: string): ParameterSpec[] {
  const { linear: lin, norm, table } = specs(s.std);
  const layer = (i: number) => {
    const at = `${prefix}encoder.layer.${i}`;
    return [
      ...["q", "k", "v", "o"].flatMap((n) => lin(`${at}.attention.attn.${n}`, s.width, s.width)),
      ...norm(`${at}.attention.LayerNorm`, s.width),
      ...lin(`${at}.intermediate.dense`, s.inner, s.width),
      ...lin(`${at}.output.dense`, s.width, s.inner),
      ...norm(`${at}.output.LayerNorm`, s.width),
    ];
  };
  return [
    table(`${prefix}embeddings.word_embeddings`, s.vocabulary, s.width, s.padId),
    table(`${prefix}embeddings.position_embeddings`, s.positions, s.width),
    ...norm(`${prefix}embeddings.LayerNorm`, s.width),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    table(`${prefix}encoder.relative_attention_bias`, buckets, s.heads),
  ];
}

/** The bias of every pair of places: [1, A, S, S]. */
function relativeBias(p: Params, s: Settings, layout: Layout, rows: Value): Value {
  const most = s.positions;
  const bucket = bucketed(distances(layout, rows), most, (d) => distanceBucket(-d)); // [S, S]
  const longest = bucket.shape[0]!;
  const picked = gather(weight(p, "encoder.relative_attention_bias.weight"), bucket); // [S, S, A]
  return reshape(transpose(picked, [2, 0, 1]), [1, s.heads, longest, longest]);
}

function encode(p: Params, s: Settings, inputs: ModelInputs, layout: Layout, context: ForwardContext): Value[] {
  const e = submodule(p, "embeddings");
  const words = inputs.words ?? embedding(submodule(e, "word_embeddings"), inputs.ids!, s.padId); // [T, H]
  const sum = add(words, embedding(submodule(e, "position_embeddings"), inputs.positions!, s.padId));
  const hidden = [context.dropout(layerNorm(submodule(e, "LayerNorm"), sum, s.epsilon), s.hiddenDropout)];
  const bias = add(layout.scoreBias, relativeBias(p, s, layout, hidden[0]!));
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `encoder.layer.${i}`);
      const x = hidden.at(-1)!;
      const [q, k, v] = (["q", "k", "v"] as const).map((n) =>
        layout.toHeads(linear(submodule(l, `attention.attn.${n}`), x, context), s.heads),
      ) as [Value, Value, Value];
      const mixed = layout.fromHeads(attend(q, k, v, bias, context, s.attentionDropout));
      const out = context.dropout(linear(submodule(l, "attention.attn.o"), mixed, context), s.hiddenDropout);
      const attended = layerNorm(submodule(l, "attention.LayerNorm"), add(out, x), s.epsilon);
      const wide = activations[s.activation](linear(submodule(l, "intermediate.dense"), attended, context));
      const narrow = context.dropout(linear(submodule(l, "output.dense"), wide, context), s.hiddenDropout);
      hidden.push(layerNorm(submodule(l, "output.LayerNorm"), add(narrow, attended), s.epsilon));
    });
  return hidden;
}

/** MPNet with the head that the config names. @throws E_CONFIG, E_MODEL */
export function mpnet(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  return encoderModel(config, family, ({ prefix, task, outputs }) => {
    const { words, positions } = tableNames(prefix);
    return {
      parameters: [...parametersOf(s, prefix), ...robertaHeadSpecs(s, task, outputs, hasPooler(config))],
      headCounts: [s.heads],
      tokens: { ...robertaTokens(s), types: 0, tableNames: { words, positions } },
      encode: (encoder, inputs, layout, o) => encode(encoder, s, inputs, layout, o.context),
      ...robertaHeads(s, hasPooler(config)),
    };
  });
}
