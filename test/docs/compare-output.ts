// Whether a command printed what a page shows. Times, digests and dates differ from run to run; scores may differ a little between CPUs. Runs nothing.

/** Decimal numbers of another kind of CPU may differ by this much. */
const tolerance = 0.03;

const usual = (line: string): string =>
  line
    .trimEnd()
    .replace(/\b\d+:\d\d (elapsed|left)/g, "0:00 $1")
    .replace(/(已用|剩余) ?\d+:\d\d/g, "$1 0:00")
    .replace(/\b\d+(\.\d+)? (s|ms|examples\/s|秒|毫秒)(?![\w])/g, "0 $2")
    .replace(/\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?)?/g, "DATE")
    .replace(/\b[0-9a-f]{12,64}\b/g, "DIGEST")
    .replace(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");

const number = /(-?\d+(?:\.\d+)?)/;

/** Whether a line is as shown; `…` in it stands for anything. */
function sameLine(shown: string, line: string): boolean {
  const printed = line.replaceAll("\t", " ").trimEnd();
  if (shown.includes("…") && shown !== printed) {
    const [start = "", ...rest] = shown.split("…");
    if (!printed.startsWith(start)) return false;
    let at = start.length;
    for (const part of rest) {
      const found = printed.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return rest.at(-1) === "" || printed.endsWith(rest.at(-1)!);
  }
  const [a, b] = [usual(shown).split(number), usual(printed).split(number)];
  return (
    a.length === b.length &&
    a.every((part, i) => {
      const other = b[i]!;
      if (i % 2 === 0) return part.replace(/ +/g, " ") === other.replace(/ +/g, " ");
      if (!part.includes(".")) return part === other;
      return other.includes(".") && Math.abs(Number(part) - Number(other)) <= tolerance;
    })
  );
}

/**
 * The first shown line that was not printed, undefined where all were. A line `…` stands for any lines; else lines follow each other.
 * @param shown the block of the page @param printed what the command wrote
 */
export function firstDifference(shown: string, printed: string): string | undefined {
  const lines = printed.split("\n").filter((line) => line.trim() !== "");
  let at = 0;
  let gap = false;
  for (const line of shown.split("\n").filter((one) => one.trim() !== "")) {
    if (line.trim() === "…") {
      gap = true;
      continue;
    }
    const found = gap ? lines.findIndex((other, i) => i >= at && sameLine(line, other)) : at;
    if (found < 0 || found >= lines.length || !sameLine(line, lines[found]!)) return line;
    at = found + 1;
    gap = false;
  }
  return gap || at === lines.length ? undefined : `(nothing more is shown, but there is: ${lines[at]})`;
}
