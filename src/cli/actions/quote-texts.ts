// concord predict with a model that finds answers: the parts of a text that answer a question, likeliest first.
import { ConcordError } from "../../base/index.ts";
import { textIn } from "../../data/index.ts";
import { say } from "../../messages/index.ts";
import type { Quote } from "../../predict/index.ts";
import { otherReading } from "../../recipe/index.ts";
import { findsAnswers, linesOf, type OpenQuoter, openQuoter, placedQuote, textsOfFile } from "../../runs/index.ts";
import type { WrittenColumn } from "../../tables/node/index.ts";
import type { CommandContext } from "../context.ts";
import { checkedDevice } from "../device.ts";
import { tableWriting } from "../reading.ts";
import { type AnsweringOptions, inBatches, refuseLabelOptions, writeAnswers } from "./answered.ts";

interface Options extends AnsweringOptions {
  readonly top?: number;
}

const atOnce = 32; // questions answered together; a long text is many windows

interface Asked {
  readonly question: string;
  readonly context: string;
  readonly place?: string;
}
type Answered = Asked & { readonly quotes: readonly Quote[] };

export { findsAnswers };

/** @throws as `openQuoter`; E_ARGUMENT for options about labels, and a text without a tab; E_DATA for a table without the columns */
export async function quoteTexts(
  folder: string,
  texts: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  refuseLabelOptions(options, "the model finds answers in texts: it has no labels", folder);
  const opened = await openQuoter(folder, { device: checkedDevice(options.device) });
  try {
    const answered = answers(opened, asked(opened, texts, options, context), options.top ?? 1);
    if (options.out !== undefined) return await toFile(opened, options.out, answered, context);
    for await (const { question, quotes, context: text } of answered)
      context.stdout.write(
        context.json
          ? `${JSON.stringify({ question, answers: quotes.map((quote) => shown(opened, text, quote)) })}\n`
          : `${quotes.map((one) => one.text || say(context.language, "predict.noAnswer")).join("\t")}\n`,
      );
  } finally {
    await opened.quoter.dispose();
  }
}

/** A question and a text, with a tab between. */
function asPair(given: string): Asked {
  const tab = given.indexOf("\t");
  const [question, context] = [given.slice(0, tab).trim(), given.slice(tab + 1)];
  if (tab >= 0 && question !== "" && context.trim() !== "") return { question, context };
  throw new ConcordError("E_ARGUMENT", {
    operation: "predict",
    problem: "the model reads two texts",
    expected: "two texts with a tab between, or --file with two columns",
    got: given.slice(0, 60),
  });
}

async function* asked(
  { recipe }: OpenQuoter,
  texts: readonly string[],
  options: Options,
  { stdin }: CommandContext,
): AsyncGenerator<Asked> {
  const { file } = options;
  const shape = { pair: false, longest: Number.POSITIVE_INFINITY, words: true };
  if (file !== undefined) {
    const columns = [options.column ?? recipe?.data.text ?? "question", recipe?.data.pair ?? "context"] as const;
    const reading = otherReading(file, recipe?.data, tableWriting(file, "--file", options));
    for await (const { fields, given, place } of textsOfFile(file, columns, shape, reading)) {
      const [question, context] = columns.map((name) => textIn(fields?.[name]) ?? "");
      yield fields ? { question: question!, context: context!, place } : { ...asPair(given), place };
    }
  } else if (texts.length) yield* texts.map(asPair);
  else for await (const { given } of linesOf(stdin, shape)) yield asPair(given);
}

const answers = ({ quoter }: OpenQuoter, given: AsyncIterable<Asked>, count: number): AsyncGenerator<Answered> =>
  inBatches(given, atOnce, async (batch) => {
    const quotes = await quoter.quotes(
      batch.map(({ question, context }) => [question, context]),
      count,
    );
    return batch.map((one, i) => ({ ...one, quotes: quotes[i]! }));
  });

/** An answer with its places in the unit of the recipe. Default code points. */
const shown = ({ recipe }: OpenQuoter, context: string, quote: Quote): Quote =>
  placedQuote(context, quote, recipe?.data.offsets ?? "code-points");

const columns: readonly WrittenColumn[] = [
  { name: "place", kind: "text" },
  { name: "question", kind: "text" },
  { name: "rank", kind: "integer" },
  { name: "answer", kind: "text" },
  { name: "start", kind: "integer" },
  { name: "end", kind: "integer" },
  { name: "score", kind: "number" },
  { name: "probability", kind: "number" },
];

/** A row for each answer. */
const toFile = (opened: OpenQuoter, path: string, answered: AsyncIterable<Answered>, context: CommandContext) =>
  writeAnswers(
    path,
    columns,
    answered,
    ({ question, context: text, place = "", quotes }) =>
      quotes.map((quote, i) => {
        const { text: answer, ...places } = shown(opened, text, quote);
        return { place, question, rank: i + 1, answer, ...places };
      }),
    context,
  );
