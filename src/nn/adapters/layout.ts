// An adapter laid out over a model's parameters: which layers have one, which parameters it has and trains, how it changes the tree.
// Knows no architecture: which parameters are of linear layers is theirs to say; a target is any of them, by the end of its name.
import { ConcordError, nearestName } from "../../base/index.ts";
import { scalar } from "../../graph/index.ts";
import { isValue, type Params, submodule } from "../params.ts";
import { adapterOptions } from "./check-options.ts";
import type { AdaptedShape, AdapterKind, ModelPass } from "./kind.ts";
import { kinds } from "./kinds.ts";
import type { AdapterOptions, AdapterSettings } from "./options.ts";

interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
  /** True for the matrix of a linear layer. */
  readonly linear?: boolean;
  readonly head?: boolean;
}

/** One of an adapter's parameters. */
export interface AdapterParameter {
  /** `<module>.<kind>.<part>`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly part: string;
  /** Absent for a parameter that belongs to no linear layer. */
  readonly layer?: AdaptedShape;
}

/** An adapter laid out over a model's parameters. */
export interface AdapterLayout {
  readonly options: AdapterOptions;
  readonly kind: AdapterKind;
  /** Adapted layers. */
  readonly layers: readonly AdaptedShape[];
  /** Their names: `bert.encoder.layer.0.attention.self.query`. */
  readonly modules: readonly string[];
  /** The adapter's own parameters, such as `<module>.lora.A` [r, in] and `<module>.lora.B` [out, r]. */
  readonly parameters: readonly AdapterParameter[];
  /** Whether the model stores its weights [in, out] (GPT-2). */
  readonly transposedWeights: boolean;
  /** True for parameters that training changes: the adapter's, and modules trained as a whole. */
  trains(name: string): boolean;
  /** Factor on the learning rate of a parameter: 1 but for LoRA+. */
  rateOf(name: string): number;
  /** Completes the adapted layers of a tree with the numbers that a forward pass needs. */
  adapt(params: Params): Params;
  /** What a forward pass reads with the adapter. @param params the whole tree */
  enter(pass: ModelPass, params: Params): ModelPass;
}

/**
 * Lays an adapter over a model.
 * @param parameters the model's; those of linear layers are [out, in]
 * @param given settings; `targets` is required, and `kind` is `lora` by default
 * @param transposedWeights true for models that store [in, out] (GPT-2)
 * @throws E_ARGUMENT for a setting out of range, or a target that no layer has
 * @example adapterLayout(model.parameters, { kind: "dora", targets: ["query", "value"], rank: 8 })
 */
export function adapterLayout(
  parameters: readonly NamedShape[],
  given: AdapterSettings,
  transposedWeights = false,
): AdapterLayout {
  const options = adapterOptions(given);
  const kind = kinds[options.kind];
  const whole = (module: string) => options.trainWhole.some((target) => isWithin(module, target));
  const chosen = chosenLayers(parameters, options, whole).map(({ module, shape }): AdaptedShape => {
    const [outs, ins] = (transposedWeights ? [shape[1]!, shape[0]!] : shape) as [number, number];
    const { rank, alpha } = options.modules?.[module] ?? options;
    return { module, outs, ins, rank, scale: alpha / (options.rankStabilised ? Math.sqrt(rank) : rank) };
  });
  const own = chosen.flatMap((layer) =>
    Object.entries(kind.parameters(layer, options)).map(
      ([part, shape]): AdapterParameter => ({ name: `${layer.module}.${options.kind}.${part}`, shape, part, layer }),
    ),
  );
  own.push(
    ...Object.entries(kind.own?.(options) ?? {}).map(
      ([part, shape]): AdapterParameter => ({ name: `${options.kind}.${part}`, shape, part }),
    ),
  );
  const byName = new Map(own.map((p) => [p.name, p]));
  const layers = chosen.filter(({ module }) => own.some((p) => p.layer?.module === module));
  const constants = new Map(layers.map((layer) => [layer.module, kind.constants(layer, options)]));
  return {
    options,
    kind,
    layers,
    modules: layers.map((m) => m.module),
    parameters: own,
    transposedWeights,
    trains: (name) => byName.has(name) || whole(name.slice(0, name.lastIndexOf("."))) || (kind.trains?.(name) ?? false),
    rateOf: (name) => kind.rate?.(byName.get(name)?.part ?? "", options) ?? 1,
    adapt: (params) => withConstants(params, options.kind, constants),
    enter: (pass, params) => kind.enter?.(pass, submodule(params, options.kind), options) ?? pass,
  };
}

/** As {@link adapterLayout}, of LoRA. */
export const loraLayout = (
  parameters: readonly NamedShape[],
  given: Omit<AdapterSettings, "kind">,
  transposedWeights = false,
): AdapterLayout => adapterLayout(parameters, { ...given, kind: "lora" }, transposedWeights);

/** Linear layers that get an adapter. @throws E_ARGUMENT for a target that none of them is */
function chosenLayers(
  parameters: readonly NamedShape[],
  { kind, targets }: AdapterOptions,
  whole: (module: string) => boolean,
) {
  const linear = parameters.flatMap(({ name, ...rest }) =>
    rest.linear ? [{ module: name.slice(0, -".weight".length), ...rest }] : [],
  );
  if (targets === "all-linear") return linear.filter((m) => !m.head && !whole(m.module));
  const matches = (module: string, target: string) => module === target || module.endsWith(`.${target}`);
  for (const target of targets)
    if (!linear.some((m) => matches(m.module, target))) {
      const ends = [...new Set(linear.map((m) => m.module.split(".").at(-1)!))];
      const near = nearestName(target, target.includes(".") ? linear.map((m) => m.module) : ends);
      throw new ConcordError("E_ARGUMENT", {
        operation: `adapter ${kind}`,
        problem: `no linear layer is called ${target}`,
        expected: ends.join(", "),
        got: target,
        hint: near && `did you mean ${near}?`,
      });
    }
  return linear.filter((m) => targets.some((t) => matches(m.module, t)));
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

/** Adds its constants to every part of a tree that is of the kind. */
function withConstants(
  params: Params,
  kind: string,
  constants: ReadonlyMap<string, Readonly<Record<string, number>>>,
  at = "",
): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, child]) => {
      if (isValue(child)) return [name, child];
      if (name !== kind) return [name, withConstants(child, kind, constants, at === "" ? name : `${at}.${name}`)];
      const own = Object.entries(constants.get(at) ?? {}).map(([c, value]) => [c, scalar(value)]);
      return [name, { ...child, ...Object.fromEntries(own) }];
    }),
  );
}
