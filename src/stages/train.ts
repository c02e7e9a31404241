// Runs a training job with progress, checkpoints and interruption: what pretraining and adapting share.
import { rm } from "node:fs/promises";
import { type Curves, keepCurves } from "../artifacts/index.ts";
import { ConcordError } from "../base/index.ts";
import { configOf, modelFiles } from "../formats/index.ts";
import { makeFolder } from "../formats/node/index.ts";
import { type Language, say } from "../messages/index.ts";
import { modelOf } from "../models/index.ts";
import type { Recipe } from "../recipe/index.ts";
import {
  defaultDelta,
  type EngineFacts,
  type Judge,
  type TrainerOptions,
  type TrainingEvent,
  type TrainingJob,
  unitCount,
} from "../train/index.ts";
import { listCheckpoints } from "../train/node/checkpoints.ts";
import type { DataLedger } from "../train/node/data-ledger.ts";
import { type TrainResult, train } from "../train/node/train.ts";
import type { PartScore } from "./part-examples.ts";
import { earlierSpending, ledgerPath } from "./private-training.ts";
import { interrupted, type StageContext } from "./stage.ts";

/** A job that has run to its end. */
export interface Trained {
  readonly result: Extract<TrainResult, { finished: true }>;
  readonly curves: Curves;
  readonly seconds: number;
  /** What trained it in the place of this library. */
  readonly engine?: EngineFacts;
}

/** What a recipe asks of each training step, as trainer options; nothing where it asks for nothing. */
export const stepOptions = ({
  accumulate,
  gradientCheckpointing,
  groupByLength,
}: Pick<Recipe["adapt"], "accumulate" | "gradientCheckpointing" | "groupByLength">): Pick<
  Partial<TrainerOptions>,
  "accumulate" | "gradientCheckpointing" | "grouping"
> => ({
  ...(accumulate > 1 && { accumulate }),
  ...(gradientCheckpointing && { gradientCheckpointing }),
  ...(groupByLength && { grouping: "length" }),
});

/** What some jobs need besides. */
export interface TrainingAids {
  /** Rewards of answers that the model wrote. */
  readonly judge?: Judge;
  /** Where the rows of private training have their ledger. */
  readonly data?: DataLedger;
}

/** @throws E_INTERRUPTED after an abort, when a checkpoint is saved; what training throws */
export async function trainStage(
  stage: string,
  { keep, signal, emit, run, recipe, language, chargeLog }: StageContext,
  job: TrainingJob,
  devScore?: PartScore,
  { judge, data }: TrainingAids = {},
): Promise<Trained> {
  const note = (text: string) => emit({ kind: "note", stage, text });
  checkLength(job, recipe.model.maxLength);
  if (job.options?.privacy) {
    const delta = job.options.privacy.delta ?? defaultDelta(unitCount(job.examples));
    const spent = await earlierSpending(run, data, delta, chargeLog);
    if (spent) note(say(language, "privacy.earlier", spent));
  }
  await makeFolder(keep);
  const keeper = keepCurves(keep);
  for (const { step, path } of await listCheckpoints(keep)) if (!keeper.covers(step)) await rm(path);
  let [total, last, earlier, score] = [0, 0, 0, Number.NaN];
  const start = performance.now();
  let engine: EngineFacts | undefined;
  const seconds = () => earlier + (performance.now() - start) / 1000;
  const onEvent = (event: TrainingEvent) => {
    if (event.kind === "start") {
      total = event.steps;
      last = event.step;
      const before = keeper.resumeAt(event.step, event.stepsPerEpoch);
      earlier = before.seconds;
      score = before.score ?? Number.NaN;
    }
    if (event.kind === "engine") {
      engine = event.about;
      note(say(language, "run.engine", { ...event.about }));
    }
    if (event.kind === "warning") emit({ kind: "warning", stage, text: event.message });
    if (event.kind === "privacy") {
      const { through, epsilon, delta } = event;
      const values = { through, epsilon: epsilon.toFixed(3), delta: delta.toPrecision(3) };
      note(say(language, "privacy.spent", values));
    }
    if (event.kind === "step") {
      last = event.step;
      const { loss, learningRate, examples, rolled } = event;
      keeper.add({ step: last, loss, learningRate, seconds: seconds() });
      const values = { loss, learningRate, examples, ...rolled };
      const done = { kind: "progress", stage, done: event.step, total } as const;
      const dev = devScore?.name === "mae" ? { devMae: score } : { dev: score };
      emit({ ...done, values: Number.isNaN(score) ? values : { ...values, ...dev } });
    }
    if (event.kind === "epoch") {
      score = event.score ?? Number.NaN;
      keeper.add({ epoch: last, score: Number.isNaN(score) ? undefined : score, seconds: seconds() });
      if (devScore && !Number.isNaN(score)) {
        const values = { [devScore.name]: { value: score } };
        emit({ kind: "metrics", stage, rows: "validation", epoch: event.epoch, values });
      }
      note(epochText(event.epoch, score, devScore, language));
    }
    if (event.kind === "stopped") note(stoppedText(event, devScore!, language));
  };
  const broken = new AbortController(); // a fault here, such as a full disk, must stop the training thread
  const result = await train(job, {
    folder: keep,
    ledger: ledgerPath(run),
    data,
    log: chargeLog?.add,
    signal: signal ? AbortSignal.any([signal, broken.signal]) : broken.signal,
    move: true,
    score: devScore && ((logits) => devScore.of(logits)),
    judge,
    onEvent: (event) => {
      try {
        onEvent(event);
      } catch (fault) {
        if (!broken.signal.aborted) broken.abort(fault);
      }
    },
  }).catch((fault: unknown) => {
    throw broken.signal.aborted ? broken.signal.reason : fault;
  });
  if (broken.signal.aborted) throw broken.signal.reason;
  if (!result.finished) throw interrupted(stage, run);
  return { result, curves: keeper.curves, seconds: seconds(), ...(engine && { engine }) };
}

const epochText = (epoch: number, score: number, devScore: PartScore | undefined, language: Language): string =>
  !devScore || Number.isNaN(score)
    ? say(language, "run.epoch", { epoch })
    : say(language, "run.epochScore", {
        epoch,
        name: say(language, `report.devScore.${devScore.name}`),
        score: score.toFixed(4),
      });

/** Why training stops before its last planned epoch. */
function stoppedText(
  { epoch, patience, best }: Extract<TrainingEvent, { kind: "stopped" }>,
  devScore: PartScore,
  language: Language,
): string {
  const name = say(language, `report.devScore.${devScore.name}`);
  const values = { name, epoch, best: best.epoch, score: best.score.toFixed(4) };
  return patience === 1
    ? say(language, "run.stoppedAtOnce", values)
    : say(language, "run.stopped", { ...values, patience });
}

/** @throws E_CONFIG when the recipe's longest text has more tokens than the model has positions */
function checkLength({ config }: TrainingJob, maxLength: number): void {
  const { tokens } = modelOf(configOf(config, modelFiles.config));
  if (!tokens || maxLength <= tokens.maxLength) return;
  throw new ConcordError("E_CONFIG", {
    operation: "read recipe",
    problem: "model.maxLength: the model does not read texts of this length",
    expected: `at most ${tokens.maxLength} tokens`,
    got: `${maxLength}`,
    hint: `set model.maxLength: ${tokens.maxLength} or less`,
    path: "model.maxLength",
  });
}
