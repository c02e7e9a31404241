// DeBERTa v2 and v3 (He 2021, arXiv:2006.03654, arXiv:2111.09543): BERT's block whose attention also compares contents with distances.
// Knows token ids; not text, not files. Shapes as in bert.ts; S longest example, D head width, R buckets on one side.
import { ConcordError } from "../base/index.ts";
import { type Config, field, flag, integer, nullable, oneOf, rate, text } from "../formats/index.ts";
import {
  add,
  broadcastTo,
  gatherElements,
  matmul,
  reshape,
  scope,
  softmax,
  transpose,
  type Value,
} from "../graph/index.ts";
import {
  type Activation,
  activations,
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
import type { Family } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec, Task } from "./model.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(config: Config) {
  const s = bertSettings(config, { epsilon: 1e-7, padId: 0, leastTypes: 0 });
  const refuse = (problem: string, expected: string, got: unknown): never => {
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem,
      expected,
      got: String(got),
      path: config.path,
    });
  };
  const kinds = field(config, "pos_att_type", nullable({ expected: "a text or a list", take: (v) => v }), null);
  const compared = (Array.isArray(kinds) ? kinds.join("|") : String(kinds ?? ""))
    .toLowerCase()
    .split("|")
    .sort()
    .join();
  if (!field(config, "relative_attention", flag, false) || compared !== "c2p,p2c")
    refuse("this attention is not covered", 'relative_attention with pos_att_type "p2c|c2p"', compared);
  if (!field(config, "share_att_key", flag, false))
    refuse("share_att_key false is not covered: distances would have projections of their own", "true", false);
  const buckets = field(config, "position_buckets", integer(-1, 4096), -1);
  const given = field(config, "max_relative_positions", integer(-1, 2 ** 20), -1);
  const most = given < 1 ? s.positions : given;
  return {
    ...s,
    buckets,
    /** Longest distance that is told apart, and how many there are on one side. */
    most,
    span: buckets > 0 ? buckets : most,
    normedTable: (field(config, "norm_rel_ebd", nullable(text), null) ?? "none").includes("layer_norm"),
    placesRead: field(config, "position_biased_input", flag, true),
    poolerDropout: field(config, "pooler_dropout", rate, 0),
    poolerActivation: field(
      config,
      "pooler_hidden_act",
      oneOf(...(Object.keys(activations) as Activation[])),
      "gelu" as const,
    ),
    classifierDropout: field(config, "cls_dropout", nullable(rate), null) ?? s.hiddenDropout,
  };
}

/** Bucket of a distance: exact up to half of them, then in steps of the logarithm. @param buckets on one side; 0 or fewer: none, the distance itself */
export function logBucket(distance: number, buckets: number, most: number): number {
  const middle = Math.floor(buckets / 2);
  const far = Math.abs(distance);
  if (buckets <= 0 || far <= middle) return distance;
  const ratio = Math.fround(
    Math.fround(Math.log(Math.fround(far / middle))) / Math.fround(Math.log((most - 1) / middle)),
  );
  return Math.sign(distance) * (Math.ceil(Math.fround(ratio * (middle - 1))) + middle);
}

function parametersOf(s: Settings, prefix: string, task: Task, outputs: number): ParameterSpec[] {
  const { linear: lin, norm, table } = specs(s.std);
  const layer = (i: number) => {
    const at = `${prefix}encoder.layer.${i}`;
    return [
      ...["query_proj", "key_proj", "value_proj"].flatMap((n) => lin(`${at}.attention.self.${n}`, s.width, s.width)),
      ...lin(`${at}.attention.output.dense`, s.width, s.width),
      ...norm(`${at}.attention.output.LayerNorm`, s.width),
      ...lin(`${at}.intermediate.dense`, s.inner, s.width),
      ...lin(`${at}.output.dense`, s.width, s.inner),
      ...norm(`${at}.output.LayerNorm`, s.width),
    ];
  };
  const head = {
    features: () => [],
    token: () => lin("classifier", outputs, s.width, true),
    whole: () => [...lin("pooler.dense", s.width, s.width, true), ...lin("classifier", outputs, s.width, true)],
  };
  return [
    table(`${prefix}embeddings.word_embeddings`, s.vocabulary, s.embedded, s.padId),
    ...(s.placesRead ? [table(`${prefix}embeddings.position_embeddings`, s.positions, s.embedded)] : []),
    ...(s.types > 0 ? [table(`${prefix}embeddings.token_type_embeddings`, s.types, s.embedded)] : []),
    ...(s.embedded === s.width ? [] : lin(`${prefix}embeddings.embed_proj`, s.width, s.embedded, false, false)),
    ...norm(`${prefix}embeddings.LayerNorm`, s.width),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    table(`${prefix}encoder.rel_embeddings`, 2 * s.span, s.width),
    ...(s.normedTable ? norm(`${prefix}encoder.LayerNorm`, s.width) : []),
    ...head[task === "features" || task === "token" ? task : "whole"](),
  ];
}

/** Rows [2R, H] of the table of distances as heads [1, A, 2R, D]. */
function distanceHeads(p: Params, table: Value, s: Settings, context: ForwardContext): Value {
  const rows = linear(p, table, context);
  return reshape(transpose(reshape(rows, [2 * s.span, s.heads, s.width / s.heads]), [1, 0, 2]), [
    1,
    s.heads,
    2 * s.span,
    s.width / s.heads,
  ]);
}

