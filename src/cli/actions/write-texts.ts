// concord predict with a model that writes: continuations as they come, or a file of them.
import { readJson } from "../../artifacts/index.ts";
import { ConcordError } from "../../base/index.ts";
import type { JsonValue } from "../../formats/index.ts";
import { writeFileAtomically } from "../../formats/node/index.ts";
import type { Continuation, Form, GenerateOptions, Generator, Prompt } from "../../generate/index.ts";
import { chatTemplate, generation } from "../../generate/index.ts";
import { say } from "../../messages/index.ts";
import { otherReading } from "../../recipe/index.ts";
import { linesOf, type OpenGenerator, openGenerator, textsOfFile, weightBits } from "../../runs/index.ts";
import { tableBytes, type WrittenColumn, writtenFormat } from "../../tables/node/index.ts";
import { argumentError, type CommandContext } from "../context.ts";
import { checkedDevice } from "../device.ts";
import { untilInterrupted } from "../interrupted.ts";
import { tableWriting } from "../reading.ts";
import { type AnsweringOptions, refuseLabelOptions } from "./answered.ts";

/** Options of a model that writes, as the command line has them. */
export interface WritingOptions extends Omit<GenerateOptions, "stop" | "overflow"> {
  readonly stop?: string;
  readonly window?: boolean;
  readonly plain?: boolean;
  readonly pattern?: string;
  readonly schema?: string;
  readonly bits?: number;
}

/** Names of {@link WritingOptions}, for models that do not write. */
export const writingOptions = [
  "maxTokens",
  "temperature",
  "topK",
  "topP",
  "minP",
  "repetitionPenalty",
  "noRepeatNgram",
  "beams",
  "lengthPenalty",
  "stop",
  "seed",
  "window",
  "plain",
  "pattern",
  "schema",
  "bits",
] as const satisfies readonly (keyof WritingOptions)[];

type Settings = GenerateOptions & { readonly form?: Form };

const atOnce = 64; // prompts of a file that are written on together

interface Options extends WritingOptions, AnsweringOptions {}

/** @throws as `openGenerator` and its continuations; E_ARGUMENT for options about labels */
export async function writeTexts(
  folder: string,
  texts: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  refuseLabelOptions(options, "the model writes texts: it has no labels", folder, ["top"]);
  const settings = await settingsOf(options);
  if (options.pattern !== undefined && options.schema !== undefined)
    throw argumentError("--schema", {
      problem: "a form is given twice",
      expected: "--pattern or --schema",
      got: "both",
    });
  const { form: _, ...choices } = settings;
  generation(choices); // before a model is opened
  const bits = weightBits.find((one) => one === options.bits);
  if (options.bits !== undefined && bits === undefined)
    throw argumentError("--bits", { problem: "not a number of bits", expected: "8 or 4", got: String(options.bits) });
  const opened = await openGenerator(folder, { device: checkedDevice(options.device), bits });
  const names = opened.ignored.join(", ");
  const { language, quiet, stderr } = context;
  if (names && !quiet)
    stderr.write(
      `${say(language, "run.warning", { stage: "predict", text: say(language, "predict.generationIgnored", { names }) })}\n`,
    );
  try {
    await untilInterrupted(context, async (signal) => {
      if (options.out !== undefined)
        return await toFile(opened, options.out, promptsOf(opened, texts, options, context), {
          settings,
          options,
          context,
          signal,
        });
      for await (const { text } of promptsOf(opened, texts, options, context)) {
        if (signal.aborted) return;
        await shown(opened.generator, promptFor(opened.generator, text, options), text, settings, context, signal);
      }
    });
  } finally {
    await opened.generator.dispose();
  }
}

/** Options that are given as they are, by name. */
const numbers = writingOptions.filter(
  (name) => !["stop", "window", "plain", "pattern", "schema", "bits"].includes(name),
);

