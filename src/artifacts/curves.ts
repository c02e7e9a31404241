// The curves of a training run, kept on disk as it goes: a run that is killed and resumed ends with the curves of one that was not.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ioError } from "../formats/node/index.ts";

/** What a stage keeps of each step and epoch. */
export interface Curves {
  readonly loss: number[];
  readonly learningRate: number[];
  /** Of each epoch: its last step and the dev score (of numbers the mean absolute error). */
  readonly epochs: { readonly step: number; readonly score?: number }[];
}

/** A line of the file: first how long an epoch is, then steps and epochs. `seconds` of training until then, without those that a kill undid. */
type Line =
  | { readonly stepsPerEpoch: number }
  | { readonly step: number; readonly loss: number; readonly learningRate: number; readonly seconds: number }
  | /** `epoch`: its last step. */ { readonly epoch: number; readonly score?: number; readonly seconds: number };

/** Keeps curves in a folder. */
export interface CurveKeeper {
  readonly curves: Curves;
  /** Whether the file has every step and epoch up to a checkpoint's step: a kill may come between the two writes. */
  covers(step: number): boolean;
  /** Forgets what came after a checkpoint's step. @returns the seconds that led to it and the last dev score */
  resumeAt(step: number, stepsPerEpoch: number): { seconds: number; score?: number };
  add(line: Exclude<Line, { readonly stepsPerEpoch: number }>): void;
}

/** @throws E_IO when the folder cannot be written */
export function keepCurves(folder: string): CurveKeeper {
  const path = join(folder, "curves.jsonl");
  const curves: Curves = { loss: [], learningRate: [], epochs: [] };
  const write = (work: () => void) => {
    try {
      work();
    } catch (cause) {
      throw ioError(cause, "keep curves", path);
    }
  };
  const note = (line: Line) => {
    if ("stepsPerEpoch" in line) return;
    if ("epoch" in line) curves.epochs.push({ step: line.epoch, score: line.score });
    else {
      curves.loss.push(line.loss);
      curves.learningRate.push(line.learningRate);
    }
  };
  return {
    curves,
    covers: (step) => {
      const lines = readLines(path);
      const [first] = lines;
      if (!first || !("stepsPerEpoch" in first)) return step === 0;
      const until = lines.filter((line) => stepOf(line) <= step);
      const epochs = until.filter((line) => "epoch" in line).length;
      return until.length === 1 + step + epochs && epochs === Math.floor(step / first.stepsPerEpoch);
    },
    resumeAt: (step, stepsPerEpoch) => {
      const lines = readLines(path).filter((line) => !("stepsPerEpoch" in line) && stepOf(line) <= step);
      for (const line of lines) note(line);
      const kept = [{ stepsPerEpoch }, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
      write(() => writeFileSync(path, kept));
      const newest = lines.at(-1);
      return { seconds: newest && "seconds" in newest ? newest.seconds : 0, score: curves.epochs.at(-1)?.score };
    },
    add: (line) => {
      note(line);
      write(() => appendFileSync(path, `${JSON.stringify(line)}\n`));
    },
  };
}

const stepOf = (line: Line): number => ("stepsPerEpoch" in line ? 0 : "epoch" in line ? line.epoch : line.step);

/** The lines up to one that a kill tore. */
function readLines(path: string): Line[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return []; // the run begins
  }
  const lines: Line[] = [];
  for (const line of text.split("\n").slice(0, -1))
    try {
      lines.push(JSON.parse(line) as Line);
    } catch {
      break;
    }
  return lines;
}
