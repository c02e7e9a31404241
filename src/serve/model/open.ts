// Opens the model of a source for answering. A release holds no records of stages: its recipe and its temperature lie in its evidence.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { artifacts, openRunFolder, readJson } from "../../artifacts/index.ts";
import { ConcordError } from "../../base/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { headAnswers, isTextPredictor, neededAttribute } from "../../predict/index.ts";
import { type Recipe, readRecipe } from "../../recipe/index.ts";
import { releasedRecipe } from "../../release/index.ts";
import { textShape } from "../../runs/index.ts";
import { openAnyModel } from "../../stages/index.ts";
import type { ModelFacts } from "./facts.ts";
import type { ModelSource } from "./source.ts";

/** An opened model with what lies inside. */
export type ServedOpen = Awaited<ReturnType<typeof openAnyModel>>;

/**
 * Opens what is served, with the decisions, the recipe and the temperature of its run or release.
 * @param threads of the runtime
 * @throws as `openAnyModel`; E_FORMAT for a temperature that is none
 */
export async function openServed(source: ModelSource, threads: number): Promise<ServedOpen> {
  const { kind, path, folder, compressed } = source;
  const { adapters } = source;
  if (kind === "run" && !compressed) return await openAnyModel(path, { threads, adapters });
  const opened = await openAnyModel(folder, { threads, adapters });
  const [recipe, fitted] = await Promise.all([recipeOf(source), temperaturesOf(source)]);
  const { temperature = opened.temperature, temperatures = opened.temperatures } = fitted;
  return { ...opened, recipe: recipe ?? opened.recipe, temperature, temperatures };
}

/** The recipe of a run or a release; undefined for a model folder. */
export async function recipeOf({ kind, path }: ModelSource): Promise<Recipe | undefined> {
  if (kind === "folder") return undefined;
  if (kind === "run") return (await openRunFolder(path)).recipe;
  const file = join(path, releasedRecipe);
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "serve", file);
  });
  return readRecipe(text, file);
}

/** Of a release what its metrics say, of several heads of each; a compressed model says it itself. */
async function temperaturesOf({
  kind,
  path,
  compressed,
}: ModelSource): Promise<Partial<Pick<ServedOpen, "temperature" | "temperatures">>> {
  const file = join(path, "evidence", artifacts.metrics.path);
  if (kind !== "release" || compressed || !existsSync(file)) return {};
  const { temperature, tasks } = await readJson<Record<string, unknown>>(file);
  if (typeof tasks !== "object" || tasks === null) return { temperature: checkedTemperature(temperature, file) };
  const own = Object.entries(tasks).flatMap(([name, scores]: [string, { readonly temperature?: unknown } | null]) => {
    const found = checkedTemperature(scores?.temperature, file);
    return found === undefined ? [] : [[name, found] as const];
  });
  return { temperatures: Object.fromEntries(own) };
}

function checkedTemperature(value: unknown, path: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && value > 0 && Number.isFinite(value)) return value;
  throw new ConcordError("E_FORMAT", {
    operation: "serve",
    problem: "not a temperature",
    expected: "a number above 0",
    got: String(value),
    path,
  });
}

/** What the server needs to know of it. */
export function factsOf({ predictor, modality, recipe, temperature, temperatures }: ServedOpen): ModelFacts {
  const { model, decisions } = predictor;
  const head = headAnswers(model.task);
  const shape = textShape({ recipe, predictor });
  const attribute = neededAttribute(predictor);
  return {
    architecture: model.architecture,
    task: model.task,
    answers: head?.kind ?? "label",
    words: head?.words ?? false,
    numeric: head?.numeric ?? false,
    labels: model.labels?.names ?? [],
    reads: modality.name,
    pair: shape.pair,
    longestText: shape.longest,
    ...(isTextPredictor(predictor) && {
      maxTokens: predictor.limit,
      vocabulary: model.tokens!.vocabulary,
      segments: model.tokens!.types,
    }),
    offsets: recipe?.data.offsets ?? "code-points",
    ...(temperature !== undefined && { temperature }),
    ...(model.heads && { heads: model.heads, temperatures }),
    ...(decisions && {
      decisions: {
        kind: decisions.kind,
        attribute,
        groups: decisions.kind === "group-thresholds" ? decisions.groups : undefined,
      },
    }),
    explains: isTextPredictor(predictor) && !model.heads,
  };
}
