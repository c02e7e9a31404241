// What a model is: its parameters, how its rows are laid out, and a forward pass. Knows token ids and pixels; no text, no files.

import type { HostArray, Random } from "../base/index.ts";
import { allocate, sizeOf } from "../base/index.ts";
import type { JsonRecord, Labels } from "../formats/index.ts";
import type { Value } from "../graph/index.ts";
import type { ForwardContext, Layout, Params } from "../nn/index.ts";
import type { Task } from "./head-facts.ts";

/** How a weight starts. */
export type Initializer =
  | { readonly kind: "normal"; readonly std: number; readonly zeroRow?: number }
  | { readonly kind: "zeros" }
  | { readonly kind: "values"; readonly values: readonly number[] }
  | { readonly kind: "ones" };

/** What a head of whole texts reads: the first token's row, or the mean or the maximum of the rows of all tokens. */
export const poolings = ["cls", "mean", "max"] as const;
export type Pooling = (typeof poolings)[number];

/** What a text's vector is made of: the first token's row, the mean or the maximum of all rows, or the last token's row. */
export const embeddingPoolings = ["mean", "cls", "max", "last"] as const;
export type EmbeddingPooling = (typeof embeddingPoolings)[number];

/** How vectors are made. */
export interface EmbeddingForm {
  /** Default `mean`. */
  readonly pooling: EmbeddingPooling;
  /** Vectors have length 1. Default true. */
  readonly normalize: boolean;
}

/** One weight tensor: its name in `model.safetensors` and its shape. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly initial: Initializer;
  /** True for the matrix of a linear layer, which an adapter may stand beside; tables, norms and convolutions have none. */
  readonly linear: boolean;
  /** True for weights of the task's head: missing in a base model, and then initialised. */
  readonly head: boolean;
}

/** The layer that gives logits of a vocabulary: its weight is the word table. */
export interface OutputLayer {
  /** Names under which files may hold its weight a second time, or instead of the word table. */
  readonly names: readonly string[];
  /** Second names of its bias: parameter → the other. */
  readonly biases?: Readonly<Record<string, string>>;
  /** True where a config may give it weights of its own, and does unless it says `tie_word_embeddings`. */
  readonly mayDiffer?: boolean;
  /** Whether a config that may, but says nothing, means the word table. Default false. */
  readonly tied?: boolean;
}

/** Names of the kinds of data, as recipes write them. */
export const modalityNames = ["text", "image", "series"] as const;
export type ModalityName = (typeof modalityNames)[number];

/** Architectures of models that write and can be made anew, as `model_type` names them. */
export const decoders = ["gpt2", "llama"] as const;
export type Decoder = (typeof decoders)[number];

export type { Task };

/** Values that a forward pass reads: rows [T]. */
export interface ModelInputs {
  /** Token ids, int32 [T]. */
  readonly ids?: Value;
  /** Rows of the word table in the place of `ids`, float32 [T, H]: what explanations differentiate. See {@link TokenSettings.readsWords}. */
  readonly words?: Value;
  /** Position of each token within its example, int32 [T]. */
  readonly positions?: Value;
  /** Segment of each token, int32 [T]. */
  readonly types?: Value;
  /** Images, float32 [B, channels, height, width]. */
  readonly pixels?: Value;
  /** Other arrays that a model reads, one for each example, by {@link ArrayInput} `name`: float32 [B, …]. */
  readonly [name: string]: Value | undefined;
}

/** What a model of series reads and gives. */
export interface SeriesForm {
  /** Steps of history that it reads. */
  readonly context: number;
  /** Steps that it predicts. */
  readonly horizon: number;
  /** Rows of numbers: the target, whether it is known, then covariates. */
  readonly channels: number;
  /** Levels of the quantiles that it gives of each step, ascending. */
  readonly quantiles: readonly number[];
  /** Columns of its input before the first step to come: the history, filled up from the left. */
  readonly before: number;
  /** Columns in all. */
  readonly steps: number;
}

/** One array of numbers for each example, where a model reads that and no tokens. */
export interface ArrayInput {
  /** Of the input in graphs of training: `pixels`. */
  readonly name: string;
  /** Of the input in exported graphs: `pixel_values`. */
  readonly exported: string;
  /** Of one example. */
  readonly shape: readonly number[];
}

export interface ForwardOptions {
  readonly context: ForwardContext;
  /** Compute the last block for every row even where the head reads only the first. Default false. */
  readonly allRows?: boolean;
  /** Rows (int32 [M]) whose vocabulary logits are wanted; default all. */
  readonly logitRows?: Value;
}

export interface ModelOutputs {
  /** Embedding output, then each block's output: [T, H] (the last one may be [B, H] without `allRows`). */
  readonly hidden: readonly Value[];
  /** The last hidden state, after any final norm. */
  readonly last: Value;
  readonly pooled?: Value;
  /** [B, labels], [T, labels] or [M, vocabulary] by task; absent for `features`. */
  readonly logits?: Value;
  /** Of models that are `chained`, [L + 2, L]: from label to label, from the start, to the end. */
  readonly transitions?: Value;
}

