// Runs beside each other, as text for a terminal and as a page. Computes nothing.
import { type Language, say } from "../messages/index.ts";
import { count, html, htmlDocument, type Score, table } from "../pages/index.ts";
import { scoreName, shown } from "./sections/baselines.ts";

type Verdict = "better" | "no-difference" | "worse" | "untold";

/** What a comparison of runs found. */
export interface ComparisonInput {
  readonly rows: number;
  readonly sameRows: boolean;
  readonly scores: readonly string[];
  readonly runs: readonly {
    readonly name: string;
    readonly testRows: number;
    readonly scores: Readonly<Record<string, Score | null>>;
    readonly better?: Readonly<Record<string, { readonly difference: Score; readonly verdict: Verdict } | null>>;
  }[];
  readonly recipe: readonly { readonly key: string; readonly values: readonly (string | undefined)[] }[];
}

const interval = (score: Score): string =>
  Number.isFinite(score.low) ? `[${shown(score.low)}, ${shown(score.high)}]` : "[–]";
const scoreText = (score: Score | null | undefined): string =>
  score ? `${shown(score.value)} ${interval(score)}` : "–";
const signed = (x: number): string => `${x < 0 ? "−" : "+"}${shown(Math.abs(x))}`;

/** The score's difference from the first run, with what it says. */
function betterText(
  found: { readonly difference: Score; readonly verdict: Verdict } | null | undefined,
  language: Language,
): string {
  if (!found) return "–";
  const { difference, verdict } = found;
  return `${signed(difference.value)} ${interval(difference)} ${say(language, `compare.${verdict}`)}`;
}

/** One score of every run, and the difference from the first run; the first row heads the columns. */
const scoreTable = ({ runs }: ComparisonInput, score: string, language: Language): string[][] => [
  [
    scoreName(language, score),
    say(language, "compare.score"),
    say(language, "compare.better-than", { run: runs[0]?.name ?? "" }),
  ],
  ...runs.map((run, i) => [
    run.name,
    scoreText(run.scores[score]),
    i === 0 ? "" : betterText(run.better?.[score], language),
  ]),
];

/** What has to be known to read the scores. */
function notes({ rows, sameRows, runs }: ComparisonInput, language: Language): string[] {
  const counts = runs.map(({ name, testRows }) => `${name} ${count(testRows)}`);
  return [
    sameRows
      ? say(language, "compare.same", { rows: count(rows) })
      : say(language, "compare.common", { rows: count(rows), runs: counts.join(language === "zh" ? "，" : ", ") }),
    ...(runs.length > 2 ? [say(language, "compare.many")] : []),
  ];
}

/** Keys that recipes differ in; the first row heads the columns. Nothing where they say the same. */
function recipeTable({ runs, recipe }: ComparisonInput, language: Language): string[][] {
  if (recipe.length === 0) return [];
  const head = [say(language, "compare.key"), ...runs.map(({ name }) => name)];
  return [head, ...recipe.map(({ key, values }) => [key, ...values.map((value) => value ?? "–")])];
}

/** The comparison as tables of text with notes between, for a terminal. */
export const comparisonTables = (input: ComparisonInput, language: Language) => ({
  scores: input.scores.map((score) => scoreTable(input, score, language)),
  notes: notes(input, language),
  recipes: recipeTable(input, language),
});

/**
 * The comparison as a page that needs nothing but itself.
 * @example await writeFile("compare.html", comparisonPage(await compareRuns(["runs/a", "runs/b"]), "en"));
 */
export function comparisonPage(input: ComparisonInput, language: Language): string {
  const title = say(language, "compare.title", { runs: input.runs.map(({ name }) => name).join(", ") });
  const { scores, notes, recipes } = comparisonTables(input, language);
  const [head = [], ...differing] = recipes;
  const body = html`<header><h1>${title}</h1>${notes.map((note) => html`<p>${note}</p>`)}</header>
<main>
<section aria-labelledby="scores"><h2 id="scores">${say(language, "report.scores")}</h2>
${scores.map(([columns = [], ...rows]) => table({ caption: columns[0] ?? "", columns, rows }))}</section>
<section><h2>${say(language, "compare.recipes")}</h2>
${head.length ? table({ caption: say(language, "compare.recipes"), columns: head, rows: differing, texts: [...head.keys()] }) : html`<p>${say(language, "compare.equal")}</p>`}</section>
</main>`;
  return htmlDocument({ language, title, body });
}
