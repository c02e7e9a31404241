// adapt: fine-tunes the model on the task, whole or through an adapter, and saves it in the Hugging Face layout.
import { join } from "node:path";
import {
  adapter,
  facts,
  fingerprint,
  from,
  model,
  modelFingerprint,
  pretrained,
  rows,
  rowsFolder,
  statement,
  trainingCurves,
} from "../artifacts/index.ts";
import { type HostArray, random } from "../base/index.ts";
import { type Row, rowsOfTexts } from "../data/index.ts";
import { say } from "../messages/index.ts";
import { isTextProcessor, modalities } from "../modalities/node/index.ts";
import { adaptedModel, headFactsOf, headRanges, modelOf, type TaskHead } from "../models/index.ts";
import { saveAdapter, saveModel } from "../models/node/index.ts";
import { type AdapterLayout, initialiseAdapter } from "../nn/index.ts";
import { decisionsFile } from "../predict/index.ts";
import { headsOf, needsOf, type Recipe } from "../recipe/index.ts";
import { taskOf } from "../tasks/index.ts";
import { type Example, type Judge, type TrainingJob, unitCount } from "../train/index.ts";
import { recipeAdapter, reservedPositions } from "./adapter.ts";
import { mitigationGroups } from "./attribute-groups.ts";
import { type DecisionGroups, decisionGroups } from "./decision-groups.ts";
import { decisionText, type FittedDecisions, fitDecisions } from "./decisions.ts";
import { examplesOf, headLabels, rowsToRead, wordless } from "./examples.ts";
import { generationFile, generationRecord } from "./generation-file.ts";
import { imbalanceOptions } from "./imbalance.ts";
import { mitigatedExamples, mitigatedRows, objectiveFor, pairedExamples, readWordings } from "./mitigation.ts";
import { type AnyStart, headForm, makeAnyStart, openAnyStart, startFolder, textForm } from "./model.ts";
import { withOrderedStart } from "./ordered-start.ts";
import type { PartExamples } from "./part-examples.ts";
import { preferenceObjective, preferenceParts } from "./preferences.ts";
import { vocabularyOf } from "./pretrain.ts";
import { dataLedger, privacyOptions, privacyRecord, privacyWarnings, withUnits } from "./private-training.ts";
import { judgeOf, openRewards, promptExamples, rolloutPlan } from "./rewarded.ts";
import { checkSelectionRows, keptText, selectionFor, selectionRecord } from "./selection.ts";
import { defineStage, type StageContext } from "./stage.ts";
import {
  inTargetUnit,
  type OutputScale,
  onTargetScale,
  outputScales,
  scaleText,
  type TargetScale,
} from "./target-scale.ts";
import { vectorObjective } from "./text-vectors.ts";
import { cutWarning, tokenLengths } from "./token-lengths.ts";
import { stepOptions, type TrainingAids, trainStage } from "./train.ts";
import { withChats } from "./written-texts.ts";

