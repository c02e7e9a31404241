// What concord init chose, and what else could be meant, in sentences. Chooses nothing.
import { type Language, say } from "../messages/index.ts";
import { type ColumnFacts, likelyTask, type TableFacts } from "../recipe/index.ts";
import type { RecipeChoices } from "./compose-recipe.ts";
import { defaultEncoder } from "./pretraining-advice.ts";

/** Words for nothing in columns that are used. */
export const nothingWords = (columns: readonly ColumnFacts[], used: readonly (string | undefined)[]) =>
  columns.flatMap(({ name, nothingWords: words }) => (words.length && used.includes(name) ? [{ name, words }] : []));

/** What was chosen, and what else could be meant. */
export function notesOf(choices: RecipeChoices, { columns, rows, roles }: TableFacts, language: Language): string[] {
  const { text, pair, label, labels, group, attributes, part, task, separator, decimal, missing, given } = choices;
  const others = roles.otherLabels.filter((name) => name !== label && name !== text && name !== pair).slice(0, 6);
  const column = columns.find((c) => c.name === label);
  const { why, task: likely } = likelyTask(column, rows);
  const settled = new Set([...given.map(([key]) => key), ...(missing.length ? ["missing"] : [])]);
  const words = settled.has("missing") ? [] : nothingWords(columns, [text, pair, label, group, ...attributes]);
  return [
    say(language, "init.role", { role: "text", column: text }),
    ...(pair === undefined ? [] : [say(language, "init.pair", { column: pair, text })]),
    ...(labels ? [say(language, "init.spread", { columns: labels.join(", ") })] : []),
    ...(label === undefined
      ? []
      : others.length
        ? [say(language, "init.otherLabels", { column: label, others: others.join(", ") })]
        : [say(language, "init.role", { role: "label", column: label })]),
    ...(group === undefined ? [] : [say(language, "init.role", { role: "group", column: group })]),
    why !== undefined && task === likely && !(settled.has("labels") && (why === "tags" || why === "vectors"))
      ? say(language, `init.why.${why}`, { column: label ?? "", distinct: column?.distinct ?? 0 })
      : say(language, "init.task", { task }),
    ...(choices.model === defaultEncoder ? [say(language, "init.encoder")] : []),
    ...(separator === undefined ? [] : [say(language, "init.separator", { column: label ?? "", sign: separator })]),
    ...(choices.accept.length === 0 || settled.has("accept")
      ? []
      : [
          say(language, "init.unlabelled", {
            column: label ?? "",
            rows: Math.round(rows * (1 - (column?.filled ?? 1))),
            all: rows,
          }),
        ]),
    ...(decimal === undefined || settled.has("decimal") ? [] : [say(language, "init.decimal", { mark: decimal })]),
    ...(part === undefined ? [] : [say(language, "init.part", { column: part })]),
    ...words.map(({ name, words: found }) =>
      say(language, "init.nothingWords", {
        column: name,
        words: found.map(([word, n]) => `"${word}" ${n}`).join(", "),
      }),
    ),
  ];
}
