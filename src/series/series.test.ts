import { expect, test } from "vitest";
import { isConcordError, random } from "../base/index.ts";
import {
  dieboldMariano,
  fitLinearForecast,
  frequencyOf,
  frequencyText,
  gridOf,
  instantsIn,
  type LearnedWindow,
  parseFrequency,
  parseStamp,
  seasonalErrors,
  simpleForecast,
  stampAt,
  stampText,
  stepsBetween,
  type TimedRecord,
  windowsOf,
} from "./index.ts";

const hour = 3_600_000;
const record = (ms: number, value: number, series = ""): TimedRecord => ({
  series,
  ms,
  values: [value],
  place: `t.csv:${ms / hour + 2}`,
});
const hourly = (values: readonly number[], series = "", start = 0) =>
  values.map((v, i) => record(start + i * hour, v, series));
const problemOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    if (isConcordError(error)) return error.facts.problem;
  }
  return "no error";
};

test.each([
  ["2014-03-05", Date.UTC(2014, 2, 5), false],
  ["2014/3/5 12:30", Date.UTC(2014, 2, 5, 12, 30), false],
  ["2014-03-05T12:30:15.250Z", Date.UTC(2014, 2, 5, 12, 30, 15, 250), true],
  ["2014-03-05 12:00+08:00", Date.UTC(2014, 2, 5, 4), true],
  ["2014年3月5日12时", Date.UTC(2014, 2, 5, 12), false],
  ["2014年3月5日 12时30分", Date.UTC(2014, 2, 5, 12, 30), false],
  ["2014年3月", Date.UTC(2014, 2), false],
  ["2014-03", Date.UTC(2014, 2), false],
  ["2014Q3", Date.UTC(2014, 6), false],
  ["2014", Date.UTC(2014), false],
])("the stamp %s is read", (text, ms, fixed) => {
  expect(parseStamp(text)).toEqual({ ms, fixed });
});

test.each(["", "05.03.2014", "2014-02-30", "2014-13-01", "2014-03-05 24:00", "tomorrow", "2014-03-05 12:00 +8"])(
  "%j is no stamp",
  (text) => expect(parseStamp(text)).toBeUndefined(),
);

test("clocks that are set back show an hour twice, and one that is set forward not at all", () => {
  expect(instantsIn("Europe/Berlin", Date.UTC(2024, 9, 27, 2, 30))).toEqual([
    Date.UTC(2024, 9, 27, 0, 30),
    Date.UTC(2024, 9, 27, 1, 30),
  ]);
  expect(instantsIn("Europe/Berlin", Date.UTC(2024, 2, 31, 2, 30))).toEqual([]);
  expect(instantsIn("Asia/Shanghai", Date.UTC(2024, 6, 1, 8))).toEqual([Date.UTC(2024, 6, 1)]);
});

test.each(["15 minutes", "hour", "day", "week", "month", "quarter", "year"])(
  "steps of %s are counted and come back",
  (text) => {
    const frequency = parseFrequency(text)!;
    expect(frequencyText(frequency)).toBe(text);
    const start = Date.UTC(2019, 11, 31);
    const stamps = Array.from({ length: 40 }, (_, k) => stampAt(frequency, start, k));
    expect(stamps.map((ms) => stepsBetween(frequency, start, ms))).toEqual([...stamps.keys()]);
    expect(frequencyText(frequencyOf(stamps)!)).toBe(text);
  },
);

test("the last days of months are a step apart, and other days are not on their grid", () => {
  const month = parseFrequency("month")!;
  expect(stepsBetween(month, Date.UTC(2020, 0, 31), Date.UTC(2020, 1, 29))).toBe(1);
  expect(Number.isInteger(stepsBetween(month, Date.UTC(2020, 0, 15), Date.UTC(2020, 1, 16)))).toBe(false);
  expect(stampText(stampAt(month, Date.UTC(2020, 0, 31), 13))).toBe("2021-02-28");
});

