// What a study tells while it works, as plain data.
import type { Point } from "../search/index.ts";
import type { Objective } from "./measure-trial.ts";

/** What a study tells while it works. */
export type TuneEvent =
  | {
      readonly kind: "trial";
      readonly number: number;
      /** `resumed`: begun by a process that is gone. */
      readonly state: "started" | "resumed" | "finished" | "pruned" | "failed";
      readonly settings: Point;
      /** Of a finished trial, on validation rows. */
      readonly values?: Readonly<Partial<Record<Objective, number>>>;
      /** Of a failed one. */
      readonly problem?: string;
      readonly seconds?: number;
      /** Trials that have ended, and the most that there will be. */
      readonly done: number;
      readonly of: number;
      /** Number of the best trial so far. */
      readonly best?: number;
    }
  | { readonly kind: "epoch"; readonly number: number; readonly epoch: number; readonly score: number }
  | { readonly kind: "winner"; readonly number: number; readonly settings: Point; readonly folder: string };
