// The audit of explanations: how faithful each method is on a sample of test rows, which words drive each class, in which cohorts
// the model errs more. Of images the parts are patches. Quotes words that many texts have, no text.

import { predictions as answers } from "../artifacts/index.ts";
import { ConcordError, type HostArray, isConcordError, type Random, random } from "../base/index.ts";
import { type Row, splitWords, type TextRow } from "../data/index.ts";
import { type MeanScore, wilson } from "../eval/index.ts";
import {
  classWords,
  type Explainer,
  explainer,
  type Judgement,
  judgeMethods,
  judgeParts,
  partMethods,
  smallestFlip,
} from "../explanation/index.ts";
import { type Language, say } from "../messages/index.ts";
import { inputOf } from "../modalities/node/index.ts";
import { initialise } from "../models/index.ts";
import type { Measured } from "../passport/index.ts";
import type { Parted, Predictor, TextPredictor } from "../predict/index.ts";
import type { AuditSettings } from "../recipe/index.ts";
import { cohortsOf, findSlices } from "../robustness/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { taskOf } from "../tasks/index.ts";
import {
  type AuditContext,
  type AuditDefinition,
  type AuditResult,
  drawn,
  isOfTexts,
  type TextAuditContext,
} from "./define-audit.ts";

type Settings = Exclude<AuditSettings["explanation"], false>;

export const explanationAudit: AuditDefinition<"explanation", AuditContext> = {
  name: "explanation",
  version: 3,
  measure: (context, settings) => (isOfTexts(context) ? ofWords(context, settings) : ofPatches(context, settings)),
};

async function ofWords(context: TextAuditContext, settings: Settings): Promise<AuditResult> {
  const { recipe, weights, unadjusted: predictor, rows, language } = context;
  const rng = random(recipe.seed).split("explanation");
  const modelExplainer = explainer(weights, predictor, cpuRuntime);
  const sample = drawn(rows.test, settings.rows, rng.split("rows"));
  const drawnAnew = [];
  try {
    if (settings.randomised)
      for (const { part, trained } of randomisedWeights(context)) {
        const reference = (await context.processor.predictor(context.model, trained, cpuRuntime)) as TextPredictor;
        drawnAnew.push({ part, predictor: reference, explainer: explainer(trained, reference, cpuRuntime) });
      }
    const judged = await judgeMethods(modelExplainer, sample.map(inputOf), {
      ...judging(context, settings, settings.methods, rng),
      steps: settings.steps,
      random: drawnAnew,
    });
    const flip = await flips(context, sample);
    const words = await drivingWords(modelExplainer, context, settings, rng);
    const cohorts = await cohortSearch(context, settings);
    return {
      record: { ...judged, of: "words", flip, words, cohorts },
      values: valuesOf(judged, flip, cohorts),
      text: say(language, "explain.audit", summaryOf(judged, language)),
    };
  } finally {
    await modelExplainer.dispose();
    for (const made of drawnAnew) {
      await made.explainer.dispose();
      await made.predictor.dispose();
    }
  }
}

/** Patches of images are hidden; methods that need gradients of words are left out. */
async function ofPatches(context: AuditContext, settings: Settings): Promise<AuditResult> {
  const { recipe, unadjusted: predictor, processor, model, rows, language } = context;
  const rng = random(recipe.seed).split("explanation");
  const methods = partMethods.filter((method) => settings.methods.includes(method));
  const inputs = await processor.inputs(drawn(rows.test, settings.rows, rng.split("rows")));
  const drawnAnew = [];
  try {
    if (settings.randomised)
      for (const { part, trained } of randomisedWeights(context))
        drawnAnew.push({ part, predictor: await processor.predictor(model, trained, cpuRuntime) });
    const judged = await judgeParts(predictor, partsOf(predictor, inputs), {
      ...judging(context, settings, methods, rng),
      random: drawnAnew.map((made) => ({ part: made.part, inputs: partsOf(made.predictor, inputs) })),
    });
    const cohorts = await cohortSearch(context, settings);
    return {
      record: { ...judged, of: "patches", cohorts },
      values: valuesOf(judged, undefined, cohorts),
      text: say(language, "explain.audit.patches", summaryOf(judged, language)),
    };
  } finally {
    for (const made of drawnAnew) await made.predictor.dispose();
  }
}

function partsOf({ parted }: Predictor<unknown>, inputs: readonly unknown[]): Parted[] {
  if (parted) return inputs.map((input) => parted(input));
  throw new ConcordError("E_MODEL", {
    operation: "audit explanation",
    problem: "no part of this model's inputs can be hidden",
    expected: "texts or images",
    hint: "set audit.explanation to false",
  });
}

/** What judging takes from the run, whatever its rows are. */
const judging = <Method extends string>(
  { recipe, temperature, emit }: AuditContext,
  { evaluations }: Settings,
  methods: readonly Method[],
  rng: Random,
) => ({
  methods,
  evaluations,
  temperature,
  resamples: recipe.evaluate.resamples,
  rng,
  onMethod: (done: number) =>
    emit({ kind: "progress", stage: "audit-explanation", done, total: methods.length, values: {} }),
});

