// Release gates: limits on measured values, decided without judgement. A value that a gate names and nobody measured is an error,
// never a pass. Knows no file.
import { ConcordError, nearestName } from "../base/index.ts";
import type { Measured } from "./measured.ts";

/** A limit on every value whose name fits. */
export interface Gate {
  /** Dotted name of a value; `*` stands for one part of it: `fairness.*.accuracy.difference`. */
  readonly value: string;
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
 * @returns a result for each value that a gate names, in the order of the gates
 * @throws E_CONFIG when a gate names a value that was not measured (the nearest name is suggested), or asks for the value of an extreme
 * @example checkGates([{ value: "metrics.macroF1", atLeast: 0.7, use: "value" }], values)[0].passed
 */
export function checkGates(
  gates: readonly Gate[],
  values: Readonly<Record<string, Measured>>,
  path = "policy",
): GateResult[] {
  const names = Object.keys(values).sort();
  return gates.flatMap((gate) => {
    const fitting = names.filter((name) => gateFits(gate.value, name));
    if (fitting.length === 0) {
      const near = nearestName(gate.value, names);
      throw new ConcordError("E_CONFIG", {
        operation: "check gates",
        problem: `a gate names a value that was not measured: ${gate.value}`,
        expected: `one of ${names.length} values${near ? "" : `, such as ${names.slice(0, 6).join(", ")}`}`,
        got: gate.value,
        hint: near
          ? `did you mean ${near}?`
          : "an audit that did not run measured nothing: add audit: {} to the recipe",
        path,
      });
    }
    const extreme = gate.use === "value" ? fitting.find((name) => values[name]!.extreme) : undefined;
    if (extreme !== undefined)
      throw new ConcordError("E_CONFIG", {
        operation: "check gates",
        problem: `a gate asks for the value of ${extreme}, the most or least of several groups, which is far out by chance too`,
        expected: "use: interval",
        got: "use: value",
        hint: "write use: interval beside the limit: the end of its 95 % interval is then compared",
        path,
      });
    return fitting.map((name) => resultOf(gate, name, values[name]!));
  });
}

function resultOf({ atLeast, atMost, use }: Gate, value: string, found: Measured): GateResult {
  const low = use === "interval" ? (found.low ?? found.value) : found.value;
  const high = use === "interval" ? (found.high ?? found.value) : found.value;
  const enough = atLeast === undefined || low >= atLeast;
  const littleEnough = atMost === undefined || high <= atMost;
  const measured = atLeast !== undefined && !enough ? low : atMost !== undefined ? high : low;
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
