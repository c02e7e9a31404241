// The layout of sentence-transformers: modules.json names a Transformer, a pooling and perhaps a normalisation, each with a folder. Reads
// and writes these files; knows no weights.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { isJsonRecord, type JsonRecord, type JsonValue, parseJson } from "../../formats/index.ts";
import { ioError } from "../../formats/node/index.ts";
import { type EmbeddingForm, type EmbeddingPooling, embeddingEntry, type Model } from "../index.ts";

/** Entry of 1_Pooling/config.json that is true for each pooling. */
const modes: Readonly<Record<EmbeddingPooling, string>> = {
  cls: "pooling_mode_cls_token",
  mean: "pooling_mode_mean_tokens",
  max: "pooling_mode_max_tokens",
  last: "pooling_mode_lasttoken",
};

async function jsonIn(path: string): Promise<JsonValue | undefined> {
  const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return undefined;
    throw ioError(cause, "open model", path);
  });
  return text === undefined ? undefined : parseJson(text, path);
}

/**
 * How a folder makes vectors: as modules.json says; undefined where there is none.
 * @throws E_MODEL naming a module, or a pooling, that is not covered; E_IO
 * @example await sentenceForm("models/all-MiniLM-L6-v2"); // { pooling: "mean", normalize: true }
 */
export async function sentenceForm(folder: string): Promise<EmbeddingForm | undefined> {
  const path = join(folder, "modules.json");
  const modules = await jsonIn(path);
  if (modules === undefined) return undefined;
  const list = Array.isArray(modules) ? modules.filter(isJsonRecord) : [];
  const kinds = list.map(({ type }) => String(type).split(".").at(-1)!);
  const [first, second, third, ...more] = kinds;
  const covered =
    first === "Transformer" &&
    second === "Pooling" &&
    (third === undefined || third === "Normalize") &&
    !more.length &&
    list[0]!.path === "";
  if (!covered)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "modules.json has modules that are not covered",
      expected: "Transformer, Pooling and, at most, Normalize, the first in the folder itself",
      got: kinds.join(", ") || "none",
      path,
    });
  return {
    pooling: await poolingIn(join(folder, String(list[1]!.path), "config.json")),
    normalize: third !== undefined,
  };
}

/**
 * Longest text of a folder of sentence-transformers, in tokens; undefined where it says none.
 * @throws E_MODEL for one that wants its texts in small letters beforehand; E_IO
 */
export async function sentenceLength(folder: string): Promise<number | undefined> {
  const path = join(folder, "sentence_bert_config.json");
  const settings = await jsonIn(path);
  if (!isJsonRecord(settings)) return undefined;
  if (settings.do_lower_case === true)
    throw new ConcordError("E_MODEL", {
      operation: "open model",
      problem: "do_lower_case of sentence-transformers is not covered",
      expected: "false: the tokenizer itself reads capital letters as small ones, where the model wants that",
      got: "true",
      path,
    });
  return typeof settings.max_seq_length === "number" ? settings.max_seq_length : undefined;
}

async function poolingIn(path: string): Promise<EmbeddingPooling> {
  const config = await jsonIn(path);
  const entries = isJsonRecord(config) ? config : {};
  const named = typeof entries.pooling_mode === "string" ? [entries.pooling_mode] : []; // as newer versions write it
  const on = Object.entries(entries).flatMap(([name, value]) =>
    /^pooling_mode_/.test(name) && value === true ? [name] : [],
  );
  const aliases: Readonly<Record<string, EmbeddingPooling>> = {
    cls: "cls",
    mean: "mean",
    max: "max",
    lasttoken: "last",
  };
  const found = [
    ...named.map((name) => aliases[name]),
    ...(named.length ? [] : on.map((name) => poolingNames.find((pooling) => modes[pooling] === name))),
  ];
  if (found.length === 1 && found[0]) return found[0];
  throw new ConcordError("E_MODEL", {
    operation: "open model",
    problem: "the folder's pooling is not covered",
    expected: `one of ${poolingNames.map((name) => modes[name]).join(", ")}`,
    got: [...named, ...on].join(", ") || "none",
    path,
  });
}

const poolingNames = Object.keys(modes) as EmbeddingPooling[];

/** Files by which sentence-transformers opens a folder, by name; none for a model that makes no vectors. @param maxLength longest text in tokens */
export function sentenceFiles(
  { embedding, config, tokens }: Model,
  maxLength = tokens?.maxLength,
): Record<string, string> {
  if (!embedding) return {};
  const type = (name: string) => `sentence_transformers.models.${name}`;
  const width = Number(config.hidden_size ?? config.dim ?? config.n_embd);
  const modules = [
    { idx: 0, name: "0", path: "", type: type("Transformer") },
    { idx: 1, name: "1", path: "1_Pooling", type: type("Pooling") },
    ...(embedding.normalize ? [{ idx: 2, name: "2", path: "2_Normalize", type: type("Normalize") }] : []),
  ];
  const pooling = Object.fromEntries(poolingNames.map((name) => [modes[name], name === embedding.pooling]));
  const files = {
    "modules.json": modules,
    "sentence_bert_config.json": { max_seq_length: maxLength ?? null, do_lower_case: false },
    "config_sentence_transformers.json": { prompts: {}, default_prompt_name: null, similarity_fn_name: "cosine" },
    "1_Pooling/config.json": {
      word_embedding_dimension: width,
      ...pooling,
      pooling_mode_mean_sqrt_len_tokens: false,
      pooling_mode_weightedmean_tokens: false,
      include_prompt: true,
    },
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, value]) => [name, `${JSON.stringify(value, null, 2)}\n`]),
  );
}

/** A config with the form that the folder's own files say. */
export const withSentenceForm = (config: JsonRecord, form: EmbeddingForm | undefined): JsonRecord =>
  form === undefined || embeddingEntry in config ? config : { ...config, [embeddingEntry]: { ...form } };
