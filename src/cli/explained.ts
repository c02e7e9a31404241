// An explained answer for a terminal, as plain data, or as what a page shows. Colour only where a terminal has it; signs and numbers
// always.
import { visible } from "../base/index.ts";
import type { Unseen } from "../explanation/index.ts";
import { type Language, say } from "../messages/index.ts";
import { softmax } from "../predict/index.ts";
import { type ExplanationInput, howOf, signed } from "../report/index.ts";
import type { ExplainedAnswer } from "../runs/index.ts";
import { table } from "./sizes.ts";

const shownRows = 12; // words in the list
const longestShown = 80; // characters of what was not seen

/** What the page shows; the terminal is made of it too. */
export function explanationInput(found: ExplainedAnswer, language: Language): ExplanationInput {
  const { answer, explanation, flip, nearest } = found;
  const seen = (explanation ?? flip)!;
  const ranked = answer.kind === "label" || answer.kind === "labels" ? answer.ranked : [];
  const word = wordOf(explanation);
  const label = word?.label ?? (explanation ? explanation.label : flip!.before);
  const number =
    word?.probability ?? (answer.kind === "value" ? answer.value : ranked.find((r) => r.label === label)?.probability);
  const removed = new Set(flip?.edit?.removed);
  return {
    language,
    method: explanation?.method ?? "flip",
    label,
    number,
    texts: seen.texts,
    words: explanation
      ? explanation.words.map(({ part, start, end, value }) => ({ part, start, end, value }))
      : flip!.words.map(({ part, start, end }, w) => ({ part, start, end, removed: removed.has(w) })),
    // a hundredth of the score is no reason
    least: explanation?.baselineLogit === undefined ? 0 : 0.01 * Math.abs(explanation.logit),
    unseen: seen.unseen,
    notes: [...notesOf(found, language), ...seen.unseen.map((u) => unseenNote(u, seen.texts, language))],
    nearest,
  };
}

/** Where words are labelled: which word is explained as what, and how likely that is. */
function wordOf(explanation: ExplainedAnswer["explanation"]) {
  if (!explanation?.place) return undefined;
  const { place, words, label, logits, target } = explanation;
  const { entity } = place;
  const itself = entity && label!.endsWith(entity.type);
  if (itself) return { label: `${entity.text}: ${entity.type}`, probability: entity.probability };
  return { label: `${words[place.word]!.word}: ${label}`, probability: softmax(logits)[target] };
}

/** How it was found, a sentence each. */
function notesOf({ explanation, flip }: ExplainedAnswer, language: Language): string[] {
  if (flip) return flipNotes(flip, language);
  const { method, words, baseline, baselineLogit, logit, missed, steps, exact, evaluations } = explanation!;
  const asks = method === "integratedGradients" || method === "occlusion" || method === "shap";
  const small = (change: number) => Math.abs(change) < 0.05 * Math.abs(logit);
  const same = baselineLogit !== undefined && small(logit - baselineLogit);
  const flat = words.every(({ value }) => small(value)) ? "explain.flat" : "explain.cancel";
  return [
    ...(same ? [say(language, flat)] : []),
    ...(asks ? [say(language, "explain.hidden", { token: `${baseline.token} (${baseline.role})` })] : []),
    ...(baselineLogit === undefined
      ? []
      : [say(language, "explain.change", { from: signed(baselineLogit), to: signed(logit) })]),
    ...(missed === undefined
      ? []
      : [say(language, "explain.missed", { steps: steps!, percent: (100 * missed).toFixed(2) })]),
    ...(exact === undefined
      ? []
      : [say(language, exact ? "explain.exact" : "explain.partition", { count: evaluations! })]),
  ];
}

function flipNotes(
  { edit, words, byDefault, before, evaluations }: NonNullable<ExplainedAnswer["flip"]>,
  language: Language,
): string[] {
  if (!edit && byDefault === undefined) return [say(language, "explain.flip.one")];
  if (!edit && byDefault === before) return [say(language, "explain.flip.default", { label: before })];
  if (!edit)
    return [say(language, "explain.flip.none", { count: evaluations - 2, label: before, other: byDefault ?? "" })];
  const named = edit.removed.map((w) => words[w]!.word).join(", ");
  return [
    say(language, "explain.flip.to", { words: named, after: edit.after }),
    say(language, `explain.flip.${edit.proof}`),
  ];
}

function unseenNote({ part, start, end }: Unseen, texts: readonly string[], language: Language): string {
  const text = texts[part]!.slice(start, end).replace(/\s+/g, " ");
  return say(language, "explain.unseen", {
    start,
    end,
    text: text.length > longestShown ? `${text.slice(0, longestShown)} …` : text,
  });
}

/** Lines for a terminal. */
export function explanationText(input: ExplanationInput, colour: boolean): string {
  const { language, label, number = Number.NaN, method, notes, nearest, texts } = input;
  const answer = label === undefined ? String(number) : `${label} ${number.toFixed(3)}`;
  const how = howOf(input);
  const listed = input.words.filter((w) => w.value !== undefined);
  listed.sort((a, b) => Math.abs(b.value!) - Math.abs(a.value!));
  const rows = listed
    .slice(0, shownRows)
    .map((w): [string, string] => [texts[w.part]!.slice(w.start, w.end), signed(w.value!)]);
  return [
    `${visible(answer)}  ${say(language, "explain.by", { method: say(language, `explain.method.${method as "flip"}`) })}`,
    ...(how ? [visible(how)] : []),
    "",
    ...texts.map((_, part) => highlighted(input, part, colour)),
    ...(rows.length ? ["", table(rows)] : []),
    "",
    ...notes.map(visible),
    ...(nearest.length ? ["", say(language, "explain.nearest")] : []),
    ...nearest.map((n) => visible(`${n.cosine.toFixed(3)}  ${n.labels.join("; ")}  ${n.text.replace(/\s+/g, " ")}`)),
  ].join("\n");
}

/** A text with its words marked: `[++fever]`, `[−no]`; two signs where a word adds more than half of the most; `[~~gone~~]`. */
function highlighted({ words, texts, least }: ExplanationInput, part: number, colour: boolean): string {
  const largest = Math.max(0, ...words.map((w) => Math.abs(w.value ?? 0)));
  const text = texts[part]!;
  let out = "";
  let at = 0;
  for (const { start, end, value = 0, removed } of words.filter((w) => w.part === part)) {
    out += visible(text.slice(at, start));
    at = end;
    const word = visible(text.slice(start, end));
    const share = Math.abs(value) > least ? Math.abs(value) / largest : 0;
    const sign = (value < 0 ? "−" : "+").repeat(share > 0.5 ? 2 : 1);
    if (removed) out += colour ? `\x1b[9;31m${word}\x1b[0m` : `[~~${word}~~]`;
    else if (share < 0.15) out += word;
    else if (colour) out += `\x1b[${share > 0.5 ? "1;" : ""}${value < 0 ? 31 : 32}m${sign}${word}\x1b[0m`;
    else out += `[${sign}${word}]`;
  }
  return out + visible(text.slice(at));
}
