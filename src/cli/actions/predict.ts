// concord predict: labels with calibrated probabilities for texts from the arguments, a table or standard input.
import { extname, resolve } from "node:path";
import { say } from "../../messages/index.ts";
import type { Given } from "../../modalities/index.ts";
import { neededAttribute } from "../../predict/index.ts";
import { otherReading, type TableWriting } from "../../recipe/index.ts";
import {
  type AnswerStyle,
  answerer,
  answerRecord,
  answersKey,
  choosesAnswers,
  forecastsSeries,
  givenText,
  linesOf,
  openAnswerPool,
  openKeptAnswers,
  openSets,
  textShape,
  textsOfFile,
  writesTexts,
} from "../../runs/index.ts";
import { type OpenAnyModel, openAnyModel } from "../../stages/index.ts";
import { writtenFormat, writtenFormats } from "../../tables/node/index.ts";
import { taskOf } from "../../tasks/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { answerLine } from "../answers.ts";
import { argumentError, type CommandContext } from "../context.ts";
import { checkedDevice } from "../device.ts";
import { type ReadingOptions, tableWriting } from "../reading.ts";
import { chooseTexts } from "./choose-texts.ts";
import { type EmbeddingOptions, embedsTexts, embedTexts } from "./embed-texts.ts";
import { forecastTable } from "./forecast-table.ts";
import { type AnswerWork, writeAnswers } from "./predict-file.ts";
import { findsAnswers, quoteTexts } from "./quote-texts.ts";
import { type WritingOptions, writeTexts, writingOptions } from "./write-texts.ts";

export interface PredictCommandOptions extends ReadingOptions {
  readonly file?: string;
  readonly column?: string;
  readonly group?: string;
  readonly out?: string;
  readonly abstain?: number;
  readonly top?: number;
  readonly sets?: number;
  readonly device?: string;
  readonly workers?: number;
}

const atOnce = 256; // inputs answered together

/** @example optionName("maxTokens") // "--max-tokens" */
const optionName = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export async function predict(
  folder: string,
  texts: readonly string[],
  options: PredictCommandOptions & WritingOptions & EmbeddingOptions,
  context: CommandContext,
): Promise<void> {
  checkOptions(texts, options);
  if (await embedsTexts(folder)) {
    refuseWriting(options, "the model makes vectors of texts: it does not write", folder);
    return await embedTexts(folder, texts, options, context);
  }
  if (options.nearest !== undefined)
    throw argumentError("--nearest", { problem: "the model makes no vectors of texts", got: folder });
  if (options.words !== undefined)
    throw argumentError("--words", { problem: "the model makes no vectors of texts", got: folder });
  if (await findsAnswers(folder)) {
    refuseWriting(options, "the model finds answers in texts: it does not write", folder);
    return await quoteTexts(folder, texts, options, context);
  }
  if (await choosesAnswers(folder)) {
    refuseWriting(options, "the model chooses among answers: it does not write", folder);
    return await chooseTexts(folder, texts, options, context);
  }
  if (await forecastsSeries(folder)) {
    refuseWriting(options, "the model forecasts series: it does not write", folder);
    return await forecastTable(folder, texts, options, context);
  }
  if (await writesTexts(folder)) return await writeTexts(folder, texts, options, context);
  refuseWriting(options, "the model gives labels: it does not write texts", folder);
  const writing = tableWriting(options.file, "--file", options);
  const model = await openAnyModel(folder, { device: checkedDevice(options.device) });
  const { predictor, temperature, recipe } = model;
  const { language, quiet, json, stdout, stderr } = context;
  const style: AnswerStyle = {
    top: options.top ?? 1,
    offsets: recipe?.data.offsets ?? "code-points",
    sets: options.sets === undefined ? undefined : await openSets(folder, options.sets),
  };
  const scaled = recipe && taskOf(recipe.task).calibrated;
  try {
    if (!quiet && scaled && temperature === undefined)
      stderr.write(
        `${say(language, "run.warning", { stage: "predict", text: say(language, "predict.uncalibrated") })}\n`,
      );
    const size = texts.length === 0 && !options.file && context.stdin.isTTY ? 1 : atOnce; // someone who types waits for each
    const { workers = 1, abstain, group } = options;
    const pool =
      workers > 1 ? openAnswerPool({ path: folder, workers, threads: 1, abstain, group, atOnce }) : undefined;
    const answering = pool ?? answerer(model, { ...options, atOnce: size });
    try {
      const given = source(texts, options, model, context, writing);
      if (options.out !== undefined)
        await toFile(folder, options.out, { given, answering }, model, style, options, context);
      else
        for await (const one of answering.answer(given))
          stdout.write(`${json ? JSON.stringify(answerRecord(one, style)) : answerLine(one, style, language)}\n`);
    } finally {
      await pool?.close();
    }
    const attribute = neededAttribute(predictor);
    const { unknownGroups: rows } = answering;
    if (rows && attribute !== undefined && !quiet)
      stderr.write(`${say(language, "mitigation.unknownGroup", { rows, attribute })}\n`);
  } finally {
    await predictor.dispose();
  }
}

