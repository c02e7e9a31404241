// Tables of a JSON Schema's keys: one for each object, with values, default and meaning. Knows no particular schema.
import { descriptionsInChinese } from "./descriptions-zh.ts";
import { cell, code, type Language, table } from "./markdown.ts";

/** What this needs to know of a JSON Schema. */
export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
}

const words = {
  en: {
    head: ["key", "values", "default", "meaning"],
    required: "required",
    text: "text",
    number: "number",
    integer: "whole number",
    list: (of: string) => `list of ${of}`,
    keys: "keys, see below",
    map: (of: string) => `name → ${of}`,
    multiple: (of: number) => `a multiple of ${of}`,
    or: " or ",
  },
  zh: {
    head: ["键", "取值", "默认值", "含义"],
    required: "必填",
    text: "文本",
    number: "数值",
    integer: "整数",
    list: (of: string) => `列表：${of}`,
    keys: "若干键，见下文",
    map: (of: string) => `名称 → ${of}`,
    multiple: (of: number) => `${of} 的倍数`,
    or: "，或",
  },
} as const;

/** The meaning of a key. @throws Error where a description, or its Chinese, is missing */
function meaning({ description }: Schema, path: string, language: Language): string {
  if (!description) throw new Error(`${path}: no description`);
  if (language === "en") return description;
  const chinese = descriptionsInChinese[description];
  if (!chinese) throw new Error(`${path}: no Chinese in tools/reference/descriptions-zh.ts for “${description}”`);
  return chinese;
}

/** Bounds as people write them: `≥ 1`, `0 … 1`, `> 0`. Bounds of the number format itself say nothing. */
function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema): string {
  const low = exclusiveMinimum ?? minimum;
  const given = exclusiveMaximum ?? maximum;
  const high = given === Number.MAX_SAFE_INTEGER ? undefined : given;
  if (low === undefined || low === -Number.MAX_SAFE_INTEGER) return high === undefined ? "" : `≤ ${high}`;
  const whole = exclusiveMinimum !== undefined && Number.isInteger(minimum ?? Number.NaN);
  if (high === undefined) return `${exclusiveMinimum !== undefined && !whole ? ">" : "≥"} ${low}`;
  const [open, close] = [exclusiveMinimum === undefined ? "[" : "(", exclusiveMaximum === undefined ? "]" : ")"];
  return `${open}${low}, ${high}${close}`;
}

function values(schema: Schema, language: Language): string {
  const say = words[language];
  const { type, enum: choices, anyOf, items, properties, additionalProperties } = schema;
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (choices) return choices.map((value) => code(String(value))).join(", ");
  if (anyOf) return [...new Set(anyOf.map((one) => values(one, language)))].join(say.or);
  if (Array.isArray(type)) return say.text; // words that YAML reads as numbers or true and false
  if (type === "array") return say.list(values(items ?? {}, language));
  if (properties) return say.keys;
  if (type === "object")
    return say.map(typeof additionalProperties === "object" ? values(additionalProperties, language) : say.text);
  if (type === "boolean") return `${code("true")}, ${code("false")}`;
  if (type !== "number" && type !== "integer") return say.text;
  const parts = [
    say[type],
    range(schema),
    schema.multipleOf && schema.multipleOf !== 1 && say.multiple(schema.multipleOf),
  ];
  return parts.filter(Boolean).join(" ");
}

/** Objects within a schema that have keys of their own. */
const inner = (schema: Schema): Schema | undefined =>
  schema.properties
    ? schema
    : (schema.anyOf?.find((one) => one.properties) ?? (schema.items?.properties ? schema.items : undefined));

const shownDefault = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return code(text.replaceAll('","', '", "'));
};

/**
 * Sections of Markdown: the keys of an object, then those of the objects in it.
 * @param path of the object's own key; empty for the whole file
 * @throws Error for a key without a description or without its Chinese
 */
export function keySections(schema: Schema, path: string, language: Language, level = 2): string[] {
  const say = words[language];
  const own = Object.entries(schema.properties ?? {});
  const rows = own.map(([key, value]) => {
    const name = path ? `${path}.${key}` : key;
    const needed = schema.required?.includes(key) && value.default === undefined && value.const === undefined;
    const fallback = needed ? say.required : value.default === undefined ? "" : shownDefault(value.default);
    return [
      code(name),
      values(value, language),
      inner(value) && !needed ? "" : fallback,
      meaning(value, name, language),
    ].map(cell);
  });
  const below = own.flatMap(([key, value]) => {
    const object = inner(value);
    if (!object) return [];
    const name = path ? `${path}.${key}` : key;
    const deeper = keySections(object, name, language, Math.min(level + (path ? 1 : 0), 4));
    return [
      `${"#".repeat(path ? Math.min(level + 1, 4) : 2)} ${name}\n\n${cell(meaning(value, name, language))}`,
      ...deeper,
    ];
  });
  return [table(say.head, rows), ...below];
}
