// A cell of a table in text form. Pure.

/** A cell as CSV has it: in quotes where it holds a delimiter, a quote or a line break (RFC 4180). @example csvCell('5" nail') // '"5"" nail"' */
export const csvCell = (text: string, delimiter = ","): string =>
  text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