export interface Model extends ModelParts {
  /** `model_type` of config.json. */
  readonly type: string;
  readonly config: JsonRecord;
  /** The prefix that a model of this architecture with a head has, for a bare model too. */
  readonly basePrefix: string;
  /** What it reads of a row: the name of its modality. */
  readonly reads: ModalityName;
  /** Modules of its heads, by the end of their names: what an adapter's run trains whole. */
  readonly wholeModules: readonly string[];
  /** Whether linear weights are stored [in, out] (GPT-2). */
  readonly transposedWeights: boolean;
  /** Of architectures that give logits of a vocabulary. */
  readonly output?: OutputLayer;
}

/** What one of several heads answers. */
export const severalTasks = ["single-label", "multi-label", "regression"] as const;

/** One of several heads. */
export interface TaskHead {
  readonly name: string;
  readonly task: (typeof severalTasks)[number];
  /** Its classes; none for a number. */
  readonly labels: readonly string[];
  /** Factor on its loss. Default 1. */
  readonly weight: number;
}

/** What an architecture's own file makes of a config. */
export interface ModelParts {
  /** Class name that Transformers would load it with. */
  readonly architecture: string;
  readonly task: Task;
  readonly labels?: Labels;
  /** What a head of whole texts reads, where the architecture lets one choose. */
  readonly pooling?: Pooling;
  /** Prefix of the encoder's weights, absent in files that hold only the encoder: `bert.`. */
  readonly prefix: string;
  readonly parameters: readonly ParameterSpec[];
  /** Distinct numbers of attention heads, for the packed layout. */
  readonly headCounts: readonly number[];
  /** Each row looks only at earlier ones. */
  readonly causal: boolean;
  /** How vectors of whole texts are made; their `logits` are these, [B, H]. */
  readonly embedding?: EmbeddingForm;
  /** Of several heads on one encoder: what each answers; their outputs lie side by side. */
  readonly heads?: readonly TaskHead[];
  /** Labels of neighbouring words are scored together: the forward pass gives `transitions` too. */
  readonly chained?: boolean;
  /** True where layers share weights, or differ by their number in what the config does not list: none can be left out. Default false. */
  readonly layersDiffer?: boolean;
  /** Of causal models: what each layer keeps of a token for those after it, [B, heads, S, width] of keys and of values. */
  readonly cache?: { readonly layers: number; readonly heads: number; readonly width: number };
  /** Present for models that read images. */
  readonly image?: {
    readonly channels: number;
    readonly side: number /** Rows of one image: patches and the class token. */;
    readonly rows: number;
  };
  /** Present for models that read series. */
  readonly series?: SeriesForm;
  /** Present for models that read an array of numbers for each example. */
  readonly array?: ArrayInput;
  /** Absent for models that read no tokens. */
  readonly tokens?: TokenSettings;
  /** `layout` says which rows form an example; models of images lay their own patches out. */
  forward(params: Params, inputs: ModelInputs, layout: Layout | undefined, options: ForwardOptions): ModelOutputs;
}

export interface TokenSettings {
  readonly vocabulary: number;
  /** Longest example in tokens. */
  readonly maxLength: number;
  /** Position of the first token: 0, or pad + 1 for RoBERTa. */
  readonly firstPosition: number;
  readonly padId: number;
  /** A head that reads the last token passes over this id at a text's end (Transformers' `pad_token_id`); absent: over none. */
  readonly lastSkips?: number;
  /** Number of segment types; 0 when the model reads none. */
  readonly types: number;
  /** True where the forward pass takes `words` in the place of `ids`. */
  readonly readsWords?: boolean;
  /** Names of the embedding tables, whose gradients come as rows. */
  readonly tableNames: { readonly words: string; readonly positions?: string; readonly types?: string };
}

/** Names of a model's inputs of tokens, as Transformers orders them; undefined for a model that reads none. */
export function tokenInputs({ tokens }: Pick<Model, "tokens">): string[] | undefined {
  return tokens && ["input_ids", ...(tokens.types > 1 ? ["token_type_ids"] : []), "attention_mask"];
}

/** Fresh weights, each from its own random stream so that adding a head never changes the encoder's. */
export function initialise(
  model: Pick<Model, "parameters">,
  rng: Random,
  only: (spec: ParameterSpec) => boolean = () => true,
): Map<string, HostArray<"float32">> {
  return new Map(model.parameters.filter(only).map((spec) => [spec.name, initialArray(spec, rng)]));
}

function initialArray({ name, shape, initial }: ParameterSpec, rng: Random): HostArray<"float32"> {
  const data = allocate("float32", sizeOf(shape));
  if (initial.kind === "ones") data.fill(1);
  if (initial.kind === "values") data.set(initial.values);
  if (initial.kind === "normal") {
    const stream = rng.split(name);
    for (let i = 0; i < data.length; i++) data[i] = stream.normal() * initial.std;
    const width = shape.at(-1)!;
    if (initial.zeroRow !== undefined) data.fill(0, initial.zeroRow * width, (initial.zeroRow + 1) * width);
  }
  return { dtype: "float32", shape, data };
}
