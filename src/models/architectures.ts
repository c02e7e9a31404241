// Architectures: one file each, and one row here that says all that others ask of one. A row is data; its `read` builds the model.
import { ConcordError } from "../base/index.ts";
import { type Config, field, text } from "../formats/index.ts";
import { withAdapter } from "./adapted.ts";
import { albert } from "./albert.ts";
import { bert } from "./bert.ts";
import { chainModule, withChain } from "./chain.ts";
import { choiceHead, readChoices } from "./choices.ts";
import { deberta } from "./deberta.ts";
import { dinov2 } from "./dinov2.ts";
import { distilbert } from "./distilbert.ts";
import { electra } from "./electra.ts";
import { withEmbedding } from "./embedding.ts";
import {
  albertEntries,
  bertEntries,
  debertaEntries,
  deitEntries,
  dinov2Entries,
  distilbertEntries,
  electraEntries,
  ernieEntries,
  gpt2Entries,
  type KnownEntries,
  knownConfig,
  llamaEntries,
  mistralEntries,
  modernbertEntries,
  mpnetEntries,
  qwen2Entries,
  qwen3Entries,
  seriesPatchesEntries,
  smollm3Entries,
  vitEntries,
} from "./entries.ts";
import { gpt2 } from "./gpt2.ts";
import { headFactsOf } from "./head-facts.ts";
import type { Family } from "./heads.ts";
import { insteadOf } from "./instead.ts";
import { type LlamaStyle, llama } from "./llama.ts";
import { withFactors } from "./low-rank.ts";
import type { Model, ModelParts, OutputLayer } from "./model.ts";
import { modernbert } from "./modernbert.ts";
import { mpnet } from "./mpnet.ts";
import { orderedModule, readOrdered } from "./ordinal.ts";
import { roberta } from "./roberta.ts";
import { seriesPatches } from "./series-patches.ts";
import { withSeveral } from "./several.ts";
import { readSpans, spanHead, spanModule } from "./spans.ts";
import { readTextHead, textHeadEntry, textHeadModule } from "./text-head.ts";
import { vit } from "./vit.ts";

/** One architecture: how Transformers names its heads and weights, what it reads, and what builds it. */
export interface Architecture extends Omit<Family, "type"> {
  /** What its rows are. */
  readonly reads: Model["reads"];
  /** Modules of its heads, by the end of their names: an adapter's run trains them whole. */
  readonly whole: readonly string[];
  /** Linear weights are stored [in, out]. Default false: [out, in]. */
  readonly transposed?: boolean;
  readonly entries: KnownEntries;
  readonly read: (config: Config, family: Family) => ModelParts;
}

const wholeAndWords = ["ForSequenceClassification", "ForTokenClassification"] as const;
const encoderHeads = ["Model", ...wholeAndWords, "ForMaskedLM"] as const;
const quotingHeads = [...encoderHeads, spanHead] as const;
/** Of architectures whose heads for whole texts and for choices have the same layers. */
const choosingHeads = [...quotingHeads, choiceHead] as const;
const bertOutput: OutputLayer = {
  names: ["cls.predictions.decoder.weight"],
  biases: { "cls.predictions.bias": "cls.predictions.decoder.bias" },
};
const robertaRow: Omit<Architecture, "name"> = {
  prefix: "roberta.",
  reads: "text",
  heads: quotingHeads,
  whole: ["classifier", "pooler", "lm_head"],
  output: { names: ["lm_head.decoder.weight"], biases: { "lm_head.bias": "lm_head.decoder.bias" } },
  entries: bertEntries,
  read: roberta,
};
const llamaRow: Omit<Architecture, "name" | "entries" | "read"> = {
  prefix: "model.",
  reads: "text",
  heads: ["Model", "ForCausalLM", ...wholeAndWords],
  whole: ["score", "lm_head"],
  output: { names: ["lm_head.weight"], mayDiffer: true },
};
const vitRow: Omit<Architecture, "name" | "prefix" | "entries" | "read"> = {
  reads: "image",
  heads: ["Model", "ForImageClassification"],
  whole: ["classifier", "pooler"],
};
const deit: Architecture["read"] = (config, family) => vit(config, family, { distillationToken: true });
const llamaLike =
  (style: LlamaStyle): Architecture["read"] =>
  (config, family) =>
    llama(config, family, style);

