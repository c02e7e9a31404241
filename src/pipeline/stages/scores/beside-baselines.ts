// The model's scores beside those of simple models on the same rows, and how far they lie apart. Knows no task.
import { random } from "../../../base/index.ts";
import { pairedBootstrap } from "../../../eval/index.ts";
import { type Language, messageKeys, say } from "../../../messages/index.ts";
import type { Recipe } from "../../recipe.ts";
import type { Baseline } from "../baseline.ts";
import type { Comparison, Rows, Score } from "./metrics.ts";

/** What metrics.json says of baselines. */
export interface BaselineRecord {
  /** Score that the verdict is about. */
  readonly score: string;
  /** By baseline: its scores, and how many training rows it was fitted on. */
  readonly models: Readonly<Record<string, Readonly<Record<string, number | string>>>>;
  /** Of the best baseline: the model's score minus its, positive where the model is better. */
  readonly best: string;
  readonly difference: Score;
  readonly verdict: "better" | "no-difference" | "worse";
}

/** @returns undefined without test rows or baselines */
export function besideBaselines(
  recipe: Recipe,
  rows: Rows,
  { answers, scores, isError = false }: Comparison,
  baselines: readonly Baseline[],
): BaselineRecord | undefined {
  const [first] = Object.entries(scores);
  if (!first || !baselines.length || !rows.length) return undefined;
  const [score, scoreOf] = first;
  const every = Int32Array.from(rows.keys());
  const models = Object.fromEntries(
    baselines.map(({ name, answers: own, rows: fitted, ...facts }) => {
      const values = Object.entries(scores).map(([key, of]) => [key, of(own)(every)] as const);
      return [name, { rows: fitted, ...definedOf(facts), ...Object.fromEntries(values) }];
    }),
  );
  const sign = isError ? -1 : 1;
  const value = (b: Baseline) => sign * scoreOf(b.answers)(every);
  const best = baselines.reduce((a, b) => (value(b) > value(a) ? b : a));
  const [own, other] = isError ? [best.answers, answers] : [answers, best.answers];
  const { estimate, low, high } = pairedBootstrap(scoreOf(own), scoreOf(other), rows.length, {
    random: random(`baselines ${recipe.seed}`),
    resamples: recipe.evaluate.resamples,
    method: "percentile",
    clusters: rows.some((r) => r.group !== undefined)
      ? rows.map((r, i) => (r.group === undefined ? `row ${i}` : `group ${r.group}`))
      : undefined,
  });
  const verdict = low > 0 ? "better" : high < 0 ? "worse" : "no-difference";
  return { score, models, best: best.name, difference: { value: estimate, low, high }, verdict };
}

const definedOf = (facts: Readonly<Record<string, number | string | undefined>>) =>
  Object.fromEntries(Object.entries(facts).filter((e): e is [string, number | string] => e[1] !== undefined));

/** The verdict in a sentence, and the baselines' scores. */
export function baselineText(record: BaselineRecord, language: Language): string {
  const { models, best, score, difference, verdict } = record;
  const named = (name: string) => textOf(language, `baseline.${name}`, name);
  const scoreName = textOf(language, `baseline.score.${score}`, score);
  const list = Object.entries(models).map(([name, values]) => `${named(name)} ${shown(values[score] as number)}`);
  const [value, low, high] = [Math.abs(difference.value), difference.low, difference.high].map(shown);
  const facts = { score: scoreName, baseline: named(best), value: value!, low: low!, high: high! };
  return `${say(language, `baseline.${verdict}` as const, facts)}\n${say(language, "baseline.list", { score: scoreName, list: list.join(language === "zh" ? "，" : ", ") })}`;
}

/** A name's own message, or the name. */
const textOf = (language: Language, key: string, name: string): string =>
  messageKeys.has(key) ? say(language, key as "baseline.linear") : name;

const shown = (x: number): string => (Math.abs(x) >= 100 ? x.toFixed(0) : x.toFixed(3));
