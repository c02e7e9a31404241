// The tensors of an adapter file in PEFT's layout ⇄ an adapter laid out over a model. No files. Every tensor of a file is used, or the file
// is refused.
import { ConcordError, type HostArray, nearestName } from "../../base/index.ts";
import { type AdapterLayout, type AdapterOptions, adapterLayout } from "../../nn/index.ts";
import type { Model } from "../model.ts";
import type { PeftSettings } from "./config.ts";
import { peftKinds } from "./kinds.ts";
import { virtualArray, virtualTensor } from "./virtual.ts";

const prefix = "base_model.model.";

/** Name and shape that a parameter has in the file. */
function stored(layout: AdapterLayout | undefined, name: string, shape: readonly number[]) {
  const own = layout?.parameters.find((p) => p.name === name);
  if (!own) return { name: prefix + name, shape };
  const { tensors, stored: asStored } = peftKinds[layout!.options.kind];
  return {
    name: `${prefix}${own.layer!.module}.${tensors[own.part]}`,
    shape: asStored ? asStored(own.part, shape) : shape,
  };
}

/** Parameters that an adapter file holds: those of each adapted layer, modules trained as a whole, and what it keeps. */
export const adapterParameters = (model: Model, { parameters, options, trains }: AdapterLayout): string[] => [
  ...parameters.map((p) => p.name),
  ...model.parameters.map((p) => p.name).filter((name) => trains(name) || options.kept?.includes(name)),
];

type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

const shapesOf = (model: Model, layout: AdapterLayout) =>
  new Map<string, readonly number[]>([...layout.parameters, ...model.parameters].map((p) => [p.name, p.shape]));

/**
 * The layout and weights of an adapter file for a model.
 * @param shapes tensors of the file by their names
 * @returns names of the file's tensors by ours, and our shapes
 * @throws E_MODEL when a weight is missing, has another shape, or is not one that the model or its config has
 */
export function matchAdapter(
  model: Model,
  settings: PeftSettings,
  shapes: Shapes,
  where: string,
): {
  readonly layout: AdapterLayout;
  readonly files: ReadonlyMap<string, string>;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
} {
  const layout = layoutOf(model, settings, shapes, where);
  const expected = shapesOf(model, layout);
  const files = new Map<string, string>();
  for (const name of adapterParameters(model, layout)) {
    const want = stored(layout, name, expected.get(name)!);
    const found = shapes.get(want.name);
    if (!found || String(found.shape) !== String(want.shape))
      throw new ConcordError("E_MODEL", {
        operation: "read adapter",
        problem: `${want.name} is ${found ? "of another shape" : "missing"}`,
        expected: `[${want.shape}]`,
        got: found ? `[${found.shape}]` : [...shapes.keys()].slice(0, 3).join(", "),
        path: where,
      });
    files.set(name, want.name);
  }
  return { layout, files, shapes: expected };
}

/** A layout over the modules that the file has; a list of names in the config has to name the same ones. */
function layoutOf(model: Model, settings: PeftSettings, shapes: Shapes, where: string): AdapterLayout {
  const { options, byFile } = settings;
  const { found, kept, unused } = sorted(model, options, shapes);
  const none = adapterLayout(model.parameters, { ...options, targets: [] }, model.transposedWeights);
  const bad = (problem: string, expected: string, hint = otherBase): never => {
    const got = [...shapes.keys()].slice(0, 3).join(", ");
    throw new ConcordError("E_MODEL", { operation: "read adapter", problem, expected, got, hint, path: where });
  };
  if (unused[0] !== undefined)
    bad(
      `${unused[0]} has no use in this model`,
      "an adapter of its linear layers, and weights of its own",
      nearestHint(model, unused[0]),
    );
  if (Object.keys(peftKinds[options.kind].tensors).length === 0)
    return adapterLayout(model.parameters, options, model.transposedWeights);
  if (found.size === 0) bad("the file has no adapter for any layer of this model", "an adapter of its linear layers");
  const listed = byFile ? undefined : listedModules(model, options.targets);
  const stray = [...found.keys()].find((module) => listed && !listed.includes(module));
  if (stray !== undefined) bad(`${prefix}${stray} has an adapter and is no target`, `the modules ${options.targets}`);
  const missing = listed?.find((module) => !found.has(module) && !none.trains(`${module}.weight`));
  if (missing !== undefined) bad(`the adapter of ${prefix}${missing} is missing`, `the modules ${options.targets}`);
  const names = options.targets as readonly string[];
  const exact = listed?.length === found.size && names.every((t) => listed.some((m) => m === t || m.endsWith(`.${t}`)));
  const more = kept.filter((name) => !none.trains(name));
  return adapterLayout(
    model.parameters,
    {
      ...options,
      targets: exact ? options.targets : [...found.keys()],
      ...ofFile(settings, found),
      ...(more.length && { kept: more }),
    },
    model.transposedWeights,
  );
}

