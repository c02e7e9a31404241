// Membership inference on a run's own rows: training rows against rows that were held out, matched by label and group so that the
// two sides differ by training alone, as far as the data allows.
import { join } from "node:path";
import { facts } from "../artifacts/index.ts";
import {
  blindScores,
  liraScores,
  type MembershipReport,
  membershipReport,
  type References,
  rmiaScores,
} from "../attacks/index.ts";
import { groupBy, random, shuffle } from "../base/index.ts";
import { rowsOfTexts, splitWords, type TextRow } from "../data/index.ts";
import type { Interval } from "../eval/index.ts";
import type { Processor } from "../modalities/index.ts";
import { adaptedModel, modelOf } from "../models/index.ts";
import { isTextPredictor, type Predictor } from "../predict/index.ts";
import type { Recipe } from "../recipe/index.ts";
import { cpuRuntime } from "../runtime/node/ort.ts";
import {
  examplesOf,
  groupsOfRows,
  headAlone,
  inTargetUnit,
  jobOf,
  startOf,
  targetScale,
  trainStage,
  wordless,
} from "../stages/index.ts";
import { answeringTaskOf, type Rows } from "../tasks/index.ts";
import type { TextAuditContext } from "./define-audit.ts";

/** Attacks by name; `blind` never asks the model. */
export interface MembershipRecord {
  readonly attacks: Readonly<Record<string, MembershipReport>>;
  /** The most that any of them finds, by each measure, with intervals that hold for all of them together. */
  readonly strongest: StrongestAttack;
  /** What an attacker without the model finds: above chance where the two sides differ by themselves. */
  readonly blind: MembershipReport;
  /** Reference models; none means that only the weakest attack was tried. */
  readonly references: number;
}

/** Of several attacks: the largest value, and ends that hold for all of them (Bonferroni). */
export type StrongestAttack = Pick<MembershipReport, "auc" | "tprAtFpr" | "epsilonLower"> & {
  readonly attacks: number;
};

/** @returns undefined with too few rows on a side */
export async function membershipRecord(
  context: TextAuditContext,
  settings: { readonly rows: number; readonly references: number },
  delta: number,
): Promise<MembershipRecord | undefined> {
  const { recipe, rows, unadjusted: predictor } = context; // who attacks has the model itself
  const nonMembers = [...rows.dev, ...rows.test].filter((row) => !row.inTraining);
  const { members, others } = matched(rows.train, nonMembers, settings.rows, recipe.seed);
  if (members.length < 20) return undefined;
  const all = [...members, ...others];
  const signals = await signalsOf(context, predictor, all);
  const [memberCount, foreign] = [members.length, all.length];
  const units = all.some((r) => r.group !== undefined) ? all.map((r, i) => r.group ?? `row ${i}`) : undefined;
  const reportOf = (scores: ArrayLike<number>, confidence = 0.95): MembershipReport => {
    const list = Float64Array.from(scores);
    return membershipReport(
      {
        members: list.subarray(0, memberCount),
        others: list.subarray(memberCount, foreign),
        memberUnits: units?.slice(0, memberCount),
        otherUnits: units?.slice(memberCount, foreign),
      },
      delta,
      confidence,
    );
  };
  const blind = blindScores(
    all.map((row) => row.text),
    all.map((_, i) => i < memberCount),
    (text) => splitWords(text).map(([start, end]) => text.slice(start, end).toLowerCase()),
  );
  const scores: Record<string, ArrayLike<number>> = { threshold: signals };
  if (settings.references > 0) {
    const references = await trainReferences(context, all, memberCount, settings.references);
    const population = Array.from({ length: foreign - memberCount }, (_, i) => memberCount + i);
    scores.rmia = rmiaScores(signals, references, population);
    scores.lira = liraScores(signals, references);
  }
  const count = Object.keys(scores).length;
  const attacks = Object.fromEntries(Object.entries(scores).map(([name, by]) => [name, reportOf(by)]));
  const together = Object.values(scores).map((by) => reportOf(by, 1 - 0.05 / count));
  return { attacks, strongest: strongestOf(together), blind: reportOf(blind), references: settings.references };
}

function strongestOf(reports: readonly MembershipReport[]): StrongestAttack {
  const most = (of: (report: MembershipReport) => Interval): Interval => {
    const all = reports.map(of);
    const largest = (end: "estimate" | "low" | "high") => Math.max(...all.map((attack) => attack[end]));
    return { estimate: largest("estimate"), low: largest("low"), high: largest("high"), confidence: 0.95 };
  };
  const shares = Object.keys(reports[0]!.tprAtFpr);
  return {
    attacks: reports.length,
    auc: most((r) => r.auc),
    tprAtFpr: Object.fromEntries(shares.map((share) => [share, most((r) => r.tprAtFpr[share]!)])),
    epsilonLower: Math.max(...reports.map((r) => r.epsilonLower)),
  };
}

/** As many rows of each side in every cell of label and attributes. */
export function matched(
  trained: readonly TextRow[],
  nonMembers: readonly TextRow[],
  most: number,
  seed: number,
): { members: TextRow[]; others: TextRow[] } {
  const cellOf = (row: TextRow) => JSON.stringify([row.labels, row.attributes]);
  const rng = random(`membership ${seed}`);
  const cells = groupBy(shuffle([...trained], rng.split("members")), cellOf);
  const members: TextRow[] = [];
  const others: TextRow[] = [];
  for (const [cell, outside] of groupBy(shuffle([...nonMembers], rng.split("others")), cellOf)) {
    const inside = cells.get(cell) ?? [];
    const count = Math.min(inside.length, outside.length);
    members.push(...inside.slice(0, count));
    others.push(...outside.slice(0, count));
  }
  const order = shuffle([...members.keys()], rng.split("order")).slice(0, most);
  return { members: order.map((i) => members[i]!), others: order.map((i) => others[i]!) };
}

