// What a model forecast: some windows of the test set as charts, and how the error grows with the steps ahead. Computes nothing.
import { type Language, say } from "../../messages/index.ts";
import { chart, curve, forecastFan, type Html, html, isRecord, short } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { baselineName } from "./baselines.ts";

/** `dieboldMariano` of metrics.json. */
interface TimeTest {
  readonly against: string;
  readonly p: number;
  readonly n: number;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

const timeTestIn = ({ dieboldMariano: found }: ReportInput["metrics"]): TimeTest | undefined =>
  isRecord(found) && typeof found.p === "number" ? (found as unknown as TimeTest) : undefined;

/** The test of Diebold and Mariano in a sentence. */
export const timeTestText = ({ against, p, n, difference, low, high }: TimeTest, language: Language): string =>
  say(language, "report.forecast.test", {
    baseline: baselineName(language, against, "wql"),
    n,
    difference: difference.toFixed(3),
    low: low.toFixed(3),
    high: high.toFixed(3),
    p: p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`,
  });

/** Undefined for other tasks. */
export async function forecastsSection({ language, forecasts, metrics }: ReportInput): Promise<Html | undefined> {
  if (!forecasts) return undefined;
  const { errorByStep, interval } = metrics;
  const errors = Array.isArray(errorByStep) ? errorByStep.filter((e): e is number => typeof e === "number") : [];
  const share =
    isRecord(interval) && typeof interval.nominal === "number" ? `${Math.round(100 * interval.nominal)} %` : "";
  const titles = { step: say(language, "report.forecast.step"), value: say(language, "report.forecast.value") };
  const figures = await Promise.all(
    forecasts.map(({ why, series, next, points, loss }) =>
      chart(
        forecastFan(points, titles),
        say(language, `report.forecast.${why}`),
        say(language, "report.forecast.described", {
          next: series ? `${series}, ${next}` : next,
          share,
          loss: short(loss),
        }),
      ),
    ),
  );
  const growth =
    errors.length > 1
      ? await chart(
          curve(
            errors.map((value, k) => ({ step: k + 1, value })),
            {
              step: titles.step,
              value: say(language, "report.metric.mase"),
            },
            { zero: true },
          ),
          say(language, "report.forecast.growth"),
          say(language, "report.forecast.growth.described", {
            first: short(errors[0]!),
            last: short(errors.at(-1)!),
            steps: errors.length,
          }),
        )
      : undefined;
  const tested = timeTestIn(metrics);
  return html`${tested && html`<p>${timeTestText(tested, language)}</p>`}
${figures}
${growth}`;
}
