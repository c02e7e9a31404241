// Test rows that the model got most wrong, and those of which it was least certain.
import { say } from "../../messages/index.ts";
import { decimal, type Html, html, short, table } from "../../pages/index.ts";
import { taskOf } from "../../tasks/index.ts";
import type { ExampleRow, ReportInput } from "../input.ts";

/** Undefined where nothing is to be quoted. */
export function examplesSection(input: ReportInput): Html | undefined {
  const { language, examples } = input;
  if (!examples.worst.length && !examples.uncertain.length) return undefined;
  const { worst } = wordsOf(input);
  return html`<p class="note">${say(language, "report.quoted")}</p>
${examples.worst.length ? quoted(input, say(language, worst), examples.worst) : html`<p>${say(language, "report.noErrors")}</p>`}
${examples.uncertain.length ? quoted(input, say(language, "report.uncertain"), examples.uncertain) : undefined}`;
}

/** A PNG inside the page, and nothing that would be fetched. */
const isPicture = (address: string): boolean => /^data:image\/png;base64,[A-Za-z0-9+/=]+$/.test(address);

const longest = 600; // characters of a quoted text

/** Pairs that have a number are quoted by their error, other texts by what they find. */
const wordsOf = ({ task, metrics }: ReportInput) =>
  taskOf(task).embeds && "spearman" in metrics
    ? ({ worst: "report.worst.errors", number: "report.error" } as const)
    : taskOf(task).shown;

function quoted(input: ReportInput, caption: string, rows: readonly ExampleRow[]): Html {
  const numbered = rows.some((r) => r.number !== undefined);
  const { language, task } = input;
  const { numeric } = taskOf(task);
  const words = wordsOf(input);
  const shown = numeric ? short : decimal;
  const cut = (text: string) =>
    [...text.slice(0, longest + 1)].length > longest ? `${text.slice(0, longest)} …` : text;
  return table({
    caption,
    columns: [
      say(language, rows.some((r) => r.image !== undefined) ? "report.image" : "report.text"),
      say(language, "report.truth"),
      say(language, "report.predicted"),
      ...(numbered ? [say(language, words.number)] : []),
    ],
    rows: rows.map(({ text, image, place, truth, predicted, number }) => [
      image !== undefined && isPicture(image)
        ? html`<img src="${image}" alt="${text}" title="${say(language, "report.place")}: ${place}">`
        : html`<span class="quote" title="${say(language, "report.place")}: ${place}">${cut(text)}</span>`,
      truth,
      predicted,
      ...(numbered ? [number === undefined ? "–" : shown(number)] : []),
    ]),
    texts: [0, 1, 2],
  });
}
