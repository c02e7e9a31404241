// Low-rank adapters (LoRA, Hu 2021 arXiv:2106.09685) as a transform over parameter names: y = x·Wᵀ + b + (α/r)·(x·Aᵀ)·Bᵀ.
// Knows no architecture: which parameters are of linear layers is theirs to say; a target is any of them, by the end of its name.
import { allocate, ConcordError, type HostArray, type Random, sizeOf } from "../base/index.ts";
import { scalar } from "../graph/index.ts";
import type { Params } from "./layers.ts";

/** An adapter's settings. */
export interface LoraOptions {
  /** Inner width r, at least 1. Default 8. */
  readonly rank: number;
  /** Scale numerator α; the update is multiplied by α/r (α/√r with `rankStabilised`). Default 2·r. */
  readonly alpha: number;
  /** Rate at which inputs of A are dropped in training, 0 … 1. Default 0. */
  readonly dropout: number;
  /** Linear layers that get an adapter, by the last part of their name, or `all-linear`. */
  readonly targets: readonly string[] | "all-linear";
  /**
   * Modules trained as a whole and saved with the adapter, by the end of their name: the head. As in PEFT an end need not begin a
   * part of the name: `classifier` names DistilBERT's `pre_classifier` too.
   */
  readonly trainWhole: readonly string[];
  /** Rank and α of single modules, by their full name. Default: as all. */
  readonly modules?: Readonly<Record<string, { readonly rank: number; readonly alpha: number }>>;
  /** Parameters that are kept with the adapter without being trained, by their full name: an adapter file's own embedding table. */
  readonly kept?: readonly string[];
  /** rsLoRA (Kalajdzievski 2023, arXiv:2312.03732). Default false. */
  readonly rankStabilised: boolean;
}

interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
  /** True for the matrix of a linear layer. */
  readonly linear?: boolean;
  readonly head?: boolean;
}

/** An adapter laid out over a model's parameters. */
export interface LoraLayout {
  readonly options: LoraOptions;
  /** α/r of modules that have no rank or α of their own. */
  readonly scale: number;
  /** α/r of one module (α/√r with `rankStabilised`). */
  scaleOf(module: string): number;
  /** Adapted modules: `bert.encoder.layer.0.attention.self.query`. */
  readonly modules: readonly string[];
  /** The adapter's own parameters: `<module>.lora.A` [r, in], `<module>.lora.B` [out, r]. */
  readonly parameters: readonly { readonly name: string; readonly shape: readonly [number, number] }[];
  /** Whether the model stores its weights [in, out] (GPT-2). */
  readonly transposedWeights: boolean;
  /** True for parameters that training changes: the adapter's, and modules trained as a whole. */
  trains(name: string): boolean;
  /** Completes the adapted modules of a tree with the scale and the dropout rate. */
  adapt(params: Params): Params;
}

/**
 * Lays an adapter over a model.
 * @param parameters the model's; those of linear layers are [out, in]
 * @param given settings; `targets` is required
 * @param transposedWeights true for models that store [in, out] (GPT-2)
 * @throws E_ARGUMENT for a rank below 1, or a target that no layer has
 * @example loraLayout(model.parameters, { targets: ["query", "value"], rank: 8 })
 */
