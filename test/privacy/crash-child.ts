// The tiny private job in a process of its own.
import { runJob } from "../train/run-job.ts";
import { tinyPrivateJob } from "./tiny-private.ts";

await runJob(tinyPrivateJob({ noiseMultiplier: 1, delta: 1e-3, clip: 0.5, microBatch: 8 }, { epochs: 5 }));
