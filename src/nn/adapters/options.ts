// Settings of adapters: one record for all kinds, of which each kind reads some. Plain data, so that a job can be posted to a worker.

/** Kinds of adapters, each one file of this folder. */
export const adapterNames = ["lora", "dora", "miss", "ia3", "bottleneck", "biases", "prefix", "prompt"] as const;
export type AdapterName = (typeof adapterNames)[number];

/** An adapter's settings; each kind keeps those that it reads. */
export interface AdapterOptions {
  /** Default `lora`. */
  readonly kind: AdapterName;
  /** Linear layers that get an adapter, by the last part of their name, or `all-linear`. */
  readonly targets: readonly string[] | "all-linear";
  /**
   * Modules trained as a whole and saved with the adapter, by the end of their name: the head. As in PEFT an end need not begin a
   * part of the name: `classifier` names DistilBERT's `pre_classifier` too.
   */
  readonly trainWhole: readonly string[];
  /** Parameters that are kept with the adapter without being trained, by their full name: an adapter file's own embedding table. */
  readonly kept?: readonly string[];
  /** LoRA, DoRA, MiSS: inner width r, at least 1. Default 8. */
  readonly rank: number;
  /** LoRA, DoRA: scale numerator α; the update is multiplied by α/r (α/√r with `rankStabilised`). Default 2·r. */
  readonly alpha: number;
  /** LoRA, DoRA, MiSS: rate at which inputs of the adapter are dropped in training, 0 … 1. Default 0. */
  readonly dropout: number;
  /** LoRA, DoRA: rank and α of single modules, by their full name. Default: as all. */
  readonly modules?: Readonly<Record<string, { readonly rank: number; readonly alpha: number }>>;
  /** LoRA, DoRA: rsLoRA (Kalajdzievski 2023, arXiv:2312.03732). Default false. */
  readonly rankStabilised: boolean;
  /** LoRA, DoRA: learning rate of B over that of A: LoRA+ (Hayou 2024, arXiv:2402.12354). Default 1. */
  readonly rateRatio: number;
  /** IA³: targets whose input is scaled instead of their output, by the last part of their name. Default none. */
  readonly feedForward: readonly string[];
  /** Bottleneck: inner width, at least 1. Default 16. */
  readonly width: number;
  /** Prefix, prompt: virtual tokens before every text, at least 1. Default 16. */
  readonly tokens: number;
  /** Prefix: width of the keys of each layer, heads × head width. Prompt: width of the word table's rows, one number. */
  readonly widths: readonly number[];
  /** Prompt: name of the word table, whose rows virtual tokens start from. Needed to start one. */
  readonly table?: string;
}

/** Settings as they are given: the kind's defaults fill in the rest. */
export type AdapterSettings = Partial<AdapterOptions> & Pick<AdapterOptions, "targets">;
