// What a run learns, as a value: inputs of a batch beside what the model reads, what feeds them, and the loss of each example.
import { ConcordError, type HostArray, type Random } from "../../base/index.ts";
import type { InputSpec, Value } from "../../graph/index.ts";
import type { ModelInput } from "../../modalities/index.ts";
import type { Model, ModelOutputs, ParameterSpec } from "../../models/index.ts";
import type { Layout } from "../../nn/index.ts";
import type { Example } from "../example.ts";
import type { TrainerOptions } from "../trainer-options.ts";
import type { Division, LossOptions } from "./targets.ts";

/** What a batch is fed with. */
export interface BatchContext extends Division {
  readonly model: Model;
  /** A stream of random numbers of this step, by its name: a resumed run draws the same. */
  draw(name: string): Random;
}

/** What a loss is built with. */
export interface LossContext {
  readonly model: Model;
  /** Which rows form an example; undefined for models that lay out their own. */
  readonly layout: Layout | undefined;
  readonly options: LossOptions;
  /** Attention scores of each layer before the mask and softmax, [B, A, S, S]. */
  readonly attention: readonly Value[];
}

/** A forward pass of a teacher, as a graph. */
export interface TeacherRun {
  readonly outputs: ModelOutputs;
  /** As {@link LossContext.attention}. */
  readonly attention: readonly Value[];
  readonly layout: Layout | undefined;
}

/** A frozen model that is run on every batch before the step. */
export interface Teacher {
  readonly model: Model;
  /** What is wanted of it, by the names of the objective's inputs. */
  outputs(ran: TeacherRun): Record<string, Value>;
  /** What it reads of an example. @throws E_DATA */
  reads(example: Example): ModelInput;
}

/** One way of learning. Private training, accumulation and exact resume hold for each, by what it says in `reads`. */
export interface Objective {
  readonly name: string;
  /**
   * What the loss of an example depends on: itself, also a counterpart that is run beside it, or all that is run at once. Private training
   * bounds single examples and takes the first only; accumulated batches equal the large batch for the first two.
   */
  readonly reads: "example" | "counterpart" | "batch";
  /** Inputs of a batch beside what the model reads; `weights` [B] among them, the weight of each example over what the loss is divided by. */
  inputs(model: Model): Record<string, InputSpec>;
  /** What is run for a part of a batch: its examples, in order, and what follows them; and the arrays of {@link inputs}. */
  feeds(
    batch: readonly Example[],
    context: BatchContext,
  ): { readonly examples: readonly Example[]; readonly feeds: Record<string, HostArray> };
  /** Loss of each example that is run, [B]. @throws E_ARGUMENT for a model without the outputs that it reads */
  losses(outputs: ModelOutputs, values: Readonly<Record<string, Value>>, context: LossContext): Value;
  /** What the losses of a whole batch are divided by, parts of it together. Default {@link batchWeight}. */
  divisor?(batch: readonly Example[]): number;
  /** New examples in each epoch: a function of (seed, epoch, row). Default the same every time. */
  epochs?(examples: readonly Example[], seed: Random): (epoch: number) => Example[];
  /** Inputs of which one may be run beside an example, for an estimate of memory. Default none. */
  alongside?(example: Example): readonly ModelInput[];
  /** A teacher whose outputs are inputs of the loss. Default none. @throws E_CONFIG where it does not fit the model */
  teacher?(model: Model): Teacher;
  /** Parameters beside the model's that are trained with it and belong to the loss: they are in no result. Default none. */
  parameters?(model: Model): readonly ParameterSpec[];
  /** True where losses read rows of the last layer that a head does not. Default false. */
  readonly allRows?: boolean;
  /** Most rows of an example whose logits are computed. Default all. */
  readonly logitRows?: number;
}

/** @throws E_CONFIG where an objective cannot hold what the options promise */
export function checkObjective({ name, reads, teacher }: Objective, { privacy, accumulate }: TrainerOptions): void {
  const bad = (problem: string, expected: string, path: string): never => {
    throw new ConcordError("E_CONFIG", { operation: "training options", problem, expected, got: name, path });
  };
  if (privacy && teacher)
    bad(
      `the objective ${name} cannot be trained privately: its teacher may have learned from the same rows`,
      "an objective without a teacher, such as supervised; distil first, then train privately",
      "privacy",
    );
  if (privacy && reads !== "example")
    bad(
      `the objective ${name} cannot be trained privately: a loss reads more than one example`,
      "an objective whose losses read one example each, such as supervised",
      "privacy",
    );
  if (accumulate > 1 && reads === "batch")
    bad(
      `the objective ${name} compares all examples that are run at once: a batch cannot be run in parts`,
      "accumulate 1",
      "accumulate",
    );
}
