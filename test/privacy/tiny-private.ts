// A tiny private job, and one step of it on the reference interpreter.
import type { PrivacyOptions, TrainingJob } from "../../src/train/index.ts";
import { tinyJob } from "../train/tiny.ts";

export const tinyPrivacy: PrivacyOptions = { epsilon: 8, delta: 1e-3, clip: 0.5, microBatch: 4 };

export const tinyPrivateJob = (
  privacy: PrivacyOptions = tinyPrivacy,
  options: TrainingJob["options"] = {},
): TrainingJob => tinyJob({ epochs: 2, grouping: "none", privacy, ...options });
