// Numbers as text: read where there is one reading, else the reason why not. Knows no table. Pure.

/** Digits with a point, and an exponent: what every program writes. */
const plain = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Full-width digits and the minus sign of typographers are those of ASCII. */
const ascii = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\u2212/g, "-")
    .trim();

/**
 * A finite number; nothing for what could be read in two ways, such as 1,234.
 * @example numberIn("−2.5") // -2.5
 */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : fromText(value);
  return Number.isFinite(number) ? number : undefined;
}

const fromText = (value: unknown): number => {
  const text = typeof value === "string" ? ascii(value) : "";
  return plain.test(text) ? Number(text) : Number.NaN;
};

/** True for digits whose points could stand between thousands: 12.500. */
export const maybeThousands = (text: string): boolean => /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text.trim());

const money = "\\p{Sc}|(?:USD|EUR|GBP|CHF|JPY|CNY|RMB|INR|KRW|kr|Rs\\.?|zł|元|円|원)";
const digits = "[\\d.,'’\\s\\u00a0\\u202f]*\\d";
const shapes: readonly (readonly [RegExp, string])[] = [
  [new RegExp(`^[+-]?(?:${money})\\s*[+-]?${digits}$|^[+-]?${digits}\\s*(?:${money})$`, "iu"), "currency"],
  [/^[+-]?[\d.,]+\s*[%‰]$/u, "percent"],
  [/^[+-]?\d{1,3}([,.'’\s\u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?$/u, "thousands"],
  [/^[+-]?\d*,\d+$/u, "comma"],
  [/^[<>≤≥~≈±]|^[+-]?[\d.,]+\s*(-|–|~|to|bis|至|到)\s*[\d.,]+$/u, "range"],
  [/^[+-]?[\d.,]*\d\s*[\p{L}°][\p{L}°/²³\d]*\.?$/u, "unit"],
];

/** How a text that is no plain number writes one. */
export type NumberFault = "currency" | "percent" | "thousands" | "comma" | "range" | "unit";

/** @returns undefined where it does not look like a number at all */
export function numberFault(value: unknown): NumberFault | undefined {
  if (typeof value !== "string") return undefined;
  const text = ascii(value);
  return shapes.find(([shape]) => shape.test(text))?.[1] as NumberFault | undefined;
}

/** What to do about each. */
export const numberRemedies: Readonly<Record<NumberFault, string>> = {
  currency: "write the number alone, 1234.50, and the currency in the column's name",
  percent: "write the number alone, 45 or 0.45, the same in all rows",
  thousands: "write 1234.5: a point before decimals, and nothing between thousands",
  comma: "write 2.35 for 2,35: decimals come after a point",
  range: "write one number for each row, such as the middle of the range",
  unit: "write the number alone, and its unit in the column's name",
};
