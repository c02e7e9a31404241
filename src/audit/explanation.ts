// The audit of explanations: how faithful each method is on a sample of test texts, which words drive each class, in which cohorts
// the model errs more. Quotes words that many texts have, no text.

import { predictions as answers } from "../artifacts/index.ts";
import { isConcordError, type Random, random } from "../base/index.ts";
import { splitWords, type TextRow } from "../data/index.ts";
import { type MeanScore, wilson } from "../eval/index.ts";
import {
  classWords,
  type Explainer,
  explainer,
  type Judgement,
  judgeMethods,
  smallestFlip,
} from "../explanation/index.ts";
import { type Language, say } from "../messages/index.ts";
import { inputOf } from "../modalities/node/index.ts";
import { initialise } from "../models/index.ts";
import type { Measured } from "../passport/index.ts";
import { textPredictor } from "../predict/index.ts";
import type { AuditSettings } from "../recipe/index.ts";
import { cohortsOf, findSlices } from "../robustness/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import { taskOf } from "../tasks/index.ts";
import { type AuditDefinition, drawn, type TextAuditContext } from "./define-audit.ts";

type Settings = Exclude<AuditSettings["explanation"], false>;

export const explanationAudit: AuditDefinition<"explanation"> = {
  name: "explanation",
  version: 2,
  async measure(context, settings) {
    const { recipe, weights, unadjusted: predictor, rows, language, emit } = context;
    const rng = random(recipe.seed).split("explanation");
    const total = settings.methods.length;
    const modelExplainer = explainer(weights, predictor, cpuRuntime);
    const drawnAnew = settings.randomised ? await randomisedModels(context) : [];
    const sample = drawn(rows.test, settings.rows, rng.split("rows"));
    try {
      const judged = await judgeMethods(modelExplainer, sample.map(inputOf), {
        ...settings,
        random: drawnAnew,
        temperature: context.temperature,
        resamples: recipe.evaluate.resamples,
        rng,
        onMethod: (done) => emit({ kind: "progress", stage: "audit-explanation", done, total, values: {} }),
      });
      const flip = await flips(context, sample);
      const words = await drivingWords(modelExplainer, context, settings, rng);
      const cohorts = await cohortSearch(context, settings);
      return {
        record: { ...judged, flip, words, cohorts },
        values: valuesOf(judged, flip, cohorts),
        text: say(language, "explain.audit", summaryOf(judged, language)),
      };
    } finally {
      await modelExplainer.dispose();
      for (const { dispose } of drawnAnew) await dispose();
    }
  },
};

/** The run's model with weights that have learned nothing: in the head, in the upper half of its blocks too, and in all of it. */
async function randomisedModels({ model, weights, tokenizer, recipe }: TextAuditContext) {
  const fresh = initialise(model, random(recipe.seed).split("explanation weights"));
  const heads = new Set(model.parameters.filter((p) => p.head).map((p) => p.name));
  const block = (name: string) => Number(/\.(\d+)\./.exec(name)?.[1] ?? -1);
  const blocks = Math.max(0, ...model.parameters.map((p) => block(p.name) + 1));
  const parts: [string, (name: string) => boolean][] = [
    ["head", (name) => heads.has(name)],
    ["upper", (name) => heads.has(name) || (block(name) >= 0 && block(name) >= Math.floor(blocks / 2))],
    ["all", () => true],
  ];
  const made = [];
  for (const [part, isRandom] of parts) {
    const trainedScores = new Map(
      [...weights].map(([name, array]) => [name, isRandom(name) ? (fresh.get(name) ?? array) : array]),
    );
    const predictor = await textPredictor(model, trainedScores, tokenizer, cpuRuntime, {
      maxLength: recipe.model.maxLength,
    });
    const ownExplainer = explainer(trainedScores, predictor, cpuRuntime);
    const dispose = async () => {
      await ownExplainer.dispose();
      await predictor.dispose();
    };
    made.push({ part, explainer: ownExplainer, dispose });
  }
  return made;
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
async function cohortSearch({ read, rows, recipe }: TextAuditContext, { slices: most, falseDiscoveryRate }: Settings) {
  if (most === 0 || rows.test.length === 0) return { slices: [], tested: 0, falseDiscoveryRate, wrong: "error" };
  const predictions = await read(answers);
  const support = recipe.evaluate.smallestCell;
  const task = taskOf(recipe.task);
  const whole = rows.test.map((r) => ({
    text: r.text,
    label: task.exclusive ? r.labels[0] : undefined,
    attributes: r.attributes,
    words: splitWords(r.text).map(([start, end]) => r.text.slice(start, end)),
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
