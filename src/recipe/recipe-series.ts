// The recipe's section data.series: which columns of a table are a series, and how windows are cut. And what a recipe may not ask of series
// so far: each refused by name, with the reason.
import { z } from "zod";
import type { SeriesReading } from "../modalities/node/index.ts";
import { aggregations, isZone, parseFrequency, timeUnits } from "../series/index.ts";
import { type TaskName, taskOf } from "../tasks/index.ts";
import { type Condition, ofMitigation, thatHold } from "./conditions.ts";
import type { RecipeFault } from "./recipe-fault.ts";

const steps = z.int().positive().max(16_384);
const column = z.string().min(1);
const columns = z.array(column).default([]);

export const seriesSchema = z
  .strictObject({
    time: z
      .union([column, z.array(column).min(1).max(5)])
      .default("time")
      .describe(
        "Column with the time: 2014-03-05 12:00, 2014-03-05T12:00:00+08:00, 2014年3月5日, 2014-03, 2014Q1. Or a list of columns: year, month, day, hour, minute.",
      ),
    value: column.default("value").describe("Column with the number that is forecast."),
    id: z
      .union([column, z.array(column)])
      .default([])
      .describe("Column, such as the station, that tells several series of one table apart. Default: one series."),
    past: columns.describe("Columns of numbers that are known up to the time of the forecast, such as measured wind."),
    known: columns.describe("Columns of numbers that are known in advance, such as a price or a planned closure."),
    frequency: z
      .string()
      .refine((text) => parseFrequency(text) !== undefined, {
        message: `a number and a unit of ${timeUnits.join(", ")}, such as 15 minutes or month`,
      })
      .optional()
      .describe("Time between two steps: hour, 15 minutes, day, month. Default: the most frequent in the table."),
    aggregate: z
      .enum(aggregations)
      .optional()
      .describe(
        "How several records of one step are combined, and irregular times put on the grid. Default: not at all; such a table stops the run.",
      ),
    zone: z
      .string()
      .refine(isZone, { message: "a time zone of the IANA database, such as Asia/Shanghai" })
      .optional()
      .describe("Time zone of times without an offset, for daylight saving. Default: times are used as written."),
    horizon: steps.default(24).describe("Number of steps that are forecast."),
    context: steps
      .optional()
      .describe("Number of steps before the forecast that the model reads. Default: 7 horizons, from 32 to 512 steps."),
    season: steps
      .optional()
      .describe(
        "Steps after which values repeat, for the seasonal naive forecast and MASE. Default by the frequency: 24 for hours, 7 for days, 52 for weeks, 12 for months, 4 for quarters.",
      ),
    calendar: z
      .boolean()
      .default(true)
      .describe("Whether the model also reads the hour of the day, the day of the week and the day of the year."),
    minimum: z
      .number()
      .optional()
      .describe(
        "Least value that there can be, such as 0 for a concentration: no forecast is below it. Default: none.",
      ),
    maximum: z.number().optional().describe("Largest value that there can be: no forecast is above it. Default: none."),
    stride: steps
      .optional()
      .describe("Steps between two training windows. Default 1, or as many as keep the windows below about 4,000."),
  })
  .optional()
  .describe(
    "Series: columns of the time, the value and of covariates, and how windows are cut. Splits are made by time: data.split.test is the last share, data.split.dev the share before it.",
  );

type SeriesKeys = NonNullable<z.output<typeof seriesSchema>>;

const listed = (names: string | readonly string[]): readonly string[] => (typeof names === "string" ? [names] : names);

/** How a recipe's series are read; undefined for other kinds of data. */
export function seriesReading({
  data,
  adapt,
}: {
  readonly data: {
    readonly series?: SeriesKeys;
    readonly attributes: readonly string[];
    readonly split: { readonly dev: number; readonly test: number };
  };
  readonly adapt: { readonly quantiles: readonly number[] };
}): SeriesReading | undefined {
  const { series, split, attributes } = data;
  if (!series) return undefined;
  const { time, id, horizon, context = Math.min(512, Math.max(32, 7 * horizon)), ...rest } = series;
  return {
    ...rest,
    time: listed(time),
    id: listed(id),
    horizon,
    context,
    quantiles: adapt.quantiles,
    shares: { dev: split.dev, test: split.test },
    attributes,
  };
}

