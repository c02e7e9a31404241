// How long one input takes, both models in turn, so that what else the machine does slows both.
import type { Processor } from "../../modalities/index.ts";
import { headAnswers, type Predictor } from "../../predict/index.ts";
import { groupsOfRows } from "../../stages/index.ts";
import type { Rows } from "../../tasks/index.ts";
import { type Change, plainChange } from "./sides.ts";

const rounds = 60;
const warmUps = 4;

/** p50 of one input, in ms: a row at a time, before and after in turn. @param rows some test rows, each asked several times */
export async function latencyChange(
  processor: Processor,
  before: Predictor<unknown>,
  after: Predictor<unknown>,
  rows: Rows,
): Promise<Change> {
  const inputs = await processor.inputs(rows);
  const groups = groupsOfRows(before, rows);
  const words = headAnswers(before.model.task)?.words;
  const timed = async (predictor: Predictor<unknown>, row: number) => {
    const start = performance.now();
    if (words) await predictor.answers([inputs[row]]);
    else await predictor.logits([inputs[row]], groups && [groups[row]]);
    return performance.now() - start;
  };
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds + warmUps; round++) {
    const row = round % inputs.length;
    const order = round % 2 ? [after, before] : [before, after];
    for (const predictor of order) {
      const ms = await timed(predictor, row);
      if (round >= warmUps) times[predictor === before ? 0 : 1].push(ms);
    }
  }
  return plainChange(median(times[0]), median(times[1]));
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;
