// log.jsonl of a run folder: one JSON object a line, what happened and when; only ever appended to. Knows no event.
import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { ioError } from "../formats/node/index.ts";

export const runLogName = "log.jsonl";

/**
 * Opens a run's log for appending. A last line that a crash cut short is ended, so that the next one stands by itself.
 * @returns a function that appends one line: `at` (ISO 8601, UTC) and the facts
 * @throws E_IO when the folder cannot be written, at the opening or at any line
 * @example const log = openRunLog("runs/disease"); log({ stage: "adapt", state: "started" });
 */
export function openRunLog(folder: string): (facts: Readonly<Record<string, unknown>>) => void {
  const path = join(folder, runLogName);
  const write = (text: string) => {
    try {
      appendFileSync(path, text);
    } catch (cause) {
      throw ioError(cause, "write log", path);
    }
  };
  write("");
  if (!endsLine(path)) write("\n");
  return (facts) => write(`${JSON.stringify({ at: new Date().toISOString(), ...facts })}\n`);
}

function endsLine(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    return size === 0 || (readSync(file, last, 0, 1, size - 1) === 1 && last[0] === 10);
  } finally {
    closeSync(file);
  }
}