test("gaps stay gaps, and records may come in any order", () => {
  const { series, gaps, frequency } = gridOf([record(3 * hour, 3), record(0, 0), record(hour, 1)]);
  expect(frequencyText(frequency)).toBe("hour");
  expect([...series[0]!.columns[0]!]).toEqual([0, 1, Number.NaN, 3]);
  expect(gaps).toBe(1);
});

test("two values at one time, a stamp between steps and one stamp only are refused; combining is by request", () => {
  const twice = [...hourly([1, 2, 3]), record(hour, 5)];
  expect(problemOf(() => gridOf(twice))).toBe("a series has two records at one time");
  expect([...gridOf(twice, { aggregate: "mean" }).series[0]!.columns[0]!]).toEqual([1, 3.5, 3]);
  expect([...gridOf(twice, { aggregate: "sum" }).series[0]!.columns[0]!]).toEqual([1, 7, 3]);
  const between = [...hourly([1, 2, 3]), record(1.5 * hour, 5)];
  expect(problemOf(() => gridOf(between, { frequency: { every: 1, unit: "hour" } }))).toBe(
    "a stamp lies between two steps of its series",
  );
  expect(problemOf(() => gridOf([record(0, 1)]))).toBe("all records of the series have the same time");
  expect(problemOf(() => gridOf([...hourly([1, 2]), record(2e8 * hour, 1)]))).toBe(
    "a series has more steps than can be held",
  );
});

test("no value of a later part reaches a window of an earlier one, whatever the series", () => {
  const rng = random(7).split("windows");
  for (let draw = 0; draw < 200; draw++) {
    const whole = (low: number, high: number) => low + Math.floor(rng.float() * (high - low + 1));
    const series = Array.from({ length: whole(1, 4) }, (_, s) =>
      hourly(
        Array.from({ length: whole(30, 200) }, () => (rng.float() < 0.1 ? Number.NaN : rng.float())),
        `s${s}`,
        whole(0, 60) * hour,
      ),
    ).flat();
    const options = { context: whole(1, 40), horizon: whole(1, 6), shares: { dev: 0.2, test: 0.2 } };
    const grid = gridOf(series, { frequency: { every: 1, unit: "hour" } });
    let found: ReturnType<typeof windowsOf>;
    try {
      found = windowsOf(grid, options);
    } catch (error) {
      expect(isConcordError(error, "E_DATA")).toBe(true);
      continue;
    }
    const { windows, cuts } = found;
    for (const { series: s, part, origin } of windows) {
      const first = s.start + origin * hour;
      const last = first + (options.horizon - 1) * hour;
      expect(origin + options.horizon).toBeLessThanOrEqual(s.length);
      if (part === "train") expect(last).toBeLessThan(cuts.dev);
      if (part === "dev") expect(first >= cuts.dev && last < cuts.test).toBe(true);
      if (part === "test") expect(first).toBeGreaterThanOrEqual(cuts.test);
    }
    const predicted = windows
      .filter((w) => w.part === "test")
      .flatMap((w) => Array.from({ length: options.horizon }, (_, k) => `${w.series.name} ${w.origin + k}`));
    expect(new Set(predicted).size).toBe(predicted.length); // each step of test once
  }
});

test("a part without room is an error that names it", () => {
  const grid = gridOf(hourly([1, 2, 3, 4, 5]));
  expect(problemOf(() => windowsOf(grid, { context: 2, horizon: 4, shares: { dev: 0.1, test: 0.2 } }))).toContain(
    "the part train",
  );
});

test("the scale of MASE is the mean seasonal difference up to the origin", () => {
  const values = Float64Array.of(1, 2, 4, Number.NaN, 5, 9);
  const of = seasonalErrors(values, 2);
  expect(of(2)).toBeNaN();
  expect(of(3)).toBe(3);
  expect(of(6)).toBe(2); // |4 − 1| and |5 − 4|
});

