// Which classes are taken for which: the matrix as a chart, the most frequent confusions as a table.
import { type Language, say } from "../../messages/index.ts";
import { chart, confusion, count, type Html, html, isRecord, percent, table } from "../../pages/index.ts";
import type { Scored } from "../input.ts";

const [mostClasses, mostWithNumbers, mostRows] = [40, 14, 12];

/** Undefined where metrics.json has no matrix. */
export async function confusionSection({ language, metrics }: Scored): Promise<Html | undefined> {
  const { confusion: found } = metrics;
  if (isRecord(found) && Array.isArray(found.most)) return ofMany(language, found as unknown as ManyConfusions);
  if (!isRecord(found) || !Array.isArray(found.labels) || !Array.isArray(found.counts)) return undefined;
  const labels = found.labels.map(String);
  const counts = found.counts as number[][];
  const sums = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const right = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const wrong = labels.map(
    (_, i) => sums[i]! - counts[i]![i]! + counts.reduce((n, row, j) => (j === i ? n : n + row[i]!), 0),
  );
  const shown = labels
    .map((_, i) => i)
    .sort((a, b) => wrong[b]! - wrong[a]!)
    .slice(0, mostClasses)
    .sort((a, b) => a - b);
  const cells = shown.flatMap((i) =>
    shown.map((j) => ({
      truth: labels[i]!,
      predicted: labels[j]!,
      count: counts[i]![j]!,
      share: counts[i]![j]! / (sums[i]! || 1),
    })),
  );
  const titles = { truth: say(language, "report.truth"), predicted: say(language, "report.predicted") };
  const share = say(language, "report.share");
  const caption =
    shown.length < labels.length
      ? say(language, "report.confusion.cut", { shown: shown.length, all: labels.length })
      : say(language, "report.confusion.chart");
  const all = sums.reduce((a, b) => a + b, 0);
  const described = say(language, "report.confusion.described", { right: count(right), all: count(all) });
  const errors = counts
    .flatMap((row, i) => row.map((n, j) => ({ i, j, n })))
    .filter(({ i, j, n }) => i !== j && n > 0)
    .sort((a, b) => b.n - a.n)
    .slice(0, mostRows);
  return html`${await chart(confusion(cells, { ...titles, share }, shown.length <= mostWithNumbers), caption, described)}
${
  errors.length
    ? table({
        caption: say(language, "report.confusion.most"),
        columns: [titles.truth, titles.predicted, say(language, "report.times"), share],
        rows: errors.map(({ i, j, n }) => [labels[i], labels[j], count(n), percent(n / sums[i]!)]),
        texts: [0, 1],
      })
    : html`<p>${say(language, "report.noErrors")}</p>`
}`;
}

/** Confusions of very many classes, as metrics.json holds them. */
interface ManyConfusions {
  readonly rows: number;
  readonly right: number;
  /** Kinds of confusion that occur; `most` has the most frequent. */
  readonly kinds: number;
  readonly most: readonly { readonly truth: string; readonly predicted: string; readonly count: number }[];
}

/** A matrix of very many classes is empty nearly everywhere: the confusions are listed. */
function ofMany(language: Language, { rows, right, kinds, most }: ManyConfusions): Html {
  const shown = most.slice(0, mostClasses);
  const facts = { right: count(right), all: count(rows), kinds: count(kinds), shown: shown.length };
  return html`<p>${say(language, "report.confusion.kinds", facts)}</p>
${table({
  caption: say(language, "report.confusion.most"),
  columns: [say(language, "report.truth"), say(language, "report.predicted"), say(language, "report.times")],
  rows: shown.map(({ truth, predicted, count: n }) => [truth, predicted, count(n)]),
  texts: [0, 1],
})}`;
}
