// Scores of groups with intervals, each attribute as a chart and a table; groups too small to show stay out.
import { isErrorScore } from "../../eval/index.ts";
import { say } from "../../messages/index.ts";
import {
  chart,
  decimal,
  type Html,
  html,
  intervals,
  isRecord,
  isScore,
  type Score,
  scoreCell,
  table,
} from "../../pages/index.ts";
import type { Scored } from "../input.ts";
import { cell, known } from "../words.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Undefined where the recipe names no attribute. */
export async function groupsSection(input: Scored): Promise<Html | undefined> {
  const { groups } = input.metrics;
  if (!isRecord(groups) || !Object.keys(groups).length) return undefined;
  const axis = { domain: domainOf(groups), names: namesOf(input, groups) };
  const attributes = await Promise.all(
    Object.entries(groups).map(([attribute, values]) =>
      isRecord(values) ? attributeOf(input, attribute, values, axis) : undefined,
    ),
  );
  return html`<p>${say(input.language, "report.groups.text")}</p>
${attributes}`;
}

const scoreOf = (group: Facts) => Object.entries(group).find((entry): entry is [string, Score] => isScore(entry[1]));

/** Ends of all intervals: the charts of all attributes have one axis. */
function domainOf(groups: Facts): [number, number] {
  const scores = Object.values(groups)
    .filter(isRecord)
    .flatMap((values) => Object.values(values).filter(isRecord))
    .flatMap((group) => scoreOf(group)?.[1] ?? []);
  return [Math.min(...scores.map(({ low }) => low)), Math.max(...scores.map(({ high }) => high))];
}

const namesOf = ({ language }: Scored, groups: Facts): string[] =>
  Object.values(groups)
    .filter(isRecord)
    .flatMap((values) => Object.entries(values))
    .flatMap(([name, group]) => (isRecord(group) && scoreOf(group) ? [String(cell(language, name))] : []));

async function attributeOf(
  { language, metrics }: Scored,
  attribute: string,
  values: Facts,
  axis: { readonly domain: readonly [number, number]; readonly names: readonly string[] },
): Promise<Html | undefined> {
  const rows = Object.entries(values).flatMap(([value, group]) => {
    if (!isRecord(group)) return [];
    const [metric, score] = scoreOf(group) ?? [];
    const size = typeof group.rows === "number" || typeof group.rows === "string" ? group.rows : undefined;
    return [{ value: String(cell(language, value)), size, metric, score }];
  });
  const metric = rows.find((r) => r.metric)?.metric;
  const name = metric === undefined ? say(language, "report.scores") : known(language, "report.metric", metric);
  const caption = say(language, "report.groups.by", { score: name, attribute });
  const overall = metric === undefined ? undefined : metrics[metric];
  /** Whether a group's interval lies wholly on one side of the score of all rows. */
  const apart = (score: Score | undefined) => {
    if (!score || !isScore(overall)) return undefined;
    if (score.high < overall.value) return "below";
    return score.low > overall.value ? "above" : undefined;
  };
  // of an error a high value is worse
  const worseSide = isErrorScore(metric ?? "") ? "above" : "below";
  const scored = rows.flatMap(({ value, score }) =>
    score ? [{ name: value, worse: apart(score) === worseSide, ...score }] : [],
  );
  const sideCell = (score: Score | undefined) => {
    const side = apart(score);
    const text = side && say(language, `report.groups.${side}`);
    return side === worseSide ? html`<strong class="worse">${text}</strong>` : text;
  };
  const sorted = [...scored].sort((a, b) => a.value - b.value);
  const [low, high] = [sorted[0], sorted.at(-1)];
  return html`<h3>${attribute}</h3>
<div class="side">
${
  low && high
    ? await chart(
        intervals(scored, { score: name }, { ...axis, overall: isScore(overall) ? overall.value : undefined }),
        caption,
        say(language, "report.groups.described", {
          low: low.name,
          lowScore: decimal(low.value),
          high: high.name,
          highScore: decimal(high.value),
        }),
      )
    : undefined
}
${table({
  caption,
  columns: [attribute, say(language, "report.support"), name, ""],
  rows: rows.map(({ value, size, score }) => [value, cell(language, size), scoreCell(score), sideCell(score)]),
  texts: [0, 3],
})}
</div>`;
}
