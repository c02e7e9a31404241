// Which group is served worse, by how much and whether that is beyond chance; then every attribute's measures by group.
import { type Language, say } from "../../messages/index.ts";
import { decimal, type Html, html, isRecord, isScore, scoreCell, table } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { cell, known } from "../words.ts";
import { counterfactualSection } from "./counterfactual.ts";

type Facts = Readonly<Record<string, unknown>>;

/** Undefined where the audit has no part `fairness`, or no groups. */
export function fairnessSection({ language, audit }: Pick<ReportInput, "language" | "audit">): Html | undefined {
  const found = audit?.fairness;
  if (!isRecord(found) || !Array.isArray(found.groupings)) return undefined;
  const groupings = found.groupings.filter(isRecord);
  const others = counterfactualSection(language, found.counterfactual, found.quotes);
  const change = changeTable(language, found.change);
  if (groupings.length === 0) return change || others ? html`${change}${others}` : undefined;
  const single = groupings.filter((g) => namesOf(g).length === 1);
  return html`<p>${say(language, "report.fairness.text", { smallest: Number(found.smallestCell) })}</p>
${besideConstant(language, found, groupings[0]!)}
${gapsTable(language, groupings)}
${change}
${single.map((grouping) => html`${measuresTable(language, grouping)}${hiddenText(language, found, grouping)}`)}
${others}`;
}

/** The measure that a constant answer is judged by, by the kind of answers. */
const mainMeasure: Readonly<Record<string, string>> = {
  decisions: "accuracy",
  classes: "accuracy",
  labels: "exactMatch",
  numbers: "mae",
};

/** The score of all rows beside that of one answer to every row; undefined where there is none, as of entities. */
function besideConstant(language: Language, found: Facts, first: Facts): Html | undefined {
  const { text, better } = constantText(language, found, first) ?? {};
  if (text === undefined) return undefined;
  return html`<p>${text}${better ? "" : html` <strong>${say(language, "report.fairness.notBetter")}</strong>`}</p>`;
}

/** The same in words, and whether it is better. */
export function constantText(language: Language, { kind, baseline }: Facts, { overall }: Facts) {
  const measure = mainMeasure[String(kind)];
  const all = measure !== undefined && isRecord(overall) ? overall[measure] : undefined;
  if (measure === undefined || !isScore(all) || typeof baseline !== "number") return undefined;
  const isError = kind === "numbers";
  const better = isError ? all.value < baseline : all.value > baseline;
  const facts = { measure: known(language, "fairness.measure", measure), value: decimal(all.value) };
  const text = say(language, isError ? "report.fairness.besideMean" : "report.fairness.besideMajority", {
    ...facts,
    baseline: decimal(baseline),
  });
  return { measure, text, better };
}

/** How many groups and rows are not shown, and why; undefined where all are. */
function hiddenText(language: Language, { rows, smallestCell }: Facts, { groups }: Facts): Html | undefined {
  if (!isRecord(groups) || typeof rows !== "number") return undefined;
  const all = Object.values(groups).filter(isRecord);
  const shownRows = all.flatMap((group) =>
    isRecord(group.measures) && typeof group.rows === "number" ? [group.rows] : [],
  );
  if (shownRows.length === all.length) return undefined;
  const hidden = rows - shownRows.reduce((sum, n) => sum + n, 0);
  const facts = { groups: all.length - shownRows.length, rows: hidden, smallest: Number(smallestCell) };
  return html`<p>${say(language, "fairness.group.hidden", facts)}</p>`;
}

const namesOf = (grouping: Facts): string[] =>
  Array.isArray(grouping.attributes) ? grouping.attributes.map(String) : [];

/** A group of several attributes is kept as `north|woman`. */
const groupOf = (language: Language, grouping: Facts, group: string): string =>
  String(cell(language, namesOf(grouping).length > 1 ? group.replaceAll("|", " + ") : group));

