// What stages give to the runs of their workspace, and take from them.

import type { StageRecords } from "../artifacts/index.ts";
import { isConcordError } from "../base/index.ts";
import type { Recipe } from "../recipe/index.ts";
import {
  contentOf,
  findShared,
  hashOf,
  outputDigests,
  putShared,
  runStage,
  type SharedResult,
  type StageRecord,
  takeShared,
} from "../store/index.ts";
import type { Stage } from "./stage.ts";

/** The record that a result of the store would have. */
export const asRecord = (
  { stage, outputs, summary, files }: SharedResult,
  inputs: StageRecord["inputs"],
): StageRecord => {
  const made = { format: "concord-stage", version: 1, finished: "", seconds: 0 } as const;
  return { ...made, stage, key: hashOf(inputs), inputs, outputs, summary, content: contentOf(files) };
};

/** Puts a result into the store, where it is shared; a run does not fail where it cannot. */
export async function given(
  store: string,
  run: string,
  { stage, outputs, summary, shared }: StageRecord,
  onProblem: (problem: string) => void,
): Promise<void> {
  if (shared === undefined) return;
  try {
    await putShared(store, shared, run, { stage, outputs, summary, files: await outputDigests(run, outputs) });
  } catch (fault) {
    if (!isConcordError(fault)) throw fault;
    onProblem(fault.facts.problem);
  }
}

/**
 * Where a result lies in the workspace's store: under everything that determines it, and the contents that it is made from (training with
 * noise of its own has other weights under the same settings). Undefined where it is not shared: a run with private training gives and
 * takes nothing, for its results were learned with a secret and its rows stay where they are.
 */
export async function sharedKey(
  { name, local }: Stage,
  recipe: Recipe,
  inputs: { readonly after: Readonly<Record<string, string>> },
  records: StageRecords,
  store: string | undefined,
): Promise<string | undefined> {
  if (store === undefined || local || recipe.adapt.privacy) return undefined;
  const contents = Object.keys(inputs.after).map((before) => records[before]?.content);
  return contents.includes(undefined) ? undefined : hashOf({ stage: name, inputs, contents });
}

/** A result of another run, copied into this one; undefined where there is none. */
export async function taken(
  run: string,
  name: string,
  inputs: StageRecord["inputs"],
  store: string | undefined,
  key: string | undefined,
): Promise<StageRecord | undefined> {
  const result = store !== undefined && key !== undefined ? await findShared(store, key) : undefined;
  if (!result || store === undefined || key === undefined) return undefined;
  const missing = new Error(key); // another process has removed it
  try {
    return await runStage(
      run,
      name,
      inputs,
      async (scratch) => {
        if (!(await takeShared(store, key, result, scratch))) throw missing;
        return { outputs: result.outputs, summary: result.summary, shared: key };
      },
      async () => contentOf(result.files),
    );
  } catch (fault) {
    if (fault === missing) return undefined;
    throw fault;
  }
}