function refuseWriting(options: WritingOptions, problem: string, got: string): void {
  const other = writingOptions.find((name) => options[name] !== undefined);
  if (other) throw argumentError(optionName(other), { problem, got });
}

/** Writes all answers to a file; those to a table are kept as they come, so that a stopped command goes on where it was. */
async function toFile(
  folder: string,
  path: string,
  work: Pick<AnswerWork, "given" | "answering">,
  model: OpenAnyModel,
  style: AnswerStyle,
  options: PredictCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { file, column, group, abstain, encoding, delimiter, sheet } = options;
  const format = writtenFormat(path)!;
  if (file === undefined) return void (await writeAnswers({ path, format }, work, model, style, context));
  const { temperature, recipe } = model;
  const isTable = extname(file).toLowerCase() !== ".txt";
  const table = isTable
    ? { file, reading: otherReading(file, recipe?.data, tableWriting(file, "--file", options)) }
    : undefined;
  const key = await answersKey(folder, file, { column, group, abstain, encoding, delimiter, sheet, temperature });
  const kept = await openKeptAnswers(`${path}.answers`, key);
  const { language, quiet, stderr } = context;
  if (kept.count && !quiet) stderr.write(`${say(language, "predict.goesOn", { rows: kept.count })}\n`);
  await writeAnswers({ path, format, table }, { ...work, kept }, model, style, context).catch(
    async (fault: unknown) => {
      await (kept.count ? kept.close() : kept.remove());
      throw fault;
    },
  );
  await kept.remove();
}

function checkOptions(
  texts: readonly string[],
  { abstain, top = 1, sets, out, file, column, nearest, workers = 1, device }: PredictCommandOptions & EmbeddingOptions,
): void {
  if (!(Number.isInteger(workers) && workers >= 1 && workers <= 64))
    throw argumentError("--workers", { problem: "not a count", expected: "1 … 64", got: String(workers) });
  if (workers > 1 && device === "gpu")
    throw argumentError("--workers", { problem: "several threads cannot share a GPU", expected: "--device cpu" });
  if (abstain !== undefined && !(abstain >= 0 && abstain <= 1))
    throw argumentError("--abstain", { problem: "not a probability", expected: "0 … 1", got: String(abstain) });
  if (sets !== undefined && !(sets > 0 && sets < 1))
    throw argumentError("--sets", { problem: "not a coverage", expected: "0 < coverage < 1", got: String(sets) });
  if (!(Number.isInteger(top) && top > 0))
    throw argumentError("--top", { problem: "not a count", expected: "1, 2, …", got: String(top) });
  if (out !== undefined && !writtenFormat(out))
    throw argumentError("--out", {
      problem: "the name does not tell the format",
      expected: writtenFormats.map((format) => `.${format}`).join(", "),
      got: out,
    });
  if (file !== undefined && texts.length)
    throw argumentError("--file", { problem: "texts are given twice", expected: "--file or texts", got: "both" });
  if (column !== undefined && file === undefined && nearest === undefined)
    throw argumentError("--column", { problem: "there is no table to read it from", expected: "--file" });
  if (file !== undefined && out !== undefined && resolve(file) === resolve(out))
    throw argumentError("--out", {
      problem: "the predictions would replace the texts",
      expected: "another file",
      got: out,
    });
}

function source(
  texts: readonly string[],
  { file, column, group }: PredictCommandOptions,
  { recipe, predictor, modality }: OpenAnyModel,
  { stdin, stderr, quiet, language }: CommandContext,
  writing: TableWriting,
): Iterable<Given> | AsyncIterable<Given> {
  const data = recipe?.data;
  const onGuess = (guess: string) => {
    const text = inLanguage(language, guess);
    if (!quiet) stderr.write(`${say(language, "run.warning", { stage: "predict", text })}\n`);
  };
  const { given } = modality;
  if (given) {
    if (file === undefined) return given.each(texts);
    const content = column ?? modality.column(data ?? { text: "text" });
    return given.file(file, content, { ...otherReading(file, data, writing), onGuess });
  }
  const attribute = neededAttribute(predictor);
  const shape = textShape({ recipe, predictor });
  if (file !== undefined) {
    const first = column ?? data?.text ?? "text";
    const groupColumn = group === undefined && extname(file).toLowerCase() !== ".txt" ? attribute : undefined;
    const reading = { ...otherReading(file, data, writing), onGuess };
    return textsOfFile(file, data?.pair === undefined ? [first] : [first, data.pair], shape, reading, groupColumn);
  }
  return texts.length ? texts.map((text) => givenText(text, shape)) : linesOf(stdin, shape);
}
