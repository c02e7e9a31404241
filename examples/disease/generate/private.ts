// Private details that belong to nobody: numbers from ranges kept for fiction or never assigned, names that say what they are.
import type { Random } from "../../../src/base/index.ts";
import { pick } from "./draw.ts";
import type { Language } from "./people.ts";

export interface PrivateDetail {
  readonly kind: "name" | "phone" | "id" | "email";
  readonly value: string;
}

const digits = (count: number, rng: Random) => Array.from({ length: count }, () => rng.int(10)).join("");

/** Names and what introduces each detail, as a sentence of its own. */
const details: Readonly<Record<Language, readonly ((rng: Random) => PrivateDetail & { readonly sentence: string })[]>> =
  {
    en: [
      (rng) => {
        const value = `${pick(["Jane", "John", "Mary", "Peter", "Ann"], rng)} ${pick(["Sample", "Specimen", "Placeholder", "Nobody", "Fictional"], rng)}`;
        return { kind: "name", value, sentence: `My name is ${value}.` };
      },
      (rng) => {
        const value = `555-01${digits(2, rng)}`;
        return { kind: "phone", value, sentence: `You can call me on ${value}.` };
      },
      (rng) => {
        const value = `XX-000-${digits(6, rng)}`;
        return { kind: "id", value, sentence: `My patient number is ${value}.` };
      },
      (rng) => {
        const value = `patient${digits(4, rng)}@example.org`;
        return { kind: "email", value, sentence: `My address is ${value}.` };
      },
    ],
    zh: [
      (rng) => {
        const value = `${pick(["张", "李", "王", "赵", "陈"], rng)}${pick(["示例", "某某", "样本", "虚构"], rng)}`;
        return { kind: "name", value, sentence: `我叫${value}。` };
      },
      (rng) => {
        const value = `100000${digits(5, rng)}`; // no mobile number begins with 100
        return { kind: "phone", value, sentence: `我电话${value}。` };
      },
      (rng) => {
        const value = `000000${1950 + rng.int(60)}0000${digits(3, rng)}X`; // no such place, no such day
        return { kind: "id", value, sentence: `身份证号${value}。` };
      },
      (rng) => {
        const value = `patient${digits(4, rng)}@example.org`;
        return { kind: "email", value, sentence: `邮箱是${value}。` };
      },
    ],
  };

/** The text with a private detail at its end, and what was added. */
export function withPrivateDetail(
  text: string,
  language: Language,
  rng: Random,
): { text: string; detail: PrivateDetail } {
  const { kind, value, sentence } = pick(details[language], rng)(rng);
  const closed = /[.?!。？！]$/.test(text) ? text : `${text}${language === "zh" ? "。" : "."}`;
  return { text: `${closed}${language === "zh" ? "" : " "}${sentence}`, detail: { kind, value } };
}
