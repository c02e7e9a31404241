// How long a worker may be silent before others take its trial over, and how often it speaks. In milliseconds.

export const leaseMs = 30_000;
export const renewMs = 10_000;
/** Longest wait for the process of a killed study to leave a trial's folder. */
export const lockedWaitMs = 20_000;
/** Pause of a worker that finds no trial while others run. */
export const idleMs = 500;