const otherBase = "use the base model that the adapter was made for; what is left out would change its predictions";

/** The layer of the model whose name is nearest to one that it has not. */
function nearestHint({ parameters }: Model, name: string): string {
  const module = name.slice(prefix.length).replace(/\.(lora_|miss_|ia3_|bottleneck\.).*$/, "");
  const near = nearestName(
    module,
    parameters.flatMap((p) => (p.linear ? [p.name.slice(0, -".weight".length)] : [])),
  );
  return near ? `did you mean ${near}? Else ${otherBase}` : otherBase;
}

/** Settings that the tensors decide: ranks and α of single modules, and which inputs IA³ scales. */
function ofFile({ options, alphaOf }: PeftSettings, found: ReadonlyMap<string, readonly number[]>) {
  if (options.kind === "ia3") {
    const isInput = ([one, width]: readonly number[]) => one === 1 && width !== 1;
    const inputs = [...found].flatMap(([module, shape]) => (isInput(shape) ? [module] : []));
    const named = (module: string) => options.feedForward.some((n) => module === n || module.endsWith(`.${n}`));
    const isListed = [...found.keys()].every((module) => named(module) === inputs.includes(module));
    return isListed ? {} : { feedForward: inputs };
  }
  if (options.kind !== "lora" && options.kind !== "dora") return {};
  const single = [...found].flatMap(([module, [rank = 0]]) => {
    const alpha = alphaOf(module) ?? options.alpha;
    return rank === options.rank && alpha === options.alpha ? [] : [[module, { rank, alpha }] as const];
  });
  return single.length ? { modules: Object.fromEntries(single) } : {};
}

/** Linear layers that a list of targets names; a name that no layer has is none of this model's. */
function listedModules({ parameters }: Model, targets: AdapterOptions["targets"]): readonly string[] {
  const named = (module: string) =>
    (targets as readonly string[]).some((t) => module === t || module.endsWith(`.${t}`));
  return parameters.flatMap(({ name, linear }) => (linear ? [name.slice(0, -".weight".length)] : [])).filter(named);
}

/** The tensors of a file: adapted modules with the shape of the first of their tensors, weights of the model itself, and what is neither. */
function sorted(model: Model, { kind }: AdapterOptions, shapes: Shapes) {
  const known = new Set(model.parameters.map((p) => p.name));
  const ends = [...new Set(Object.values(peftKinds[kind].tensors))];
  const found = new Map<string, readonly number[]>();
  const kept: string[] = [];
  const unused: string[] = [];
  for (const [name, { shape }] of shapes) {
    const own = name.startsWith(prefix) ? name.slice(prefix.length) : "";
    const end = ends.find((e) => own.endsWith(`.${e}`));
    const module = end && own.slice(0, -end.length - 1);
    if (module && known.has(`${module}.weight`)) {
      if (end === ends[0]) found.set(module, shape);
    } else if (known.has(own)) kept.push(own);
    else unused.push(name);
  }
  return { found, kept, unused };
}

/** Before the names of weights beside virtual tokens: PEFT has no layers to wrap there. */
export const virtualPrefix = "base_model.";

/** Parameters of modules that were trained whole beside virtual tokens. @throws E_MODEL for a tensor that is none, or has another shape */
export function wholeBeside(model: Model, layout: AdapterLayout, shapes: Shapes, where: string): string[] {
  const known = new Map(model.parameters.map((p) => [virtualPrefix + p.name, p]));
  return [...shapes].flatMap(([name, { shape }]) => {
    if (name === virtualTensor) return [];
    const found = known.get(name);
    if (found && layout.trains(found.name) && String(found.shape) === String(shape)) return [found.name];
    throw new ConcordError("E_MODEL", {
      operation: "read adapter",
      problem: `${name} has no use in this model`,
      expected: `${virtualTensor}, and weights of ${layout.options.trainWhole.join(", ") || "no module"}`,
      got: `[${shape}]`,
      path: where,
    });
  });
}

/** An adapter's weights under PEFT's names. */
export const peftTensors = (
  model: Model,
  layout: AdapterLayout,
  weights: ReadonlyMap<string, HostArray>,
): [string, HostArray][] => {
  const own = new Set(layout.parameters.map((p) => p.name));
  const isVirtual = layout.kind.own !== undefined;
  const others = adapterParameters(model, layout).filter((name) => !isVirtual || !own.has(name));
  const named = others.map((name): [string, HostArray] => {
    const array = weights.get(name)!;
    if (isVirtual) return [virtualPrefix + name, array];
    const { name: file, shape } = stored(layout, name, array.shape);
    return [file, { ...array, shape }];
  });
  return isVirtual ? [[virtualTensor, virtualArray(layout, weights)], ...named] : named;
};
