// Trains the tiny job privately in a process of its own, from the newest checkpoint of a folder; prints each step, then the weights' hash.
import { createHash } from "node:crypto";
import { train } from "../../src/train/node/train.ts";
import { tinyPrivateJob } from "./tiny-private.ts";

const job = tinyPrivateJob({ noiseMultiplier: 1, delta: 1e-3, clip: 0.5, microBatch: 8 }, { epochs: 5 });
const result = await train(job, {
  folder: process.argv[2],
  onEvent: (e) => e.kind === "step" && process.stdout.write(`step ${e.step}\n`),
});
if (result.finished) {
  const hash = createHash("sha256");
  for (const [name, { data }] of result.weights)
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  process.stdout.write(`done ${hash.digest("hex")}\n`);
}