/** Attention of one layer over rows x [T, H]; `index` [S, S] says which row of the table each pair of places reads. */
function attention(
  l: Params,
  x: Value,
  table: Value,
  index: Value,
  s: Settings,
  layout: Layout,
  context: ForwardContext,
): Value {
  const part = (n: string) => submodule(l, `attention.self.${n}_proj`);
  const [q, k, v] = ["query", "key", "value"].map((n) => layout.toHeads(linear(part(n), x, context), s.heads)) as [
    Value,
    Value,
    Value,
  ];
  const alpha = 1 / Math.sqrt(3 * (s.width / s.heads)); // three kinds of scores
  const dots = (a: Value, b: Value) => matmul(a, b, { transposeB: true, alpha });
  const [batch, , longest] = q.shape as [string, number, string];
  const each = broadcastTo(reshape(index, [1, 1, longest, longest]), [batch, s.heads, longest, longest]);
  const flipped = (m: Value) => transpose(m, [0, 1, 3, 2]);
  const toPlaces = gatherElements(dots(q, distanceHeads(part("key"), table, s, context)), each, 3);
  // a key compares itself with the same distance, seen from the query: the index of (query, key), read by key
  const fromPlaces = gatherElements(dots(k, distanceHeads(part("query"), table, s, context)), flipped(each), 3);
  const scores = add(add(dots(q, k), toPlaces), flipped(fromPlaces));
  const probabilities = softmax(add(scores, layout.scoreBias));
  context.attention?.(probabilities, scores);
  return layout.fromHeads(matmul(context.dropout(probabilities, s.attentionDropout), v));
}

function embedded(p: Params, s: Settings, inputs: ModelInputs, context: ForwardContext): Value {
  const e = submodule(p, "embeddings");
  const words = inputs.words ?? embedding(submodule(e, "word_embeddings"), inputs.ids!, s.padId); // [T, E]
  const placed = s.placesRead ? add(words, embedding(submodule(e, "position_embeddings"), inputs.positions!)) : words;
  const typed = s.types > 0 ? add(placed, embedding(submodule(e, "token_type_embeddings"), inputs.types!)) : placed;
  const wide = s.embedded === s.width ? typed : linear(submodule(e, "embed_proj"), typed, context);
  return context.dropout(layerNorm(submodule(e, "LayerNorm"), wide, s.epsilon), s.hiddenDropout);
}

function encode(p: Params, s: Settings, inputs: ModelInputs, layout: Layout, context: ForwardContext): Value[] {
  const hidden = [scope("embeddings", () => embedded(p, s, inputs, context))];
  const own = weight(p, "encoder.rel_embeddings.weight");
  const table = s.normedTable ? layerNorm(submodule(p, "encoder.LayerNorm"), own, s.epsilon) : own;
  const row = (d: number) => Math.min(Math.max(logBucket(d, s.buckets, s.most) + s.span, 0), 2 * s.span - 1);
  const index = bucketed(distances(layout, hidden[0]!), s.positions, row); // [S, S]
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `encoder.layer.${i}`);
      const x = hidden.at(-1)!;
      const mixed = linear(
        submodule(l, "attention.output.dense"),
        scope("attention", () => attention(l, x, table, index, s, layout, context)),
        context,
      );
      const norm = (at: string, out: Value, residual: Value) =>
        layerNorm(submodule(l, at), add(context.dropout(out, s.hiddenDropout), residual), s.epsilon);
      const attended = norm("attention.output.LayerNorm", mixed, x);
      const wide = activations[s.activation](linear(submodule(l, "intermediate.dense"), attended, context));
      hidden.push(norm("output.LayerNorm", linear(submodule(l, "output.dense"), wide, context), attended));
    });
  return hidden;
}

/** DeBERTa with a classifier of texts or words, or bare. @throws E_CONFIG, E_MODEL */
export function deberta(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  return encoderModel(config, family, ({ prefix, task, outputs }) => {
    const { words, positions, types } = tableNames(prefix);
    return {
      parameters: parametersOf(s, prefix, task, outputs),
      headCounts: [s.heads],
      tokens: {
        vocabulary: s.vocabulary,
        maxLength: s.positions,
        firstPosition: 0,
        padId: s.padId,
        types: s.types,
        readsWords: true,
        tableNames: { words, ...(s.placesRead && { positions }), ...(s.types > 0 && { types }) },
      },
      encode: (encoder, inputs, layout, o) => encode(encoder, s, inputs, layout, o.context),
      words: (rows, { o }) => o.context.dropout(rows, s.hiddenDropout),
      whole: (rows, { p, o }) => {
        const { dropout } = o.context;
        const pooled = scope("pooler", () => {
          const dense = linear(submodule(p, "pooler.dense"), dropout(rows, s.poolerDropout), o.context);
          return activations[s.poolerActivation](dense);
        });
        const logits = linear(submodule(p, "classifier"), dropout(pooled, s.classifierDropout), o.context);
        return { pooled, logits }; // [B, C]
      },
    };
  });
}
