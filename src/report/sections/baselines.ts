// The model beside simple models on the same rows: a verdict and a table. Computes nothing.
import { type Language, messageKeys, say } from "../../messages/index.ts";
import {
  type Content,
  count,
  decimal,
  type Html,
  html,
  isRecord,
  isScore,
  type Score,
  short,
  table,
} from "../../pages/index.ts";
import type { Scored } from "../input.ts";

/** `baselines` of metrics.json. */
export interface BaselineRecord {
  /** Score that the verdict is about. */
  readonly score: string;
  /** By baseline: its scores, some with intervals (null where no row defines one), and how many training rows it was fitted on. */
  readonly models: Readonly<Record<string, Readonly<Record<string, number | string | Score | null>>>>;
  readonly best: string;
  /** Of the best baseline: the model's score minus its, positive where the model is better. */
  readonly difference: Score & { readonly withheld?: "redrawn" };
  /** By the interval of the difference; `untold` where it is withheld (`low` and `high` are NaN, null in JSON). */
  readonly verdict: "better" | "no-difference" | "worse" | "untold";
}

/** A name's own message, or the name. */
const named = (language: Language, key: string, name: string): string =>
  messageKeys.has(key) ? say(language, key as "baseline.linear") : name;

/** Baselines of numbers: their mean stands for the majority class, and ridge regression for logistic regression. */
const ofNumbers: Readonly<Record<string, string>> = { majority: "mean", linear: "ridge" };
export const baselineName = (language: Language, name: string, score: string) =>
  named(language, `baseline.${(isNumeric(score) && ofNumbers[name]) || name}`, name);
const isNumeric = (score: string): boolean => ["r2", "mae", "rmse", "spearman"].includes(score);
export const scoreName = (language: Language, score: string) => named(language, `baseline.score.${score}`, score);
export const shown = (x: number): string => (Math.abs(x) >= 100 ? short(x) : decimal(x));
const plainValue = (x: unknown): number => (isScore(x) ? x.value : typeof x === "number" ? x : Number.NaN);
export const withInterval = (x: unknown): string =>
  isScore(x) ? `${shown(x.value)} [${shown(x.low)}, ${shown(x.high)}]` : shown(plainValue(x));

/** The verdict in a sentence. */
export function baselineVerdict({ best, score, difference, verdict }: BaselineRecord, language: Language): string {
  const { value, low, high } = verdict === "worse" ? turned(difference) : difference;
  return say(language, `baseline.${verdict}` as const, {
    score: scoreName(language, score),
    baseline: baselineName(language, best, score),
    value: shown(value),
    low: shown(low),
    high: shown(high),
  });
}

/** How much worse, of how much better. */
const turned = ({ value, low, high }: Score): Score => ({ value: -value, low: -high, high: -low });

/** The baselines' scores in a line. */
export function baselineList({ models, score }: BaselineRecord, language: Language): string {
  const list = Object.entries(models).map(
    ([name, values]) => `${baselineName(language, name, score)} ${shown(plainValue(values[score]))}`,
  );
  const between = language === "zh" ? "，" : ", ";
  return say(language, "baseline.list", { score: scoreName(language, score), list: list.join(between) });
}

/** One score of the model and of the baselines, the model's first. */
export function scoreLine(
  metrics: Readonly<Record<string, unknown>>,
  name: string,
  beside: BaselineRecord | undefined,
  language: Language,
): { readonly score: string; readonly list: string } {
  const models = Object.entries(beside?.models ?? {}).map(
    ([model, values]) => `${baselineName(language, model, name)} ${withInterval(values[name])}`,
  );
  const list = [`${say(language, "baseline.this")} ${withInterval(metrics[name])}`, ...models];
  return { score: scoreName(language, name), list: list.join(language === "zh" ? "；" : "; ") };
}

/** The model's scores, one a line, with those of the baselines beside them. @param metrics scores by name @param names of the scores to show */
export function scoreLines(
  metrics: Readonly<Record<string, unknown>>,
  names: readonly string[],
  beside: BaselineRecord | undefined,
  language: Language,
): string {
  const lines = names.map((name) => {
    const { score, list } = scoreLine(metrics, name, beside, language);
    return `${score}${language === "zh" ? "：" : ": "}${list}`;
  });
  return [...lines, say(language, "baseline.intervals")].join("\n");
}

/** What has to be said first of a model of numbers: worse than the mean, or explaining less than a baseline. */
export function numberAlarms(metrics: Readonly<Record<string, unknown>>, language: Language): string[] {
  const { r2 } = metrics;
  if (!isScore(r2)) return [];
  if (r2.value < 0) return [say(language, "baseline.belowMean", { r2: shown(r2.value) })];
  const beside = baselinesIn(metrics);
  const other = beside && plainValue(beside.models[beside.best]?.r2);
  if (!beside || !other || !(other > r2.value) || beside.verdict === "worse") return [];
  const baseline = baselineName(language, beside.best, "r2");
  return [say(language, "baseline.lowerR2", { r2: shown(r2.value), other: shown(other), baseline })];
}

/** What metrics.json says of baselines, where it says anything. */
export function baselinesIn(metrics: Readonly<Record<string, unknown>>): BaselineRecord | undefined {
  const { baselines } = metrics;
  if (!isRecord(baselines) || !isRecord(baselines.models) || !isRecord(baselines.difference)) return undefined;
  const { difference, verdict } = baselines;
  if (!isScore(difference) && !(verdict === "untold" && typeof difference.value === "number")) return undefined;
  return baselines as unknown as BaselineRecord; // written by the stage evaluate in this shape
}

/** Verdict and table; nothing where no baseline was fitted. */
export function baselinesSection({ language, metrics }: Scored): Html | undefined {
  const record = baselinesIn(metrics);
  if (!record) return undefined;
  const scores = [...new Set(Object.values(record.models).flatMap(Object.keys))].filter(
    (key) => !["rows", "kind", "features", "strength", "order"].includes(key),
  );
  const cell = (x: unknown): Content =>
    isScore(x) ? html`${shown(x.value)} <small>${shown(x.low)}–${shown(x.high)}</small>` : shown(plainValue(x));
  const rows: [string, ...Content[]][] = [
    [say(language, "baseline.this"), ...scores.map((key) => cell(metrics[key])), ""],
    ...Object.entries(record.models).map(([name, values]): [string, ...Content[]] => [
      baselineName(language, name, record.score),
      ...scores.map((key) => cell(values[key])),
      count(Number(values.rows)),
    ]),
  ];
  return html`<p${record.verdict === "better" ? "" : html` class="warning"`}>${baselineVerdict(record, language)}</p>
${table({
  caption: say(language, "baseline.section"),
  columns: [
    say(language, "baseline.model"),
    ...scores.map((key) => scoreName(language, key)),
    say(language, "baseline.rows"),
  ],
  rows,
})}`;
}
