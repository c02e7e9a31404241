// When another trial may start beside those that run: once the stages that all share have run, and while memory suffices. Knows no trial.
import { freemem } from "node:os";
import { setTimeout } from "node:timers/promises";

export interface Admission {
  /** Waits until a trial may start. False when the study is stopping. */
  enter(signal: AbortSignal): Promise<boolean>;
  leave(): void;
  /** The stages that trials share are there. */
  shared(): void;
  /** Memory that a trial's process has taken, in bytes. */
  took(bytes: number): void;
}

export interface AdmissionOptions {
  /** Memory that is free, in bytes. Default what the system says, within the limit of a container. */
  readonly freeBytes?: () => number;
  /** Time between two looks, in milliseconds. Default 200. */
  readonly everyMs?: number;
}

/** A trial beside others needs as much as the largest has taken, and a fifth more. */
const margin = 1.2;

/** @example const admission = admit(); if (await admission.enter(signal)) try { … } finally { admission.leave(); } */
export function admit({ freeBytes = availableBytes, everyMs = 200 }: AdmissionOptions = {}): Admission {
  let [running, isShared, largest] = [0, false, 0];
  const fits = () => running === 0 || (isShared && freeBytes() > margin * largest);
  return {
    async enter(signal) {
      while (!signal.aborted && !fits()) await setTimeout(everyMs);
      if (signal.aborted) return false;
      running++;
      return true;
    },
    leave: () => {
      running--;
    },
    shared: () => {
      isShared = true;
    },
    took: (bytes) => {
      largest = Math.max(largest, bytes);
    },
  };
}

/** Node 20.19 has availableMemory; it knows the limit of a container. */
const availableBytes = (): number => (process as { availableMemory?: () => number }).availableMemory?.() ?? freemem();
