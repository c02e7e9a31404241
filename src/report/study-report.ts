// The page of a study of several organisations: who took part, how the rounds went, what the model scores for whom; and, where
// somebody has other models to compare it with, how it stands against them. Shows summed counts only: nobody's rows are in it.
import { type Language, say } from "../messages/index.ts";
import {
  chart,
  count,
  curve,
  decimal,
  facts,
  type Html,
  html,
  htmlDocument,
  intervals,
  isRecord,
  type Score,
  scoreCell,
  table,
} from "../pages/index.ts";
import type { StudyRound } from "../passport/index.ts";
import { confusionSection } from "./sections/confusions.ts";
import { groupsSection } from "./sections/groups.ts";
import { headlineCards, scoresSection } from "./sections/scores.ts";

/** What together.json and metrics.json of a study say. */
export interface StudyReportInput {
  readonly language: Language;
  readonly name: string;
  /** Unique name of the run. */
  readonly run: string;
  /** When the page was made, ISO 8601. */
  readonly made: string;
  readonly threshold: number;
  readonly strategy: string;
  readonly members: readonly {
    readonly name: string;
    readonly consented: boolean;
    /** Training rounds that it is in. */
    readonly rounds: number;
    /** Why it left, if it did. */
    readonly left?: string;
    /** Its own values, where its owner showed them. */
    readonly values?: Readonly<Record<string, number>>;
  }[];
  readonly rounds: readonly {
    readonly round: number;
    readonly task: string;
    readonly survivors: readonly string[];
    readonly examples: number;
    readonly buckets?: StudyRound["buckets"];
    /** On members' dev rows, of the model that the round started from. */
    readonly before?: { readonly accuracy: number; readonly macroF1: number };
  }[];
  /** metrics.json as it is. */
  readonly metrics: Readonly<Record<string, unknown>>;
  readonly comparison?: StudyComparison;
}

/** Models beside the study's, all scored on the same rows. */
export interface StudyComparison {
  /** What was compared, in words. */
  readonly about: string;
  readonly arms: readonly { readonly name: string; readonly macroF1: Score; readonly accuracy: Score }[];
  /** How far the study comes from the mean of the members alone to one table of all rows: 1 is all the way. */
  readonly way?: Score;
}

/**
 * The page as text.
 * @example await writeFile("report.html", await studyReport(input));
 */
export async function studyReport(input: StudyReportInput): Promise<string> {
  const { language, name, run, made, metrics } = input;
  const rows = typeof metrics.rows === "number" ? metrics.rows : 0;
  const scored = { language, metrics, task: "single-label" as const, testRows: rows, pairs: [] };
  const title = say(language, "studyReport.title", { name });
  const sections = [
    input.comparison && {
      title: say(language, "studyReport.comparison"),
      content: await comparison(language, input.comparison),
    },
    { title: say(language, "studyReport.members"), content: members(input) },
    { title: say(language, "studyReport.rounds"), content: await rounds(input) },
    { title: say(language, "report.scores"), content: rows ? await scoresSection(scored) : undefined },
    { title: say(language, "report.groups"), content: await groupsSection(scored) },
    { title: say(language, "report.confusion"), content: await confusionSection(scored) },
  ].flatMap((section) => (section?.content === undefined ? [] : [section as { title: string; content: Html }]));
  const body = html`<header>
<h1>${title}</h1>
<p>${say(language, "studyReport.made", { when: made.slice(0, 16).replace("T", " "), run })} (UTC)</p>
<p>${say(language, "studyReport.about")}</p>
${rows ? headlineCards(scored) : html`<p>${say(language, "studyReport.unscored")}</p>`}
</header>
<main>
${sections.map(
  (section, i) => html`<section aria-labelledby="s${i}"><h2 id="s${i}">${section.title}</h2>
${section.content}
</section>
`,
)}</main>`;
  return htmlDocument({ language, title, body });
}

