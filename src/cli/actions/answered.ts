// What commands share that answer texts otherwise than by labels: options that do not apply, batches, and the file of their answers.
import { writeFileAtomically } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { tableBytes, type WrittenColumn, writtenFormat } from "../../tables/node/index.ts";
import { argumentError, type CommandContext } from "../context.ts";
import type { ReadingOptions } from "../reading.ts";

/** Options that are about labels. */
const labelOptions = ["abstain", "sets", "group", "workers"] as const;

/** What such a command is asked, those options among it. */
export interface AnsweringOptions
  extends ReadingOptions,
    Readonly<Partial<Record<(typeof labelOptions)[number], unknown>>> {
  readonly file?: string;
  readonly column?: string;
  readonly out?: string;
  readonly device?: string;
  readonly top?: unknown;
}

/** @param also further options that do not apply @throws E_ARGUMENT for an option about labels */
export function refuseLabelOptions(
  options: AnsweringOptions,
  problem: string,
  folder: string,
  also: readonly "top"[] = [],
): void {
  const label = [...labelOptions, ...also].find((name) => options[name] !== undefined);
  if (label) throw argumentError(`--${label}`, { problem, got: folder });
}

/** Runs what comes in batches of a size, in order. */
export async function* inBatches<T, U>(
  given: AsyncIterable<T>,
  size: number,
  run: (batch: readonly T[]) => Promise<readonly U[]>,
): AsyncGenerator<U> {
  let batch: T[] = [];
  for await (const one of given) {
    batch.push(one);
    if (batch.length < size) continue;
    yield* await run(batch);
    batch = [];
  }
  if (batch.length) yield* await run(batch);
}

/** Writes the rows that each answer gives, and says how many texts were answered. */
export async function writeAnswers<T>(
  path: string,
  columns: readonly WrittenColumn[],
  answers: AsyncIterable<T>,
  rowsOf: (answer: T) => Iterable<Readonly<Record<string, string | number>>>,
  { quiet, stderr, language }: CommandContext,
): Promise<void> {
  let count = 0;
  async function* rows() {
    for await (const answer of answers) {
      count++;
      yield* rowsOf(answer);
    }
  }
  await writeFileAtomically(path, tableBytes(writtenFormat(path)!, columns, rows()));
  if (!quiet) stderr.write(`${say(language, "predict.written", { rows: count, path })}\n`);
}
