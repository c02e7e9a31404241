// The end of a study: the model as a folder, its scores from the members' counts, and the study's record.
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint, writeJson } from "../artifacts/index.ts";
import { countedIn, type Proposal, type RoundResult } from "../federated/index.ts";
import { writeFileAtomically } from "../formats/node/index.ts";
import { loadModel, saveModel } from "../models/node/index.ts";
import { studyReport } from "../report/index.ts";
import { tokenizerFiles } from "../stages/index.ts";
import { openTokenizer } from "../tokenizers/node/index.ts";
import { countName, groupsOf } from "./counting.ts";
import { countedScores, groupScores, macroF1Of, rightOf, rowsOf } from "./scores.ts";
import { studyFiles } from "./study-files.ts";
import { studyRecipe } from "./study-recipe.ts";
import type { FinishStudy, StudyEnd } from "./types.ts";
import { withVector } from "./vector.ts";

/**
 * Writes `model/`, `metrics.json`, `together.json` and `report.html`.
 * @throws E_IO; E_MODEL where the start model is not the proposal's
 * @example await finishStudy({ proposal, start: "start", state: coordinator, folder: "runs/together" });
 */
export const finishStudy: FinishStudy = async ({ proposal, start, state, folder }) => {
  const target = join(folder, studyFiles.model);
  const { labels } = await writeStudyModel({ proposal, start, vector: state.model, folder: target });
  const metrics = studyMetrics(proposal, labels, state.results);
  await writeJson(join(folder, studyFiles.metrics), metrics);
  const prints = await Promise.all(
    (await readdir(target)).sort().map(async (name) => [name, await fingerprint(join(target, name))] as const),
  );
  const record = {
    run: proposal.run,
    strategy: proposal.strategy,
    threshold: proposal.threshold,
    members: membersOf(proposal, state),
    rounds: state.results.map((result) => roundRecord(result)),
  };
  const head = { format: "concord-together", version: 1 } as const;
  await writeJson(join(folder, studyFiles.record), { ...head, ...record, model: Object.fromEntries(prints) });
  const { name, report } = studyRecipe(proposal.recipe);
  const page = await studyReport({
    ...record,
    language: report.language,
    name,
    made: new Date().toISOString(),
    strategy: proposal.strategy.name,
    metrics,
  });
  await writeFileAtomically(join(folder, studyFiles.report), [new TextEncoder().encode(page)]);
  return { metrics };
};

/**
 * Writes a study's model in the Hugging Face layout: the start model's files, its shared weights being the vector's. Every party writes the same bytes.
 * @throws E_IO; E_MODEL where the start model is not the proposal's
 */
export async function writeStudyModel(given: {
  readonly proposal: Proposal;
  readonly start: string;
  readonly vector: Float32Array;
  readonly folder: string;
}): Promise<{ readonly labels: readonly string[] }> {
  const { proposal, start, vector, folder } = given;
  const { model, weights } = await loadModel(start);
  await mkdir(folder, { recursive: true });
  const { maxLength } = studyRecipe(proposal.recipe).model;
  const files = tokenizerFiles(await openTokenizer(start), maxLength);
  await saveModel(folder, model, withVector(proposal, weights, vector), files);
  return { labels: model.labels?.names ?? [] };
}

/** What each member did, and its own values where it agreed to show them. */
const membersOf = (proposal: Proposal, { consents, gone, sites, results }: StudyEnd["state"]) =>
  proposal.members.map(({ name }) => ({
    name,
    consented: consents.has(name),
    rounds: results.filter((r) => r.task === "train" && countedIn(r).includes(name)).length,
    ...(gone.has(name) && { left: gone.get(name) }),
    ...(sites.has(name) && { values: sites.get(name) }),
  }));

/** A round in the record; its dev scores are of the model that it started from. */
function roundRecord({ round, task, survivors, examples, counts, model, step, buckets }: RoundResult) {
  const dev = counts[countName("dev")];
  const scored = dev && rowsOf(dev) > 0 ? { accuracy: rightOf(dev) / rowsOf(dev), macroF1: macroF1Of(dev) } : undefined;
  return {
    round,
    task,
    survivors,
    examples,
    model,
    ...(buckets && { buckets }),
    ...(step !== undefined && { step }),
    ...(scored && { before: scored }),
  };
}

/**
 * Scores of the study's model on all members' test rows, from their summed counts.
 * @returns metrics.json, `counts` being how they were made; without scores where no round of evaluation counted
 */
export function studyMetrics(
  proposal: Pick<Proposal, "recipe">,
  labels: readonly string[],
  results: readonly RoundResult[],
) {
  const recipe = studyRecipe(proposal.recipe);
  const { evaluate } = recipe;
  const head = { format: "concord-metrics", version: 1, task: recipe.task } as const;
  const last = results.findLast((r) => r.task === "evaluate");
  const whole = last?.counts[countName("test")];
  if (!last || !whole || rowsOf(whole) === 0) return head;
  const groups = groupsOf(recipe).map(([attribute, names]) => {
    const counts = names.map((name) => ({ name, confusion: last.counts[countName("test", attribute, name)]! }));
    return [attribute, groupScores(counts, evaluate)] as const;
  });
  return {
    ...head,
    ...countedScores(whole, labels),
    rows: rowsOf(whole),
    groups: Object.fromEntries(groups.map(([attribute, { scores }]) => [attribute, scores])),
    gaps: Object.fromEntries(groups.flatMap(([attribute, { gap }]) => (gap ? [[attribute, { accuracy: gap }]] : []))),
    together: {
      survivors: last.survivors,
      intervals: "rows of summed counts, each on its own",
      smallestCell: evaluate.smallestCell,
    },
  };
}
