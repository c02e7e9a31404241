// What a served model is watched against: the profile of its run or release, its policy's gates, its accuracy on test rows.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { artifacts, readJson } from "../../artifacts/index.ts";
import { isMeasured, type Passport } from "../../passport/index.ts";
import type { Profile, WatchedModel } from "../../watch/index.ts";
import type { ModelSource } from "../model/source.ts";

/** Folder that holds what was measured of a model; a bare model folder has none. */
const evidenceOf = ({ kind, path }: ModelSource): string | undefined =>
  kind === "folder" ? undefined : kind === "release" ? join(path, "evidence") : path;

/** The profile, where there is one. @throws E_FORMAT for a file that is no profile */
export async function profileOf(source: ModelSource): Promise<Profile | undefined> {
  const folder = evidenceOf(source);
  if (folder === undefined || !existsSync(join(folder, artifacts.profile.path))) return undefined;
  return await artifacts.profile.read(folder);
}

/** @param passport of a verified release: its gates count */
export async function watchedModel(
  source: ModelSource,
  passport: Passport | undefined,
  profile: Profile | undefined,
): Promise<WatchedModel> {
  const folder = evidenceOf(source);
  const path = folder === undefined ? undefined : join(folder, artifacts.metrics.path);
  const { accuracy } = path !== undefined && existsSync(path) ? await readJson<Record<string, unknown>>(path) : {};
  const gates = passport?.policy.gates ?? [];
  return {
    model: source.name,
    version: source.version,
    gates: gates.map(({ value, atLeast, atMost }) => ({ value, atLeast, atMost })),
    ...(isMeasured(accuracy) &&
      accuracy.low !== undefined &&
      accuracy.high !== undefined && { accuracy: { value: accuracy.value, low: accuracy.low, high: accuracy.high } }),
    ...(profile && { profile }),
  };
}
