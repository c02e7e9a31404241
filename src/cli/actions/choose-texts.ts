// concord predict with a model that chooses: which of a question's choices is right, likeliest first.
import { ConcordError } from "../../base/index.ts";
import { choiceName, type TextRow } from "../../data/index.ts";
import type { Choice } from "../../predict/index.ts";
import { otherReading } from "../../recipe/index.ts";
import { choiceReader, linesOf, type OpenChooser, openChooser } from "../../runs/index.ts";
import { choiceInput } from "../../stages/index.ts";
import { readRows, type WrittenColumn } from "../../tables/node/index.ts";
import type { CommandContext } from "../context.ts";
import { checkedDevice } from "../device.ts";
import { tableWriting } from "../reading.ts";
import { type AnsweringOptions, inBatches, refuseLabelOptions, writeAnswers } from "./answered.ts";

interface Options extends AnsweringOptions {
  readonly top?: number;
}

const atOnce = 64; // questions answered together

type Question = Pick<TextRow, "text" | "pair" | "place" | "choices">;
type Answered = Question & { readonly found: Choice };

/** @throws as `openChooser`; E_ARGUMENT for options about labels, and a question without choices; E_DATA as `choiceReader` */
export async function chooseTexts(
  folder: string,
  texts: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  refuseLabelOptions(options, "the model chooses among the answers of each question: it has no labels", folder);
  const opened = await openChooser(folder, { device: checkedDevice(options.device) });
  try {
    const answered = inBatches(questions(opened, texts, options, context), atOnce, async (batch) => {
      const found = await opened.chooser.choose(batch.map(choiceInput));
      return batch.map((question, i): Answered => ({ ...question, found: found[i]! }));
    });
    const top = options.top ?? 1;
    if (options.out !== undefined) return await toFile(options.out, answered, top, context);
    for await (const one of answered)
      context.stdout.write(
        context.json
          ? `${JSON.stringify({ text: one.text, ...(one.pair !== undefined && { pair: one.pair }), answers: ranked(one, top) })}\n`
          : `${ranked(one, top)
              .map(({ answer }) => answer)
              .join("\t")}\n`,
      );
  } finally {
    await opened.chooser.dispose();
  }
}

/** The likeliest choices, with their places. */
const ranked = ({ choices, found: { probabilities } }: Answered, top: number) =>
  probabilities
    .map((probability, k) => ({ choice: choiceName(k), answer: choices![k]!, probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, top);

async function* questions(
  { recipe }: OpenChooser,
  texts: readonly string[],
  options: Options,
  { stdin }: CommandContext,
): AsyncGenerator<Question> {
  const { file, column } = options;
  const paired = recipe?.data.pair !== undefined;
  if (file !== undefined) {
    const read = choiceReader(recipe, column);
    const reading = otherReading(file, recipe?.data, tableWriting(file, "--file", options));
    for await (const row of readRows(file, reading)) yield read(row);
  } else if (texts.length) yield* texts.map((given) => inLine(given, paired));
  else
    for await (const { given } of linesOf(stdin, { pair: false, longest: Number.POSITIVE_INFINITY, words: true }))
      yield inLine(given, paired);
}

/** A question, the text that its choices go on from where the model has one, and its choices, with tabs between. */
function inLine(given: string, paired: boolean): Question {
  const parts = given.split("\t").map((part) => part.trim());
  const [text = "", ...others] = parts;
  const pair = paired ? others.shift() : undefined;
  if (others.length >= 2 && !parts.includes("")) return { text, pair, choices: others, place: "" };
  throw new ConcordError("E_ARGUMENT", {
    operation: "predict",
    problem: "the model chooses among answers, and the question has none",
    expected: paired
      ? "a text, the text that the choices go on from, and two choices or more, with tabs between"
      : "a question and two choices or more, with tabs between; or --file with their columns",
    got: given.slice(0, 60),
  });
}

const columns: readonly WrittenColumn[] = [
  { name: "place", kind: "text" },
  { name: "text", kind: "text" },
  { name: "rank", kind: "integer" },
  { name: "choice", kind: "text" },
  { name: "answer", kind: "text" },
  { name: "probability", kind: "number" },
];

/** A row for each answer. */
const toFile = (path: string, answered: AsyncIterable<Answered>, top: number, context: CommandContext) =>
  writeAnswers(
    path,
    columns,
    answered,
    (one) => ranked(one, top).map((answer, i) => ({ place: one.place, text: one.text, rank: i + 1, ...answer })),
    context,
  );
