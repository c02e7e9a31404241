// Numbers as text: read where there is one reading, else the reason why not. Knows no table. Pure.

/** Marks that begin a fraction: 2.35 or 2,35. */
export const decimalMarks = [".", ","] as const;
export type DecimalMark = (typeof decimalMarks)[number];

/** Digits with a mark, and an exponent: what programs write. */
const plain = {
  ".": /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i,
  ",": /^[+-]?(\d+,?\d*|,\d+)(e[+-]?\d+)?$/i,
} as const;

/** Signs between thousands: before three digits each, and all the same. */
const grouped = {
  ".": /^[+-]?(?:[1-9]\d{0,2}(?:([,'’ ])\d{3}(?:\1\d{3})*)|[1-9]\d?(?:,\d{2})+,\d{3})(?:\.\d+)?$/, // in India also 12,34,567
  ",": /^[+-]?[1-9]\d{0,2}(?:([.'’ ])\d{3}(?:\1\d{3})*)(?:,\d+)?$/,
} as const;

/** First digits of scripts that write numbers with their own: Arabic, Persian, Devanagari, Bengali, Thai. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50];
const ownDigit = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u09e6-\u09ef\u0e50-\u0e59]/g;
const digitOf = (sign: string): string => {
  const code = sign.charCodeAt(0);
  return String(code - zeros.find((zero) => code >= zero && code < zero + 10)!);
};

/** Full-width digits, digits of other scripts, Arabic's decimal mark and the minus sign of typographers are those of ASCII. */
const ascii = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\u2212/g, "-")
    .replace(/\u066b/g, ".")
    .replace(ownDigit, digitOf)
    .trim();

/**
 * A finite number; nothing for what could be read in two ways, such as 1,234.
 * @param decimal mark that begins a fraction, where that was told: then signs may stand between thousands too. Default a point,
 * and nothing between thousands
 * @example numberIn("−2.5") // -2.5
 * @example numberIn("1.234,5", ",") // 1234.5
 */
export function numberIn(value: unknown, decimal?: DecimalMark): number | undefined {
  const number =
    typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : fromText(value, decimal);
  return Number.isFinite(number) ? number : undefined;
}

function fromText(value: unknown, decimal?: DecimalMark): number {
  const text = typeof value === "string" ? ascii(value) : "";
  const mark = decimal ?? ".";
  if (plain[mark].test(text)) return Number(text.replace(mark, "."));
  if (decimal === undefined || !grouped[mark].test(text)) return Number.NaN;
  const [whole, fraction = "0"] = text.split(mark);
  return Number(`${whole!.replace(/[.,'’ ]/g, "")}.${fraction}`);
}

/** True for digits whose one mark could stand between thousands instead: 12.500; with decimal commas also 12,500. */
export const maybeThousands = (text: string, mark: DecimalMark = "."): boolean =>
  (mark === "." ? /^[+-]?[1-9]\d{0,2}\.\d{3}$/ : /^[+-]?[1-9]\d{0,2},\d{3}$/).test(text.trim());

const money = "\\p{Sc}|(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|KRW|kr|Rs\\.?|zł|元|円|원)";
const digits = "[\\d.,'’\\s\\u00a0\\u202f]*\\d";
const shapes: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^[+-]?(?:${money})\\s*[+-]?${digits}$|^[+-]?${digits}\\s*(?:${money})$`, "iu"), "currency"],
  [/^[+-]?[\d.,]+\s*[%‰]$/u, "percent"],
  [/^[+-]?[1-9]\d{0,2}([,.'’\s\u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?$/u, "thousands"],
  [/^[+-]?[1-9]\d?(,\d{2})+,\d{3}(\.\d+)?$/u, "thousands"],
  [/^[+-]?\d*,\d+$/u, "comma"],
  [/^[+-]?\d*\.\d+$/u, "point"],
  [/^[<>≤≥~≈±]|^[+-]?[\d.,]+\s*(-|–|~|to|bis|至|到)\s*[\d.,]+$/u, "range"],
  [/^[+-]?[\d.,]*\d\s*[\p{L}°][\p{L}°/²³\d]*\.?$/u, "unit"],
];

/** How a text that is no plain number writes one. */
export type NumberFault = "currency" | "percent" | "thousands" | "comma" | "point" | "range" | "unit";

/**
 * @param decimal as for {@link numberIn}
 * @returns undefined where it is a number, or does not look like one at all
 */
export function numberFault(value: unknown, decimal?: DecimalMark): NumberFault | undefined {
  if (typeof value !== "string" || numberIn(value, decimal) !== undefined) return undefined;
  const text = ascii(value);
  return shapes.find(([shape]) => shape.test(text))?.[1] as NumberFault | undefined;
}

/** What to do about each. */
export const numberRemedies: Readonly<Record<NumberFault, string>> = {
  currency: "write the number alone, 1234.50, and the currency in the column's name",
  percent: "write the number alone, 45 or 0.45, the same in all rows",
  thousands:
    "write 1234.5, or say which mark begins a fraction, with data.decimal or --decimal: , reads 1.234,5 and . reads 1,234.5",
  comma: "write 2.35 for 2,35, or say that a comma begins a fraction: data.decimal: ',' (--decimal ,)",
  point: "write all numbers with one mark: where a comma begins a fraction, 2,35 and 1.234,5 are read, and 2.35 is not",
  range: "write one number for each row, such as the middle of the range",
  unit: "write the number alone, and its unit in the column's name",
};
