// Trains one job in a thread of its own.
import type { TrainingJob } from "../job.ts";
import { openTrainingThread, type TrainOptions, type TrainResult } from "./thread.ts";

export type { TrainOptions, TrainResult } from "./thread.ts";

/**
 * Runs a job in a thread of its own. For job after job: {@link openTrainingThread}.
 * @throws what the job throws; E_RUNTIME when the thread dies
 * @example
 * const result = await train(job, { folder: "run/checkpoints", onEvent: (e) => e.kind === "step" && console.log(e.loss) });
 */
export async function train(job: TrainingJob, options?: TrainOptions): Promise<TrainResult> {
  const thread = openTrainingThread();
  try {
    return await thread.run(job, options);
  } finally {
    await thread.close();
  }
}
