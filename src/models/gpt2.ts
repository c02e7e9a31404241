// GPT-2 (Radford 2019) for language modelling, and with heads for texts and words; weights are stored [in, out]. Knows token ids; not text, not files.
// Shapes: T token rows, H width, A heads, V vocabulary.
import { ConcordError } from "../base/index.ts";
import {
  type Config,
  field,
  headCount,
  layerCount,
  modelWidth,
  nullable,
  number,
  oneOf,
  padToken,
  positionCount,
  rate,
  vocabularySize,
} from "../formats/index.ts";
import { add, linear as linearOp, scope, slice, type Value } from "../graph/index.ts";
import {
  type Activation,
  activations,
  attendRows,
  embedding,
  type ForwardContext,
  type Layout,
  layerNorm,
  type Params,
  projection,
  submodule,
  weight,
} from "../nn/index.ts";
import { decoderHead, decoderOutputs } from "./decoder-heads.ts";
import { wantedRows } from "./encoder.ts";
import { type Family, headOf } from "./heads.ts";
import type { ModelInputs, ModelParts, ParameterSpec } from "./model.ts";
import { specs } from "./specs.ts";

type Settings = ReturnType<typeof settingsOf>;

function settingsOf(config: Config) {
  const width = field(config, "n_embd", modelWidth, 768);
  const heads = field(config, "n_head", headCount, 12);
  if (width % heads)
    throw new ConcordError("E_MODEL", {
      operation: "read config",
      problem: "n_embd is not a multiple of n_head",
      got: `${width} and ${heads}`,
      path: config.path,
    });
  return {
    vocabulary: field(config, "vocab_size", vocabularySize, 50257),
    width,
    heads,
    layers: field(config, "n_layer", layerCount, 12),
    inner: field(config, "n_inner", nullable(modelWidth), null) ?? 4 * width,
    positions: field(config, "n_positions", positionCount, 1024),
    activation: field(
      config,
      "activation_function",
      oneOf(...(Object.keys(activations) as Activation[])),
      "gelu_new" as const,
    ),
    epsilon: field(config, "layer_norm_epsilon", number(0, 1), 1e-5),
    std: field(config, "initializer_range", number(0, 10), 0.02),
    pad: field(config, "pad_token_id", nullable(padToken), null) ?? undefined,
    classifierDropout: field(config, "classifier_dropout", nullable(rate), null) ?? 0.1,
    embeddingDropout: field(config, "embd_pdrop", rate, 0.1),
    attentionDropout: field(config, "attn_pdrop", rate, 0.1),
    residualDropout: field(config, "resid_pdrop", rate, 0.1),
  };
}

function parametersOf(s: Settings, prefix: string): ParameterSpec[] {
  const { matrix, norm, table, vector } = specs(s.std);
  const stored = (name: string, ins: number, outs: number) => [
    matrix(`${name}.weight`, ins, outs),
    vector(`${name}.bias`, outs),
  ];
  const layer = (i: number) => {
    const at = `${prefix}h.${i}`;
    return [
      ...norm(`${at}.ln_1`, s.width),
      ...stored(`${at}.attn.c_attn`, s.width, 3 * s.width),
      ...stored(`${at}.attn.c_proj`, s.width, s.width),
      ...norm(`${at}.ln_2`, s.width),
      ...stored(`${at}.mlp.c_fc`, s.width, s.inner),
      ...stored(`${at}.mlp.c_proj`, s.inner, s.width),
    ];
  };
  return [
    table(`${prefix}wte`, s.vocabulary, s.width),
    table(`${prefix}wpe`, s.positions, s.width),
    ...Array.from({ length: s.layers }, (_, i) => layer(i)).flat(),
    ...norm(`${prefix}ln_f`, s.width),
  ];
}

/** Rows after the embeddings and after each block, [T, H] each. */
function decode(p: Params, s: Settings, inputs: ModelInputs, layout: Layout, context: ForwardContext): Value[] {
  const hidden = [
    context.dropout(
      add(
        inputs.words ?? embedding(submodule(p, "wte"), inputs.ids!),
        embedding(submodule(p, "wpe"), inputs.positions!),
      ),
      s.embeddingDropout,
    ),
  ];
  for (let i = 0; i < s.layers; i++)
    scope(`layer ${i}`, () => {
      const l = submodule(p, `h.${i}`);
      const x = hidden.at(-1)!;
      const attended = scope("attention", () => {
        const qkv = projection(submodule(l, "attn.c_attn"), layerNorm(submodule(l, "ln_1"), x, s.epsilon), context); // [T, 3H]
        const [q, k, v] = [0, 1, 2].map((j) => slice(qkv, 1, j * s.width, (j + 1) * s.width)) as [Value, Value, Value];
        const mixed = attendRows(layout, s.heads, q, k, v, context, s.attentionDropout);
        return add(x, context.dropout(projection(submodule(l, "attn.c_proj"), mixed, context), s.residualDropout));
      });
      const wide = activations[s.activation](
        projection(submodule(l, "mlp.c_fc"), layerNorm(submodule(l, "ln_2"), attended, s.epsilon), context),
      );
      hidden.push(
        add(attended, context.dropout(projection(submodule(l, "mlp.c_proj"), wide, context), s.residualDropout)),
      );
    });
  return hidden;
}

/** GPT-2 with its language-model head, a head for texts or words, or bare. @throws E_CONFIG, E_MODEL */
export function gpt2(config: Config, family: Family): ModelParts {
  const s = settingsOf(config);
  const head = headOf(config, family);
  const prefix = head.task === "features" ? "" : family.prefix;
  return {
    ...head,
    prefix,
    parameters: [...parametersOf(s, prefix), ...decoderHead(head, s, "classifier")],
    headCounts: [s.heads],
    causal: true,
    cache: { layers: s.layers, heads: s.heads, width: s.width / s.heads },
    tokens: {
      vocabulary: s.vocabulary,
      maxLength: s.positions,
      firstPosition: 0,
      padId: s.pad ?? 0,
      lastSkips: s.pad,
      types: 0,
      readsWords: true,
      tableNames: { words: `${prefix}wte.weight`, positions: `${prefix}wpe.weight` },
    },
    forward: (p, inputs, tokenLayout, o) => {
      const layout = tokenLayout!;
      const inside = prefix ? submodule(p, "transformer") : p;
      const blocks = decode(inside, s, inputs, layout, o.context);
      const last = layerNorm(submodule(inside, "ln_f"), blocks.at(-1)!, s.epsilon);
      const hidden = [...blocks.slice(0, -1), last]; // Transformers lists the last state after its norm
      if (head.task === "causal-lm")
        return { hidden, last, logits: linearOp(wantedRows(last, o), weight(inside, "wte.weight")) }; // tied: [M, V]
      return { hidden, last, ...decoderOutputs(head.task, p, "classifier", last, layout, s.classifierDropout, o) };
    },
  };
}