test("simple forecasts go on from the last value, the last season and the last slope", () => {
  const values = Float64Array.of(1, 5, 2, 6, 3, 7);
  const of = (method: "naive" | "seasonal-naive" | "drift", given = values) => [
    ...simpleForecast(method, { values: given, season: 2, horizon: 3, levels: [0.5] }),
  ];
  expect(of("naive")).toEqual([7, 7, 7]);
  expect(of("seasonal-naive")).toEqual([3, 7, 3]);
  expect(of("drift").map((v) => +v.toFixed(6))).toEqual([8.2, 9.4, 10.6]);
  const gap = Float64Array.of(1, 5, 2, 6, 3, Number.NaN);
  expect(of("naive", gap)).toEqual([3, 3, 3]);
  expect(of("seasonal-naive", gap)).toEqual([3, 6, 3]);
  expect(of("naive", Float64Array.of(Number.NaN))).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  const constant = simpleForecast("naive", {
    values: Float64Array.of(4, 4, 4),
    season: 1,
    horizon: 2,
    levels: [0.1, 0.5, 0.9],
  });
  expect([...constant]).toEqual([4, 4, 4, 4, 4, 4]);
});

test("the interval of the naive forecast of a random walk holds as often as it says, at each step", () => {
  const rng = random(3).split("walk");
  const inside = [0, 0, 0, 0];
  const draws = 2000;
  for (let draw = 0; draw < draws; draw++) {
    let at = 0;
    const walk = Float64Array.from({ length: 104 }, () => (at += rng.normal()));
    const q = simpleForecast("naive", { values: walk.slice(0, 100), season: 1, horizon: 4, levels: [0.1, 0.9] });
    for (let k = 0; k < 4; k++) inside[k]! += Number(walk[100 + k]! >= q[2 * k]! && walk[100 + k]! <= q[2 * k + 1]!);
  }
  for (const n of inside) expect(Math.abs(n / draws - 0.8)).toBeLessThan(0.03);
});

test("a linear forecast finds a linear rule, and its interval holds on other windows", () => {
  const rng = random(5).split("rule");
  const values = [0, 1];
  for (let t = 2; t < 3000; t++) values.push(1.6 * values[t - 1]! - 0.9 * values[t - 2]! + 0.1 * rng.normal());
  const windows = Array.from(
    { length: 2900 },
    (_, i): LearnedWindow => ({
      history: Float64Array.from(values.slice(i, i + 20)),
      target: Float64Array.from(values.slice(i + 20, i + 23)),
    }),
  );
  const fitted = fitLinearForecast(windows.slice(0, 2000), windows.slice(2100, 2400), [0.1, 0.5, 0.9]);
  const test = windows.slice(2500);
  const forecasts = test.map((w) => fitted.quantiles(w.history));
  const error = (of: (w: LearnedWindow, i: number) => number) =>
    test.reduce((sum, w, i) => sum + Math.abs(w.target[0]! - of(w, i)), 0) / test.length;
  expect(error((_, i) => forecasts[i]![1]!)).toBeLessThan(0.1); // the noise itself has 0.08
  expect(error((w) => w.history.at(-1)!)).toBeGreaterThan(0.15);
  const inside =
    test.filter((w, i) => w.target[2]! >= forecasts[i]![6]! && w.target[2]! <= forecasts[i]![8]!).length / test.length;
  expect(Math.abs(inside - 0.8)).toBeLessThan(0.08);
});

test("Diebold and Mariano's test holds its level without a difference, and finds one", () => {
  const rng = random(11).split("losses");
  const draw = (shift: number) => Array.from({ length: 40 }, () => rng.normal() + shift);
  const rejected = (shift: number) =>
    Array.from({ length: 600 }, () => dieboldMariano(draw(shift), 1)!).filter(({ p }) => p < 0.05).length / 600;
  expect(rejected(0)).toBeLessThan(0.09);
  expect(rejected(1)).toBeGreaterThan(0.95);
  expect(dieboldMariano([1, 1, 1, 1, 1])).toBeUndefined();
  expect(dieboldMariano([1, 2, 3])).toBeUndefined();
});
