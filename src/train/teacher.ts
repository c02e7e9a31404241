// A frozen teacher that is run on each batch, before the step: its outputs are feeds of the student's program. It is compiled with its weights.
import { ConcordError, type HostArray } from "../base/index.ts";
import { batchingOf } from "../modalities/index.ts";
import type { Model } from "../models/index.ts";
import type { CompileOptions, Runtime } from "../runtime/index.ts";
import type { Example } from "./example.ts";
import { type FrozenForm, frozenBinding } from "./frozen.ts";
import type { Objective } from "./objectives/objective.ts";
import { teacherProgram } from "./program.ts";

export interface TeacherSetup {
  readonly model: Model;
  readonly objective: Objective;
  readonly teacher?: ReadonlyMap<string, HostArray>;
  readonly runtime: Runtime;
  readonly frozen?: FrozenForm;
  readonly threads?: number;
}

export interface OpenTeacher {
  /** What it says of the examples of a batch. @param feeds of the student: logits are of the same wanted rows @throws E_DATA */
  feeds(batch: readonly Example[], feeds: Readonly<Record<string, HostArray>>): Promise<Record<string, HostArray>>;
  dispose(): Promise<void>;
}

/** Compiles the teacher of an objective; undefined where it has none. @throws E_CONFIG without weights, E_MODEL where they do not fit */
export async function openTeacher(setup: TeacherSetup): Promise<OpenTeacher | undefined> {
  const { model, objective, runtime, threads, frozen } = setup;
  const teacher = objective.teacher?.(model);
  if (!teacher) return undefined;
  if (!setup.teacher)
    throw new ConcordError("E_CONFIG", {
      operation: "train",
      problem: `the objective ${objective.name} has a teacher, and its weights are missing`,
      expected: "weights of the model that the objective names",
      got: "none",
      path: "teacher",
    });
  const executable = await runtime.compile(teacherProgram(teacher), {
    threads,
    bind: bound(teacher.model, setup.teacher, frozen),
  });
  const batching = batchingOf(teacher.model);
  return {
    async feeds(batch, feeds) {
      const read = batching.feeds(teacher.model, batch.map(teacher.reads));
      const rows = feeds["logits.rows"];
      return await executable.run({ ...read, ...(rows && { "logits.rows": rows }) });
    },
    dispose: () => executable.dispose(),
  };
}

/** Products in 8-bit integers have a scale per row: what the teacher says of an example does not depend on its neighbours. */
function bound(
  { parameters, tokens }: Model,
  weights: ReadonlyMap<string, HostArray>,
  frozen: FrozenForm = "float32",
): NonNullable<CompileOptions["bind"]> {
  const tables = new Set<string>(Object.values(tokens?.tableNames ?? {}));
  const entries = parameters.map(({ name, shape }) => {
    const array = weights.get(name);
    if (array?.dtype !== "float32" || String(array.shape) !== String(shape))
      throw new ConcordError("E_MODEL", {
        operation: "train",
        problem: `weight ${name} of the teacher is ${array ? "of another shape or dtype" : "missing"}`,
        expected: `float32[${shape}]`,
        got: array ? `${array.dtype}[${array.shape}]` : "nothing",
      });
    const isProduct = name.endsWith(".weight") && shape.length === 2 && !tables.has(name);
    return [name, frozenBinding(array, isProduct ? frozen : "float32", "row")] as const;
  });
  return Object.fromEntries(entries);
}
