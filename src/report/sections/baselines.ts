// The model beside simple models on the same rows: a verdict and a table. Computes nothing.
import { type Language, messageKeys, say } from "../../messages/index.ts";
import { type Html, html, type Part } from "../html.ts";
import { isRecord, isScore, type Score, type Scored } from "../input.ts";
import { count, decimal, short } from "../numbers.ts";
import { table } from "../table.ts";

/** `baselines` of metrics.json. */
export interface BaselineRecord {
  /** Score that the verdict is about. */
  readonly score: string;
  /** By baseline: its scores, and how many training rows it was fitted on. */
  readonly models: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  readonly best: string;
  /** Of the best baseline: the model's score minus its, positive where the model is better. */
  readonly difference: Score;
  /** By the interval of the difference. */
  readonly verdict: "better" | "no-difference" | "worse";
}

/** A name's own message, or the name. */
const named = (language: Language, key: string, name: string): string =>
  messageKeys.has(key) ? say(language, key as "baseline.linear") : name;

const baselineName = (language: Language, name: string) => named(language, `baseline.${name}`, name);
const scoreName = (language: Language, score: string) => named(language, `baseline.score.${score}`, score);
const shown = (x: number): string => (Math.abs(x) >= 100 ? short(x) : decimal(x));

/** The verdict in a sentence. */
export function baselineVerdict({ best, score, difference, verdict }: BaselineRecord, language: Language): string {
  const { value, low, high } = difference;
  return say(language, `baseline.${verdict}` as const, {
    score: scoreName(language, score),
    baseline: baselineName(language, best),
    value: shown(Math.abs(value)),
    low: shown(low),
    high: shown(high),
  });
}

/** The baselines' scores in a line. */
export function baselineList({ models, score }: BaselineRecord, language: Language): string {
  const list = Object.entries(models).map(
    ([name, values]) => `${baselineName(language, name)} ${shown(Number(values[score]))}`,
  );
  const between = language === "zh" ? "，" : ", ";
  return say(language, "baseline.list", { score: scoreName(language, score), list: list.join(between) });
}

/** What metrics.json says of baselines, where it says anything. */
export function baselinesIn(metrics: Readonly<Record<string, unknown>>): BaselineRecord | undefined {
  const { baselines } = metrics;
  if (!isRecord(baselines) || !isRecord(baselines.models) || !isScore(baselines.difference)) return undefined;
  return baselines as unknown as BaselineRecord; // written by the stage evaluate in this shape
}

/** Verdict and table; nothing where no baseline was fitted. */
export function baselinesPart({ language, metrics }: Scored): Html | undefined {
  const record = baselinesIn(metrics);
  if (!record) return undefined;
  const scores = [...new Set(Object.values(record.models).flatMap(Object.keys))].filter(
    (key) => !["rows", "kind", "features", "strength"].includes(key),
  );
  const cell = (x: unknown): Part => (typeof x === "number" ? shown(x) : isScore(x) ? shown(x.value) : "–");
  const rows: [string, ...Part[]][] = [
    [say(language, "baseline.this"), ...scores.map((key) => cell(metrics[key])), ""],
    ...Object.entries(record.models).map(([name, values]): [string, ...Part[]] => [
      baselineName(language, name),
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
