// Whether answers change when a text is about somebody else: by kind of word, and the pairs that differ most.
import { type Language, say } from "../../messages/index.ts";
import { decimal, type Html, html, isRecord, scoreCell, table } from "../../pages/index.ts";
import { known } from "../words.ts";

/** Undefined where the test was not made, or no text names anybody. */
export function counterfactualSection(language: Language, found: unknown, quotes: unknown): Html | undefined {
  if (!isRecord(found) || !isRecord(found.axes) || Object.keys(found.axes).length === 0) return undefined;
  const numbers = {
    texts: Number(found.texts),
    without: Number(found.withoutTerm),
    left: Number(found.leftOut ?? 0),
  };
  return html`<h3>${say(language, "report.counterfactual")}</h3>
<p>${say(language, "report.counterfactual.text", numbers)}</p>
${axesTable(language, found.axes)}
${rulesTable(language, found.rules)}
${examplesTable(language, isRecord(quotes) ? quotes.counterfactual : undefined)}`;
}

const verdicts = ["depends", "not shown", "too few"] as const;

/** Two rows for each attribute: predictions that change, and the change of scores; the verdict is of both. */
function axesTable(language: Language, axes: Readonly<Record<string, unknown>>): Html {
  const head = ["axis", "measure", "texts", "edited", "neutral", "beyond", "verdict"] as const;
  const rows = Object.entries(axes).flatMap(([name, axisFacts]) => {
    const { texts, flipRate, change, placebo } = isRecord(axisFacts) ? axisFacts : {};
    const neutral = isRecord(placebo) ? placebo : {};
    const verdict = verdicts.find((each) => each === neutral.verdict);
    const result = verdict ? say(language, `fairness.counterfactual.${verdict}`) : "–";
    const row = (measure: "rate" | "change", edited: unknown, control: unknown, beyond: unknown) => [
      name,
      say(language, `report.counterfactual.${measure}`),
      Number(texts ?? 0),
      scoreCell(edited),
      scoreCell(control),
      scoreCell(beyond),
      result,
    ];
    const scores = row("change", change, neutral.change, neutral.changeBeyond);
    return flipRate === undefined ? [scores] : [row("rate", flipRate, neutral.flipRate, neutral.flipsBeyond), scores];
  });
  return table({
    caption: say(language, "report.counterfactual"),
    columns: head.map((name) => say(language, `report.counterfactual.${name}`)),
    rows,
    texts: [0, 1, 6],
  });
}

/** Which rules exchanged words, how often, and how many of a rule's pairs were right when read by hand. */
function rulesTable(language: Language, rules: unknown): Html | undefined {
  const rows = Object.entries(isRecord(rules) ? rules : {}).flatMap(([rule, ruleFacts]) =>
    isRecord(ruleFacts)
      ? [
          [
            known(language, "counterfactual.rule", rule),
            Number(ruleFacts.words),
            `${Number(ruleFacts.right)} / ${Number(ruleFacts.read)}`,
          ],
        ]
      : [],
  );
  if (rows.length === 0) return undefined;
  return table({
    caption: say(language, "report.counterfactual.rules"),
    columns: [
      say(language, "report.counterfactual.rule"),
      say(language, "report.counterfactual.times"),
      say(language, "report.counterfactual.right"),
    ],
    rows,
  });
}

function examplesTable(language: Language, examples: unknown): Html | undefined {
  const rows = (Array.isArray(examples) ? examples : []).filter(isRecord);
  if (rows.length === 0) return undefined;
  return table({
    caption: say(language, "report.counterfactual.examples"),
    columns: [
      say(language, "report.counterfactual.original"),
      say(language, "report.counterfactual.other"),
      say(language, "report.counterfactual.before"),
      say(language, "report.counterfactual.after"),
      say(language, "report.counterfactual.change"),
    ],
    rows: rows.map((row) => [
      marked(String(row.text), row.edits, "start", "end"),
      marked(String(row.counterfactual), row.edits, "newStart", "newEnd"),
      String(row.before),
      String(row.after),
      decimal(Number(row.change)),
    ]),
    texts: [0, 1, 2, 3],
  });
}

/** The text with its replaced words marked. */
function marked(text: string, edits: unknown, from: "start" | "newStart", to: "end" | "newEnd"): Html {
  const ranges = (Array.isArray(edits) ? edits : [])
    .filter(isRecord)
    .map((e) => [Number(e[from]), Number(e[to])] as const);
  let at = 0;
  const parts = ranges.map(([start, end]) => {
    const before = text.slice(at, start);
    at = end;
    return html`${before}<mark>${text.slice(start, end)}</mark>`;
  });
  return html`${parts}${text.slice(at)}`;
}