export function loraLayout(
  parameters: readonly NamedShape[],
  given: Partial<LoraOptions> & Pick<LoraOptions, "targets">,
  transposedWeights = false,
): LoraLayout {
  const rank = given.rank ?? 8;
  const options: LoraOptions = { rank, alpha: 2 * rank, dropout: 0, trainWhole: [], rankStabilised: false, ...given };
  const bad = (problem: string, expected: string, got: unknown): never => {
    throw new ConcordError("E_ARGUMENT", { operation: "LoRA", problem, expected, got: String(got) });
  };
  if (!Number.isInteger(rank) || rank < 1) bad("the rank is wrong", "a whole number from 1", rank);
  if (!(options.dropout >= 0 && options.dropout < 1))
    bad("the dropout rate is wrong", "0 ≤ dropout < 1", options.dropout);
  const linear = parameters.flatMap(({ name, ...rest }) =>
    rest.linear ? [{ module: name.slice(0, -".weight".length), ...rest }] : [],
  );
  const matches = (module: string, target: string) => module === target || module.endsWith(`.${target}`);
  const whole = (module: string) => options.trainWhole.some((target) => isWithin(module, target));
  const { targets } = options;
  const chosen =
    targets === "all-linear"
      ? linear.filter((m) => !m.head && !whole(m.module))
      : linear.filter((m) => targets.some((t) => matches(m.module, t)));
  for (const target of targets === "all-linear" ? [] : targets)
    if (!linear.some((m) => matches(m.module, target)))
      bad(
        `no linear layer is called ${target}`,
        [...new Set(linear.map((m) => m.module.split(".").at(-1)))].join(", "),
        target,
      );
  const adapters = chosen.flatMap(({ module, shape }) => {
    const [outs, ins] = (transposedWeights ? [shape[1]!, shape[0]!] : shape) as [number, number];
    const inner = options.modules?.[module]?.rank ?? rank;
    return [
      { name: `${module}.lora.A`, shape: [inner, ins] as const },
      { name: `${module}.lora.B`, shape: [outs, inner] as const },
    ];
  });
  const names = new Set(adapters.map((p) => p.name));
  const scaleWith = (r: number, alpha: number) => alpha / (options.rankStabilised ? Math.sqrt(r) : r);
  const scale = scaleWith(rank, options.alpha);
  const scaleOf = (module: string) => {
    const single = options.modules?.[module];
    return single ? scaleWith(single.rank, single.alpha) : scale;
  };
  return {
    options,
    scale,
    scaleOf,
    modules: chosen.map((m) => m.module),
    parameters: adapters,
    transposedWeights,
    trains: (name) => names.has(name) || whole(name.slice(0, name.lastIndexOf("."))),
    adapt: (params) => withConstants(params, scaleOf, options.dropout),
  };
}

/** True where the module, or one that it lies in, has a name that ends so. */
function isWithin(module: string, end: string): boolean {
  const parts = module.split(".");
  return parts.some((_, i) =>
    parts
      .slice(0, i + 1)
      .join(".")
      .endsWith(end),
  );
}

/** Adds the scale and the dropout rate to every `lora` part of a tree. */
function withConstants(params: Params, scaleOf: (module: string) => number, dropout: number, at = ""): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, child]) => {
      if ("node" in child && "dtype" in child) return [name, child];
      if (name === "lora")
        return [name, { ...(child as Params), scale: scalar(scaleOf(at)), dropout: scalar(dropout) }];
      return [name, withConstants(child as Params, scaleOf, dropout, at === "" ? name : `${at}.${name}`)];
    }),
  );
}

/** Fresh adapter weights: A uniform in ±√(1/in) (PEFT's Kaiming with a = √5), B zero, so that training starts at the base model. */
export function initialiseLora(layout: LoraLayout, rng: Random): Map<string, HostArray<"float32">> {
  return new Map(
    layout.parameters.map(({ name, shape }) => {
      const data = allocate("float32", sizeOf(shape));
      const stream = rng.split(name);
      const bound = 1 / Math.sqrt(shape[1]);
      if (name.endsWith(".A")) for (let i = 0; i < data.length; i++) data[i] = (2 * stream.float() - 1) * bound;
      return [name, { dtype: "float32" as const, shape, data }];
    }),
  );
}

/** W + scale·B·A for each adapted weight (in float64 per entry, rounded once): the merged weights by name. */
export function mergeLora(layout: LoraLayout, read: (name: string) => HostArray): Map<string, HostArray<"float32">> {
  return new Map(
    layout.modules.map((module) => {
      const [base, a, b] = [`${module}.weight`, `${module}.lora.A`, `${module}.lora.B`].map(read) as [
        HostArray,
        HostArray,
        HostArray,
      ];
      const [outs, rank, ins] = [b.shape[0]!, b.shape[1]!, a.shape[1]!];
      const [wa, wb] = [a.data as Float32Array, b.data as Float32Array];
      const merged = Float32Array.from(base.data as Float32Array);
      const scale = layout.scaleOf(module);
      for (let o = 0; o < outs; o++)
        for (let i = 0; i < ins; i++) {
          let delta = 0;
          for (let r = 0; r < rank; r++) delta += wb[o * rank + r]! * wa[r * ins + i]!;
          const at = layout.transposedWeights ? i * outs + o : o * ins + i;
          merged[at] = merged[at]! + scale * delta;
        }
      return [`${module}.weight`, { dtype: "float32" as const, shape: base.shape, data: merged }];
    }),
  );
}
