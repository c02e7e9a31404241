// An audit as a stage of its own: opens the run's model and rows, lets the audit measure, and keeps what it found as
// audit/<name>.json. Knows no audit.

import {
  auditFacts,
  audits,
  facts,
  model,
  predictions,
  type pretrained,
  rows,
  rowsFolder,
  type statement,
} from "../artifacts/index.ts";
import { type HostArray, type Random, shuffle } from "../base/index.ts";
import type { Row, SplitName, TextRow } from "../data/index.ts";
import type { Processor } from "../modalities/index.ts";
import { isTextProcessor, modalities } from "../modalities/node/index.ts";
import type { Model } from "../models/index.ts";
import { loadModel } from "../models/node/index.ts";
import type { Measured } from "../passport/index.ts";
import type { Predictor, TextPredictor } from "../predict/index.ts";
import { type AuditName, type AuditSettings, hasTestSplit, type Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { defineStage, type Stage, type StageContext, withDecisions } from "../stages/index.ts";
import { isAnswering, type Task, taskOf } from "../tasks/index.ts";
import type { Tokenizer } from "../tokenizer-files/index.ts";

/** What every part reads, and what some read besides. */
const auditReads = [rows.train, rows.dev, rows.test, model, predictions, facts.evaluate] as const;
export type AuditReads = (typeof auditReads)[number] | typeof statement | typeof pretrained | typeof facts.adapt;

/** What every part works with: the run's model and rows. */
export interface ModelAuditContext extends StageContext<AuditReads> {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly processor: Processor;
  readonly rows: Readonly<Record<SplitName, readonly Row[]>>;
}

/** What a part about labels, numbers or entities works with. */
export interface AuditContext extends ModelAuditContext {
  /** Answers as the run does: by its decisions, where it has some. */
  readonly predictor: Predictor<unknown>;
  /** The model by itself, which explanations are about. */
  readonly unadjusted: Predictor<unknown>;
  /** What evaluation fitted on dev; 1 where it did not. */
  readonly temperature: number;
}

/** What a part about words works with. */
export interface TextAuditContext extends AuditContext {
  readonly tokenizer: Tokenizer;
  readonly predictor: TextPredictor;
  readonly unadjusted: TextPredictor;
  readonly rows: Readonly<Record<SplitName, readonly TextRow[]>>;
}

/** Whether rows are texts. */
export const isOfTexts = (context: AuditContext): context is TextAuditContext => "tokenizer" in context;

/** What a part found. */
export interface AuditResult {
  /** Everything, as audit/<part>.json keeps it. */
  readonly record: Readonly<Record<string, unknown>>;
  /** The numbers that gates may ask for, by a dotted name that starts with the part's: `fairness.region.accuracy.difference`. */
  readonly values: Readonly<Record<string, Measured>>;
  /** Texts of the data that the report quotes, kept in a file of their own: a release takes `record` along, and never these. */
  readonly quotes?: Readonly<Record<string, unknown>>;
  /** For the terminal. */
  readonly text?: string;
}

/** One audit of a run. */
export interface AuditDefinition<Name extends AuditName = AuditName, C extends AuditContext = TextAuditContext> {
  readonly name: Name;
  /** Of its code: raised when its results change. */
  readonly version: number;
  /** What it reads besides rows, model and answers. */
  readonly reads?: readonly (typeof statement | typeof pretrained | typeof facts.adapt)[];
  /** Whether it can judge a task. Default every one. */
  supports?(task: Task): boolean;
  measure(context: C, settings: Exclude<AuditSettings[Name], false>): Promise<AuditResult>;
  /** Judges answers in texts. Default it does not. */
  measureQuotes?(context: ModelAuditContext, settings: Exclude<AuditSettings[Name], false>): Promise<AuditResult>;
}

/** Whether a part can judge a task. */
function judges<Name extends AuditName>(part: AuditDefinition<Name>, task: Task): boolean {
  if (task.quotes) return part.measureQuotes !== undefined;
  return isAnswering(task) && (part.supports?.(task) ?? true);
}

/** Name of the stage that runs an audit. */
export const auditStageName = (audit: AuditName): string => `audit-${audit}`;

/** The stage that runs an audit after evaluation. */
export function auditStage<Name extends AuditName>(part: AuditDefinition<Name>): Stage {
  const settingsOf = ({ audit }: Recipe) => (audit ? audit[part.name] : false);
  const { found: file, quotes } = audits[part.name];
  return defineStage({
    name: auditStageName(part.name),
    version: part.version,
    onDemand: true,
    local: true,
    reads: [...auditReads, ...(part.reads ?? [])],
    makes: [file, quotes],
    evidence: file,
    facts: auditFacts(part.name),
    supports: (recipe) => hasTestSplit(recipe) && settingsOf(recipe) !== false && judges(part, taskOf(recipe.task)),
    settings: async (recipe) => ({
      settings: settingsOf(recipe),
      task: recipe.task,
      attributes: recipe.data.attributes,
    }),
    async work(context) {
      const { recipe, home, read, write, emit } = context;
      const folder = await read(model);
      const { model: loaded, weights } = await loadModel(folder);
      const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength };
      const processor = await modalities[recipe.modality].open(folder, loaded, options);
      const parts = { train: await read(rows.train), dev: await read(rows.dev), test: await read(rows.test) };
      const settings = settingsOf(recipe) as Exclude<AuditSettings[Name], false>;
      const audited = { ...context, model: loaded, weights, processor, rows: parts };
      const found = taskOf(recipe.task).quotes
        ? await part.measureQuotes!(audited, settings)
        : await measured(part, audited, folder, settings);
      await write(file, { part: part.name, values: found.values, ...found.record });
      if (found.text) emit({ kind: "note", stage: auditStageName(part.name), text: found.text });
      if (found.quotes) await write(quotes, found.quotes);
      return { values: { ...found.values } };
    },
  });
}

/** What a part finds with a predictor of the run's model. @param folder of the model */
async function measured<Name extends AuditName>(
  part: AuditDefinition<Name>,
  context: ModelAuditContext,
  folder: string,
  settings: Exclude<AuditSettings[Name], false>,
): Promise<AuditResult> {
  const { model: loaded, weights, processor, read } = context;
  const unadjusted = await processor.predictor(loaded, weights, cpuRuntime);
  try {
    const predictor = await withDecisions<unknown, Predictor<unknown>>(folder, unadjusted);
    const { temperature = 1 } = await read(facts.evaluate);
    const views = isTextProcessor(processor) ? { tokenizer: processor.tokenizer } : {};
    const audited = { ...context, ...views, predictor, unadjusted, temperature };
    return await part.measure(audited as TextAuditContext, settings); // recipes of other data ask for no part about words
  } finally {
    await unadjusted.dispose();
  }
}

/** Rows by the seed, in the order of the table. */
export function drawn<R extends Row>(rows: readonly R[], count: number, rng: Random): R[] {
  const places = shuffle([...rows.keys()], rng).slice(0, count);
  return places.sort((a, b) => a - b).map((i) => rows[i]!);
}
