// Rows of FastText's lines: `__label__a __label__b text`. A line without a label is a text without one.
import type { SourceRow } from "../../data/index.ts";
import { linesOf } from "./csv-rows.ts";

/** Fields `label` (a list) and `text`. */
export async function* fastTextRows(texts: AsyncIterable<string>, file: string): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const whole of linesOf(texts)) {
    line++;
    if (whole.trim() === "") continue;
    const words = whole.trim().split(/\s+/);
    const labels = words.filter((word) => word.startsWith("__label__")).map((word) => word.slice("__label__".length));
    const text = words.filter((word) => !word.startsWith("__label__")).join(" ");
    yield { file, line, fields: { label: labels, text } };
  }
}
