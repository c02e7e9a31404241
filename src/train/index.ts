// Training: parameters in one memory, optimizers, schedules. Public surface, one line per file.
export * from "./clip.ts";
export * from "./dropout-pool.ts";
export * from "./feeds.ts";
export * from "./gradients.ts";
export * from "./job.ts";
export type { Kernels } from "./kernels/kernels.ts";
export * from "./masking.ts";
export * from "./optimizer.ts";
export * from "./optimizers.ts";
export * from "./parameter-store.ts";
export * from "./predict-logits.ts";
export * from "./program.ts";
export * from "./saved-updater.ts";
export * from "./schedules.ts";
export * from "./trainer.ts";
export * from "./trainer-options.ts";
export * from "./updater.ts";
export * from "./whole-optimizers.ts";
