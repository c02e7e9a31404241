// What a stage keeps of its training for curves. One line a step or epoch is appended beside the checkpoints, so that a resumed
// run has the whole history; a torn last line and steps that are done again are expected.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ioError } from "../../formats/node/index.ts";

/** Index i of `loss` and `learningRate` is step i + 1. */
export interface Curves {
  readonly loss: number[];
  readonly learningRate: number[];
  /** Of each epoch: its last step and the dev score. */
  readonly epochs: { readonly step: number; readonly score?: number }[];
}

type Line =
  | { readonly step: number; readonly loss: number; readonly learningRate: number }
  | { readonly epochAt: number; readonly score?: number };

export interface CurveLog {
  readonly curves: Curves;
  /** Forgets what lies after a step: training goes on from there. */
  backTo(step: number): void;
  step(step: number, loss: number, learningRate: number): void;
  epoch(step: number, score: number | undefined): void;
}

/** Opens the log of a stage's kept folder. @throws E_IO */
export function curveLog(folder: string): CurveLog {
  const path = join(folder, "curves.jsonl");
  const curves: Curves = { loss: [], learningRate: [], epochs: [] };
  const put = (line: Line): void => {
    if ("epochAt" in line) {
      if (curves.epochs.some((e) => e.step >= line.epochAt)) dropEpochs(curves, line.epochAt - 1);
      curves.epochs.push({ step: line.epochAt, score: line.score });
      return;
    }
    curves.loss.length = Math.min(curves.loss.length, line.step - 1);
    curves.learningRate.length = curves.loss.length;
    dropEpochs(curves, line.step - 1);
    curves.loss.push(line.loss);
    curves.learningRate.push(line.learningRate);
  };
  const write = (line: Line): void => {
    put(line);
    try {
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    } catch (cause) {
      throw ioError(cause, "write", path);
    }
  };
  for (const line of readLines(path)) put(line);
  return {
    curves,
    backTo: (step) => {
      curves.loss.length = Math.min(curves.loss.length, step);
      curves.learningRate.length = curves.loss.length;
      dropEpochs(curves, step);
    },
    step: (step, loss, learningRate) => write({ step, loss, learningRate }),
    epoch: (step, score) => write({ epochAt: step, score }),
  };
}

function dropEpochs({ epochs }: Curves, after: number): void {
  while (epochs.length && epochs.at(-1)!.step > after) epochs.pop();
}

/** Lines up to the first that is torn; a log that an earlier crash left with a torn end has its next line glued to it. */
function* readLines(path: string): Generator<Line> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return;
    throw ioError(cause, "read", path);
  }
  for (const line of text.split("\n")) {
    try {
      if (line) yield JSON.parse(line) as Line;
    } catch {
      // torn by a crash: the step comes again, because its checkpoint is older
    }
  }
}
