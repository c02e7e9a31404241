// Stamps of tables → milliseconds. Wall clock times are kept as if they were UTC; `instantIn` turns them into instants of a zone. Knows no table.

/** A stamp as it is written. */
export interface Stamp {
  /** Milliseconds since 1970 of the wall clock, as if it were UTC; of a stamp with an offset the instant itself. */
  readonly ms: number;
  /** True where an offset from UTC stands behind it. */
  readonly fixed: boolean;
}

const written =
  /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[T ] *(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)? ?(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;
const quarterly = /^(\d{4})[- ]?Q([1-4])$/i;

const minuteMs = 60_000;

/** 2014年3月5日12时30分 → 2014-3-5 12:30 */
const inDigits = (text: string): string =>
  text
    .replace(/[年月](?=\d)/g, "-")
    .replace(/[年月日秒]$/, "")
    .replace(/日 */, " ")
    .replace(/[时分](?=\d)/g, ":")
    .replace(/[时分]$/, "");

/** Milliseconds of a wall clock time; undefined where there is no such day or time. */
function wallClock(year: number, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0): number | undefined {
  const made = new Date(Date.UTC(year, month - 1, day, hour, minute, second, ms));
  if (year < 100 || hour > 23 || minute > 59 || second > 59) return undefined;
  return made.getUTCMonth() === month - 1 && made.getUTCDate() === day ? made.getTime() : undefined;
}

/** Minutes of `+08:00`. */
const offsetMinutes = (text: string): number =>
  text === "Z" ? 0 : (text.startsWith("-") ? -1 : 1) * (60 * Number(text.slice(1, 3)) + Number(text.slice(-2)));

/**
 * Reads a stamp: `2014-03-05`, `2014/3/5 12:00`, `2014-03-05T12:00:00+08:00`, `2014年3月5日12时`, `2014-03`, `2014Q1`, `2014`.
 * Days before months (`05.03.2014`) are not guessed.
 * @returns undefined for what is none
 * @example parseStamp("2014-03-05 12:00").ms // 1394020800000
 */
export function parseStamp(given: unknown): Stamp | undefined {
  if (given instanceof Date) return Number.isNaN(given.getTime()) ? undefined : { ms: given.getTime(), fixed: false };
  const text = typeof given === "number" || typeof given === "bigint" ? String(given) : given;
  if (typeof text !== "string") return undefined;
  const trimmed = text.trim();
  const quarter = quarterly.exec(trimmed);
  if (quarter) {
    const ms = wallClock(Number(quarter[1]), 3 * Number(quarter[2]) - 2);
    return ms === undefined ? undefined : { ms, fixed: false };
  }
  const found = written.exec(inDigits(trimmed));
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", offset] = found;
  const numbers = [month, day, hour, minute, second].map((part) => (part === undefined ? undefined : Number(part)));
  const ms = wallClock(Number(year), ...(numbers as number[]), Math.trunc(Number(`0.${fraction || 0}`) * 1000));
  if (ms === undefined) return undefined;
  return offset === undefined ? { ms, fixed: false } : { ms: ms - offsetMinutes(offset) * minuteMs, fixed: true };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, made);
  return made;
}

/** Whether a name is a time zone of the IANA database. @example isZone("Asia/Shanghai") // true */
export function isZone(zone: string): boolean {
  try {
    formatIn(zone);
    return true;
  } catch {
    return false;
  }
}

/** The wall clock of a zone at an instant, as milliseconds as if it were UTC. */
export function wallClockIn(zone: string, instant: number): number {
  const parts = new Map<string, number>(
    formatIn(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const of = (name: string) => parts.get(name)!;
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}

/**
 * Instants at which a zone's wall clock shows a time: one, none where clocks are set forward over it, two where they are set back.
 * @param wall milliseconds as if it were UTC
 * @example instantsIn("Europe/Berlin", Date.UTC(2024, 9, 27, 2, 30)).length // 2
 */
export function instantsIn(zone: string, wall: number): number[] {
  const halfDay = 14 * 60 * minuteMs;
  const offsets = new Set([wall - halfDay, wall, wall + halfDay].map((near) => wallClockIn(zone, near) - near));
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => wallClockIn(zone, instant) === wall)
    .sort((a, b) => a - b);
}

/** A stamp for readers: the day, and the time where it is not midnight. @param wall milliseconds as if it were UTC */
export function stampText(wall: number): string {
  const text = new Date(wall).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}