/** The run's weights with parts that have learned nothing: the head, the upper half of the blocks too, and all of it. */
function randomisedWeights({ model, weights, recipe }: AuditContext) {
  const fresh = initialise(model, random(recipe.seed).split("explanation weights"));
  const heads = new Set(model.parameters.filter((p) => p.head).map((p) => p.name));
  const block = (name: string) => Number(/\.(\d+)\./.exec(name)?.[1] ?? -1);
  const blocks = Math.max(0, ...model.parameters.map((p) => block(p.name) + 1));
  const parts: [string, (name: string) => boolean][] = [
    ["head", (name) => heads.has(name)],
    ["upper", (name) => heads.has(name) || (block(name) >= 0 && block(name) >= Math.floor(blocks / 2))],
    ["all", () => true],
  ];
  return parts.map(([part, isRandom]) => ({
    part,
    trained: new Map<string, HostArray<"float32">>(
      [...weights].map(([name, array]) => [name, isRandom(name) ? (fresh.get(name) ?? array) : array]),
    ),
  }));
}

/** How often leaving out words flips the answer, and how many words that takes; absent for numbers. */
interface Flips {
  readonly rate: MeanScore;
  /** Share of the words of a text, where it flips. */
  readonly share: number;
}

async function flips({ unadjusted, recipe }: TextAuditContext, sample: readonly TextRow[]): Promise<Flips | undefined> {
  const { numeric, words: ofWords } = taskOf(recipe.task);
  if (numeric || ofWords || sample.length === 0) return undefined;
  const shares: number[] = [];
  for (const row of sample) {
    const { edit, words } = await smallestFlip(unadjusted, inputOf(row), { pairsAmong: 8 }); // only the share is asked
    if (edit) shares.push(edit.removed.length / words.length);
  }
  const { low, high } = wilson(shares.length, sample.length);
  return {
    rate: { value: shares.length / sample.length, low, high },
    share: shares.length ? shares.reduce((a, b) => a + b, 0) / shares.length : Number.NaN,
  };
}

/** By integrated gradients of few steps: an average over texts needs no more. */
async function drivingWords(
  modelExplainer: Explainer,
  { rows, recipe }: TextAuditContext,
  settings: Settings,
  rng: Random,
) {
  if (settings.words === 0 || settings.classRows === 0 || taskOf(recipe.task).numeric) return {};
  const steps = 12;
  const explained = [];
  for (const row of drawn(rows.test, settings.classRows, rng.split("classes").split("rows")))
    explained.push(
      await modelExplainer
        .explain(inputOf(row), { steps, mostSteps: steps, tolerance: 0.1 })
        .catch((fault: unknown) => {
          if (isConcordError(fault, "E_ARGUMENT")) return undefined; // no words, no entity, or they do not add up
          throw fault;
        }),
    );
  const texts = explained.flatMap((e) => (e ? [{ label: e.place?.entity?.type ?? e.label!, words: e.words }] : []));
  return Object.fromEntries(classWords(texts, { support: settings.support, most: settings.words }));
}

/** Which answers are wrong, from what evaluation kept; of numbers the tenth that is furthest off. */
async function cohortSearch({ read, rows, recipe }: AuditContext, { slices: most, falseDiscoveryRate }: Settings) {
  if (most === 0 || rows.test.length === 0) return { slices: [], tested: 0, falseDiscoveryRate, wrong: "error" };
  const predictions = await read(answers);
  const support = recipe.evaluate.smallestCell;
  const task = taskOf(recipe.task);
  const wordsOf = ({ text }: Row & Partial<TextRow>) =>
    text === undefined ? undefined : splitWords(text).map(([start, end]) => text.slice(start, end));
  const whole = rows.test.map((r) => ({
    label: task.exclusive ? r.labels[0] : undefined,
    attributes: r.attributes,
    words: wordsOf(r),
  }));
  const found = findSlices(task.wrong(predictions), cohortsOf(whole, support), {
    support,
    falseDiscoveryRate,
    most,
    units: rows.test.some((r) => r.group !== undefined) ? rows.test.map((r, i) => r.group ?? `row ${i}`) : undefined,
  });
  return { ...found, falseDiscoveryRate, wrong: task.wrongMeans };
}

function valuesOf(
  { methods, random: chance }: Judgement,
  flip: Flips | undefined,
  cohorts: { slices: readonly unknown[] },
) {
  const values: Record<string, Measured> = {};
  const put = (name: string, score: Measured | undefined) => {
    if (score && Number.isFinite(score.value)) values[`explanation.${name}`] = score;
  };
  for (const [method, judged] of Object.entries(methods)) {
    const { refused, cascade, ...scores } = judged;
    for (const [name, score] of Object.entries(scores)) put(`${method}.${name}`, score);
    for (const [part, score] of Object.entries(cascade ?? {})) put(`${method}.randomised.${part}`, score);
    put(`${method}.refused`, { value: refused });
  }
  for (const [name, score] of Object.entries(chance)) put(`random.${name}`, score);
  put("flip.rate", flip?.rate);
  put("flip.share", flip && { value: flip.share });
  put("cohorts", { value: cohorts.slices.length });
  return values;
}

/** The method whose explanations are best, for one line. */
function summaryOf({ methods, rows }: Judgement, language: Language) {
  const ranked = Object.entries(methods).sort(([, a], [, b]) => b.aopc.value - a.aopc.value);
  const [name, best] = ranked[0]!;
  const method = say(language, `explain.method.${name as keyof typeof methods}`);
  return { method, aopc: best.aopc.value.toFixed(3), above: best.aboveRandom.value.toFixed(3), rows };
}
