// A part of the audit as a stage of its own: opens the run's model and rows, lets the part measure, and keeps what it found as
// audit/<part>.json. Knows no part.
import { join } from "node:path";
import { type HostArray, type Random, shuffle } from "../../base/index.ts";
import { type PartName, partNames, type Row, type TextRow, type Tokenizer } from "../../data/index.ts";
import { makeFolder } from "../../formats/node/index.ts";
import type { Processor } from "../../modalities/index.ts";
import { isTextProcessor, modalities } from "../../modalities/node/index.ts";
import type { Model } from "../../models/index.ts";
import { loadModel } from "../../models/node/index.ts";
import type { Measured } from "../../passport/index.ts";
import type { Predictor, TextPredictor } from "../../predict/index.ts";
import { type AuditPartName, type AuditSettings, hasTestPart, type Recipe } from "../../recipe/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { type Task, taskOf } from "../../tasks/index.ts";
import { readJsonLines, rowsFolder, writeJson } from "../files.ts";
import { withDecisions } from "../read-decisions.ts";
import type { Stage, StageContext } from "../stage.ts";

/** What a part works with. */
export interface AuditContext extends StageContext {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly processor: Processor;
  /** Answers as the run does: by its decisions, where it has some. */
  readonly predictor: Predictor<unknown>;
  /** The model by itself, which explanations are about. */
  readonly own: Predictor<unknown>;
  /** What evaluation fitted on dev; 1 where it did not. */
  readonly temperature: number;
  readonly rows: Readonly<Record<PartName, readonly Row[]>>;
}

/** What a part about words works with. */
export interface TextAuditContext extends AuditContext {
  readonly tokenizer: Tokenizer;
  readonly predictor: TextPredictor;
  readonly own: TextPredictor;
  readonly rows: Readonly<Record<PartName, readonly TextRow[]>>;
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

/** One part of an audit. */
export interface AuditPart<Name extends AuditPartName = AuditPartName, C extends AuditContext = TextAuditContext> {
  readonly name: Name;
  /** Of its code: raised when its results change. */
  readonly version: number;
  /** Whether it can judge a task. Default every one. */
  supports?(task: Task): boolean;
  measure(context: C, settings: Exclude<AuditSettings[Name], false>): Promise<AuditResult>;
}

/** The file that a part leaves in the run folder. */
export const auditFile = (part: AuditPartName): string => join("audit", `${part}.json`);
/** Beside it: texts of the data, where the part quotes some. */
export const quotesFile = (part: AuditPartName): string => join("audit", `${part}-quotes.json`);

/** Name of a part's stage. */
export const auditName = (part: AuditPartName): string => `audit-${part}`;

/** The stage that runs a part after evaluation. */
export function auditStage<Name extends AuditPartName>(part: AuditPart<Name>): Stage {
  const settingsOf = ({ audit }: Recipe) => (audit ? audit[part.name] : false);
  return {
    name: auditName(part.name),
    version: part.version,
    onDemand: true,
    after: ["prepare", "adapt", "baseline", "evaluate"],
    wanted: (recipe) =>
      hasTestPart(recipe) && settingsOf(recipe) !== false && (part.supports?.(taskOf(recipe.task)) ?? true),
    inputs: async (recipe) => ({ settings: settingsOf(recipe), task: recipe.task, attributes: recipe.data.attributes }),
    async work(context) {
      const { recipe, home, run, scratch, before, emit } = context;
      const folder = join(run, "model");
      const { model, weights } = await loadModel(folder);
      const options = { home: rowsFolder(recipe, home), maxLength: recipe.model.maxLength };
      const processor = await modalities[recipe.modality].open(folder, model, options);
      const own = await processor.predictor(model, weights, cpuRuntime);
      try {
        const predictor = await withDecisions<unknown, Predictor<unknown>>(folder, own);
        const read = partNames.map(async (name) => [
          name,
          await readJsonLines<Row>(join(run, "data", `${name}.jsonl`)),
        ]);
        const rows = Object.fromEntries(await Promise.all(read)) as AuditContext["rows"];
        const { temperature = 1 } = before.evaluate!.summary as { temperature?: number };
        const settings = settingsOf(recipe) as Exclude<AuditSettings[Name], false>;
        const views = isTextProcessor(processor) ? { tokenizer: processor.tokenizer } : {};
        const audited = { ...context, ...views, model, weights, processor, predictor, own, temperature, rows };
        const found = await part.measure(audited as TextAuditContext, settings); // recipes of other data ask for no part about words
        await makeFolder(join(scratch, "audit"));
        const about = { format: "concord-audit", version: 1, part: part.name };
        await writeJson(join(scratch, auditFile(part.name)), { ...about, values: found.values, ...found.record });
        if (found.text) emit({ kind: "note", stage: auditName(part.name), text: found.text });
        if (found.quotes)
          await writeJson(join(scratch, quotesFile(part.name)), {
            format: "concord-quotes",
            version: 1,
            ...found.quotes,
          });
        const outputs = [auditFile(part.name), ...(found.quotes ? [quotesFile(part.name)] : [])];
        return { outputs, summary: { values: found.values } };
      } finally {
        await own.dispose();
      }
    },
  };
}

/** Rows by the seed, in the order of the table. */
export function drawn<R extends Row>(rows: readonly R[], count: number, rng: Random): R[] {
  const places = shuffle([...rows.keys()], rng).slice(0, count);
  return places.sort((a, b) => a - b).map((i) => rows[i]!);
}
