// Every artifact of a run: what it is called, where it lies, and what its reader makes sure of. File names are written here only.
import { z } from "zod";
import type { Row, SplitName, TextRow } from "../data/index.ts";
import { type EpochSelection, type Measured, validationScores } from "../passport/index.ts";
import { type AuditName, auditNames } from "../recipe/index.ts";
import type { DataFacts } from "../report/index.ts";
import type { Prediction } from "../tasks/index.ts";
import type { Profile } from "../watch/index.ts";
import { factsOf, jsonFile, jsonLines, subfolder, textFile } from "./artifact.ts";
import type { Baseline } from "./baseline-answers.ts";
import { compressionRecord } from "./compression-record.ts";
import type { Curves } from "./curves.ts";
import { checkModelFolder, statementFile } from "./files.ts";

export {
  type AnyArtifact,
  type Artifact,
  type ArtifactReader,
  artifactsIn,
  type Evidence,
  type Facts,
  type StageRecords,
  stands,
} from "./artifact.ts";

const text = z.string();
const texts = z.array(text);
const counts = z.record(text, z.number());
const anything = z.record(text, z.unknown());
/** A number; JSON has null for one that is not finite. */
const number = z.union([z.number(), z.null().transform(() => Number.NaN)]);
const optional = <T>(schema: z.ZodType<T>) => z.union([schema, z.null().transform(() => undefined)]).optional();
const span = z.looseObject({ start: z.number(), end: z.number(), type: text });

const rowFields = {
  place: text,
  labels: texts,
  value: z.number().optional(),
  targets: z.record(text, z.object({ labels: texts, value: z.number().optional() })).optional(),
  group: text.optional(),
  attributes: z.record(text, text),
  part: text.optional(),
  inTraining: z.literal(true).optional(),
  text: text.optional(),
  pair: text.optional(),
  rejected: text.optional(),
  desirable: z.boolean().optional(),
  image: text.optional(),
  words: z.array(z.tuple([z.number(), z.number()])).optional(),
  spans: z.array(span).optional(),
};
const row: z.ZodType<Row> = z.looseObject(rowFields);
const textRow: z.ZodType<TextRow> = z.looseObject({ ...rowFields, text });

/** A line of predictions.jsonl. */
export type PlacedPrediction = Prediction & {
  /** `file:line` of its row. */
  readonly place?: string;
  /** Where decisions changed the answer: what it was before. */
  readonly undecided?: string;
};
const prediction: z.ZodType<PlacedPrediction> = z.looseObject({
  truth: z.unknown().optional(),
  predicted: z.unknown(),
  probabilities: z.record(text, z.number()).optional(),
  place: text.optional(),
  undecided: text.optional(),
});

const curves: z.ZodType<Curves> = z.looseObject({
  loss: z.array(number),
  learningRate: z.array(number),
  epochs: z.array(z.looseObject({ step: z.number(), score: optional(z.number()) })),
});

const answer = z.union([text, z.number(), texts, z.array(span), z.array(number)]);
const baseline: z.ZodType<Baseline> = z.looseObject({
  name: z.enum([
    "majority",
    "median",
    "linear",
    "pixels",
    "lookup",
    "ngram",
    "bm25",
    "longer",
    "start",
    "sentence",
    "place",
    "similar",
    "tfidf",
    "naive",
    "seasonal-naive",
    "drift",
    "lags",
  ]),
  task: optional(text),
  rows: z.number(),
  kind: optional(z.enum(["regression", "centroid"])),
  features: optional(z.number()),
  strength: optional(z.number()),
  answers: z.array(answer),
});

const shown = z.record(text, z.union([z.number(), text]));
const dataReport: z.ZodType<DataFacts> = z.looseObject({
  rows: z.looseObject({ in: z.number(), kept: z.number(), dropped: z.number(), quarantined: z.number() }),
  quarantine: counts,
  duplicates: z.looseObject({
    exact: z.number(),
    nearClusters: z.number(),
    nearRows: z.number(),
    conflicting: z.number(),
    straddling: z.number(),
    kept: z.record(text, z.object({ training: z.number(), own: z.number() })).optional(),
  }),
  parts: counts,
  labels: z.record(text, shown),
  tasks: z.record(text, counts).optional(),
  attributes: z.record(text, z.record(text, shown)),
  remarks: texts.optional(),
  warnings: texts,
});

const measured: z.ZodType<Measured> = z.looseObject({
  value: number,
  low: optional(number),
  high: optional(number),
  extreme: z.literal(true).optional(),
});

const tokens = z.object({
  limit: z.number(),
  median: z.number(),
  percentile95: z.number(),
  longest: z.number(),
  longRows: z.number(),
  beyond: z.number(),
});

const rowsOf = <Part extends SplitName, R extends Row>(part: Part, schema: z.ZodType<R>) =>
  jsonLines(`${part} rows`, `data/${part}.jsonl`, schema, "data");
/** Rows of each part. */
export const rows = { train: rowsOf("train", row), dev: rowsOf("dev", row), test: rowsOf("test", row) };
/** The same, of a recipe of texts. */
export const textRows = {
  train: rowsOf("train", textRow),
  dev: rowsOf("dev", textRow),
  test: rowsOf("test", textRow),
};
export const quarantine = jsonLines("quarantine", "data/quarantine.jsonl", anything, "data");
export const report = {
  data: jsonFile("data report", "data/data-report.json", "concord-data-report", dataReport, "data"),
  page: textFile("report", "report.html"),
};

/** A model folder and the curves of its training, before the task is learned. */
export const pretrained = subfolder("pretrained model", "pretrained", checkModelFolder);
export const pretrainingCurves = jsonFile(
  "pretraining curves",
  "pretrained/curves.json",
  "concord-curves",
  curves,
  "pretrained",
);

