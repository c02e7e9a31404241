// What experiment trackers are told of a finished run: its settings, its curves, its scores.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { artifacts, type Curves, openRunFolder } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { validationScoreOf } from "../recipe/index.ts";
import { versions } from "../stages/index.ts";
import { finishedStage } from "../store/index.ts";
import type { TrackedPoint, TrackedRun } from "../tracking/index.ts";

/**
 * Reads a run as trackers see it: tags `pretrain/loss`, `adapt/loss`, `adapt/learning_rate`, `adapt/dev_score` (of numbers
 * `adapt/dev_mae`), `test/accuracy` …
 * @throws E_IO when no run is there or it has not trained yet
 * @example const { points } = await trackedRun("runs/disease");
 */
export async function trackedRun(run: string): Promise<TrackedRun> {
  const { recipe } = await openRunFolder(run);
  const adapted = await finishedStage(run, "adapt");
  if (!adapted)
    throw new ConcordError("E_IO", {
      operation: "export",
      problem: "the run has not trained yet",
      expected: "a run that got past its stage adapt",
      hint: `concord resume ${run}`,
      path: run,
    });
  const points: TrackedPoint[] = [];
  const score = validationScoreOf(recipe).tracked;
  const { pretrainingCurves, trainingCurves } = artifacts;
  if (recipe.pretrain && existsSync(join(run, pretrainingCurves.path)))
    points.push(...pointsOf("pretrain", await pretrainingCurves.read(run), score));
  points.push(...pointsOf("adapt", await trainingCurves.read(run), score));
  const evaluated = await finishedStage(run, "evaluate");
  const { selection } = artifacts.facts.adapt.of(adapted);
  const last = points.reduce((most, { step }) => Math.max(most, step), 0);
  if (selection) points.push({ tag: "adapt/kept_epoch", step: last, value: selection.kept });
  if (evaluated) points.push(...scoresOf(evaluated.summary, last));
  return {
    name: recipe.name,
    settings: flat(recipe),
    points,
    timeMs: Date.parse(adapted.finished),
    tags: { task: recipe.task, ...versions() },
  };
}

function pointsOf(stage: string, { loss, learningRate, epochs }: Curves, devScore: string): TrackedPoint[] {
  const curve = (name: string, values: readonly number[]) =>
    values.map((value, i) => ({ tag: `${stage}/${name}`, step: i + 1, value }));
  const scores = epochs.flatMap(({ step, score }) =>
    score === undefined ? [] : [{ tag: `${stage}/${devScore}`, step, value: score }],
  );
  return [...curve("loss", loss), ...curve("learning_rate", learningRate), ...scores];
}

/** Numbers of the summary of evaluation; of scores with intervals their three numbers. */
function scoresOf(summary: Readonly<Record<string, unknown>>, step: number): TrackedPoint[] {
  return Object.entries(summary).flatMap(([name, value]) => {
    if (typeof value === "number") return [{ tag: `test/${name}`, step, value }];
    if (typeof value !== "object" || value === null) return [];
    const parts = value as Partial<Record<string, unknown>>;
    return (["value", "low", "high"] as const).flatMap((part) => {
      const number = parts[part];
      return typeof number === "number"
        ? [{ tag: part === "value" ? `test/${name}` : `test/${name}_${part}`, step, value: number }]
        : [];
    });
  });
}

/** Leaves by dotted name, as text. */
function flat(value: unknown, at = ""): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { [at]: typeof value === "string" ? value : JSON.stringify(value) };
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.assign({}, ...entries.map(([key, inner]) => flat(inner, at ? `${at}.${key}` : key))) as Record<
    string,
    string
  >;
}
