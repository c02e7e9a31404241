// Trains a job in a process of its own, from the newest checkpoint of the folder that the command line names; prints each step, then what
// was selected, and the weights' hash.
import { createHash } from "node:crypto";
import type { TrainingJob } from "../../src/train/index.ts";
import { type TrainOptions, train } from "../../src/train/node/train.ts";

export async function runJob(job: TrainingJob, score?: TrainOptions["score"]): Promise<void> {
  const result = await train(job, {
    folder: process.argv[2],
    score,
    onEvent: (e) => e.kind === "step" && process.stdout.write(`step ${e.step}\n`),
  });
  if (!result.finished) return;
  if (result.selected) process.stdout.write(`selected ${JSON.stringify(result.selected)}\n`);
  const hash = createHash("sha256");
  for (const [name, { data }] of result.weights)
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  process.stdout.write(`done ${hash.digest("hex")}\n`);
}