/** What {@link seriesFaults} looks at. */
interface Asked {
  readonly modality: string;
  readonly task: TaskName;
  readonly data: {
    readonly series?: SeriesKeys;
    readonly group?: string;
    readonly split: { readonly column?: string; readonly files?: unknown };
  };
  readonly model: {
    readonly pooling?: string;
    readonly head?: unknown;
    readonly scratch?: { readonly side?: number; readonly width: number };
  };
  readonly pretrain?: unknown;
  readonly adapt: {
    readonly tokenMasking: number;
    readonly augment?: unknown;
    readonly labelSmoothing: number;
    readonly privacy?: unknown;
    readonly mitigation: Parameters<typeof ofMitigation>[0];
  };
  readonly audit?: unknown;
  readonly compress?: unknown;
  readonly search?: unknown;
  readonly together?: unknown;
}

/** @returns what is wrong, in the order of the recipe */
export const seriesFaults = (recipe: Asked): RecipeFault[] =>
  thatHold(
    recipe.modality === "series"
      ? faultsOfSeries(recipe)
      : [
          [
            recipe.data.series !== undefined,
            ["data", "series"],
            "the rows are no series: set modality: series, or leave it out",
          ],
          [taskOf(recipe.task).forecasts === true, ["task"], "forecasts are made of series: set modality: series"],
        ],
  );

const faultsOfSeries = (recipe: Asked): Condition[] => [
  [taskOf(recipe.task).forecasts !== true, ["task"], "series are forecast so far: set task: forecasting"],
  ...(recipe.data.series === undefined
    ? ([
        [true, ["data", "series"], "name the columns of the series: series: { time: time, value: value, horizon: 24 }"],
      ] as const)
    : []),
  [recipe.data.group !== undefined, ["data", "group"], "parts are cut by time, for all series at once: leave it out"],
  [
    recipe.data.split.column !== undefined || recipe.data.split.files !== undefined,
    ["data", "split"],
    "parts are cut by time: set split.dev and split.test as shares",
  ],
  [recipe.model.pooling !== undefined, ["model", "pooling"], "the head reads the steps to come: leave it out"],
  [recipe.model.head !== undefined, ["model", "head"], "the head gives quantiles: leave it out"],
  [recipe.model.scratch?.side !== undefined, ["model", "scratch", "side"], "only images have sides: leave it out"],
  [recipe.pretrain !== undefined, ["pretrain"], "there is no pretraining on series yet: leave it out"],
  [recipe.adapt.tokenMasking > 0, ["adapt", "tokenMasking"], "series have no tokens to mask: leave it out"],
  [recipe.adapt.augment !== undefined, ["adapt", "augment"], "only images are moved and mirrored: leave it out"],
  [recipe.adapt.labelSmoothing > 0, ["adapt", "labelSmoothing"], "numbers have no labels to smooth: leave it out"],
  [
    Boolean(recipe.adapt.privacy),
    ["adapt", "privacy"],
    "one value lies in many windows, so a guarantee for each window would not hold for a value: leave it out",
  ],
  ofMitigation(recipe.adapt.mitigation, "mitigation changes decisions about labels: leave it out"),
  [Boolean(recipe.audit), ["audit"], "audits look at labels, numbers and texts so far: leave it out"],
  [recipe.compress !== undefined, ["compress"], "forecasts are not compressed so far: leave it out"],
  [recipe.search !== undefined, ["search"], "settings of forecasts are not searched so far: leave it out"],
  [recipe.together !== undefined, ["together"], "studies learn texts together so far: leave it out"],
];
