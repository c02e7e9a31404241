// The stages in the order in which they run.
import type { Stage } from "../stage.ts";
import { adapt } from "./adapt.ts";
import { evaluate } from "./evaluate.ts";
import { exportStage } from "./export.ts";
import { prepare } from "./prepare.ts";
import { pretrain } from "./pretrain.ts";

export const stages: readonly Stage[] = [prepare, pretrain, adapt, evaluate, exportStage];

/** Names of all stages, in order. */
export const stageNames: readonly string[] = stages.map((stage) => stage.name);
