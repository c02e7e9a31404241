// Prediction sets calibrated on dev and tried on test: how often they hold the truth, for all and by group, and how large they are.

import { groupBy, hiddenCells } from "../base/index.ts";
import type { Row } from "../data/index.ts";
import { shareInterval } from "../eval/index.ts";
import type { AuditSettings } from "../recipe/index.ts";
import {
  type ConformalScores,
  conformalScores,
  predictionInterval,
  predictionSet,
  residualScores,
} from "../robustness/index.ts";
import { groupsOfRows } from "../stages/index.ts";
import { answeringTaskOf } from "../tasks/index.ts";
import type { AuditContext } from "./define-audit.ts";

type Settings = Exclude<AuditSettings["robustness"], false>;

/** A share with its 95 % interval, which knows which rows are of one patient, and the rows it is of. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly rows: number;
}

export interface Coverage {
  readonly promised: number;
  readonly all: Share;
  /** Mean number of labels in a set; of numbers the mean length of an interval. */
  readonly size: number;
  /** Shares of sets of one label and of none. */
  readonly single: number;
  readonly empty: number;
  /** By value of each attribute; small groups are left out, and what would give them away. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, Share>>>>;
}

interface Answered {
  readonly row: Row;
  /** Probabilities, or the predicted number alone. */
  readonly output: readonly number[];
}

/** What a model's prediction sets follow from, and how they did on test rows. */
export interface CalibratedSets {
  readonly scores: ConformalScores;
  readonly coverage: Coverage;
}

/** A model, its rows and what evaluation fitted. */
type SetsContext = Pick<AuditContext, "recipe" | "predictor" | "processor" | "rows" | "temperature">;

/** Undefined for several labels, and where dev or test is empty. */
export async function setsOf(context: SetsContext, settings: Settings): Promise<CalibratedSets | undefined> {
  const { recipe, predictor, processor, rows, temperature } = context;
  const task = answeringTaskOf(recipe.task);
  if (task.words || !(task.numeric || task.exclusive) || !rows.dev.length || !rows.test.length) return undefined;
  const answer = async (part: readonly Row[]): Promise<Answered[]> => {
    const inputs = await processor.inputs(part);
    const logits = await predictor.logits(inputs, groupsOfRows(predictor, part));
    const outputs = logits.map((row) => task.outputs(row, temperature));
    return outputs.map((output, i) => ({ row: part[i]!, output }));
  };
  const labels = predictor.model.labels?.names ?? [];
  const [dev, test] = [await answer(rows.dev), await answer(rows.test)];
  const scores = calibrated(dev, labels, settings);
  const ofGroup = groupScores(dev, labels, settings);
  const tried = test.map((t) => tryOne(ofGroup(t.row) ?? scores, t, labels, settings.coverage));
  return { scores, coverage: coverageOf(test, tried, context, settings) };
}

function calibrated(
  dev: readonly Answered[],
  labels: readonly string[],
  { sets, perLabel }: Settings,
): ConformalScores {
  if (dev[0]!.row.value !== undefined)
    return residualScores(
      dev.map((d) => d.output[0]!),
      dev.map((d) => d.row.value!),
    );
  return conformalScores(
    sets,
    dev.map((d) => d.output),
    dev.map((d) => labels.indexOf(d.row.labels[0]!)),
    perLabel ? labels : undefined,
  );
}

/** Scores of a row's own group, where the coverage is promised by group. */
function groupScores(dev: readonly Answered[], labels: readonly string[], settings: Settings) {
  const attribute = settings.perGroup;
  if (attribute === undefined) return () => undefined;
  const groups = groupBy(dev, (d) => d.row.attributes[attribute]);
  const scores = new Map([...groups].map(([group, answered]) => [group, calibrated(answered, labels, settings)]));
  return (row: Row) => scores.get(row.attributes[attribute]);
}

interface Tried {
  readonly covered: boolean;
  readonly size: number;
}

function tryOne(
  scores: ConformalScores,
  { row, output }: Answered,
  labels: readonly string[],
  coverage: number,
): Tried {
  if (scores.by === "residual") {
    const [low, high] = predictionInterval(scores, output[0]!, coverage);
    return { covered: row.value! >= low && row.value! <= high, size: high - low };
  }
  const set = predictionSet(scores, output, labels, coverage);
  return { covered: set.includes(row.labels[0]!), size: set.length };
}

function coverageOf(
  test: readonly Answered[],
  tried: readonly Tried[],
  { recipe }: SetsContext,
  { coverage: promised }: Settings,
): Coverage {
  const shareOf = (places: readonly number[]): Share => {
    const hits = places.map((i) => Number(tried[i]!.covered));
    const units = places.map((i) => test[i]!.row.group ?? i);
    const { estimate, low, high } = shareInterval(hits, units);
    return { value: estimate, low, high, rows: places.length };
  };
  const all = [...tried.keys()];
  const groups = recipe.data.attributes.map((attribute) => {
    const places = [...groupBy(all, (i) => test[i]!.row.attributes[attribute] ?? "(none)")];
    const hidden = hiddenCells(
      places.map(([, members]) => members.length),
      recipe.evaluate.smallestCell,
    );
    const shown = places.filter((_, g) => !hidden.has(g));
    return [attribute, Object.fromEntries(shown.map(([value, members]) => [value, shareOf(members)]))] as const;
  });
  const among = (size: number) => tried.filter((t) => t.size === size).length / tried.length;
  return {
    promised,
    all: shareOf(all),
    size: tried.reduce((sum, t) => sum + t.size, 0) / tried.length,
    single: among(1),
    empty: among(0),
    groups: Object.fromEntries(groups),
  };
}
