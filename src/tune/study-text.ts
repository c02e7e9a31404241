// A study as lines of a terminal: its best trials with their settings, how the best grew, which keys mattered, the Pareto front. Computes nothing.
import { alignedColumns } from "../base/index.ts";
import { type Language, say } from "../messages/index.ts";
import { signOf } from "./measure-trial.ts";
import type { StudyTrials } from "./optuna-trials.ts";
import { finishedOf, frontOf, historyOf, importanceOf } from "./study-findings.ts";
import { valueText } from "./study-page.ts";
import { shortSetting } from "./trial-recipe.ts";

/** Trials of the table, keys of the importance, and improvements of the history that are shown. */
const [mostTrials, mostKeys, mostSteps] = [5, 5, 6];

/** @example studyText(study, "en").join("\n") // "Best trials\n  trial  score  learningRate  …" */
export function studyText(study: StudyTrials, language: Language): string[] {
  const { recipe, search, space, trials } = study;
  const { objectives } = search;
  const objective = say(language, `tune.objective.${objectives[0]!}`);
  const shown = finishedOf(trials)
    .sort(({ costs: [a = 0] }, { costs: [b = 0] }) => a - b)
    .slice(0, mostTrials);
  const keys = space.map(({ name }) => name).filter((name) => shown.some(({ point }) => name in point));
  const table = alignedColumns([
    [say(language, "tune.number"), ...objectives.map((name) => say(language, `tune.objective.${name}`)), ...keys],
    ...shown.map(({ number, costs, point }) => [
      String(number),
      ...objectives.map((name, i) => valueText(name, signOf(recipe, name) * costs[i]!)),
      ...keys.map((key) => (point[key] === undefined ? "–" : shortSetting(point[key]))),
    ]),
  ]);
  const history = historyOf(study);
  const steps = history
    .filter(({ best }, i) => best !== history[i - 1]?.best)
    .map(({ number, best }) => `${valueText(objectives[0]!, best)} (${number})`);
  const shares = importanceOf(study)
    ?.slice(0, mostKeys)
    .map(({ parameter, share }) => `${parameter} ${(100 * share).toFixed(0)} %`);
  const front = frontOf(study);
  const list = (items: readonly string[]) => items.join(language === "zh" ? "，" : ", ");
  return [
    say(language, "tune.text.best", { shown: shown.length, trials: trials.length }),
    ...table.map((line) => `  ${line}`),
    say(language, "tune.text.history", { objective, steps: steps.slice(-mostSteps).join(" → ") }),
    ...(shares ? [say(language, "tune.text.importance", { objective, shares: list(shares) })] : []),
    ...(front.length > 0
      ? [say(language, "tune.text.pareto", { trials: list(front.map(({ number }) => String(number))) })]
      : []),
  ];
}