/** {@link surenessOf} of a model of the run. */
function signalsOf(
  { recipe, processor, rows: { train } }: TextAuditContext,
  predictor: Predictor<unknown>,
  rows: Rows,
) {
  const scale = targetScale(recipe, predictor.model, train);
  return surenessOf(recipe, { predictor, processor }, rows, scale?.std);
}

/**
 * How sure a model is of each row's own answer, of entities of the tags of all its words; higher is surer.
 * @param unit standard deviation of the targets, where they are numbers. Default 1
 */
export async function surenessOf(
  recipe: Recipe,
  { predictor, processor }: { readonly predictor: Predictor<unknown>; readonly processor: Processor },
  rows: Rows,
  unit = 1,
): Promise<Float64Array> {
  const task = answeringTaskOf(recipe.task);
  const labels = predictor.model.labels?.names ?? [];
  if (task.words && isTextPredictor(predictor)) {
    const texts = rowsOfTexts(rows);
    const words = await predictor.wordLogits(texts.map(({ text }) => text));
    return Float64Array.from(texts, (row, i) => task.sureness(words[i]!, row, labels, recipe.data.scheme));
  }
  if (task.words) throw wordless(recipe);
  const { atOnce = Math.max(1, rows.length) } = processor;
  const signals: number[] = [];
  for (let start = 0; start < rows.length; start += atOnce) {
    const part = rows.slice(start, start + atOnce);
    const logits = await predictor.logits(await processor.inputs(part), groupsOfRows(predictor, part));
    for (const [i, row] of part.entries()) signals.push(task.sureness(logits[i]!, row, labels, unit));
  }
  return Float64Array.from(signals);
}

/**
 * Which attacked rows each reference model is trained on: half of them, all rows of a patient together, and every second model those that
 * the one before was not trained on, so that each row is in half of the models.
 * @returns [models][rows] 0 or 1
 */
export function referenceHalves(units: readonly (string | number)[], count: number, seed: number): Uint8Array[] {
  const names = [...new Set(units)];
  const number = new Map(names.map((name, u) => [name, u]));
  let chosen = new Set<number>();
  return Array.from({ length: count }, (_, k) => {
    if (k % 2 === 0) {
      const order = shuffle([...names.keys()], random(`reference ${seed} ${k}`));
      chosen = new Set(order.slice(0, order.length >> 1));
    } else chosen = new Set([...names.keys()].filter((u) => !chosen.has(u)));
    const chosenRows = chosen;
    return Uint8Array.from(units, (name) => Number(chosenRows.has(number.get(name)!)));
  });
}

/**
 * Models trained like the run's own, on as many rows: half of the attacked ones, and all training rows that are not attacked.
 * @param members of the attacked rows how many (the first) are training rows
 */
async function trainReferences(
  context: TextAuditContext,
  attacked: readonly TextRow[],
  members: number,
  count: number,
): Promise<References> {
  const { recipe } = context;
  const inTarget = new Set(attacked.slice(0, members));
  const others = context.rows.train.filter((row) => !inTarget.has(row));
  const halves = referenceHalves(
    attacked.map((row, i) => row.group ?? i),
    count,
    recipe.seed,
  );
  const signals: Float64Array[] = [];
  for (const [k, holds] of halves.entries()) {
    const trainRows = [...others, ...attacked.filter((_, i) => holds[i])];
    signals.push(
      await referenceSignals(context, k, shuffle(trainRows, random(`reference rows ${recipe.seed} ${k}`)), attacked),
    );
  }
  return { signals, trained: halves };
}

/** Trains one reference model and asks it about the attacked rows. */
async function referenceSignals(
  context: TextAuditContext,
  k: number,
  rows: readonly TextRow[],
  attacked: readonly TextRow[],
): Promise<Float64Array> {
  const { recipe, model } = context;
  const labels = model.labels?.names;
  // attackers add no noise; a private reference would also be charged to the run's ledger
  const open = { ...recipe, seed: recipe.seed + 1000 + k, adapt: { ...recipe.adapt, privacy: undefined } };
  const referenceContext = { ...context, recipe: open, keep: join(context.keep, `reference-${k}`) };
  const start = await startOf(context, context.rows.train, labels);
  const scale = targetScale(recipe, start.model, context.rows.train);
  const { examples } = await examplesOf(
    recipe,
    start.processor,
    labels ?? [],
    rows,
    scale && [{ ...scale, output: 0 }],
  );
  const { job, layout } = jobOf(open, start, { examples }, undefined, scale);
  const first = recipe.adapt.headFirst && (await headAlone(referenceContext, job, layout, undefined));
  const lastEpoch = (await context.find(facts.adapt))?.selection?.kept; // as long as the model that is attacked
  const ready = { ...job, lastEpoch, weights: new Map([...job.weights, ...(first ? first.weights : [])]) };
  const { result } = await trainStage("audit-privacy", referenceContext, ready);
  const adapted = adaptedModel(start.model, layout, result.weights, modelOf);
  const answering = inTargetUnit(start.model, adapted.weights, scale);
  const reference = await start.processor.predictor(adapted.model, answering, cpuRuntime);
  try {
    return await signalsOf(context, reference, attacked);
  } finally {
    await reference.dispose();
  }
}
