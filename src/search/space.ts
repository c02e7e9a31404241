// A search space as data: parameters with their ranges, some of which exist only beside certain values of another. Knows no recipe.
import { ConcordError, canonicalJson } from "../base/index.ts";

/** A value of a parameter, as JSON has it. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

/** What a parameter may be. `log`: even in the logarithm; whole numbers include both bounds. */
export type Range =
  | { readonly kind: "choice"; readonly values: readonly Value[] }
  | { readonly kind: "number" | "integer"; readonly low: number; readonly high: number; readonly log: boolean };

/** The parameter exists only where another one has one of these values. */
export interface Condition {
  readonly parameter: string;
  readonly values: readonly Value[];
}

export interface Parameter {
  readonly name: string;
  readonly range: Range;
  /** All must hold. Default none. */
  readonly when?: readonly Condition[];
}

/** Parameters, each after those that it depends on: what {@link checkedSpace} returns. */
export type Space = readonly Parameter[];

/** Values of the parameters that exist, by name. */
export type Point = Readonly<Record<string, Value>>;

export const sameValue = (a: Value, b: Value): boolean => canonicalJson(a) === canonicalJson(b);

/** Whether a parameter exists at a point that has those it depends on. */
export const isActive = ({ when = [] }: Parameter, point: Point): boolean =>
  when.every(({ parameter, values }) => {
    const value = point[parameter];
    return value !== undefined && values.some((one) => sameValue(one, value));
  });

/**
 * Checks a space and sorts it so that each parameter stands after those that it depends on.
 * @throws E_CONFIG for a space without parameters, a name given twice, a range without values or with bounds in the wrong order, and
 * conditions that never hold: on an unknown parameter, on a value that it cannot have, or in a circle. `path` names the parameter.
 * @example checkedSpace([{ name: "rate", range: { kind: "number", low: 1e-5, high: 1e-2, log: true } }]);
 */
export function checkedSpace(parameters: readonly Parameter[]): Space {
  if (parameters.length === 0)
    throw fault("search.space", "the space is empty", "at least one parameter with its range", "none");
  const byName = new Map<string, Parameter>();
  for (const parameter of parameters) {
    if (byName.has(parameter.name)) throw fault(parameter.name, "the parameter is given twice", "each name once");
    byName.set(parameter.name, parameter);
    checkRange(parameter);
  }
  for (const parameter of parameters) for (const one of parameter.when ?? []) checkCondition(parameter, one, byName);
  const [sorted, open] = [new Set<Parameter>(), new Set<Parameter>()];
  const add = (parameter: Parameter) => {
    if (sorted.has(parameter)) return;
    if (open.has(parameter))
      throw fault(parameter.name, "the condition leads back to itself: it never holds", "conditions without a circle");
    open.add(parameter);
    for (const one of parameter.when ?? []) add(byName.get(one.parameter)!);
    sorted.add(parameter);
  };
  for (const parameter of parameters) add(parameter);
  return [...sorted];
}

function checkRange({ name, range }: Parameter): void {
  if (range.kind === "choice") {
    if (range.values.length === 0) throw fault(name, "there is nothing to choose from", "at least one value", "[]");
    const twice = range.values.find((value, i) => range.values.findIndex((other) => sameValue(value, other)) < i);
    if (twice !== undefined)
      throw fault(name, "a choice is given twice", "each value once", JSON.stringify(twice)?.slice(0, 60));
    return;
  }
  const { low, high, kind, log } = range;
  const got = `[${low}, ${high}]`;
  if (!Number.isFinite(low) || !Number.isFinite(high)) throw fault(name, "a bound is no number", "two numbers", got);
  if (low >= high) throw fault(name, "the lower bound is not below the upper one", "[low, high] with low < high", got);
  if (kind === "integer" && !(Number.isSafeInteger(low) && Number.isSafeInteger(high)))
    throw fault(name, "a bound is no whole number", "two whole numbers", got);
  if (log && low <= 0) throw fault(name, "a logarithm needs bounds above 0", "[low, high] with low > 0", got);
}

function checkCondition({ name }: Parameter, { parameter, values }: Condition, all: ReadonlyMap<string, Parameter>) {
  const other = all.get(parameter);
  if (!other)
    throw fault(
      name,
      "the condition names a parameter that the space does not have",
      [...all.keys()].join(", "),
      parameter,
    );
  const impossible = values.length === 0 ? null : values.find((value) => !canBe(other.range, value));
  if (impossible !== undefined)
    throw fault(
      name,
      "the condition never holds: the parameter cannot have this value",
      rangeText(other.range),
      `${parameter}: ${JSON.stringify(impossible)}`,
    );
}

/** Whether a range has a value. */
export function canBe(range: Range, value: Value): boolean {
  if (range.kind === "choice") return range.values.some((one) => sameValue(one, value));
  if (typeof value !== "number" || !(value >= range.low && value <= range.high)) return false;
  return range.kind === "number" || Number.isInteger(value);
}

/** A range in words. @example rangeText({ kind: "integer", low: 1, high: 8, log: false }) // "whole numbers of [1, 8]" */
export function rangeText(range: Range): string {
  if (range.kind === "choice") return `one of: ${range.values.map((value) => JSON.stringify(value)).join(", ")}`;
  return `${range.kind === "integer" ? "whole numbers" : "numbers"} of [${range.low}, ${range.high}]`;
}

/**
 * Checks a point that somebody gives: it has every parameter that exists there, and no other.
 * @throws E_CONFIG with the parameter as its path
 */
export function checkedPoint(space: Space, point: Point): Point {
  const known = new Set<string>();
  for (const parameter of space) {
    const { name, range } = parameter;
    const value = point[name];
    if (!isActive(parameter, point)) continue;
    known.add(name);
    if (value === undefined)
      throw fault(name, "the settings lack a parameter of the space", rangeText(range), "nothing");
    if (!canBe(range, value))
      throw fault(name, "the value is outside the space", rangeText(range), JSON.stringify(value));
  }
  const strange = Object.keys(point).find((name) => !known.has(name));
  if (strange !== undefined)
    throw fault(strange, "the space has no such parameter beside these settings", [...known].join(", "), strange);
  return point;
}

const fault = (path: string, problem: string, expected: string, got?: string): ConcordError =>
  new ConcordError("E_CONFIG", { operation: "read search space", problem, expected, got, path });
