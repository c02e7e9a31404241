// The page of a study. All numbers are of validation rows. Computes importance, nothing else.
import { type Language, say } from "../messages/index.ts";
import { bytes, chart, decimal, type Html, html, htmlDocument, percent, short, table } from "../pages/index.ts";
import { type Objective, signOf, valuesOf } from "./measure-trial.ts";
import type { StudyTrials } from "./optuna-trials.ts";
import { historyChart, importanceChart, parallelChart, paretoChart } from "./study-charts.ts";
import { finishedOf, frontOf, historyOf, importanceOf } from "./study-findings.ts";
import type { StudyTrial } from "./study-store.ts";
import { settingsText, shortSetting } from "./trial-recipe.ts";

/** What a study's page shows. */
export interface StudyPageInput extends StudyTrials {
  readonly best: StudyTrial;
}

/** A value of an objective as people read it. @example valueText("size", 2_500_000) // "2.5 MB" */
export function valueText(objective: Objective, value: number): string {
  if (objective === "size") return bytes(value);
  return objective === "latency" ? `${short(value)} ms` : decimal(value);
}

/** Values of a trial in a line. @example valuesText("en", { score: 0.91 }) // "score 0.910" */
export const valuesText = (language: Language, values: Readonly<Partial<Record<Objective, number>>>): string =>
  (Object.entries(values) as [Objective, number][])
    .map(([name, value]) => `${say(language, `tune.objective.${name}`)} ${valueText(name, value)}`)
    .join(language === "zh" ? "，" : ", ");

/** The page as HTML. */
export async function studyPage(input: StudyPageInput, language: Language): Promise<string> {
  const { recipe, search, trials, best } = input;
  const count = (state: StudyTrial["state"]) => trials.filter((trial) => trial.state === state).length;
  const title = say(language, "tune.title", { name: recipe.name });
  const section = (id: string, head: string, content: Html | undefined) =>
    content &&
    html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${head}</h2>${content}</section>`;
  const values = valuesOf(recipe, search.objectives, best.costs!);
  const body = html`<header><h1>${title}</h1>
<p>${say(language, "tune.about", {
    trials: trials.length,
    finished: count("finished"),
    pruned: count("pruned"),
    failed: count("failed"),
    sampler: search.sampler,
    seed: recipe.seed,
  })}</p></header>
<main>
${section(
  "best",
  say(language, "tune.best"),
  html`<p>${say(language, "tune.trial", { number: best.number })}: ${valuesText(language, values)}</p>${table({
    caption: say(language, "tune.best"),
    columns: [say(language, "tune.key"), say(language, "tune.value")],
    rows: Object.entries(best.point).map(([key, value]) => [key, shortSetting(value)]),
    texts: [0, 1],
  })}`,
)}
${section("history", say(language, "tune.history"), await historyPart(input, language))}
${section("importance", say(language, "tune.importance"), await importancePart(input, language))}
${section("parallel", say(language, "tune.parallel"), await parallelPart(input, language))}
${section("pareto", say(language, "tune.pareto"), await paretoPart(input, language))}
${section("trials", say(language, "tune.trials"), trialsTable(input, language))}
</main>`;
  return htmlDocument({ language, title, body });
}

async function historyPart(input: StudyPageInput, language: Language): Promise<Html> {
  const [objective] = input.search.objectives as [Objective];
  const points = historyOf(input);
  const titles = { number: say(language, "tune.number"), value: say(language, `tune.objective.${objective}`) };
  const about = say(language, "tune.history.about", { best: valueText(objective, points.at(-1)!.best) });
  return await chart(historyChart(points, titles), say(language, "tune.history"), about);
}

/** Nothing for fewer trials than importance can be told from. */
async function importancePart(input: StudyPageInput, language: Language): Promise<Html | undefined> {
  const shares = importanceOf(input);
  if (!shares) return undefined;
  const [largest] = shares;
  const about = say(language, "tune.importance.about", {
    objective: say(language, `tune.objective.${input.search.objectives[0]!}`),
    key: largest!.parameter,
    share: (100 * largest!.share).toFixed(0),
  });
  const drawn = await chart(
    importanceChart(shares, { share: say(language, "tune.share") }),
    say(language, "tune.importance"),
    about,
  );
  return html`${drawn}${table({
    caption: say(language, "tune.importance"),
    columns: [say(language, "tune.key"), say(language, "tune.share")],
    rows: shares.map(({ parameter, share }) => [parameter, percent(share)]),
  })}`;
}

function parallelPart({ recipe, search, space, trials }: StudyPageInput, language: Language): Promise<Html> {
  const finished = finishedOf(trials);
  const costs = finished.map(({ costs }) => costs[0]!).sort((a, b) => a - b);
  const [least, most] = [costs[0]!, costs.at(-1)!];
  const shade = ({ costs }: StudyTrial) => (most > least ? (most - costs![0]!) / (most - least) : 1);
  const [objective] = search.objectives as [Objective];
  const sign = signOf(recipe, objective);
  const names = {
    value: say(language, `tune.objective.${objective}`),
    worst: valueText(objective, sign * most),
    best: valueText(objective, sign * least),
  };
  return chart(
    parallelChart(space, finished, shade, names),
    say(language, "tune.parallel"),
    say(language, "tune.parallel.about"),
  );
}

/** Of the first two objectives; nothing where there is one. */
async function paretoPart(input: StudyPageInput, language: Language): Promise<Html | undefined> {
  const { recipe, search, trials } = input;
  const [a, b] = search.objectives;
  if (!a || !b) return undefined;
  const finished = finishedOf(trials);
  const front = frontOf(input);
  const isFront = new Set(front.map(({ number }) => number));
  const points = finished.map(({ number, costs }) => ({
    x: signOf(recipe, b) * costs[1]!,
    y: signOf(recipe, a) * costs[0]!,
    front: isFront.has(number),
  }));
  const titles = { x: say(language, `tune.objective.${b}`), y: say(language, `tune.objective.${a}`) };
  const about = say(language, "tune.pareto.about", { front: front.length, finished: finished.length });
  const drawn = await chart(paretoChart(points, titles), say(language, "tune.pareto"), about);
  return html`${drawn}${table({
    caption: say(language, "tune.pareto"),
    columns: [
      say(language, "tune.number"),
      ...search.objectives.map((name) => say(language, `tune.objective.${name}`)),
      say(language, "tune.settings"),
    ],
    rows: front.map(({ number, costs, point }) => {
      const values = search.objectives.map((name, k) => valueText(name, signOf(recipe, name) * costs[k]!));
      return [String(number), ...values, settingsText(point)];
    }),
    texts: [0, search.objectives.length + 1],
  })}`;
}

function trialsTable({ recipe, search, trials }: StudyPageInput, language: Language): Html {
  return table({
    caption: say(language, "tune.trials"),
    columns: [
      say(language, "tune.number"),
      say(language, "tune.state"),
      ...search.objectives.map((name) => say(language, `tune.objective.${name}`)),
      say(language, "tune.seconds"),
      say(language, "tune.settings"),
    ],
    rows: trials.map(({ number, state, costs, ms, point, problem }) => [
      String(number),
      problem === undefined
        ? say(language, `tune.state.${state}`)
        : `${say(language, `tune.state.${state}`)}: ${problem}`,
      ...search.objectives.map((name, i) => (costs ? valueText(name, signOf(recipe, name) * costs[i]!) : "–")),
      ms === undefined ? "–" : (ms / 1000).toFixed(1),
      settingsText(point),
    ]),
    texts: [0, 1, search.objectives.length + 3],
  });
}
