// Runs a training job with progress, checkpoints and interruption: what pretraining and adapting share.
import { ConcordError } from "../../base/index.ts";
import { configOf } from "../../formats/index.ts";
import { makeFolder } from "../../formats/node/index.ts";
import { say } from "../../messages/index.ts";
import { modelOf } from "../../models/index.ts";
import type { TrainingEvent, TrainingJob } from "../../train/index.ts";
import { type TrainResult, train } from "../../train/node/train.ts";
import { interrupted, type StageContext } from "../stage.ts";

/** What a stage keeps of each step and epoch, for its curves. */
export interface Curves {
  readonly loss: number[];
  readonly learningRate: number[];
  /** Of each epoch: its last step and the dev score. */
  readonly epochs: { readonly step: number; readonly score?: number }[];
}

/** @throws E_INTERRUPTED after an abort, when a checkpoint is saved; what training throws */
export async function trainStage(
  stage: string,
  { keep, signal, emit, run, recipe, language }: StageContext,
  job: TrainingJob,
  scoreOf?: (logits: NonNullable<Extract<TrainingEvent, { kind: "epoch" }>["devLogits"]>) => number,
): Promise<{ result: Extract<TrainResult, { finished: true }>; curves: Curves; seconds: number }> {
  checkLength(job, recipe.model.maxLength);
  await makeFolder(keep);
  const curves: Curves = { loss: [], learningRate: [], epochs: [] };
  let [total, last, score] = [0, 0, Number.NaN];
  const start = performance.now();
  const result = await train(job, {
    folder: keep,
    signal,
    move: true,
    onEvent: (event) => {
      if (event.kind === "start") total = event.steps;
      if (event.kind === "warning") emit({ kind: "warning", stage, text: event.message });
      if (event.kind === "step") {
        last = event.step;
        curves.loss.push(event.loss);
        curves.learningRate.push(event.learningRate);
        const values = { loss: event.loss, learningRate: event.learningRate, examples: event.examples };
        emit({
          kind: "progress",
          stage,
          done: event.step,
          total,
          values: Number.isNaN(score) ? values : { ...values, dev: score },
        });
      }
      if (event.kind === "epoch") {
        if (scoreOf && event.devLogits) score = scoreOf(event.devLogits);
        curves.epochs.push({ step: last, score: Number.isNaN(score) ? undefined : score });
        emit({
          kind: "note",
          stage,
          text: Number.isNaN(score)
            ? say(language, "run.epoch", { epoch: event.epoch })
            : say(language, "run.epochScore", { epoch: event.epoch, score: score.toFixed(4) }),
        });
      }
    },
  });
  if (!result.finished) throw interrupted(stage, run);
  return { result, curves, seconds: (performance.now() - start) / 1000 };
}

/** @throws E_CONFIG when the recipe's longest text has more tokens than the model has positions */
function checkLength({ config }: TrainingJob, maxLength: number): void {
  const { tokens } = modelOf(configOf(config, "config.json"));
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
