// Small runs of every task and kind of data, for tests of what compression makes of them. Knows no compression.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { random } from "../../src/base/index.ts";
import { configOf, type JsonRecord } from "../../src/formats/index.ts";
import { encodePng } from "../../src/modalities/node/index.ts";
import { initialise, modelOf } from "../../src/models/index.ts";
import { saveModel } from "../../src/models/node/index.ts";
import { tokenizerConfig } from "../../src/predict/index.ts";
import { readRecipe } from "../../src/recipe/read-recipe.ts";
import { runRecipe } from "../../src/runs/run.ts";
import { composed, jsTokenizer, trainWordPiece } from "../../src/tokenizers/index.ts";

const symptoms = {
  flu: ["fever", "shivers", "aching limbs"],
  cold: ["runny nose", "sneezing", "sore throat"],
} as const;
const when = ["since monday", "again", "at work", "every morning"];

type Draw = <T>(list: readonly T[]) => T;
type RowOf = (i: number, pick: Draw) => Readonly<Record<string, unknown>>;

const label = (i: number) => (i % 2 ? "flu" : "cold");
const single: RowOf = (i, pick) => ({
  text: `${pick(symptoms[label(i)])} ${i % 5 ? "" : pick([...symptoms.flu, ...symptoms.cold])} ${pick(when)} ${i}`,
  label: label(i),
  sex: i % 3 ? "f" : "m",
});

const small = "scratch: { vocabulary: 300, width: 32, layers: 2, heads: 2, inner: 64 }";
const learned = "adapt: { epochs: 4, batchSize: 16, learningRate: 3e-3, threads: 1";

interface Case {
  /** More of the recipe than its table, as lines of YAML. */
  readonly recipe: string;
  /** More keys of `data`. */
  readonly data?: string;
  readonly row?: RowOf;
  /** Config of a decoder with random weights that the run starts from. */
  readonly start?: JsonRecord;
}

/** Recipes by what is special in them. */
export const compressCases = {
  "single-label": { recipe: `model: { ${small}, maxLength: 24 }\n${learned} }` },
  "multi-label": {
    recipe: `task: multi-label\nmodel: { ${small}, maxLength: 24 }\n${learned} }`,
    row: (i, pick) => {
      const both = pick([0, 1, 2]);
      const labels = both === 2 ? ["flu", "cold"] : [label(i)];
      return {
        text: `${labels.map((one) => pick(symptoms[one as "flu"])).join(" and ")} ${pick(when)} ${i}`,
        label: labels.join(";"),
        sex: i % 3 ? "f" : "m",
      };
    },
  },
  regression: {
    recipe: `task: regression\nmodel: { ${small}, maxLength: 24 }\n${learned} }`,
    row: (i, pick) => {
      const days = pick([1, 2, 3, 4, 5, 6, 7]);
      return {
        text: `${pick(symptoms.flu)} for ${days} days ${i}`,
        label: 10 * days + pick([-1, 0, 1]),
        sex: i % 3 ? "f" : "m",
      };
    },
  },
  pairs: {
    recipe: `model: { ${small}, maxLength: 32 }\n${learned} }`,
    data: "pair: answer, ",
    row: (i, pick) => ({ ...single(i, pick), answer: `${pick(["rest", "tea", "water"])} ${i}` }),
  },
  entities: {
    recipe: `task: entities\nmodel: { ${small}, maxLength: 24 }\n${learned.replace("epochs: 4", "epochs: 8")} }`,
    row: (i, pick) => {
      const [drug, before] = [pick(["aspirin", "insulin", "ibuprofen"]), pick(["took ", "no ", "again some "])];
      const text = `${before}${drug} on day ${i}`;
      return { text, spans: [[before.length, before.length + drug.length, "drug"]], sex: i % 3 ? "f" : "m" };
    },
  },
  images: {
    recipe: `modality: image
model: { scratch: { side: 8, patch: 4, width: 32, layers: 2, heads: 2, inner: 64, scale: 0.1, dropout: 0 } }
adapt: { epochs: 8, batchSize: 8, learningRate: 5e-3, threads: 1 }`,
  },
  decisions: {
    recipe: `model: { ${small}, maxLength: 24 }
${learned}, mitigation: { attribute: sex, decisions: group-thresholds } }`,
  },
  lora: {
    recipe: `model: { ${small}, maxLength: 24 }\npretrain: { epochs: 1 }\n${learned}, method: lora, rank: 4 }`,
  },
  gpt2: {
    recipe: `model: { from: gpt2-start, maxLength: 24 }\n${learned} }`,
    start: { model_type: "gpt2", n_embd: 32, n_layer: 2, n_head: 2, n_positions: 32, pad_token_id: 0 },
  },
  llama: {
    recipe: `model: { from: llama-start, maxLength: 24 }\n${learned} }`,
    start: {
      model_type: "llama",
      hidden_size: 32,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      num_key_value_heads: 1,
      intermediate_size: 64,
      max_position_embeddings: 32,
      pad_token_id: 0,
    },
  },
  private: {
    recipe: `model: { ${small}, maxLength: 24 }\npretrain: { epochs: 1 }\n${learned}, privacy: { epsilon: 8 } }`,
  },
} satisfies Readonly<Record<string, Case>>;

