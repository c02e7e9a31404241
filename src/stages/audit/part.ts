// A part of the audit as a stage of its own: opens the run's model and rows, lets the part measure, and keeps what it found as
// audit/<part>.json. Knows no part.
import { join } from "node:path";
import { type HostArray, type Random, shuffle } from "../../base/index.ts";
import { type PartName, partNames, type TextRow, type Tokenizer } from "../../data/index.ts";
import { openTokenizer } from "../../data/node/index.ts";
import { makeFolder } from "../../formats/node/index.ts";
import type { Model } from "../../models/index.ts";
import { loadModel } from "../../models/node/index.ts";
import type { Measured } from "../../passport/index.ts";
import { type TextPredictor, textPredictor } from "../../predict/index.ts";
import type { AuditPartName, AuditSettings, Recipe } from "../../recipe/index.ts";
import { cpuRuntime } from "../../runtime/node/ort.ts";
import { readJsonLines, writeJson } from "../files.ts";
import { withDecisions } from "../read-decisions.ts";
import type { Stage, StageContext } from "../stage.ts";

/** What a part works with. */
export interface AuditContext extends StageContext {
  readonly model: Model;
  readonly weights: ReadonlyMap<string, HostArray<"float32">>;
  readonly tokenizer: Tokenizer;
  /** Answers as the run does: by its decisions, where it has some. */
  readonly predictor: TextPredictor;
  /** The model by itself, which explanations are about. */
  readonly own: TextPredictor;
  /** What evaluation fitted on dev; 1 where it did not. */
  readonly temperature: number;
  readonly rows: Readonly<Record<PartName, readonly TextRow[]>>;
}

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
export interface AuditPart<Name extends AuditPartName = AuditPartName> {
  readonly name: Name;
  /** Of its code: raised when its results change. */
  readonly version: number;
  /** Which tasks it can judge. */
  readonly tasks: readonly Recipe["task"][];
  measure(context: AuditContext, settings: Exclude<AuditSettings[Name], false>): Promise<AuditResult>;
}

/** The file that a part leaves in the run folder. */
export const auditFile = (part: AuditPartName): string => join("audit", `${part}.json`);
/** Beside it: texts of the data, where the part quotes some. */
export const quotesFile = (part: AuditPartName): string => join("audit", `${part}-quotes.json`);

/** The stage that runs a part after evaluation. */
export function auditStage<Name extends AuditPartName>(part: AuditPart<Name>): Stage {
  const settingsOf = ({ audit }: Recipe) => (audit ? audit[part.name] : false);
  return {
    name: `audit-${part.name}`,
    version: part.version,
    after: ["prepare", "adapt", "baseline", "evaluate"],
    wanted: (recipe) => settingsOf(recipe) !== false && part.tasks.includes(recipe.task),
    inputs: async (recipe) => ({ settings: settingsOf(recipe), task: recipe.task, attributes: recipe.data.attributes }),
    async work(context) {
      const { recipe, run, scratch, before, emit } = context;
      const { model, weights } = await loadModel(join(run, "model"));
      const tokenizer = await openTokenizer(join(run, "model"));
      const maxLength = recipe.model.maxLength;
      const own = await textPredictor(model, weights, tokenizer, cpuRuntime, { maxLength });
      try {
        const predictor = await withDecisions(join(run, "model"), own);
        const read = partNames.map(async (name) => [
          name,
          await readJsonLines<TextRow>(join(run, "data", `${name}.jsonl`)),
        ]);
        const rows = Object.fromEntries(await Promise.all(read)) as AuditContext["rows"];
        const { temperature = 1 } = before.evaluate!.summary as { temperature?: number };
        const settings = settingsOf(recipe) as Exclude<AuditSettings[Name], false>;
        const found = await part.measure(
          { ...context, model, weights, tokenizer, predictor, own, temperature, rows },
          settings,
        );
        await makeFolder(join(scratch, "audit"));
        const about = { format: "concord-audit", version: 1, part: part.name };
        await writeJson(join(scratch, auditFile(part.name)), { ...about, values: found.values, ...found.record });
        if (found.text) emit({ kind: "note", stage: `audit-${part.name}`, text: found.text });
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
export function drawn(rows: readonly TextRow[], count: number, rng: Random): TextRow[] {
  const places = shuffle([...rows.keys()], rng).slice(0, count);
  return places.sort((a, b) => a - b).map((i) => rows[i]!);
}