/** Architectures by `model_type`. */
export const architectures: Readonly<Record<string, Architecture>> = {
  albert: {
    name: "Albert",
    prefix: "albert.",
    reads: "text",
    heads: [...choosingHeads, "ForPreTraining"],
    whole: ["classifier", "pooler", "predictions"],
    output: {
      names: ["predictions.decoder.weight"],
      biases: { "predictions.bias": "predictions.decoder.bias" },
    },
    entries: albertEntries,
    read: albert,
  },
  bert: {
    name: "Bert",
    prefix: "bert.",
    reads: "text",
    heads: [...choosingHeads, "ForPreTraining"],
    whole: ["classifier", "pooler", "cls"],
    output: bertOutput,
    entries: bertEntries,
    read: bert,
  },
  camembert: { name: "Camembert", ...robertaRow },
  "deberta-v2": {
    name: "DebertaV2",
    prefix: "deberta.",
    reads: "text",
    heads: ["Model", ...wholeAndWords, spanHead, choiceHead],
    whole: ["classifier", "pooler"],
    entries: debertaEntries,
    read: deberta,
  },
  deit: { name: "DeiT", ...vitRow, prefix: "deit.", entries: deitEntries, read: deit },
  dinov2: { name: "Dinov2", ...vitRow, prefix: "dinov2.", whole: ["classifier"], entries: dinov2Entries, read: dinov2 },
  distilbert: {
    name: "DistilBert",
    prefix: "distilbert.",
    reads: "text",
    heads: choosingHeads,
    whole: ["pre_classifier", "classifier", "vocab_transform", "vocab_layer_norm", "vocab_projector"],
    output: { names: ["vocab_projector.weight"] },
    entries: distilbertEntries,
    read: distilbert,
  },
  electra: {
    name: "Electra",
    prefix: "electra.",
    reads: "text",
    heads: [...quotingHeads, "ForPreTraining"],
    answers: { ForPreTraining: "features" },
    whole: ["classifier", "generator_predictions", "generator_lm_head"],
    output: {
      names: ["generator_lm_head.weight"],
    },
    entries: electraEntries,
    read: electra,
  },
  ernie: {
    name: "Ernie",
    prefix: "ernie.",
    reads: "text",
    heads: [...choosingHeads, "ForPreTraining"],
    whole: ["classifier", "pooler", "cls"],
    output: bertOutput,
    entries: ernieEntries,
    read: bert,
  },
  gpt2: {
    name: "GPT2",
    prefix: "transformer.",
    reads: "text",
    heads: ["Model", "LMHeadModel", ...wholeAndWords],
    whole: ["classifier", "score"],
    transposed: true,
    output: { names: ["lm_head.weight"] },
    entries: gpt2Entries,
    read: gpt2,
  },
  llama: { name: "Llama", ...llamaRow, entries: llamaEntries, read: llama },
  mistral: {
    name: "Mistral",
    ...llamaRow,
    entries: mistralEntries,
    read: llamaLike({ biases: { input: false, output: false } }),
  },
  modernbert: {
    name: "ModernBert",
    prefix: "model.",
    reads: "text",
    heads: encoderHeads,
    whole: ["classifier", "head", "decoder"],
    output: { names: ["decoder.weight"] },
    entries: modernbertEntries,
    read: modernbert,
  },
  mpnet: {
    name: "MPNet",
    prefix: "mpnet.",
    reads: "text",
    heads: quotingHeads,
    whole: ["classifier", "pooler", "lm_head"],
    output: { names: ["lm_head.decoder.weight"], biases: { "lm_head.bias": "lm_head.decoder.bias" } },
    entries: mpnetEntries,
    read: mpnet,
  },
  qwen2: {
    name: "Qwen2",
    ...llamaRow,
    entries: qwen2Entries,
    read: llamaLike({ biases: { input: true, output: false } }),
  },
  qwen3: { name: "Qwen3", ...llamaRow, entries: qwen3Entries, read: llamaLike({ headNorms: true, headWidth: 128 }) },
  roberta: { name: "Roberta", ...robertaRow },
  "series-patches": {
    name: "SeriesPatches",
    prefix: "series.",
    reads: "series",
    heads: ["Model", "ForPrediction"],
    whole: ["quantiles", "direct"],
    entries: seriesPatchesEntries,
    read: seriesPatches,
  },
  smollm3: {
    name: "SmolLM3",
    ...llamaRow,
    output: { ...llamaRow.output!, tied: true },
    entries: smollm3Entries,
    read: llamaLike({ someWithoutPositions: true, theta: 2e6 }),
  },
  vit: { name: "ViT", ...vitRow, prefix: "vit.", entries: vitEntries, read: vit },
  "xlm-roberta": { name: "XLMRoberta", ...robertaRow },
};

function architectureOf(config: Config): Architecture & Family {
  const type = field(config, "model_type", text);
  if (Object.hasOwn(architectures, type)) return { ...architectures[type]!, type };
  throw new ConcordError("E_MODEL", {
    operation: "read config",
    problem: `model_type ${type} is not covered`,
    expected: Object.keys(architectures).join(", "),
    hint: insteadOf(type, Object.keys(architectures)),
    path: config.path,
  });
}

/**
 * The model that a config describes.
 * @throws E_MODEL for a `model_type` or head that is not covered (lists those that are), and for an entry that is not known to be
 * without effect; E_CONFIG for a wrong entry
 * @example const model = modelOf(readConfig(bytes, "config.json"));
 */
export function modelOf(config: Config): Model {
  const architecture = architectureOf(config);
  const { type, prefix, reads, whole, transposed = false, output } = architecture;
  const known = knownConfig(config, type, architecture.entries);
  const read: Architecture["read"] = (given, family) =>
    readTextHead(given, family, (one, own) =>
      readChoices(one, own, (two, same) => readSpans(two, same, architecture.read)),
    );
  const parts = withSeveral(withEmbedding(withChain(readOrdered(known, architecture, read), known), known), known);
  const model: Model = {
    ...parts,
    parameters: withFactors(parts.parameters, known, transposed),
    type,
    config: known.entries,
    basePrefix: prefix,
    reads,
    wholeModules: [...whole, ...ownModules(parts, known)],
    transposedWeights: transposed,
    output,
  };
  return withAdapter(model, known);
}

/** Modules of heads that any architecture may have. */
function ownModules({ chained, task }: ModelParts, { entries }: Config): readonly string[] {
  const { of, ordered } = headFactsOf(task);
  return [
    ...(textHeadEntry in entries ? [textHeadModule] : []),
    ...(chained ? [chainModule] : []),
    ...(of === "spans" ? [spanModule] : []),
    ...(ordered ? [orderedModule] : []),
  ];
}

/** The class prefix of a config's architecture: `Bert`. */
export const familyOf = (config: Config): string => architectureOf(config).name;