async function comparison(language: Language, { about, arms, way }: StudyComparison): Promise<Html> {
  const caption = say(language, "studyReport.comparison.caption");
  return html`<p>${about}</p>
${way && html`<p><strong>${say(language, "studyReport.way", { share: percentOf(way.value), low: percentOf(way.low), high: percentOf(way.high) })}</strong></p>`}
${await chart(
  intervals(
    arms.map(({ name, macroF1 }) => ({ name, worse: false, ...macroF1 })),
    { score: say(language, "report.metric.macroF1") },
    {
      domain: [
        Math.min(...arms.map(({ macroF1 }) => macroF1.low)),
        Math.max(...arms.map(({ macroF1 }) => macroF1.high)),
      ],
    },
  ),
  caption,
  arms.map(({ name, macroF1 }) => `${name}: ${decimal(macroF1.value)}`).join("; "),
)}
${table({
  caption,
  columns: [
    say(language, "studyReport.model"),
    say(language, "report.metric.macroF1"),
    say(language, "report.metric.accuracy"),
  ],
  rows: arms.map(({ name, macroF1, accuracy }) => [name, scoreCell(macroF1), scoreCell(accuracy)]),
})}`;
}

const percentOf = (share: number): string => (100 * share).toFixed(0);

function members({ language, members, threshold, strategy, run }: StudyReportInput): Html {
  const shown = [...new Set(members.flatMap(({ values }) => Object.keys(values ?? {})))];
  return html`${facts([
    [say(language, "studyReport.run"), run],
    [
      say(language, "studyReport.threshold"),
      say(language, "studyReport.threshold.text", { threshold, members: members.length }),
    ],
    [say(language, "studyReport.strategy"), strategy],
  ])}
${table({
  caption: say(language, "studyReport.members"),
  columns: [
    say(language, "studyReport.member"),
    say(language, "studyReport.member.rounds"),
    say(language, "studyReport.member.state"),
    ...shown,
  ],
  rows: members.map((member) => [
    member.name,
    count(member.rounds),
    stateText(member, language),
    ...shown.map((name) => cellOf(member.values?.[name])),
  ]),
  texts: [0, 2],
})}
${shown.length ? html`<p class="note">${say(language, "studyReport.member.values")}</p>` : undefined}`;
}

/** Whether a member stayed, and why it did not. */
export const stateText = (
  { consented, left }: { readonly consented: boolean; readonly left?: string },
  language: Language,
): string =>
  left !== undefined
    ? say(language, "studyReport.left", { reason: left })
    : say(language, consented ? "studyReport.stayed" : "studyReport.silent");

const cellOf = (value: number | undefined) =>
  value === undefined ? "–" : Number.isInteger(value) ? count(value) : decimal(value);

async function rounds({ language, rounds }: StudyReportInput): Promise<Html> {
  const scored = rounds.flatMap(({ round, before }) =>
    isRecord(before) ? [{ step: round, value: before.macroF1 }] : [],
  );
  const [first, last] = [scored[0], scored.at(-1)];
  const titles = { step: say(language, "studyReport.round"), value: say(language, "report.metric.macroF1") };
  const values = { first: decimal(first?.value ?? Number.NaN), last: decimal(last?.value ?? Number.NaN) };
  return html`${
    scored.length > 1
      ? await chart(
          curve(scored, titles, { dots: true, zero: true }),
          say(language, "studyReport.curve"),
          say(language, "studyReport.curve.described", values),
        )
      : undefined
  }
${table({
  caption: say(language, "studyReport.rounds"),
  columns: [
    say(language, "studyReport.round"),
    say(language, "studyReport.round.survivors"),
    say(language, "report.support"),
    say(language, "studyReport.round.before"),
  ],
  rows: rounds.map(({ round, survivors, buckets, examples, before }) => [
    count(round),
    survivors.length > 12
      ? count(countedNames({ survivors, buckets }).length)
      : countedNames({ survivors, buckets }).join(", "),
    count(examples),
    before ? decimal(before.macroF1) : "–",
  ]),
  texts: [1],
})}
${leftOutNotes(rounds, language)}`;
}

type Summed = Pick<StudyRound, "survivors" | "buckets">;

/** Whose numbers are in a round's sums: who stayed, but for buckets that are left out. */
export function countedNames({ survivors, buckets }: Summed): readonly string[] {
  const without = new Set(buckets?.flatMap(({ members, sum }) => (sum === undefined ? members : [])));
  return survivors.filter((n) => !without.has(n));
}

/** A line for each bucket whose sum is in no model, with the reason. */
export const leftOutNotes = (rounds: readonly (Summed & { readonly round: number })[], language: Language): Html[] =>
  rounds.flatMap(({ round, buckets }) =>
    (buckets ?? []).flatMap(({ members, leftOut }, i) =>
      leftOut === undefined
        ? []
        : [
            html`<p class="note">${say(language, "studyReport.leftOut", { round, bucket: i + 1, members: members.join(", ") || "–", reason: leftOut })}</p>`,
          ],
    ),
  );
