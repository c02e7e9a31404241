// Markdown whose cells and texts cannot become structure: names from data are text, whatever signs they hold.

import { visible } from "../../pages/index.ts";
import type { Measured } from "../../passport/index.ts";
import { amountOf } from "./value-words.ts";

/** Text of a line: signs that Markdown or HTML would read are escaped, line ends become spaces. */
export const plain = (text: string): string =>
  visible(text)
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[\\`*_{}[\]<>#|~!&]/g, (sign) => (sign === "&" ? "&amp;" : sign === "<" ? "&lt;" : `\\${sign}`));

/** A table; cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A value with its interval: `0.749 [0.722, 0.766]`. @param name of the value, for its unit */
export const measured = (name: string, { value, low, high }: Measured): string => {
  const shown = (n: number) => amountOf(name, n);
  return low === undefined || high === undefined ? shown(value) : `${shown(value)} [${shown(low)}, ${shown(high)}]`;
};
