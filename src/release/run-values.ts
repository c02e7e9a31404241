// Every number of a finished run that a gate may ask for, by a dotted name: scores, scores by class and group, audits, sizes, speed.

import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { artifacts, artifactsIn, compressionRecord, type StageRecords } from "../artifacts/index.ts";
import { isMeasured, type Measured } from "../passport/index.ts";
import { stages } from "../pipeline/index.ts";
import type { BaselineRecord } from "../report/index.ts";

type Values = Record<string, Measured>;

/** Files of the run folder that hold values of these stages, in order. */
export const evidenceFiles = (records: StageRecords): string[] => [
  artifacts.metrics.path,
  ...stages.flatMap(({ name, evidence }) => (evidence && records[name] ? [evidence.path] : [])),
];

/**
 * What a run measured.
 * @param records of the run's stages
 * @returns names such as `metrics.macroF1`, `metrics.groups.region.islands.accuracy`, `fairness.region.accuracy.difference`, `size.model.bytes`
 * @throws E_IO, E_FORMAT
 */
export const runValues = async (run: string, records: StageRecords): Promise<Values> =>
  measuredOf(await namedValues(run, records));

/** Those that are numbers. */
export const measuredOf = (values: Readonly<Record<string, unknown>>): Values =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, Measured] => isMeasured(entry[1])));

/** The same with values that could not be measured, so that a gate sees that they are missing. */
export async function namedValues(run: string, records: StageRecords): Promise<Record<string, unknown>> {
  const { read, find } = artifactsIn(run, records);
  const values: Record<string, unknown> = scoresIn(await read(artifacts.metrics));
  for (const { evidence } of stages) if (evidence) Object.assign(values, (await find(evidence))?.values);
  for (const [name, file] of Object.entries(artifacts.deployedFiles))
    if (existsSync(join(run, file))) values[`size.${name}.bytes`] = { value: (await stat(join(run, file))).size };
  if (records.compress) {
    const { size } = await compressionRecord.read(join(run, artifacts.compressed.path));
    values["size.compressed.bytes"] = { value: size.after };
  }
  const { examplesPerSecond, peakMemoryBytes } = records.adapt ? artifacts.facts.adapt.of(records.adapt) : {};
  const { textsPerSecond } = records.evaluate ? artifacts.facts.evaluate.of(records.evaluate) : {};
  const speeds = {
    "speed.training.examplesPerSecond": examplesPerSecond,
    "speed.prediction.textsPerSecond": textsPerSecond,
    "memory.training.bytes": peakMemoryBytes,
  };
  for (const [name, value] of Object.entries(speeds)) if (typeof value === "number") values[name] = { value };
  return values;
}

/** The scores of metrics.json. */
export function scoresIn(metrics: Readonly<Record<string, unknown>>): Values {
  const values: Values = {};
  const add = (name: string, value: unknown) => {
    if (typeof value === "number" && Number.isFinite(value)) values[name] = { value };
    else if (isMeasured(value)) values[name] = { value: value.value, low: value.low, high: value.high };
  };
  for (const [name, value] of Object.entries(metrics)) if (name !== "version") add(`metrics.${name}`, value);
  for (const [score, value] of entries(metrics.notInTraining)) add(`metrics.notInTraining.${score}`, value);
  add("metrics.calibration.ece", (metrics.calibration as { ece?: unknown } | undefined)?.ece);
  for (const { label, ...scores } of (metrics.classes ?? []) as { label: string }[])
    for (const [score, value] of Object.entries(scores)) add(`metrics.classes.${label}.${score}`, value);
  const beside = metrics.baselines as Partial<BaselineRecord> | undefined;
  for (const [name, scores] of entries(beside?.models))
    for (const [score, value] of entries(scores)) add(`metrics.baselines.${name}.${score}`, value);
  if (beside?.difference) add(`metrics.beyondBaseline.${beside.score}`, beside.difference);
  for (const [attribute, groups] of entries(metrics.groups))
    for (const [group, scores] of entries(groups))
      for (const [score, value] of entries(scores)) // its rows too: a share of few rows says little
        add(`metrics.groups.${attribute}.${group}.${score}`, value);
  for (const [task, own] of entries(metrics.tasks))
    for (const [name, value] of Object.entries(scoresIn(Object.fromEntries(entries(own)))))
      values[`metrics.tasks.${task}.${name.slice("metrics.".length)}`] = value;
  return values;
}

const entries = (value: unknown): [string, unknown][] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [];
