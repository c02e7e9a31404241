// Answers that are kept while a long table is answered, so that a run that was stopped goes on where it was: one JSON value a line, and in
// the first line what the answers belong to. A line that a crash cut short is dropped. Knows no model.
import { createReadStream, existsSync } from "node:fs";
import { open, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { isConcordError } from "../../base/index.ts";
import { isJsonRecord, parseJson } from "../../formats/index.ts";
import { ioError } from "../../formats/node/index.ts";
import type { Answer } from "../../predict/index.ts";

/** An answer, or null for an input that could not be used. */
export type KeptAnswer = Answer | null;

export interface KeptAnswers {
  /** Answers that are kept. */
  readonly count: number;
  /** Those of the earlier run, in order. */
  earlier(): AsyncGenerator<KeptAnswer>;
  /** Keeps further ones; they are on the disk when it resolves. @throws E_IO */
  append(answers: readonly KeptAnswer[]): Promise<void>;
  close(): Promise<void>;
  /** Closes, and removes the file. */
  remove(): Promise<void>;
}

const format = "concord-kept-answers";

/**
 * Opens the file of kept answers. One that belongs to something else is begun anew.
 * @param key of everything that determines the answers
 * @throws E_IO
 * @example const kept = await openKeptAnswers("out.parquet.answers", key); if (kept.count) console.log(`${kept.count} answers are kept`);
 */
export async function openKeptAnswers(path: string, key: string): Promise<KeptAnswers> {
  const found = existsSync(path) ? await lookAt(path, key) : undefined;
  const failed = (cause: unknown) => {
    throw ioError(cause, "predict", path);
  };
  const file = await open(path, found ? "r+" : "w").catch(failed);
  const header = `${JSON.stringify({ format, version: 1, key })}\n`;
  let end = found?.end ?? 0;
  const write = async (text: string) => {
    const bytes = new TextEncoder().encode(text);
    await file.write(bytes, 0, bytes.length, end).catch(failed);
    await file.datasync().catch(failed);
    end += bytes.length;
  };
  if (found) await file.truncate(found.end).catch(failed);
  else await write(header);
  const before = found?.count ?? 0;
  const last = end;
  let count = before;
  return {
    get count() {
      return count;
    },
    async *earlier() {
      if (before === 0) return;
      const lines = createInterface({
        input: createReadStream(path, { end: last - 1 }),
        crlfDelay: Number.POSITIVE_INFINITY,
      });
      let first = true;
      for await (const line of lines) {
        if (!first) yield JSON.parse(line) as KeptAnswer; // whole lines of our own: checked when the file was opened
        first = false;
      }
    },
    async append(answers) {
      await write(answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
      count += answers.length;
    },
    close: () => file.close(),
    async remove() {
      await file.close();
      await rm(path, { force: true });
    },
  };
}

/** Whole lines of a file of the same key: where they end and how many answers there are. */
async function lookAt(path: string, key: string): Promise<{ end: number; count: number } | undefined> {
  let [count, end, at] = [-1, 0, 0];
  let rest = "";
  let of: string | undefined;
  for await (const chunk of createReadStream(path, { encoding: "utf8" })) {
    rest += chunk as string;
    for (let cut = rest.indexOf("\n"); cut >= 0; cut = rest.indexOf("\n")) {
      const line = rest.slice(0, cut);
      rest = rest.slice(cut + 1);
      at += Buffer.byteLength(line) + 1;
      if (count < 0) {
        of = keyIn(line, path);
        if (of !== key) return undefined;
      } else if (!isAnswer(line, path)) return { end, count };
      count++;
      end = at;
    }
  }
  return of === undefined ? undefined : { end, count };
}

function keyIn(line: string, path: string): string | undefined {
  const value = jsonIn(line, path);
  return isJsonRecord(value) && value.format === format && value.version === 1 ? String(value.key) : undefined;
}

function isAnswer(line: string, path: string): boolean {
  const value = jsonIn(line, path);
  return value === null || (isJsonRecord(value) && typeof value.kind === "string");
}

function jsonIn(line: string, path: string) {
  try {
    return parseJson(new TextEncoder().encode(line), path);
  } catch (error) {
    if (!isConcordError(error)) throw error;
    return undefined;
  }
}
