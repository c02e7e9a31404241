// Release gates: limits on measured values, decided without judgement. A value that a gate names and nobody measured is an error,
// never a pass. Knows no file.
import { ConcordError, nearestName } from "../base/index.ts";
import { isMeasured, type Measured } from "./measured.ts";

/** A limit on every value whose name fits. */
export interface Gate {
  /** Dotted name of a value; `*` stands for one part of it: `fairness.*.accuracy.difference`. */
  readonly value: string;
  /**
   * What the first `*` of `value` has to stand for at least: groups, attributes, members. Each needs a measured value; whatever else fits is
   * compared too. Needed where `value` has a `*`: what could not be measured would otherwise pass unseen.
   */
  readonly needs?: readonly string[];
  readonly atLeast?: number;
  readonly atMost?: number;
  /** `value` compares the estimate; `interval` the end of its 95 % interval that is less favourable (the estimate where there is none). */
  readonly use: "value" | "interval";
  readonly why?: string;
}

/** A gate that failed and was passed all the same, by whom and why. */
export interface Override {
  readonly value: string;
  readonly reason: string;
  /** Key that decided. */
  readonly keyid: string;
  readonly at: string;
}

export interface GateResult {
  /** Name of the value that was compared. */
  readonly value: string;
  readonly measured: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly use: "value" | "interval";
  readonly passed: boolean;
}

/**
 * Compares values with gates.
 * @param values named measurements; one that holds no number (`{ value: null }`) was not measured
 * @returns a result for each value that a gate names, in the order of the gates
 * @throws E_CONFIG when a gate names a value that was not measured (the nearest name is suggested), has a `*` and does not say what it needs,
 * or asks for the value of an extreme
 * @example checkGates([{ value: "metrics.macroF1", atLeast: 0.7, use: "value" }], values)[0].passed
 * @example checkGates([{ value: "fairness.*.gap.accuracy", needs: ["region", "sex"], atMost: 0.1, use: "interval" }], values)
 */
export function checkGates(
  gates: readonly Gate[],
  values: Readonly<Record<string, unknown>>,
  path = "policy",
): GateResult[] {
  const names = Object.keys(values).sort();
  return gates.flatMap((gate) => {
    const fitting = names.filter((name) => gateFits(gate.value, name));
    requireNeeds(gate, fitting, path);
    for (const pattern of neededValues(gate))
      if (!fitting.some((name) => gateFits(pattern, name))) throw unmeasured(pattern, names, path);
    return fitting.map((name) => {
      const found = values[name];
      if (!isMeasured(found)) throw unmeasured(name, names, path);
      if (gate.use === "value" && found.extreme) throw extreme(name, path);
      return resultOf(gate, name, found);
    });
  });
}

/** Values that have to be there: the gate's own, or one for each of its needs. */
const neededValues = ({ value, needs }: Gate): string[] =>
  needs?.length ? needs.map((one) => value.replace("*", () => one)) : [value];

/** @throws E_CONFIG for a `*` without needs, or needs without a `*` */
function requireNeeds({ value, needs }: Gate, fitting: readonly string[], path: string): void {
  const star = value.includes("*");
  if (star === !!needs?.length) return;
  const [before, after] = value.split("*") as [string, string?];
  const found = fitting.map((name) => name.slice(before.length, after ? name.lastIndexOf(after) : undefined));
  throw new ConcordError("E_CONFIG", {
    operation: "check gates",
    problem: star
      ? `a gate with * does not say what it needs: ${value}`
      : `a gate says what it needs, and its value has no *: ${value}`,
    expected: star ? "needs: the groups, attributes or members that must have been measured" : "a value with *",
    got: value,
    hint: found.length
      ? `write needs: [${[...new Set(found)].join(", ")}], and what else must have been measured`
      : undefined,
    path,
  });
}

function unmeasured(value: string, names: readonly string[], path: string): ConcordError {
  const near = nearestName(value, names);
  return new ConcordError("E_CONFIG", {
    operation: "check gates",
    problem: `a gate names a value that was not measured: ${value}`,
    expected: `one of ${names.length} values${near ? "" : `, such as ${names.slice(0, 6).join(", ")}`}`,
    got: value,
    hint:
      near && near !== value
        ? `did you mean ${near}?`
        : "an audit that did not run measured nothing: add audit: {} to the recipe",
    path,
  });
}

const extreme = (name: string, path: string): ConcordError =>
  new ConcordError("E_CONFIG", {
    operation: "check gates",
    problem: `a gate asks for the value of ${name}, the most or least of several groups, which is far out by chance too`,
    expected: "use: interval",
    got: "use: value",
    hint: "write use: interval beside the limit: the end of its 95 % interval is then compared",
    path,
  });

function resultOf({ atLeast, atMost, use }: Gate, value: string, found: Measured): GateResult {
  const low = use === "interval" ? (found.low ?? found.value) : found.value;
  const high = use === "interval" ? (found.high ?? found.value) : found.value;
  const enough = atLeast === undefined || low >= atLeast;
  const littleEnough = atMost === undefined || high <= atMost;
  const measured = enough && atMost !== undefined ? high : low;
  return { value, measured, atLeast, atMost, use, passed: enough && littleEnough };
}

/** Whether a gate is about a value. Parts of a name that contain dots cannot be told apart, so `*` may stand for such a part as a whole. */
export function gateFits(pattern: string, name: string): boolean {
  const source = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${source.join("[^]+?")}$`, "u").test(name);
}

/**
 * A limit as text.
 * @param shown how a number is written. Default its digits
 * @example limitText({ atLeast: 0.7 }) // "≥ 0.7"
 */
export const limitText = (
  { atLeast, atMost }: Pick<GateResult, "atLeast" | "atMost">,
  shown: (limit: number) => string = String,
): string =>
  [atLeast !== undefined ? `≥ ${shown(atLeast)}` : "", atMost !== undefined ? `≤ ${shown(atMost)}` : ""]
    .filter(Boolean)
    .join(", ");

/** Results that neither passed nor were overridden. */
export const failing = (gates: readonly GateResult[], overrides: readonly Override[]): GateResult[] =>
  gates.filter((gate) => !gate.passed && !overrides.some((o) => o.value === gate.value));
