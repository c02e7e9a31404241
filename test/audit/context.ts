// What a part of the audit works with, from a finished run: so that a test can ask a part again with other settings.
import { join } from "node:path";
import { partNames, type TextRow } from "../../src/data/index.ts";
import { openTokenizer } from "../../src/data/node/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import { textPredictor } from "../../src/predict/index.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { type AuditSettings, auditSchema } from "../../src/recipe/recipe-audit.ts";
import { cpuRuntime } from "../../src/runtime/node/ort.ts";
import type { AuditContext, AuditPart } from "../../src/stages/audit/part.ts";
import { readJsonLines } from "../../src/stages/files.ts";

/** Opens a run for its audit. */
export async function auditContext(recipe: Recipe, run: string): Promise<AuditContext> {
  const { model, weights } = await loadModel(join(run, "model"));
  const tokenizer = await openTokenizer(join(run, "model"));
  const predictor = await textPredictor(model, weights, tokenizer, cpuRuntime, { maxLength: recipe.model.maxLength });
  const rows = Object.fromEntries(
    await Promise.all(
      partNames.map(async (part) => [part, await readJsonLines<TextRow>(join(run, "data", `${part}.jsonl`))] as const),
    ),
  ) as unknown as AuditContext["rows"];
  const rest = { recipe, run, home: run, keep: run, scratch: run, before: {}, emit: () => {}, temperature: 1 };
  return { ...rest, language: "en", model, weights, tokenizer, predictor, own: predictor, rows };
}

/** What a part finds with settings, its record and values together. */
export async function audit<Name extends "explanation" | "robustness">(
  part: AuditPart<Name>,
  context: AuditContext,
  settings: object,
): Promise<Record<string, unknown>> {
  const all = auditSchema.parse({ [part.name]: settings });
  const { record, values } = await part.measure(context, all[part.name] as Exclude<AuditSettings[Name], false>);
  return { ...record, values };
}
