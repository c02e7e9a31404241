// A study's proposal from a recipe and a start model: what is trained, what is counted, and under which bounds.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { fingerprint } from "../artifacts/index.ts";
import { ConcordError, sizeOf } from "../base/index.ts";
import { bytesOf, defaultThreshold, gridBoundOf, hex, readProposal } from "../federated/index.ts";
import { nodePrimitives } from "../federated/node/index.ts";
import { ioError } from "../formats/node/index.ts";
import { loadModel } from "../models/node/index.ts";
import { taskOf } from "../tasks/index.ts";
import { countSegments } from "./counting.ts";
import { refuseUnread, studyRecipe } from "./study-recipe.ts";
import type { ProposeStudy } from "./types.ts";
import { flatVector, sharedParameters } from "./vector.ts";

/**
 * What members are asked to consent to, and the vector that the first round starts from.
 * @throws E_CONFIG for a recipe that cannot be learned together, or keys and names that do not fit; E_MODEL for a start model without a head
 * @example const { proposal, model } = await proposeStudy({ recipe, start: "start", run: "flu-2026-01", coordinator, members });
 */
export const proposeStudy: ProposeStudy = async ({ recipe: given, start, run, coordinator, members }) => {
  const recipe = studyRecipe({ ...given, pretrain: undefined }); // that made the start model
  refuseUnread(recipe);
  const { together } = recipe;
  const { model, weights, fresh } = await loadModel(start);
  const labels = model.labels?.names ?? [];
  if (fresh.length || model.task !== taskOf(recipe.task).head || labels.length < 2)
    throw new ConcordError("E_MODEL", {
      operation: "propose a study",
      problem: "the start model has no head for single labels",
      expected: "a model folder with the study's labels, such as `concord study start` makes",
      got: fresh.length ? `without ${fresh.slice(0, 3).join(", ")}` : `task ${model.task}, ${labels.length} labels`,
      path: start,
    });
  const update = sharedParameters(recipe, model).map(({ name, shape }) => ({
    name,
    size: sizeOf(shape),
    kind: "real" as const,
    bound: together.norm === undefined ? together.bound : gridBoundOf(together.norm),
  }));
  const first = flatVector({ update }, weights);
  const proposal = readProposal({
    format: "concord-proposal",
    version: 1,
    run,
    recipe: JSON.parse(JSON.stringify(recipe)) as unknown, // without what is undefined
    files: await filesOf(start),
    start: hex(nodePrimitives.sha256(bytesOf(first))),
    coordinator,
    members,
    threshold: together.threshold ?? defaultThreshold(members.length),
    ...(together.neighbours !== undefined && { neighbours: together.neighbours }),
    ...(together.robust && { robust: together.robust }),
    ...(together.norm !== undefined && { norm: together.norm }),
    rounds: together.rounds,
    strategy: together.strategy,
    maxExamples: together.maxExamples,
    update,
    counts: countSegments(recipe, "dev", labels.length, together.maxExamples),
    tests: countSegments(recipe, "test", labels.length, together.maxExamples),
    siteValues: together.siteValues,
  });
  return { proposal, model: first };
};

/** Every file of the folder. */
async function filesOf(folder: string) {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw ioError(cause, "read start model", folder);
  });
  return await Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, name);
      return { name, sha256: await fingerprint(path), bytes: (await stat(path)).size };
    }),
  );
}