export const model = subfolder("model", "model", checkModelFolder);
export const adapter = subfolder("adapter", "adapter");
export const trainingCurves = jsonFile("curves", "curves.json", "concord-curves", curves);
export const statement = jsonFile("privacy statement", statementFile, "concord-privacy", anything);

export const baselines = jsonFile(
  "baselines",
  "baselines.json",
  "concord-baselines",
  z.looseObject({ baselines: z.array(baseline) }),
);
export const metrics = jsonFile("metrics", "metrics.json", "concord-metrics", anything);
export const predictions = jsonLines("predictions", "predictions.jsonl", prediction);
export const classTable = textFile("classes", "classes.csv");
export const onnx = subfolder("onnx", "onnx");
/** A model folder that is complete by itself: see compression.json there. */
export const compressed = subfolder("compressed model", "compressed", compressionRecord.read);

const numbers = z.array(z.number());
const profileShape: z.ZodType<Profile & { values: Readonly<Record<string, Measured>> }> = z.looseObject({
  format: z.literal("concord-profile"),
  version: z.literal(1),
  rows: z.number(),
  numbers: z.record(text, z.object({ edges: numbers, counts: numbers, means: numbers })),
  answers: counts,
  projection: z.object({ seed: z.number(), width: z.number().max(65_536), directions: z.number().max(256) }).optional(),
  values: z.record(text, measured),
});
/** What a served model is watched against; it has no values for gates. */
export const profile = jsonFile("profile", "profile.json", "concord-profile", profileShape);

const values = { values: z.record(text, measured) };
const found = z.looseObject(values);
/** A file of numbers that gates may ask for, by their names, and whatever else a stage keeps beside them. */
export const valuesFile = <Name extends string>(name: Name, path: string) =>
  jsonFile(name, path, "concord-values", found);
/** Facts of a stage that nobody but its own file reads. */
export const plainFacts = <Stage extends string>(stage: Stage) => factsOf(stage, anything);
/** What a part of the audit found, and the texts that it quotes: a release takes the first along, and never the second. */
const auditOf = <Part extends AuditName, T extends object>(part: Part, schema: z.ZodType<T>) => ({
  found: jsonFile(`audit ${part}`, `audit/${part}.json`, "concord-audit", schema),
  quotes: jsonFile(`quotes ${part}`, `audit/${part}-quotes.json`, "concord-quotes", anything),
});
const scores = z.looseObject({
  by: z.enum(["lac", "aps", "residual"]),
  all: z.array(z.number()),
  labels: z.record(text, z.array(z.number())).optional(),
});
const withSets = z.looseObject({ ...values, sets: z.looseObject({ scores }).optional() });
const compressionFound = withSets.extend({ unmeasured: texts.optional() });
export const audits = {
  fairness: auditOf("fairness", found),
  privacy: auditOf("privacy", found),
  explanation: auditOf("explanation", found),
  robustness: auditOf("robustness", withSets),
} satisfies Readonly<Record<AuditName, unknown>>;

/** The compressed model beside the one that it was made of: what changed, its own prediction sets, and what was not measured. */
export const compression = jsonFile("compression", "audit/compression.json", "concord-audit", compressionFound);

/** The files of a run that can be deployed by themselves, by the folder that holds them. */
export const deployedFiles = {
  model: `${model.path}/model.safetensors`,
  adapter: `${adapter.path}/adapter_model.safetensors`,
  onnx: `${onnx.path}/model.onnx`,
};

const selection: z.ZodType<EpochSelection> = z.looseObject({
  score: z.enum(validationScores),
  better: z.enum(["higher", "lower"]),
  patience: z.number().optional(),
  keep: z.enum(["best", "last"]),
  planned: z.number(),
  epochs: z.number(),
  stopped: z.boolean(),
  best: z.object({ epoch: z.number(), score: z.number().nullable() }),
  kept: z.number(),
});

/** What trained a model in the place of this library. */
const engine = z.object({
  name: z.literal("pytorch"),
  version: z.string(),
  python: z.string(),
  device: z.string(),
  deviceName: z.string(),
  processes: z.number(),
});

const seconds = z.number();
export const facts = {
  compress: plainFacts("compress"),
  prepare: factsOf("prepare", z.looseObject({ labels: texts, tasks: z.record(text, texts).optional(), parts: counts })),
  pretrain: factsOf("pretrain", z.looseObject({ seconds, examplesPerSecond: optional(z.number()) })),
  adapt: factsOf(
    "adapt",
    z.looseObject({
      parameters: z.number(),
      seconds,
      examplesPerSecond: optional(z.number()),
      peakMemoryBytes: optional(z.number()),
      tokens: optional(tokens),
      selection: selection.optional(),
      engine: engine.optional(),
      devScore: z.enum(validationScores).optional(),
    }),
  ),
  baseline: plainFacts("baseline"),
  evaluate: factsOf(
    "evaluate",
    z.looseObject({
      temperature: optional(z.number()),
      temperatures: z.record(text, z.number()).optional(),
      textsPerSecond: optional(z.number()),
    }),
  ),
  profile: factsOf("profile", z.looseObject({ rows: z.number() })),
  export: factsOf("export", z.looseObject({ bytes: z.number() })),
  report: factsOf("report", z.looseObject({ bytes: z.number() })),
};
/** Facts of a part of the audit. */
export const auditFacts = (part: AuditName) => factsOf(`audit-${part}`, found);

/** Everything that audits leave. */
export const allAudits = auditNames.flatMap((part) => [audits[part].found, audits[part].quotes]);