export const adapt = defineStage({
  name: "adapt",
  version: 8,
  reads: [rows.train, rows.dev, facts.prepare, pretrained],
  makes: [model, adapter, trainingCurves, statement],
  facts: facts.adapt,
  supports: () => true,
  async settings(recipe, home) {
    const folder = startFolder(recipe, home);
    const { adapt, model, task, data } = recipe;
    const { words, attribute } = adapt.mitigation;
    return {
      task,
      ...(recipe.tasks && { tasks: recipe.tasks }),
      adapt,
      model,
      scheme: data.scheme,
      weights: folder && (await modelFingerprint(folder, model.from)),
      ...(folder && taskOf(task).writes && { generation: await generationRecord(folder) }),
      words: words && (await fingerprint(from(home, words))),
      bins: attribute && recipe.evaluate.bins[attribute],
    };
  },
  async work(context) {
    const { recipe, run, read, write } = context;
    const { labels: classes, tasks } = await read(facts.prepare);
    const [labels, heads] = [headLabels(recipe, classes), tasks && headsOf(recipe, tasks)];
    const [given, dev] = mitigationGroups(recipe, [await read(rows.train), await read(rows.dev)]);
    const wordings = recipe.adapt.mitigation.words;
    checkSelectionRows(context, dev!.length);
    const groups = decisionGroups(recipe, dev!, labels ?? []); // before an hour of training, not after
    const train = mitigatedRows(
      recipe,
      given!,
      wordings === undefined ? [] : await readWordings(from(context.home, wordings), context.recipe.data),
    );
    const opened = await startOf(context, given!, labels, heads);
    const start = readsChats(recipe, opened) ? withChats(opened, given!, recipe.model.maxLength) : opened;
    const words = isTextProcessor(start.processor) ? start.processor : undefined;
    if (words) context.emit({ kind: "note", stage: "adapt", text: textForm(words.tokenizer, context.language) });
    const scales = outputScales(recipe, start.model, given!);
    emitScales(context, scales, heads);
    const lengths = words && (await tokenLengths(recipe, words.tokenizer, rowsOfTexts(train)));
    const cut = lengths && cutWarning(recipe, lengths, train.length, context.language);
    if (cut) context.emit({ kind: "warning", stage: "adapt", text: cut });
    const [trainInputs, devInputs] = await partsOf(recipe, start, labels ?? [], [train, dev!], scales);
    const inputs = { examples: await weightedExamples(context, start, train, trainInputs!.examples) };
    const judgedPart = dev!.length && !needsOf(recipe).rollouts ? devInputs : undefined;
    const [{ job, layout }, devScore] = [jobOf(recipe, start, inputs, judgedPart, scales), judgedPart?.score];
    const { result, curves, seconds, first, engine } = await judgedJob(context, start, train, async (judge) =>
      trainedJob(context, job, layout, devScore, { judge, data: await dataLedger(recipe, context.home, given!) }),
    );
    const { selected } = result;
    const adapted = adaptedModel(start.model, layout, result.weights, modelOf);
    const unmerged = new Map(inTargetUnit(start.model, result.weights, scales));
    const trained = new Map<string, HostArray>(inTargetUnit(start.model, adapted.weights, scales));
    const fitted =
      groups &&
      words &&
      (await fitDecisions(
        recipe,
        { model: adapted.model, weights: trained, tokenizer: words.tokenizer, labels: labels! },
        rowsOfTexts(given!),
        rowsOfTexts(dev!),
        groups,
      ));
    if (fitted) reportFittedDecisions(context, fitted, groups!);
    for (const [name, array] of fitted?.head ?? []) trained.set(name, array);
    const files = {
      ...(fitted && { [decisionsFile]: JSON.stringify(fitted.rule) }),
      ...start.processor.files(),
      ...(await generationFile(recipe, context.home, start.processor)),
    };
    const base = recipe.model.from ?? "pretrain";
    if (layout) await write(adapter, (folder) => saveAdapter(folder, start.model, layout, unmerged, base));
    await write(model, (folder) => saveModel(folder, adapted.model, trained, files));
    await write(trainingCurves, curves);
    const privacy = recipe.adapt.privacy && (await privacyRecord(run, recipe, dev!.length > 0));
    if (privacy) await write(statement, privacy);
    const parameters = start.model.parameters.reduce((n, p) => n + p.shape.reduce((a, b) => a * b, 1), 0);
    return {
      labels: labels ?? start.model.labels?.names ?? [],
      ...(lengths && { tokens: lengths }),
      parameters,
      freshParameters: start.fresh.length,
      ...(engine && { engine }),
      ...(scales.length && { targets: heads ? scales : scales[0] }),
      ...(fitted && { decisions: fitted.rule.fitted }),
      ...(privacy && { privacy: { epsilon: privacy.epsilon, delta: privacy.delta } }),
      seconds,
      examplesPerSecond: (train.length * curves.epochs.length) / seconds,
      devScores: curves.epochs.map((e) => e.score),
      ...(devScore && { devScore: devScore.name }),
      ...(selected && { selection: selectionRecord(recipe, devScore!, selected) }),
      ...(first && { headFirst: { devScores: first.devScores, seconds: first.seconds } }),
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  },
});

/** Says which scales were taken, and of which task where there are several. */
function emitScales(
  { emit, language }: StageContext,
  scales: readonly OutputScale[],
  heads: readonly TaskHead[] | undefined,
): void {
  for (const scale of scales) {
    const task = heads && headRanges(heads).find(({ start }) => start === scale.output)?.head.name;
    emit({ kind: "note", stage: "adapt", text: scaleText(scale, language, task) });
  }
}

/** Trains with somebody who judges the model's own answers, where the recipe has rewards. */
async function judgedJob<T>(
  { recipe, home }: Pick<StageContext, "recipe" | "home">,
  { processor }: AnyStart,
  rows: readonly Row[],
  train: (judge: Judge | undefined) => Promise<T>,
): Promise<T> {
  if (!needsOf(recipe).rollouts || !isTextProcessor(processor)) return await train(undefined);
  const { rewards, dispose } = await openRewards(recipe, home);
  return await train(judgeOf(rewards, processor.tokenizer, rowsOfTexts(rows))).finally(dispose);
}

/** Whether the start is to have a chat template: rows are answers, and not prompts that are asked as the start was taught. */
const readsChats = (recipe: Recipe, { model }: AnyStart): boolean => {
  const { writes, ranks } = taskOf(recipe.task);
  return (writes === true && !needsOf(recipe).rollouts) || (ranks === true && model.causal === true);
};

/** Examples of training and validation rows, as the recipe's objective learns them. */
async function partsOf(
  recipe: Recipe,
  { processor, model, weights }: AnyStart,
  labels: readonly string[],
  parts: readonly (readonly Row[])[],
  scales: readonly OutputScale[],
): Promise<PartExamples[]> {
  const { pairs, verdicts, rollouts } = needsOf(recipe);
  if (!pairs && !verdicts && !rollouts)
    return await Promise.all(parts.map((rows) => examplesOf(recipe, processor, labels, rows, scales, model.heads)));
  if (!isTextProcessor(processor)) throw wordless(recipe);
  const { tokenizer } = processor;
  if (!rollouts) return await preferenceParts(recipe, { model, weights, tokenizer }, parts.map(rowsOfTexts));
  const examples = await promptExamples(recipe, tokenizer, rowsOfTexts(parts[0]!));
  return [{ examples, score: { name: "perplexity", better: "lower", of: () => Number.NaN } }];
}

/** Trains: the head by itself first where the recipe says so, then what the job says; and says which epoch is kept. */
async function trainedJob(
  context: StageContext,
  job: TrainingJob,
  layout: AdapterLayout | undefined,
  devScore: PartExamples["score"] | undefined,
  aids: TrainingAids,
) {
  const { recipe, emit } = context;
  const first = recipe.adapt.headFirst && (await headAlone(context, job, layout, devScore));
  const weights = first ? new Map([...job.weights, ...first.weights]) : job.weights;
  const selection = devScore && selectionFor(recipe, devScore);
  const trained = await trainStage("adapt", context, { ...job, weights, selection }, devScore, aids);
  const { selected } = trained.result;
  const kept = selected && keptText(context, devScore!, selected);
  if (kept) emit({ kind: "note", stage: "adapt", text: kept });
  return { ...trained, first };
}

/** What was reached on dev, and how far it can be trusted. */
function reportFittedDecisions(
  { recipe, language, emit }: StageContext,
  fitted: FittedDecisions,
  { attribute, names, rows, left }: DecisionGroups,
): void {
  const { tolerance } = recipe.adapt.mitigation;
  const kind = fitted.after.disparity <= tolerance ? "note" : "warning";
  emit({ kind, stage: "adapt", text: decisionText(recipe, fitted, language) });
  const warn = (text: string) => emit({ kind: "warning", stage: "adapt", text });
  const [fewest] = [...rows.keys()].sort((a, b) => rows[a]! - rows[b]!);
  const count = rows[fewest!]!;
  if (count < 100) {
    const error = (0.98 / Math.sqrt(count)).toFixed(2); // half of a 95 % interval, at the widest
    warn(say(language, "mitigation.noisy", { group: names[fewest!]!, rows: count, error }));
  }
  if (left.length) warn(say(language, "mitigation.left", { attribute, groups: left.join(", ") }));
}

/** Training examples with the weights and counterparts of the recipe's mitigation; warns of what they come to. */
async function weightedExamples(
  context: StageContext,
  { processor }: AnyStart,
  rows: readonly Row[],
  examples: readonly Example[],
): Promise<Example[]> {
  const { recipe, language, emit } = context;
  const mitigated = mitigatedExamples(recipe, rows, examples);
  const made = isTextProcessor(processor)
    ? await pairedExamples(recipe, processor.tokenizer, rowsOfTexts(rows), mitigated)
    : mitigated;
  if (recipe.adapt.mitigation.pairing > 0) emitPairs(context, made);
  const units = withUnits(recipe, rows, made);
  for (const text of privacyWarnings(recipe, unitCount(units), language))
    emit({ kind: "warning", stage: "adapt", text });
  return units;
}

/** Says how many texts are paired: with none, pairing changes nothing. */
function emitPairs({ emit, language }: StageContext, examples: readonly Example[]): void {
  const paired = examples.filter((e) => e.counterparts).length;
  const text = say(language, "fairness.pairing", { paired, texts: examples.length });
  emit({ kind: paired ? "note" : "warning", stage: "adapt", text });
}

/** Trains the head by itself, with everything below it as it is. */
export async function headAlone(
  context: StageContext,
  { adapter: _, frozen: _f, ...job }: TrainingJob,
  layout: AdapterLayout | undefined,
  devScore: PartExamples["score"] | undefined,
) {
  const { epochs, learningRate } = context.recipe.adapt.headFirst!;
  const added = new Set(layout?.parameters.map((p) => p.name));
  const alone: TrainingJob = {
    ...job,
    weights: new Map([...job.weights].filter(([name]) => !added.has(name))), // the adapter comes afterwards
    trains: "head",
    options: { ...job.options, epochs, learningRate, encoderRate: undefined, average: undefined },
  };
  const headContext = { ...context, keep: join(context.keep, "head") };
  const { result, curves, seconds } = await trainStage("adapt-head", headContext, alone, devScore);
  return { weights: result.weights, devScores: curves.epochs.map((e) => e.score), seconds };
}

/** From pretraining if there was some, else from the recipe's folder, else anew. */
export async function startOf(
  {
    recipe,
    home,
    find,
    emit,
    language,
  }: Pick<StageContext<typeof pretrained>, "recipe" | "home" | "find" | "emit" | "language">,
  rows: readonly Row[],
  labels: readonly string[] | undefined,
  heads?: readonly TaskHead[],
): Promise<AnyStart> {
  const task = taskOf(recipe.task).head;
  const modality = modalities[recipe.modality];
  const folder = (await find(pretrained)) ?? startFolder(recipe, home);
  if (!folder) {
    const causal = headFactsOf(task).ahead > 0 || recipe.model.scratch?.decoder !== undefined;
    const reserved = reservedPositions(recipe.adapt, causal);
    return makeAnyStart(modality, recipe, rowsFolder(recipe, home), rowsToRead(recipe, rows), task, labels, {
      reserved,
      heads,
    });
  }
  const { maxLength } = recipe.model;
  const options = { home: rowsFolder(recipe, home), maxLength, seed: recipe.seed, ...headForm(recipe), heads };
  const start = await openAnyStart(modality, folder, task, labels, options);
  emit({ kind: "note", stage: "adapt", text: say(language, "run.fresh", { parameters: start.fresh.length }) });
  return start;
}

/** The job that trains it as the recipe says. @param scales on which numbers are learned */
export function jobOf(
  recipe: Recipe,
  { model, weights, fresh, processor }: AnyStart,
  { examples }: Pick<PartExamples, "examples">,
  dev: Pick<PartExamples, "examples" | "judged"> | undefined,
  scales: readonly OutputScale[] | TargetScale | undefined = undefined,
) {
  const { base, threads, epochs, batchSize, learningRate, warmupRatio, weightDecay, labelSmoothing } = recipe.adapt;
  const { encoderRate, average, layerDecay, tokenMasking: share } = recipe.adapt;
  const { weighting, stepSize } = recipe.adapt.mitigation;
  const groupRobust = weighting === "group-robust" ? stepSize : undefined;
  // noise grows with what is trained: privately, only what starts from random values is trained whole beside the adapter
  const trainWhole =
    recipe.adapt.privacy && fresh.length < model.parameters.length ? modulesOf(fresh) : model.wholeModules;
  const layout = recipeAdapter(recipe, model, { trainWhole });
  const read = (name: string) => weights.get(name)!;
  const job: TrainingJob = {
    config: model.config,
    weights: new Map<string, HostArray>([
      ...withOrderedStart(recipe, model, onTargetScale(model, weights, fresh, scales), fresh, examples),
      ...(layout ? initialiseAdapter(layout, random(recipe.seed), read) : []),
    ]),
    examples,
    dev: dev?.judged ?? dev?.examples,
    adapter: layout?.options,
    frozen: layout && base,
    threads,
    objective: taskOf(recipe.task).embeds
      ? vectorObjective(recipe)
      : taskOf(recipe.task).chooses
        ? { name: "choices", settings: undefined }
        : (preferenceObjective(recipe) ?? objectiveFor(recipe)),
    rollouts:
      needsOf(recipe).rollouts && isTextProcessor(processor)
        ? rolloutPlan(recipe, { model, tokenizer: processor.tokenizer })
        : undefined,
    ...(recipe.adapt.engine !== "concord" && { engine: recipe.adapt.engine }),
    augment: recipe.adapt.augment,
    trains: encoderRate === 0 ? "head" : undefined,
    frozenLayers: recipe.adapt.freezeLayers,
    tokenMasking:
      share > 0 && isTextProcessor(processor)
        ? { share, vocabulary: vocabularyOf(model, processor.tokenizer) }
        : undefined,
    options: {
      epochs,
      batchSize,
      learningRate,
      warmupRatio,
      weightDecay,
      labelSmoothing,
      ...imbalanceOptions(recipe, model.labels?.names.length ?? 0, examples),
      seed: recipe.seed,
      groupRobust,
      ...(needsOf(recipe).rollouts && { dropout: false }),
      ...(encoderRate > 0 && encoderRate < 1 && { encoderRate }),
      ...(average > 0 && { average }),
      ...(layerDecay !== undefined && { layerDecay }),
      ...stepOptions(recipe.adapt),
    },
  };
  const privacy = privacyOptions(recipe);
  if (privacy) return { job: { ...job, options: { ...job.options, privacy } }, layout };
  return { job, layout };
}

const modulesOf = (parameters: readonly string[]): string[] => [
  ...new Set(parameters.map((name) => name.slice(0, name.lastIndexOf(".")))),
];
