// concord predict with a model that forecasts: the steps after the last value of each series of a table, as quantiles.
import { say } from "../../messages/index.ts";
import { otherReading } from "../../recipe/index.ts";
import { openForecaster, type SeriesForecast } from "../../runs/index.ts";
import type { WrittenColumn } from "../../tables/node/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { argumentError, type CommandContext } from "../context.ts";
import { checkedDevice } from "../device.ts";
import { tableWriting } from "../reading.ts";
import { type AnsweringOptions, refuseLabelOptions, writeAnswers } from "./answered.ts";

/** @throws as `openForecaster`; E_ARGUMENT for options about labels, and without a table; E_DATA as its `table` */
export async function forecastTable(
  folder: string,
  texts: readonly string[],
  options: AnsweringOptions & { readonly top?: number },
  context: CommandContext,
): Promise<void> {
  const { file } = options;
  refuseLabelOptions(options, "the model forecasts series: it has no labels", folder);
  if (options.top !== undefined)
    throw argumentError("--top", { problem: "a forecast has no labels", got: String(options.top) });
  if (options.column !== undefined)
    throw argumentError("--column", {
      problem: "the model's own columns are read: see series_config.json",
      got: options.column,
    });
  if (file === undefined || texts.length)
    throw argumentError("--file", {
      problem: "a forecast needs the history",
      expected: "a table with the columns of the training table",
    });
  const forecaster = await openForecaster(folder, { device: checkedDevice(options.device) });
  try {
    const onGuess = (guess: string) => {
      const text = inLanguage(context.language, guess);
      if (!context.quiet) context.stderr.write(`${say(context.language, "run.warning", { stage: "predict", text })}\n`);
    };
    const reading = { ...otherReading(file, forecaster.recipe?.data, tableWriting(file, "--file", options)), onGuess };
    const found = await forecaster.table(file, reading);
    if (options.out !== undefined) return await toFile(options.out, found, context);
    for (const one of found) context.stdout.write(context.json ? `${JSON.stringify(one)}\n` : textOf(one, context));
  } finally {
    await forecaster.dispose();
  }
}

const rounded = (x: number | undefined): string => String(Number((x ?? Number.NaN).toPrecision(4)));

/** A line for each step: the time, the median, and the ends of the interval. */
function textOf({ series, last, steps, levels, quantiles }: SeriesForecast, { language }: CommandContext): string {
  const middle = levels.indexOf(0.5);
  const share = Math.round(100 * (levels.at(-1)! - levels[0]!));
  const title = say(language, "predict.forecast", { series: series || "–", last, share });
  const lines = steps.map((step, k) => {
    const row = quantiles[k]!;
    return `${step}\t${rounded(row[middle])}\t[${rounded(row[0])}, ${rounded(row.at(-1))}]`;
  });
  return `${[title, ...lines].join("\n")}\n`;
}

/** A row for each step of each series, a column for each quantile. */
function toFile(path: string, found: readonly SeriesForecast[], context: CommandContext): Promise<void> {
  const levels = found[0]?.levels ?? [];
  const columns: readonly WrittenColumn[] = [
    { name: "series", kind: "text" },
    { name: "time", kind: "text" },
    { name: "step", kind: "integer" },
    ...levels.map((level): WrittenColumn => ({ name: `q${level}`, kind: "number" })),
  ];
  const rowsOf = ({ series, steps, quantiles }: SeriesForecast) =>
    steps.map((time, k) => ({
      series,
      time,
      step: k + 1,
      ...Object.fromEntries(levels.map((level, q) => [`q${level}`, quantiles[k]![q]!])),
    }));
  return writeAnswers(path, columns, each(found), rowsOf, context);
}

async function* each<T>(list: readonly T[]): AsyncGenerator<T> {
  yield* list;
}
