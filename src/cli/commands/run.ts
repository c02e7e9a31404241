// concord run, concord resume: a recipe file, a run folder, progress on the terminal; Ctrl-C saves.
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ConcordError } from "../../base/index.ts";
import { ioError, makeFolder, writeFileAtomically } from "../../formats/node/index.ts";
import { planRecipe, type RunEvent, readRecipe, runRecipe } from "../../pipeline/index.ts";
import type { CommonOptions } from "../options.ts";
import { type Progress, progress } from "../progress.ts";

export interface RunCommandOptions {
  readonly set?: readonly string[];
  readonly out?: string;
  readonly dryRun: boolean;
}

/** What `resume` needs: written into the run folder before the first stage. */
interface Origin {
  readonly format: "concord-run";
  readonly version: 1;
  readonly recipe: string;
  readonly home: string;
  readonly set: readonly string[];
}

export async function run(
  file: string,
  { set = [], out, dryRun }: RunCommandOptions,
  common: CommonOptions,
): Promise<void> {
  const recipe = readRecipe(await readText(file), file, set);
  const home = dirname(resolve(file));
  const folder = resolve(out ?? join("runs", recipe.name));
  if (dryRun) {
    for (const { stage, does, why } of await planRecipe(recipe, { home, folder }))
      process.stdout.write(
        common.json ? `${JSON.stringify({ stage, does, why })}\n` : `${stage.padEnd(10)} ${does.padEnd(5)} ${why}\n`,
      );
    return;
  }
  const origin: Origin = { format: "concord-run", version: 1, recipe: resolve(file), home, set };
  await carryOut(recipe, home, folder, origin, common);
}

export async function resume(folder: string, common: CommonOptions): Promise<void> {
  const path = join(folder, "run.json");
  const origin = JSON.parse(await readText(path)) as Origin;
  if (origin.format !== "concord-run")
    throw new ConcordError("E_FORMAT", { operation: "resume", problem: "not a run folder", path });
  if (origin.version > 1)
    throw new ConcordError("E_VERSION", { operation: "resume", problem: "the run was made by a newer version", path });
  const recipe = readRecipe(await readText(origin.recipe), origin.recipe, origin.set);
  await carryOut(recipe, origin.home, resolve(folder), origin, common);
}

async function carryOut(
  recipe: ReturnType<typeof readRecipe>,
  home: string,
  folder: string,
  origin: Origin,
  common: CommonOptions,
): Promise<void> {
  await makeFolder(folder);
  await writeFileAtomically(join(folder, "run.json"), [
    new TextEncoder().encode(`${JSON.stringify(origin, null, 2)}\n`),
  ]);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once("SIGINT", onSignal);
  process.once("SIGTERM", onSignal);
  const show = printer(common);
  try {
    await runRecipe(recipe, { home, folder, signal: stop.signal, onEvent: show });
    if (!common.json && !common.quiet) process.stderr.write(`run folder: ${folder}\n`);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}

/** Events as lines and bars, or as JSON. */
function printer({ json, quiet }: CommonOptions): (event: RunEvent) => void {
  let bar: { stage: string; line: Progress } | undefined;
  const end = () => {
    bar?.line.end();
    bar = undefined;
  };
  let [since, examples] = [performance.now(), 0];
  return (event) => {
    if (json) return void process.stdout.write(`${JSON.stringify(event)}\n`);
    if (event.kind === "warning") {
      end();
      return void process.stderr.write(`warning  ${event.stage}: ${event.text}\n`);
    }
    if (event.kind === "note") {
      end();
      const result = event.stage === "evaluate"; // the report is the result: it is never silenced
      if (result) process.stdout.write(`${event.text}\n`);
      else if (!quiet) process.stderr.write(`${event.text}\n`);
    }
    if (quiet) return;
    if (event.kind === "stage") {
      end();
      const seconds = event.seconds === undefined ? "" : `  ${event.seconds.toFixed(1)} s`;
      const text =
        event.state === "cached"
          ? "kept: nothing changed"
          : event.state === "started"
            ? `runs: ${event.why}`
            : `done${seconds}`;
      process.stderr.write(`${event.stage.padEnd(9)} ${text}\n`);
    }
    if (event.kind === "progress") {
      if (bar?.stage !== event.stage) {
        bar = { stage: event.stage, line: progress({ total: event.total, label: event.stage }) };
        [since, examples] = [performance.now(), 0];
      }
      const { loss, learningRate, dev } = event.values;
      examples += event.values.examples ?? 0;
      const seconds = (performance.now() - since) / 1000;
      const rate = seconds > 1 ? `  ${Math.round(examples / seconds)} examples/s` : "";
      const score = dev === undefined ? "" : `  dev ${dev.toFixed(3)}`;
      bar.line.update(event.done, `loss ${loss!.toFixed(3)}  rate ${learningRate!.toExponential(1)}${score}${rate}`);
    }
  };
}

const readText = (path: string): Promise<string> =>
  readFile(path, "utf8").catch((cause: unknown) => {
    throw ioError(cause, "read", path);
  });
