// The report of a release: the run's own, without a quoted text, with what let it be released.

import { artifactsIn, openRunFolder } from "../artifacts/index.ts";
import type { Passport } from "../passport/index.ts";
import { reportInput, stagesOf } from "../pipeline/index.ts";
import { reportPage } from "../report/index.ts";
import { finishedStage, type StageRecord } from "../store/index.ts";

/** HTML. @param signers who has signed so far */
export async function releaseReport(
  run: string,
  passport: Passport,
  signers: readonly { readonly role: string; readonly name: string }[],
): Promise<string> {
  const { recipe, home } = await openRunFolder(run);
  const records: Record<string, StageRecord> = {};
  for (const name of stagesOf(recipe)) {
    const record = name === "report" ? undefined : await finishedStage(run, name);
    if (record) records[name] = record;
  }
  const quiet = { ...recipe, report: { ...recipe.report, examples: 0 } };
  const input = await reportInput({ recipe: quiet, home, run, before: records, ...artifactsIn(run, records) });
  return await reportPage({ ...input, made: passport.made, release: { passport, signers } });
}
