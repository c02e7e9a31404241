// What a folder says of its tokenizer beside tokenizer.json: tokenizer_config.json, special_tokens_map.json and chat templates, read
// as Transformers reads them. Knows no text and no disk.
import { isJsonRecord, type JsonRecord, type JsonValue } from "../formats/index.ts";
import type { BertTextOptions } from "./bert-file.ts";
import { fault } from "./checked-json.ts";
import type { SpecialTokens } from "./tokenizer.ts";

/** Roles that a token may have. */
export const tokenRoles = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"] as const satisfies (keyof SpecialTokens)[];

/** The content of files that stand beside a tokenizer; each may be absent. */
export interface SettingsFiles {
  /** tokenizer_config.json */
  readonly config?: JsonRecord;
  /** special_tokens_map.json: the older place of the roles. */
  readonly specialTokens?: JsonRecord;
  /** chat_template.jinja, and the named ones of additional_chat_templates/. */
  readonly templates?: Readonly<Record<string, string>>;
}

/** Entries that name files or code of another machine. */
const foreign = new Set(["auto_map", "name_or_path", "special_tokens_map_file", "tokenizer_file", "vocab_file"]);

/**
 * One record of all settings, in the form of tokenizer_config.json. The map of special tokens wins over a config without
 * `added_tokens_decoder` and counts for nothing beside one with it; a template of its own wins over the config's.
 */
export function tokenizerSettings({ config = {}, specialTokens = {}, templates = {} }: SettingsFiles): JsonRecord {
  const settings = Object.entries(config).filter(([name]) => !foreign.has(name));
  const map = Object.hasOwn(config, "added_tokens_decoder") ? [] : Object.entries(specialTokens);
  const named = Object.entries(templates).map(([name, template]) => ({ name, template }));
  const chat =
    named.length === 0
      ? []
      : [["chat_template", named.length === 1 && templates.default ? templates.default : named] as const];
  return Object.fromEntries([...settings, ...map, ...chat]);
}

/** A token as settings write it: its text, or an object with `content`. */
export function tokenText(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  return isJsonRecord(value) && typeof value.content === "string" ? value.content : undefined;
}

/** The tokens of the roles that settings name. */
export function rolesOf(settings: JsonRecord): Partial<Record<keyof SpecialTokens, string>> {
  return Object.fromEntries(
    tokenRoles.flatMap((role) => {
      const token = tokenText(settings[`${role}_token`]);
      return token === undefined ? [] : [[role, token]];
    }),
  );
}

/** WordPiece tokenizers that a vocab.txt is the whole vocabulary of, without `Tokenizer` and `Fast`. */
const wordPiece = new Set(
  "Bert DistilBert Electra Ernie ConvBert MobileBert SqueezeBert LayoutLM Funnel RetriBert PreTrained".split(" "),
);

/** The name of a tokenizer class without its ending: `Bert` of `BertTokenizerFast`; undefined where settings name none. */
export function tokenizerClass(settings: JsonRecord): string | undefined {
  const name = settings.tokenizer_class;
  return typeof name === "string"
    ? name.replace(/(Tokenizer(Fast)?|TokenizersBackend)$/, "") || "PreTrained"
    : undefined;
}

/**
 * How settings treat text, for a vocab.txt. Defaults as Transformers': case is folded.
 * @throws ConcordError E_TOKENIZER for a class that does more than WordPiece (BertJapaneseTokenizer), or a wrong entry
 */
export function bertTextOptions(settings: JsonRecord, path = "tokenizer_config.json"): BertTextOptions {
  const kind = tokenizerClass(settings);
  if (kind !== undefined && !wordPiece.has(kind))
    throw fault(`${path}: tokenizer_class`, "this class is not covered with a vocab.txt", {
      expected: "BertTokenizer or another WordPiece tokenizer",
      got: String(settings.tokenizer_class),
      hint: "save it in Python as tokenizer.json: AutoTokenizer.from_pretrained(folder).save_pretrained(folder)",
    });
  const flag = (name: string, otherwise: boolean): boolean => optionalFlag(settings, name, path) ?? otherwise;
  const { unk, cls, sep, pad, mask } = rolesOf(settings);
  const special = Object.fromEntries(
    Object.entries({ unk, cls, sep, pad, mask }).filter((role): role is [string, string] => role[1] !== undefined),
  );
  return {
    lowercase: flag("do_lower_case", true),
    stripAccents: optionalFlag(settings, "strip_accents", path),
    handleChineseChars: flag("tokenize_chinese_chars", true),
    special,
  };
}

function optionalFlag(settings: JsonRecord, name: string, path: string): boolean | undefined {
  const value = settings[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "boolean") return value;
  throw fault(`${path}: ${name}`, "wrong type", { expected: "true, false or null", got: JSON.stringify(value) });
}

/** A token that settings add to a vocabulary, with its id where they say it. */
export interface MoreToken {
  readonly content: string;
  readonly id?: number;
  readonly flags: Partial<Record<"single_word" | "lstrip" | "rstrip" | "normalized" | "special", boolean>>;
}

/**
 * Tokens beyond the vocabulary file: `added_tokens_decoder`, else added_tokens.json; then further special tokens.
 * @param addedTokens content of added_tokens.json: token → id
 */
export function moreTokens(settings: JsonRecord, addedTokens: JsonRecord = {}): MoreToken[] {
  const decoder = settings.added_tokens_decoder;
  const listed = isJsonRecord(decoder)
    ? Object.entries(decoder).flatMap(([id, value]) => tokenOf(value, Number(id)))
    : Object.entries(addedTokens).flatMap(([content, id]) =>
        tokenOf({ content }, typeof id === "number" ? id : undefined),
      );
  const special = Array.isArray(settings.additional_special_tokens) ? settings.additional_special_tokens : [];
  return [...listed, ...special.flatMap((value) => tokenOf(value, undefined, true))];
}

function tokenOf(value: JsonValue, id: number | undefined, special = false): MoreToken[] {
  const content = tokenText(value);
  if (content === undefined) return [];
  const names = ["single_word", "lstrip", "rstrip", "normalized", "special"] as const;
  const given = isJsonRecord(value) ? value : {};
  const flags = Object.fromEntries(
    names.flatMap((name) => (typeof given[name] === "boolean" ? [[name, given[name]]] : [])),
  );
  return [{ content, id, flags: { special, ...flags } }];
}
