// What a run computes, compiled; and keeping it for the next job, where that differs only in what is fed: weights, examples, seed, rate.
import type { Graph } from "../graph/index.ts";
import type { CompileOptions, Executable, Runtime } from "../runtime/index.ts";
import type { TrainingProgram } from "./program.ts";

/** A run's programs, compiled. Belongs to one trainer at a time. */
export interface CompiledRun {
  readonly program: TrainingProgram;
  readonly executable: Executable;
  /** Compiled at the first call. */
  evaluator(): Promise<Executable>;
  /** True where weights are part of what was compiled: it is of no use to a run with others. */
  readonly storesWeights: boolean;
  dispose(): Promise<void>;
}

/** @param evaluation made at the first call of `evaluator` */
export async function compileRun(
  runtime: Runtime,
  program: TrainingProgram,
  evaluation: () => Graph,
  options: CompileOptions,
): Promise<CompiledRun> {
  const executable = await runtime.compile(program.graph, options);
  let evaluator: Promise<Executable> | undefined;
  return {
    program,
    executable,
    evaluator: () => (evaluator ??= runtime.compile(evaluation(), options)),
    storesWeights: Object.keys(options.bind ?? {}).length > 0,
    async dispose() {
      await executable.dispose();
      await (await evaluator)?.dispose();
    },
  };
}

/** A place for what one job has compiled, until the next takes it. */
export interface KeptRun {
  /** What was put here under this name, which is then the caller's. What is of another name is disposed. */
  take(name: string): Promise<CompiledRun | undefined>;
  /** Keeps it instead of what is here; one that stores weights is disposed. */
  put(name: string, run: CompiledRun): Promise<void>;
  close(): Promise<void>;
}

/**
 * A place for one run: whoever trains the same again and again needs no more.
 * @example const kept = keptRun(); for (const job of jobs) for await (const event of runJob(job, { ...host, kept })) show(event);
 */
export function keptRun(): KeptRun {
  let here: { readonly name: string; readonly run: CompiledRun } | undefined;
  const clear = async () => {
    const { run } = here ?? {};
    here = undefined;
    await run?.dispose();
  };
  return {
    async take(name) {
      if (here?.name !== name) await clear();
      const { run } = here ?? {};
      here = undefined;
      return run;
    },
    async put(name, run) {
      await clear();
      if (run.storesWeights) await run.dispose();
      else here = { name, run };
    },
    close: clear,
  };
}
