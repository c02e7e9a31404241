// Each op that has a decomposition equals it, in float64 on the interpreter, over every trial of the conformance table.
import { describe, expect, test } from "vitest";
import { applyAll, interpret, makeGraph, nodesOf, verify } from "../../src/graph/index.ts";
import { expand } from "../../src/passes/index.ts";
import { inFloat64, opRecord, testedOps, trialsOf } from "./trials.ts";

/** Relative to each element; the decompositions subtract and divide where the ops do not. */
const tolerance = 1e-10;

const composite = testedOps.filter((op) => opRecord(op).decompose);

function worst(op: (typeof composite)[number], broken = false): string[] {
  return trialsOf(op).flatMap((trial) => {
    const { inputs, feeds } = inFloat64(trial);
    const outputs = applyAll(op, Object.values(inputs), trial.graph.outputs[0]![1].node.attrs);
    const whole = makeGraph(inputs, Object.fromEntries(outputs.map((v, i) => [`out${i}`, v])));
    const parts = expand(whole, (node) => node.op !== op);
    verify(parts);
    if (nodesOf(parts).some((node) => node.op === op)) return [`${trial.name}: still there`];
    const [want, got] = [interpret(whole, feeds), interpret(parts, feeds)];
    return Object.entries(want).flatMap(([name, array]) => {
      const result = got[name]!;
      if (String(result.shape) !== String(array.shape)) return [`${trial.name}: ${name} has shape [${result.shape}]`];
      const bad = array.data.findIndex((a, i) => {
        const b = result.data[i]! * (broken ? 1 + 1e-9 : 1);
        return !(Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), 1e-3));
      });
      return bad < 0 ? [] : [`${trial.name}: ${name}[${bad}] is ${result.data[bad]}, not ${array.data[bad]}`];
    });
  });
}

describe.each(composite)("%s", (op) => {
  test("equals its decomposition", () => {
    expect(worst(op)).toEqual([]);
  });
  test("differs from one that is wrong by a billionth", () => {
    expect(worst(op, true)).not.toEqual([]);
  });
});
