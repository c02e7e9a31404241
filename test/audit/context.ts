// What a part of the audit works with, from a finished run: so that a test can ask a part again with other settings.
import { join } from "node:path";
import { readJsonLines } from "../../src/artifacts/files.ts";
import { artifactsIn } from "../../src/artifacts/index.ts";
import type { AuditDefinition, TextAuditContext } from "../../src/audit/define-audit.ts";
import { splitNames, type TextRow } from "../../src/data/index.ts";
import { textModality } from "../../src/modalities/node/index.ts";
import { loadModel } from "../../src/models/node/index.ts";
import { stages } from "../../src/pipeline/index.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { type AuditSettings, auditSchema } from "../../src/recipe/recipe-audit.ts";
import { execute } from "../../src/stages/index.ts";
import { cpuRuntime } from "../one-thread.ts";

/** Opens a run for its audit. */
export async function auditContext(recipe: Recipe, run: string): Promise<TextAuditContext> {
  const { model, weights } = await loadModel(join(run, "model"));
  const processor = await textModality.open(join(run, "model"), model, {
    home: run,
    maxLength: recipe.model.maxLength,
  });
  const { tokenizer } = processor;
  const predictor = await processor.predictor(model, weights, cpuRuntime);
  const rows = Object.fromEntries(
    await Promise.all(
      splitNames.map(async (part) => [part, await readJsonLines<TextRow>(join(run, "data", `${part}.jsonl`))] as const),
    ),
  ) as unknown as TextAuditContext["rows"];
  const reading = artifactsIn(run, { ...(await execute(stages, { recipe, home: run, run, only: [] })) });
  const rest = {
    ...reading,
    write: async () => {},
    recipe,
    run,
    home: run,
    keep: run,
    scratch: run,
    before: {},
    emit: () => {},
    temperature: 1,
  };
  return { ...rest, language: "en", model, weights, processor, tokenizer, predictor, unadjusted: predictor, rows };
}

/** What a part finds with settings, its record and values together. */
export async function audit<Name extends "explanation" | "robustness">(
  part: AuditDefinition<Name>,
  context: TextAuditContext,
  settings: object,
): Promise<Record<string, unknown>> {
  const all = auditSchema.parse({ [part.name]: settings });
  const { record, values } = await part.measure(context, all[part.name] as Exclude<AuditSettings[Name], false>);
  return { ...record, values };
}
