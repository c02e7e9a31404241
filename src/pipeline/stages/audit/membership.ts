// Membership inference on a run's own rows: training rows against rows that were held out, matched by label and group so that the
// two sides differ by training alone, as far as the data allows.
import { join } from "node:path";
import {
  blindScores,
  liraScores,
  logitOfLabel,
  type MembershipReport,
  membershipReport,
  type References,
  rmiaScores,
} from "../../../audit/index.ts";
import { groupBy, random, shuffle } from "../../../base/index.ts";
import { splitWords, type TextRow } from "../../../data/index.ts";
import { mergeLora } from "../../../nn/index.ts";
import { textPredictor } from "../../../predict/index.ts";
import { cpuRuntime } from "../../../runtime/node/ort.ts";
import { jobOf, startOf } from "../adapt.ts";
import { examplesOf } from "../examples.ts";
import { trainStage } from "../train.ts";
import type { AuditContext } from "./part.ts";

/** Attacks by name; `blind` never asks the model. */
export interface MembershipRecord {
  readonly attacks: Readonly<Record<string, MembershipReport>>;
  /** What an attacker without the model finds: above chance where the two sides differ by themselves. */
  readonly blind: MembershipReport;
  readonly references: number;
}

/** @returns undefined with too few rows on a side */
export async function membershipRecord(
  context: AuditContext,
  settings: { readonly rows: number; readonly references: number },
  delta: number,
): Promise<MembershipRecord | undefined> {
  const { recipe, rows, own: predictor } = context; // who attacks has the model itself
  const { members, others } = matched(rows.train, [...rows.dev, ...rows.test], settings.rows, recipe.seed);
  if (members.length < 20) return undefined;
  const all = [...members, ...others];
  const signals = await signalsOf(context, predictor, all);
  const [own, foreign] = [members.length, all.length];
  const units = all.some((r) => r.group !== undefined) ? all.map((r, i) => r.group ?? `row ${i}`) : undefined;
  const reportOf = (scores: ArrayLike<number>): MembershipReport => {
    const list = Float64Array.from(scores);
    return membershipReport(
      {
        members: list.subarray(0, own),
        others: list.subarray(own, foreign),
        memberUnits: units?.slice(0, own),
        otherUnits: units?.slice(own, foreign),
      },
      delta,
    );
  };
  const blind = blindScores(
    all.map((row) => row.text),
    all.map((_, i) => i < own),
    (text) => splitWords(text).map(([start, end]) => text.slice(start, end).toLowerCase()),
  );
  const attacks: Record<string, MembershipReport> = { threshold: reportOf(signals) };
  if (settings.references > 0) {
    const references = await trainReferences(context, all, settings.references);
    const population = Array.from({ length: foreign - own }, (_, i) => own + i);
    attacks.rmia = reportOf(rmiaScores(signals, references, population));
    attacks.lira = reportOf(liraScores(signals, references));
  }
  return { attacks, blind: reportOf(blind), references: settings.references };
}

/** As many rows of each side in every cell of label and attributes. */
export function matched(
  trained: readonly TextRow[],
  held: readonly TextRow[],
  most: number,
  seed: number,
): { members: TextRow[]; others: TextRow[] } {
  const cellOf = (row: TextRow) => JSON.stringify([row.labels, row.attributes]);
  const rng = random(`membership ${seed}`);
  const cells = groupBy(shuffle([...trained], rng.split("members")), cellOf);
  const members: TextRow[] = [];
  const others: TextRow[] = [];
  for (const [cell, outside] of groupBy(shuffle([...held], rng.split("others")), cellOf)) {
    const inside = cells.get(cell) ?? [];
    const count = Math.min(inside.length, outside.length);
    members.push(...inside.slice(0, count));
    others.push(...outside.slice(0, count));
  }
  const order = shuffle([...members.keys()], rng.split("order")).slice(0, most);
  return { members: order.map((i) => members[i]!), others: order.map((i) => others[i]!) };
}

/** How sure a model is of each row's own answer; higher is surer. */
async function signalsOf(
  { recipe }: AuditContext,
  predictor: AuditContext["predictor"],
  rows: readonly TextRow[],
): Promise<Float64Array> {
  const labels = predictor.model.labels?.names ?? [];
  const logits = await predictor.logits(rows.map((r) => (r.pair === undefined ? r.text : [r.text, r.pair])));
  return Float64Array.from(rows, (row, i) => {
    if (recipe.task === "regression") return -((logits[i]![0]! - row.value!) ** 2);
    if (recipe.task === "single-label") return logitOfLabel(logits[i]!, labels.indexOf(row.labels[0]!));
    return labels.reduce((sum, label, k) => {
      const x = row.labels.includes(label) ? logits[i]![k]! : -logits[i]![k]!;
      return sum - Math.log1p(Math.exp(-x)); // log-likelihood of each answer, yes or no
    }, 0);
  });
}

/** Models trained like the run's own on random halves of the attacked rows. */
async function trainReferences(context: AuditContext, rows: readonly TextRow[], count: number): Promise<References> {
  const { recipe, keep, model } = context;
  const signals: Float64Array[] = [];
  const trained: Uint8Array[] = [];
  // attackers add no noise; a private reference would also be charged to the run's ledger
  const open = (k: number) => ({
    ...recipe,
    seed: recipe.seed + 1000 + k,
    adapt: { ...recipe.adapt, privacy: undefined },
  });
  for (let k = 0; k < count; k++) {
    const rng = random(`reference ${recipe.seed} ${k}`);
    const holds = Uint8Array.from(rows, () => rng.int(2));
    const half = rows.filter((_, i) => holds[i]);
    const start = await startOf(context, context.rows.train, model.labels?.names);
    const { examples } = await examplesOf(recipe, start.tokenizer, model.labels?.names ?? [], half);
    const { job, layout } = jobOf(open(k), start, { examples, score: () => 0 }, undefined);
    const { result } = await trainStage("audit-privacy", { ...context, keep: join(keep, `reference-${k}`) }, job);
    const weights = layout
      ? new Map([...result.weights, ...mergeLora(layout, (name) => result.weights.get(name)!)])
      : result.weights;
    const reference = await textPredictor(start.model, weights, start.tokenizer, cpuRuntime, {
      maxLength: recipe.model.maxLength,
    });
    signals.push(await signalsOf(context, reference, rows));
    trained.push(holds);
    await reference.dispose();
  }
  return { signals, trained };
}
