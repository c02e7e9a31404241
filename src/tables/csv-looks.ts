// What a CSV file looks like: its delimiter, whether quotes are quotes, and rows that a stray quote swallowed. Pure.

/** The most frequent delimiter of the first line, or of the second after `sep=`. */
export function findDelimiter(text: string): string {
  const header = text.slice(0, text.search(/\r?\n|$/));
  const count = (d: string) => header.split(d).length;
  return [",", ";", "\t", "|"].reduce((best, d) => (count(d) > count(best) ? d : best));
}

/**
 * Whether the quotes at the beginning of fields are quotes: each closes before a delimiter or a line's end, holds no single quote,
 * and no field that runs over several lines holds the delimiter.
 * @returns undefined where no field begins with a quote
 */
export async function quotesHold(texts: AsyncIterable<string>, delimiter: string): Promise<boolean | undefined> {
  let found = false;
  let state: "start" | "plain" | "quoted" | "closed?" = "start";
  let [lines, delimiters] = [0, 0]; // inside the open field
  for await (const text of texts)
    for (let i = 0; i < text.length; i++) {
      const char = text[i]!;
      if (state === "quoted") {
        if (char === '"') state = "closed?";
        else if (char === "\n") lines++;
        else if (char === delimiter) delimiters++;
        if (lines && delimiters) return false;
        continue;
      }
      if (state === "closed?") {
        if (char === '"') {
          state = "quoted"; // a doubled quote
          continue;
        }
        if (char !== delimiter && char !== "\n" && char !== "\r") return false;
        found = true;
        state = "plain";
      }
      if (char === delimiter || char === "\n") state = "start";
      else if (state === "start" && char === '"') {
        state = "quoted";
        [lines, delimiters] = [0, 0];
      } else if (state === "start") {
        const next = nextBreak(text, i, delimiter);
        state = "plain";
        i = next - 1;
      }
    }
  if (state === "quoted") return false;
  return found || state === "closed?" ? true : undefined;
}

/** Where the field ends that begins at a place, or the end of the piece. */
function nextBreak(text: string, from: number, delimiter: string): number {
  const [a, b] = [text.indexOf(delimiter, from), text.indexOf("\n", from)];
  return Math.min(a < 0 ? text.length : a, b < 0 ? text.length : b);
}

const fewestLines = 8;

/** Lines inside one field of which nearly all have as many delimiters as a row; 0 where the field looks like a text. */
export function swallowedRows(field: string, delimiter: string, columns: number): number {
  if (columns < 2 || !field.includes("\n")) return 0;
  const inner = field.split("\n").slice(1, -1);
  const rows = inner.filter((line) => line.split(delimiter).length === columns).length;
  return inner.length >= fewestLines && rows >= 0.8 * inner.length ? rows : 0;
}