/** @throws E_IO, E_FORMAT for a file of a schema that is not there, or no JSON */
const settingsOf = async ({ bits: _, window, stop, pattern, schema, ...options }: Options): Promise<Settings> => ({
  ...Object.fromEntries(numbers.flatMap((name) => (name in options ? [[name, options[name as "seed"]]] : []))),
  ...(stop !== undefined && { stop: [stop.replaceAll("\\n", "\n")] }),
  ...(window && { overflow: "window" as const }),
  ...(pattern !== undefined && { form: { pattern } }),
  ...(schema !== undefined && { form: { schema: await readJson<JsonValue>(schema) } }),
});

/** A text to go on with, or the question of a chat where the model was trained on chats. */
const promptFor = ({ tokenizer }: Generator, text: string, { plain }: Options): Prompt =>
  !plain && chatTemplate(tokenizer) ? [{ role: "user", content: text }] : text;

/** One continuation as it is written; whole as JSON. */
async function shown(
  generator: Generator,
  prompt: Prompt,
  text: string,
  settings: Settings,
  { stdout, json }: CommandContext,
  signal: AbortSignal,
): Promise<void> {
  let written = "";
  for await (const piece of generator.stream(prompt, { ...settings, signal })) {
    written += piece.text;
    if (!json) stdout.write(piece.text);
    if (!piece.end) continue;
    const { finish, tokens, promptTokens } = piece.end;
    const record = { text, continuation: written, finish, promptTokens, tokens: tokens.length };
    stdout.write(json ? `${JSON.stringify(record)}\n` : "\n");
  }
}

interface PromptText {
  readonly text: string;
  readonly place?: string;
}

/** Prompts from the arguments, a table, or lines of standard input, as they stand. */
async function* promptsOf(
  { recipe }: OpenGenerator,
  texts: readonly string[],
  options: Options,
  { stdin }: CommandContext,
): AsyncGenerator<PromptText> {
  const shape = { pair: false, longest: recipe?.data.longestText ?? 100_000, words: true };
  const { file } = options;
  if (file !== undefined) {
    const reading = otherReading(file, recipe?.data, tableWriting(file, "--file", options));
    const column = options.column ?? recipe?.data.text ?? "text";
    for await (const { given, place } of textsOfFile(file, [column], shape, reading)) yield { text: given, place };
  } else if (texts.length) for (const text of texts) yield { text };
  else for await (const { given } of linesOf(stdin, shape)) yield { text: given };
}

const columns: readonly WrittenColumn[] = [
  { name: "place", kind: "text" },
  { name: "text", kind: "text" },
  { name: "continuation", kind: "text" },
  { name: "finish", kind: "text" },
  { name: "tokens", kind: "integer" },
];

/** How continuations are written. */
interface Writing {
  readonly settings: Settings;
  readonly options: Options;
  readonly context: CommandContext;
  readonly signal: AbortSignal;
}

/** All continuations as a table, which is there when the last one is. */
async function toFile(
  { generator }: OpenGenerator,
  path: string,
  prompts: AsyncIterable<PromptText>,
  { settings, options, context, signal }: Writing,
): Promise<void> {
  let count = 0;
  const rowOf = ({ place = "", text }: PromptText, { text: continuation, finish, tokens }: Continuation) => ({
    place,
    text,
    continuation,
    finish,
    tokens: tokens.length,
  });
  async function* together(prompts: readonly PromptText[]) {
    const asked = prompts.map(({ text }) => promptFor(generator, text, options));
    const written = await generator.continuations(asked, { ...settings, signal });
    if (signal.aborted)
      throw new ConcordError("E_INTERRUPTED", {
        operation: "predict",
        problem: "stopped before the last text; nothing was written",
        path,
      });
    for (const [i, prompt] of prompts.entries()) yield rowOf(prompt, written[i]!);
    count += prompts.length;
  }
  async function* rows() {
    let batch: PromptText[] = [];
    for await (const prompt of prompts) {
      batch.push(prompt);
      if (batch.length < atOnce) continue;
      yield* together(batch);
      batch = [];
    }
    if (batch.length) yield* together(batch);
  }
  await writeFileAtomically(path, tableBytes(writtenFormat(path)!, columns, rows()));
  if (!context.quiet) context.stderr.write(`${say(context.language, "predict.written", { rows: count, path })}\n`);
}
