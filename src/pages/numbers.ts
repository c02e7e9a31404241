// Numbers as a report prints them.
import { type Html, html } from "./html.ts";
import { isRecord, isScore } from "./score.ts";

/** Thousands apart. @example count(12345) // "12,345" */
export const count = (n: number | string): string => (typeof n === "number" ? n.toLocaleString("en") : n);

/** A score: three decimals. */
export const decimal = (x: number): string => (Number.isFinite(x) ? x.toFixed(3) : "–");

/** Of any size: about four digits that count. */
export const short = (x: number): string =>
  x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6) ? x.toExponential(2) : String(Number(x.toPrecision(4)));

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** @example seconds(75) // "1 min 15 s" */
export const seconds = (s: number): string =>
  s < 60 ? `${s.toFixed(s < 10 ? 1 : 0)} s` : `${Math.floor(Math.round(s) / 60)} min ${Math.round(s) % 60} s`;

/** @example bytes(2_500_000) // "2.5 MB" */
export const bytes = (n: number): string =>
  n < 1e3
    ? `${n} B`
    : n < 1e6
      ? `${(n / 1e3).toFixed(1)} kB`
      : n < 1e9
        ? `${(n / 1e6).toFixed(1)} MB`
        : `${(n / 1e9).toFixed(2)} GB`;

/** A score with its interval; a dash for one that no row defines. */
export function scoreCell(value: unknown): Html {
  if (isScore(value) && Number.isFinite(value.low + value.high))
    return html`${decimal(value.value)} <small>${decimal(value.low)}–${decimal(value.high)}</small>`;
  const alone = isRecord(value) ? value.value : value; // without an interval
  return html`${typeof alone === "number" ? decimal(alone) : "–"}`;
}