function gapsTable(language: Language, groupings: readonly Facts[]): Html {
  const rows = groupings.flatMap((grouping) =>
    (Array.isArray(grouping.gaps) ? grouping.gaps : [])
      .filter(isRecord)
      .map((gap) => [
        namesOf(grouping).join(" + "),
        groupOf(language, grouping, String(gap.group)),
        measureOf(language, gap),
        scoreCell(gap),
        decimal(Number(gap.tolerance)),
        typeof gap.detectable === "number" ? decimal(gap.detectable) : "–",
        verdictOf(language, gap),
      ]),
  );
  return table({
    caption: say(language, "report.fairness.gaps"),
    columns: [
      "",
      say(language, "report.group"),
      say(language, "report.fairness.measure"),
      say(language, "report.fairness.worse"),
      say(language, "report.fairness.tolerated"),
      say(language, "report.fairness.detectable"),
      say(language, "report.fairness.verdict"),
    ],
    rows,
    texts: [0, 1, 2, 6],
  });
}

/** Whether less of a measure is as bad as more. */
export const isNeither = (measure: string): boolean =>
  /(selectionRate|meanError|meanScore|meanConfidence)$/.test(measure);

/** Of a measure that is neither good nor bad: on which side the group is. */
function measureOf(language: Language, { measure, side }: Facts): string {
  const name = known(language, "fairness.measure", String(measure));
  return isNeither(String(measure)) && (side === "below" || side === "above")
    ? say(language, `report.fairness.side.${side}`, { measure: name })
    : name;
}

function verdictOf(language: Language, { verdict, called }: Facts): string {
  if (verdict === "gap" || verdict === "within" || verdict === "undetermined")
    return say(language, `fairness.verdict.${verdict}`);
  return say(language, called === true ? "fairness.verdict.gap" : "fairness.verdict.undetermined"); // of an audit before verdicts
}

const shown = [
  "accuracy",
  "f1",
  "precision",
  "recall",
  "macroF1",
  "macroTruePositiveRate",
  "macroFalsePositiveRate",
  "selectionRate",
  "truePositiveRate",
  "falsePositiveRate",
  "auc",
  "macroAuc",
  "calibrationError",
  "exactMatch",
  "hammingLoss",
  "mae",
  "mse",
];

function measuresTable(language: Language, { attributes, groups, overall }: Facts): Html | undefined {
  if (!isRecord(groups) || !isRecord(overall)) return undefined;
  const measures = shown.filter((name) => isScore(overall[name]));
  const [attribute] = namesOf({ attributes });
  const row = (name: string, size: unknown, facts: unknown) => [
    name,
    typeof size === "number" || typeof size === "string" ? cell(language, size) : "",
    ...measures.map((measure) => scoreCell(isRecord(facts) ? facts[measure] : undefined)),
  ];
  return table({
    caption: say(language, "report.fairness.by", { attribute: attribute ?? "" }),
    columns: [
      "",
      say(language, "report.support"),
      ...measures.map((name) => known(language, "fairness.measure", name)),
    ],
    rows: [
      ...Object.entries(groups).map(([name, group]) =>
        isRecord(group) ? row(String(cell(language, name)), group.rows, group.measures) : row(name, "", undefined),
      ),
      row(say(language, "report.fairness.overall"), "", overall),
    ],
  });
}

function changeTable(language: Language, change: unknown): Html | undefined {
  if (!isRecord(change) || !Array.isArray(change.gaps)) return undefined;
  const cells = (facts: Facts) => [scoreCell(facts.before), scoreCell(facts.after), scoreCell(facts.change)];
  const gaps = change.gaps.filter(isRecord).map((gap) => [`${gap.attribute}: ${gap.group}`, ...cells(gap)]);
  const { macroF1, criterion } = change;
  const made = isRecord(criterion)
    ? [
        [
          `${criterion.attribute}: ${known(language, "fairness.criterion", String(criterion.criterion))}`,
          ...cells(criterion),
        ],
      ]
    : [];
  const flips = (Array.isArray(change.counterfactual) ? change.counterfactual : []).filter(isRecord).flatMap((flip) =>
    (["flipRate", "score"] as const).flatMap((name) => {
      const one = flip[name];
      const key = name === "score" ? "report.fairness.score" : "report.fairness.flips";
      return isRecord(one) ? [[say(language, key, { axis: String(flip.axis) }), ...cells(one)]] : [];
    }),
  );
  return table({
    caption: say(language, "report.fairness.change"),
    columns: [
      "",
      say(language, "report.fairness.before"),
      say(language, "report.fairness.after"),
      say(language, "report.fairness.changed"),
    ],
    rows: [
      ...gaps,
      ...made,
      ...flips,
      ...(isRecord(macroF1) ? [[say(language, "report.metric.macroF1"), ...cells(macroF1)]] : []),
    ],
  });
}
