// The adapter that a recipe asks for, laid over its model.
import { ConcordError } from "../base/index.ts";
import { linearLayers, type Model, sublayers, virtualWidths, wordTable } from "../models/index.ts";
import {
  type AdapterKind,
  type AdapterLayout,
  type AdapterSettings,
  adapterLayout,
  adapterOptions,
  kinds,
} from "../nn/index.ts";
import { matcher } from "../patterns/index.ts";
import type { AdapterRecipe, Recipe } from "../recipe/index.ts";

type Chosen = Pick<Recipe["adapt"], "method" | "rank" | "adapter">;

/** What a recipe's adapter is called in reports; undefined where the whole model is trained. */
export const adapterName = ({ method, adapter }: Chosen): AdapterRecipe["kind"] | undefined =>
  adapter?.kind ?? (method === "lora" ? "lora" : undefined);

/**
 * The layout of the recipe's adapter; undefined where the whole model is trained.
 * @param trainWhole modules that are trained whole beside it. Default the model's heads
 * @throws E_CONFIG for targets that no layer has; E_MODEL where an architecture lacks the places of a kind
 */
export function recipeAdapter(
  { adapt, model: { maxLength } }: Pick<Recipe, "model"> & { readonly adapt: Chosen },
  model: Model,
  { trainWhole = model.wholeModules, rank = adapt.rank }: { trainWhole?: readonly string[]; rank?: number } = {},
): AdapterLayout | undefined {
  const settings = adapt.adapter
    ? settingsOf(adapt.adapter, model)
    : adapt.method === "lora"
      ? { targets: "all-linear" as const, rank }
      : undefined;
  if (!settings) return undefined;
  const layout = adapterLayout(model.parameters, { ...settings, trainWhole }, model.transposedWeights);
  checkLength(model, maxLength, layout);
  return layout;
}

/** Positions that a model made anew needs for the virtual tokens of the recipe's adapter. */
export function reservedPositions({ adapter }: Chosen, causal: boolean): number {
  if (!adapter) return 0;
  const { kind, tokens } = adapter;
  const options = adapterOptions({ kind, targets: [], ...(tokens !== undefined && { tokens }) });
  const { positions }: AdapterKind = kinds[kind];
  return positions?.(options, causal) ?? 0;
}

/** @throws E_CONFIG where the model has no positions left for virtual tokens */
function checkLength({ causal, tokens }: Model, maxLength: number, { kind, options }: AdapterLayout): void {
  const virtual = kind.positions?.(options, causal) ?? 0;
  if (virtual === 0 || !tokens || maxLength + virtual <= tokens.maxLength) return;
  throw new ConcordError("E_CONFIG", {
    operation: `adapter ${options.kind}`,
    problem: "the model has no positions for the virtual tokens",
    expected: `model.maxLength of at most ${tokens.maxLength - virtual}`,
    got: String(maxLength),
    path: "model.maxLength",
  });
}

function settingsOf({ after, targets, ...adapter }: AdapterRecipe, model: Model): AdapterSettings {
  if (adapter.kind === "ia3") {
    const feedForward = sublayers(model, "feed-forward");
    const all = new Set([...sublayers(model, "keys"), ...sublayers(model, "values"), ...feedForward]);
    return { kind: adapter.kind, targets: [...all], feedForward };
  }
  if (adapter.kind === "bottleneck") {
    const places = after ?? (["attention", "feed-forward"] as const);
    return { ...adapter, targets: places.flatMap((which) => sublayers(model, which)) };
  }
  if (adapter.kind === "prefix" || adapter.kind === "prompt") {
    const table = adapter.kind === "prompt" ? { table: wordTable(model).name } : {};
    return { ...adapter, ...table, targets: [], widths: virtualWidths(model, adapter.kind) };
  }
  if (adapter.kind === "biases") return { kind: adapter.kind, targets: [] };
  return { ...adapter, targets: targetsOf(targets ?? "all-linear", model) };
}

/** A list of ends of names as it is; an expression as the names that it matches. */
function targetsOf(targets: string | readonly string[], model: Model): AdapterSettings["targets"] {
  if (targets === "all-linear" || typeof targets !== "string") return targets;
  const linear = linearLayers(model);
  const found = linear.filter(matcher(targets));
  if (found.length > 0) return found;
  throw new ConcordError("E_CONFIG", {
    operation: "adapter",
    problem: "the expression matches no linear layer",
    expected: linear.slice(0, 4).join(", "),
    got: targets,
    hint: "it has to match a whole name, such as .*attention.*(query|value)",
    path: "adapt.adapter.targets",
  });
}
