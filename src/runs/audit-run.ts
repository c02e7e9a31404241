// Audits a finished run again, or for the first time where its recipe asks for no audit: the parts that its task has.

import { resolve } from "node:path";
import { artifacts, openRunFolder, type StageRecords } from "../artifacts/index.ts";
import { auditStageName } from "../audit/index.ts";
import { ConcordError } from "../base/index.ts";
import { lockFolder } from "../formats/node/index.ts";
import type { Language } from "../messages/index.ts";
import type { Measured } from "../passport/index.ts";
import { reportStage, stages } from "../pipeline/index.ts";
import { type AuditName, auditNames, auditSchema, hasTestSplit, type Recipe } from "../recipe/index.ts";
import { afterOf, execute, type RunEvent } from "../stages/index.ts";

export interface AuditRunOptions {
  /** Default all that the recipe does not turn off. */
  readonly parts?: readonly AuditName[];
  /** Other settings than the recipe's, by part. */
  readonly settings?: Partial<Record<AuditName, Readonly<Record<string, unknown>>>>;
  readonly language?: Language;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** What a part of the audit measured. */
export interface AuditedPart {
  /** Numbers by the names that policies give them: `fairness.region.gap.accuracy`. */
  readonly values: Readonly<Record<string, Measured>>;
  readonly seconds: number;
}

/**
 * Measures the run's model and rows as they lie there, writes audit/<part>.json and makes report.html anew. The run's own settings are
 * kept where it has some.
 * @returns each part that ran, by its name; all that it found is in audit/<part>.json
 * @throws E_IO when the run is not finished, E_LOCKED when another run works in the folder, E_CONFIG for wrong settings
 * @example
 * const { fairness } = await auditRun("runs/disease", { parts: ["fairness"] });
 * fairness?.values["fairness.region.gap.accuracy"]; // { value: 0.21, low: 0.13, high: 0.3 }
 */
export async function auditRun(
  folder: string,
  { parts = auditNames, settings = {}, language = "en", signal, onEvent = () => {} }: AuditRunOptions = {},
): Promise<Partial<Record<AuditName, AuditedPart>>> {
  const run = resolve(folder);
  const { recipe: savedRecipe, home } = await openRunFolder(run);
  const audit = Object.fromEntries(
    auditNames.map((part) => {
      const mine = savedRecipe.audit?.[part];
      if (!parts.includes(part) || (mine === false && parts === auditNames)) return [part, false];
      return [part, { ...(mine || {}), ...settings[part] }];
    }),
  );
  const recipe: Recipe = { ...savedRecipe, audit: auditSchema.parse(audit) };
  checkParts(recipe, parts);
  const lock = await lockFolder(run);
  try {
    const folders = { home, run, language };
    requireFinished(await execute(stages, { recipe: savedRecipe, ...folders, only: [] }), savedRecipe, run);
    const only = auditNames.map(auditStageName);
    const records = await execute(stages, {
      recipe,
      ...folders,
      only,
      again: true,
      signal,
      emit: withoutStages(onEvent),
    });
    const made = auditNames.flatMap((part) => {
      const record = recipe.audit?.[part] && records[auditStageName(part)];
      return record
        ? [[part, { values: artifacts.auditFacts(part).of(record).values, seconds: record.seconds }] as const]
        : [];
    });
    if (made.length)
      await execute(stages, { recipe: savedRecipe, ...folders, only: [reportStage.name], again: true, signal });
    return Object.fromEntries(made);
  } finally {
    await lock.release();
  }
}

/** @throws E_CONFIG for a part that does not look at answers of the task, and where no part does */
function checkParts(recipe: Recipe, parts: readonly AuditName[]): void {
  const all: Recipe = { ...recipe, audit: auditSchema.parse({}) };
  const fitting = auditNames.filter((part) => stages.find(({ name }) => name === auditStageName(part))!.supports(all));
  const unfit = parts === auditNames && fitting.length ? undefined : parts.find((part) => !fitting.includes(part));
  if (unfit === undefined || !hasTestSplit(recipe)) return;
  throw new ConcordError("E_CONFIG", {
    operation: "audit",
    problem: "this audit does not look at answers of this task",
    expected: fitting.join(", ") || "a task with labels, numbers, entities or answers in texts",
    got: `${unfit}, task: ${recipe.task}`,
  });
}

/** What the parts say; that they run, the caller knows. */
const withoutStages =
  (emit: (event: RunEvent) => void) =>
  (event: RunEvent): void => {
    if (event.kind !== "stage") emit(event);
  };

/** @throws E_IO where a stage that audits rest on has no result that stands */
function requireFinished(records: StageRecords, recipe: Recipe, run: string): void {
  const asked = new Set(stages.flatMap((stage) => (stage.onDemand ? afterOf(stages, stage) : [])));
  const lacking = [...asked].find((name) => !records[name] && (name !== "pretrain" || recipe.pretrain));
  if (lacking === undefined) return;
  const hint = hasTestSplit(recipe) ? `concord resume ${run}` : "set data.split.test in the recipe, and run it again";
  throw new ConcordError("E_IO", {
    operation: "audit",
    problem: "the run is not finished: there is nothing to audit yet",
    expected: "a run that got past its stage evaluate",
    got: `no finished stage ${lacking}`,
    hint,
    path: run,
  });
}
