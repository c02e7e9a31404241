// How good the model is: headline scores, a table for each set of classes, predicted against true numbers.
import { type Language, type MessageKey, say } from "../../messages/index.ts";
import {
  type Content,
  chart,
  count,
  decimal,
  type Html,
  html,
  isRecord,
  isScore,
  scatter,
  scoreCell,
  short,
  table,
} from "../../pages/index.ts";
import { taskOf } from "../../tasks/index.ts";
import type { Scored } from "../input.ts";
import { known } from "../words.ts";
import { baselinesSection } from "./baselines.ts";
import { triedNote } from "./tried.ts";
import { untrainedNote } from "./untrained.ts";

/** The scores that stand by themselves in metrics.json, with their intervals. */
export const headline = ({ metrics }: Scored) =>
  Object.entries(metrics).flatMap(([name, value]) => (isScore(value) ? [{ name, ...value }] : []));

/** Scores of which no interval can be told, and why. */
const withheld = ({ metrics }: Scored) =>
  Object.entries(metrics).flatMap(([name, value]) =>
    isRecord(value) && typeof value.value === "number" && typeof value.withheld === "string"
      ? [{ name, value: value.value, reason: value.withheld }]
      : [],
  );

/** Headline scores as large numbers. */
export function headlineCards(input: Scored): Html {
  const { language, task } = input;
  const shown = taskOf(task).numeric ? short : decimal;
  return html`<ul class="cards">${headline(input).map(
    ({ name, value, low, high }) =>
      html`<li><span>${known(language, "report.metric", name)}</span><strong>${shown(value)}</strong><small>${say(language, "report.interval")} ${shown(low)}–${shown(high)}</small></li>`,
  )}${withheld(input).map(
    ({ name, value, reason }) =>
      html`<li><span>${known(language, "report.metric", name)}</span><strong>${shown(value)}</strong><small>${known(language, "report.withheld", reason)}</small></li>`,
  )}</ul>`;
}

export async function scoresSection(input: Scored): Promise<Html> {
  const { language, metrics, task, testRows } = input;
  const { numeric, shown } = taskOf(task);
  const [caption, head, orElse = "classes"] = shown.classes;
  const tables = [
    classTable(input, metrics.classes ?? metrics[orElse], caption, head),
    classTable(input, metrics.tokens, "report.tagged", "report.tag"),
  ];
  return html`<p>${say(language, "report.intervals", { rows: count(testRows) })}</p>
${headlineCards(input)}
${triedNote(input)}
${untrainedNote(input)}
${baselinesSection(input)}
${tables}
${typeof metrics.classCount === "number" ? html`<p class="note">${say(language, "report.classes.some", { all: count(metrics.classCount) })}</p>` : undefined}
${tables.some(Boolean) ? html`<p class="note">${say(language, "report.undefined")}</p>` : undefined}
${numeric && input.pairs.length ? await scatterFigure(input) : undefined}`;
}

type Row = readonly [string, ...Content[]];

/** Scores of classes: records with intervals, or rows by name as scikit-learn's and seqeval's reports have them. */
function classTable(
  { language, metrics }: Scored,
  value: unknown,
  caption: Extract<MessageKey, "report.classes" | "report.entities" | "report.tagged">,
  head: Extract<MessageKey, "report.class" | "report.type" | "report.tag">,
): Html | undefined {
  const listed = Array.isArray(value)
    ? value.filter(isRecord).map((row) => rowOf(row))
    : namedRows(language, value, () => true);
  if (!listed.length) return undefined;
  const averages = Array.isArray(value)
    ? namedRows(language, metrics.report ?? metrics.entities, (name) => / avg$/.test(name))
    : [];
  const rows = [...listed, ...averages.filter(([name]) => !listed.some((row) => row[0] === name))];
  return table({
    caption: say(language, caption),
    columns: [
      say(language, head),
      say(language, "report.precision"),
      say(language, "report.recall"),
      say(language, "report.fScore"),
      say(language, caption === "report.classes" ? "report.support" : "report.supportCount"),
    ],
    rows,
  });
}

const rowOf = (row: Readonly<Record<string, unknown>>, name = String(row.label)): Row => [
  name,
  scoreCell(row.precision),
  scoreCell(row.recall),
  scoreCell(row.f1 ?? row["f1-score"]),
  typeof row.support === "number" ? count(row.support) : "–",
];

const namedRows = (language: Language, value: unknown, wanted: (name: string) => boolean): Row[] =>
  isRecord(value)
    ? Object.entries(value).flatMap(([label, row]) =>
        isRecord(row) && "precision" in row && wanted(label)
          ? [rowOf(row, known(language, "report.average", label))]
          : [],
      )
    : [];

const mostDots = 1500;

function scatterFigure({ language, pairs }: Scored): Promise<Html> {
  const every = Math.ceil(pairs.length / mostDots);
  const points = pairs.filter((_, i) => i % every === 0).map(([truth, predicted]) => ({ truth, predicted }));
  return chart(
    scatter(points, { truth: say(language, "report.truth"), predicted: say(language, "report.predicted") }),
    say(language, "report.scatter"),
    say(language, "report.scatter.described", { rows: points.length }),
  );
}
