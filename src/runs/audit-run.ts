// Audits a finished run again, or for the first time where its recipe asks for no audit: the parts that its task has.
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConcordError } from "../base/index.ts";
import type { Language } from "../messages/index.ts";
import { type AuditPartName, auditParts, auditSchema, type Recipe } from "../recipe/index.ts";
import { interrupted, openRunFolder, type RunEvent, reportStage, type StageContext, stages } from "../stages/index.ts";
import { finishedStage, hashOf, lockFolder, runStage, type StageRecord } from "../store/index.ts";

export interface AuditRunOptions {
  /** Default all that the recipe does not turn off. */
  readonly parts?: readonly AuditPartName[];
  /** Other settings than the recipe's, by part. */
  readonly settings?: Partial<Record<AuditPartName, Readonly<Record<string, unknown>>>>;
  readonly language?: Language;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/**
 * Measures the run's model and rows as they lie there, writes audit/<part>.json and makes report.html anew. The run's own settings are
 * kept where it has some.
 * @returns the record of each part that ran, by its name
 * @throws E_IO when the run is not finished, E_LOCKED when another run works in the folder, E_CONFIG for wrong settings
 * @example const { fairness } = await auditRun("runs/disease", { parts: ["fairness"] });
 */
export async function auditRun(
  folder: string,
  { parts = auditParts, settings = {}, language = "en", signal, onEvent: emit = () => {} }: AuditRunOptions = {},
): Promise<Partial<Record<AuditPartName, StageRecord>>> {
  const run = resolve(folder);
  const { recipe: own, home } = await openRunFolder(run);
  const audit = Object.fromEntries(
    auditParts.map((part) => {
      const mine = own.audit?.[part];
      if (!parts.includes(part) || (mine === false && parts === auditParts)) return [part, false];
      return [part, { ...(mine || {}), ...settings[part] }];
    }),
  );
  const recipe: Recipe = { ...own, audit: auditSchema.parse(audit) };
  const lock = await lockFolder(run);
  try {
    const before = await recordsBefore(run);
    const records: Partial<Record<AuditPartName, StageRecord>> = {};
    for (const part of auditParts) {
      const stage = stages.find((s) => s.name === `audit-${part}`);
      if (!stage?.wanted(recipe)) continue;
      if (signal?.aborted) throw interrupted(stage.name, run);
      const after = Object.fromEntries(stage.after.flatMap((name) => (before[name] ? [[name, before[name].key]] : [])));
      const inputs = { settings: await stage.inputs(recipe, home), seed: recipe.seed, after, code: stage.version };
      const keep = join(run, ".stages", `${stage.name}-${hashOf(inputs).slice(0, 16)}`);
      records[part] = await runStage(run, stage.name, inputs, (scratch) =>
        stage.work({ recipe, home, run, scratch, keep, before, signal, language, emit }),
      );
      await rm(keep, { recursive: true, force: true });
    }
    if (Object.keys(records).length) await remakeReport({ recipe: own, home, run, signal, language, emit });
    return records;
  } finally {
    await lock.release();
  }
}

/** report.html with what the audit found now, beside everything else that the run holds. */
async function remakeReport(context: Omit<StageContext, "scratch" | "keep" | "before">): Promise<void> {
  const { recipe, home, run } = context;
  const found = await Promise.all(
    reportStage.after.map(async (name) => [name, await finishedStage(run, name)] as const),
  );
  const before = Object.fromEntries(found.flatMap(([name, record]) => (record ? [[name, record]] : [])));
  const after = Object.fromEntries(Object.entries(before).map(([name, record]) => [name, record.key]));
  const settings = await reportStage.inputs(recipe, home);
  const inputs = { settings, seed: recipe.seed, after, code: reportStage.version };
  await runStage(run, reportStage.name, inputs, (scratch) =>
    reportStage.work({ ...context, scratch, keep: scratch, before }),
  );
}

async function recordsBefore(run: string): Promise<Record<string, StageRecord>> {
  const names = ["prepare", "pretrain", "adapt", "baseline", "evaluate"];
  const found = await Promise.all(names.map(async (name) => [name, await finishedStage(run, name)] as const));
  const lacking = found.find(([name, record]) => record === undefined && name !== "pretrain");
  if (lacking)
    throw new ConcordError("E_IO", {
      operation: "audit",
      problem: "the run is not finished: there is nothing to audit yet",
      expected: "a run that got past its stage evaluate",
      got: `no finished stage ${lacking[0]}`,
      hint: `concord resume ${run}`,
      path: run,
    });
  return Object.fromEntries(found.flatMap(([name, record]) => (record ? [[name, record]] : [])));
}
