// Steps of time: 15 minutes, an hour, a month. Wall clock milliseconds in, numbers of steps out. Knows no table.

const minuteMs = 60_000;
/** Units of one length, in milliseconds. */
const lengths = { minute: minuteMs, hour: 60 * minuteMs, day: 1440 * minuteMs, week: 10_080 * minuteMs } as const;
/** Units of the calendar, in months. */
const months = { month: 1, quarter: 3, year: 12 } as const;

export type TimeUnit = keyof typeof lengths | keyof typeof months;
export const timeUnits = [...Object.keys(lengths), ...Object.keys(months)] as readonly TimeUnit[];

/** The step of a series. */
export interface Frequency {
  readonly every: number;
  readonly unit: TimeUnit;
}

const isFixed = (unit: TimeUnit): unit is keyof typeof lengths => unit in lengths;

/** Reads `hour`, `15 minutes`, `month`. @returns undefined for what is none @example parseFrequency("15 minutes") // { every: 15, unit: "minute" } */
export function parseFrequency(text: string): Frequency | undefined {
  const found = /^(?:(\d{1,4}) +)?([a-z]+?)s?$/.exec(text.trim().toLowerCase());
  const unit = timeUnits.find((one) => one === found?.[2]);
  const every = Number(found?.[1] ?? 1);
  return unit && every > 0 ? { every, unit } : undefined;
}

/** @example frequencyText({ every: 15, unit: "minute" }) // "15 minutes" */
export const frequencyText = ({ every, unit }: Frequency): string => (every === 1 ? unit : `${every} ${unit}s`);

const monthOf = (ms: number): number => {
  const date = new Date(ms);
  return 12 * date.getUTCFullYear() + date.getUTCMonth();
};
const lastDay = (month: number): number => new Date(Date.UTC(Math.floor(month / 12), (month % 12) + 1, 0)).getUTCDate();

/** Where a stamp of the calendar lies in its month: milliseconds from its start, or the last day. */
function placeInMonth(ms: number): { readonly last: boolean; readonly day: number; readonly time: number } {
  const date = new Date(ms);
  const day = date.getUTCDate();
  return { last: day === lastDay(monthOf(ms)), day, time: ms % lengths.day };
}

/**
 * Steps from one stamp to another; a fraction where it does not lie on the grid.
 * @example stepsBetween({ every: 1, unit: "month" }, Date.UTC(2020, 0, 31), Date.UTC(2020, 1, 29)) // 1
 */
export function stepsBetween({ every, unit }: Frequency, start: number, ms: number): number {
  if (isFixed(unit)) return (ms - start) / (every * lengths[unit]);
  const [from, to] = [placeInMonth(start), placeInMonth(ms)];
  const steps = (monthOf(ms) - monthOf(start)) / (every * months[unit]);
  const same = (from.day === to.day || (from.last && to.last)) && from.time === to.time;
  return same ? steps : steps + 0.5 / 12; // never a whole number
}

/** The stamp so many steps after a start. */
export function stampAt({ every, unit }: Frequency, start: number, steps: number): number {
  if (isFixed(unit)) return start + steps * every * lengths[unit];
  const { last, day, time } = placeInMonth(start);
  const month = monthOf(start) + steps * every * months[unit];
  const days = lastDay(month);
  return Date.UTC(Math.floor(month / 12), month % 12, last ? days : Math.min(day, days)) + time;
}

/** The step that most neighbouring stamps have. @param sorted different stamps, ascending @returns undefined for fewer than two */
export function frequencyOf(sorted: readonly number[]): Frequency | undefined {
  const counts = new Map<number, number>();
  for (let i = 1; i < sorted.length; i++) {
    const step = sorted[i]! - sorted[i - 1]!;
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const [step] = [...counts].reduce((a, b) => (b[1] > a[1] ? b : a));
  const days = step / lengths.day;
  if (days >= 28 && days <= 31 && days % 7 !== 0) return { every: 1, unit: "month" };
  if (days >= 28 && days <= 31)
    return sorted.length > 2 && counts.size > 1 ? { every: 1, unit: "month" } : { every: 4, unit: "week" };
  if (days >= 90 && days <= 92) return { every: 1, unit: "quarter" };
  if (days === 365 || days === 366) return { every: 1, unit: "year" };
  const unit = (["week", "day", "hour", "minute"] as const).find((one) => step % lengths[one] === 0);
  return unit && { every: step / lengths[unit], unit };
}

/** Steps after which a series of this frequency usually repeats: 24 hours, 7 days, 52 weeks, 12 months, 4 quarters; else 1. */
export function usualSeason({ every, unit }: Frequency): number {
  const whole = { minute: 1440, hour: 24, day: 7, week: 52, month: 12, quarter: 4, year: 1 }[unit];
  return whole % every === 0 ? whole / every : 1;
}

/** Cycles of the calendar that a series of this frequency can follow, as angles of a stamp. */
export const calendarCycles = ({ unit }: Frequency): readonly CalendarCycle[] =>
  (
    ({
      minute: ["day", "week", "year"],
      hour: ["day", "week", "year"],
      day: ["week", "year"],
      week: ["year"],
      month: ["year"],
      quarter: ["year"],
      year: [],
    }) as const
  )[unit];

export type CalendarCycle = "day" | "week" | "year";

/** How far a stamp is in a cycle, 0 … 1. */
export function cyclePlace(cycle: CalendarCycle, ms: number): number {
  if (cycle === "day") return (ms % lengths.day) / lengths.day;
  if (cycle === "week") return ((ms + 3 * lengths.day) % lengths.week) / lengths.week; // 1970-01-01 was a Thursday
  const year = new Date(ms).getUTCFullYear();
  const start = Date.UTC(year, 0);
  return (ms - start) / (Date.UTC(year + 1, 0) - start);
}