export type CompressCase = keyof typeof compressCases;

/** Trains a case in a folder. @returns the run */
export async function compressCase(name: CompressCase, home: string): Promise<string> {
  const { recipe, data = "", row = single, start }: Case = compressCases[name];
  const rng = random(`compress ${name}`);
  const pick: Draw = (list) => list[rng.int(list.length)]!;
  const run = join(home, name);
  const images = name === "images";
  if (images) await writeImages(home, rng.int);
  else {
    const rows = Array.from({ length: 300 }, (_, i) => JSON.stringify(row(i, pick)));
    writeFileSync(join(home, `${name}.jsonl`), `${rows.join("\n")}\n`);
  }
  if (start) await writeDecoder(join(home, `${name}-start`), start);
  const table = images ? "file: images, " : `file: ${name}.jsonl, similarity: 1, attributes: [sex], ${data}`;
  const text = `version: 1
name: ${name}
data: { ${table}split: { dev: 0.2, test: 0.3 } }
${recipe}
evaluate: { resamples: 20 }
export: { onnx: false }
`;
  await runRecipe(readRecipe(text, "recipe.yaml"), { home, folder: run });
  return run;
}

/** A decoder that has learned nothing, with a vocabulary of the symptoms. */
async function writeDecoder(folder: string, start: JsonRecord): Promise<void> {
  const texts = [...symptoms.flu, ...symptoms.cold, ...when, "0 1 2 3 4 5 6 7 8 9"];
  const tokenizer = await jsTokenizer(composed(trainWordPiece(texts, { vocabSize: 200, minFrequency: 1 })));
  const model = modelOf(configOf({ ...start, vocab_size: tokenizer.vocabSize }, "start"));
  const files = {
    "tokenizer.json": JSON.stringify(tokenizer.source),
    "tokenizer_config.json": tokenizerConfig(tokenizer, 32),
  };
  await saveModel(folder, model, initialise(model, random(4)), files);
}

/** Bright above or bright below, with noise. */
async function writeImages(home: string, int: (below: number) => number): Promise<void> {
  for (let i = 0; i < 160; i++) {
    const above = i % 2 === 1;
    const folder = join(home, "images", above ? "above" : "below");
    mkdirSync(folder, { recursive: true });
    const data = Uint8Array.from({ length: 192 }, (_, p) => (p < 96 === above ? 150 : 60) + int(90));
    writeFileSync(join(folder, `${i}.png`), await encodePng({ width: 8, height: 8, data }));
  }
}
