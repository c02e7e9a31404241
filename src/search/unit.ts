// Values of a parameter as numbers between 0 and 1, in which samplers think; a whole number or a choice is a cell of the interval.
import type { Range, Value } from "./space.ts";
import { sameValue } from "./space.ts";

/** Ends of the interval before it is scaled to [0, 1]: whole numbers have half a cell beyond their bounds. */
function ends({ low, high, kind, log }: Exclude<Range, { kind: "choice" }>): [number, number] {
  const half = kind === "integer" ? 0.5 : 0;
  return log ? [Math.log(low - half), Math.log(high + half)] : [low - half, high + half];
}

/** A value's place in [0, 1]; of a choice the middle of its cell. */
export function toUnit(range: Range, value: Value): number {
  if (range.kind === "choice") return (indexOf(range, value) + 0.5) / range.values.length;
  const [from, to] = ends(range);
  const at = range.log ? Math.log(Number(value)) : Number(value);
  return (at - from) / (to - from);
}

/** The value at a place in [0, 1]. */
export function fromUnit(range: Range, unit: number): Value {
  const inside = Math.min(1, Math.max(0, unit));
  if (range.kind === "choice")
    return range.values[Math.min(range.values.length - 1, Math.floor(inside * range.values.length))]!;
  const [from, to] = ends(range);
  const at = from + inside * (to - from);
  const value = range.log ? Math.exp(at) : at;
  return Math.min(range.high, Math.max(range.low, range.kind === "integer" ? Math.round(value) : value));
}

/** Ends of a whole number's cell in [0, 1]; undefined for a range of all numbers. */
export function cellOf(range: Range, value: Value): readonly [number, number] | undefined {
  if (range.kind === "choice") {
    const index = indexOf(range, value);
    return [index / range.values.length, (index + 1) / range.values.length];
  }
  if (range.kind === "number") return undefined;
  const [from, to] = ends(range);
  const place = (x: number) => ((range.log ? Math.log(x) : x) - from) / (to - from);
  return [place(Number(value) - 0.5), place(Number(value) + 0.5)];
}

export const indexOf = ({ values }: Extract<Range, { kind: "choice" }>, value: Value): number =>
  Math.max(
    0,
    values.findIndex((one) => sameValue(one, value)),
  );
