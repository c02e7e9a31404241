// Data and split: what happened to every row, labels by part, groups by part with small cells suppressed.
import { say } from "../../messages/index.ts";
import { balance, chart, count, facts, folded, type Html, html, table } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { cell, known } from "../words.ts";

const [mostLabels, mostRows] = [60, 200]; // in the chart; in its table

export async function dataSection(input: ReportInput): Promise<Html> {
  const { language, data } = input;
  const parts = Object.keys(data.parts);
  const partNames = parts.map((part) => known(language, "report.part", part));
  const { duplicates, rows } = data;
  const attributes = Object.entries(data.attributes).map(([attribute, values]) =>
    table({
      caption: say(language, "report.data.groups", { attribute }),
      columns: [attribute, ...partNames],
      rows: Object.entries(values).map(([value, counts]) => [
        cell(language, value),
        ...parts.map((part) => cell(language, counts[part])),
      ]),
    }),
  );
  return html`${facts([
    [say(language, "report.data.in"), count(rows.in)],
    [say(language, "report.data.kept"), count(rows.kept)],
    [say(language, "report.data.dropped"), count(rows.dropped)],
    [say(language, "report.data.quarantined"), count(rows.quarantined)],
    [
      say(language, "report.data.near"),
      say(language, "report.data.nearValue", {
        rows: count(duplicates.nearRows),
        clusters: count(duplicates.nearClusters),
      }),
    ],
    [say(language, "report.data.conflicting"), count(duplicates.conflicting)],
    [say(language, "report.data.straddling"), count(duplicates.straddling)],
    ...keptFacts(input),
    ...lengthFacts(input),
  ])}
${table({
  caption: say(language, "report.data.parts"),
  columns: [say(language, "report.part"), say(language, "report.number")],
  rows: parts.map((part, i) => [partNames[i], count(data.parts[part]!)]),
})}
${data.tasks ? tasksTable(input, parts, partNames) : undefined}
${Object.keys(data.quarantine).length ? reasonsTable(input) : undefined}
${Object.keys(data.labels).length ? await labelBalance(input, parts, partNames) : undefined}
<div class="side">${attributes}</div>`;
}

/** Rows that have a label of each of several tasks. */
const tasksTable = ({ language, data }: ReportInput, parts: readonly string[], names: readonly string[]): Html =>
  table({
    caption: say(language, "report.data.tasks"),
    columns: [say(language, "report.task"), ...names],
    rows: Object.entries(data.tasks ?? {}).map(([name, counts]) => [
      name,
      ...parts.map((part) => count(counts[part] ?? 0)),
    ]),
  });

/** Repeats that stay because the data gives the parts. */
const keptFacts = ({ language, data: { duplicates } }: ReportInput): [string, string][] =>
  Object.entries(duplicates.kept ?? {}).flatMap(([part, { training, own }]) =>
    training + own === 0
      ? []
      : [
          [
            say(language, "report.data.kept.in", { part: known(language, "report.part", part) }),
            say(language, part === "train" ? "report.data.kept.own" : "report.data.kept.both", {
              training: count(training),
              own: count(own),
            }),
          ],
        ],
  );

/** Tokens of the training texts, once a model has read them. */
function lengthFacts({ language, tokens }: ReportInput): [string, string][] {
  if (!tokens) return [];
  const { median, percentile95, longest, limit, longRows, beyond } = tokens;
  return [
    [
      say(language, "report.data.lengths"),
      say(language, "report.data.lengthsValue", { median, percentile95, longest }),
    ],
    [
      say(language, "report.data.long", { limit }),
      say(language, "report.data.longValue", { rows: count(longRows), percent: (100 * beyond).toFixed(1) }),
    ],
  ];
}

const reasonsTable = ({ language, data }: ReportInput): Html =>
  table({
    caption: say(language, "report.data.reasons"),
    columns: [say(language, "report.data.reason"), say(language, "report.number")],
    rows: Object.entries(data.quarantine).map(([reason, n]) => [reason, count(n)]),
  });

async function labelBalance(
  { language, data }: ReportInput,
  parts: readonly string[],
  names: readonly string[],
): Promise<Html> {
  const total = (label: string) => parts.reduce((sum, part) => sum + Number(data.labels[label]![part] ?? 0), 0);
  const sorted = Object.keys(data.labels).sort((a, b) => total(b) - total(a));
  const bars = sorted
    .slice(0, mostLabels)
    .flatMap((label) =>
      parts.map((part, order) => ({ label, part: names[order]!, order, rows: Number(data.labels[label]![part] ?? 0) })),
    );
  const [most, fewest] = [sorted[0]!, sorted.at(-1)!];
  return html`${await chart(
    balance(bars, { rows: say(language, "report.number") }),
    say(language, "report.data.labels"),
    say(language, "report.data.balance", { most, mostRows: total(most), fewest, fewestRows: total(fewest) }),
  )}
${folded(
  say(language, "report.asTable", { name: say(language, "report.data.labels") }),
  table({
    caption: say(language, "report.data.labels"),
    columns: [say(language, "report.label"), ...names],
    rows: sorted
      .slice(0, mostRows)
      .map((label) => [label, ...parts.map((part) => cell(language, data.labels[label]![part]))]),
  }),
)}
${sorted.length > mostRows ? html`<p class="note">${say(language, "report.data.moreLabels", { shown: mostRows, all: count(sorted.length) })}</p>` : undefined}`;
}
