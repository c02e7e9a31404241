// concord export: a finished run in another tool's format.
import { basename, resolve } from "node:path";
import { say } from "../../messages/index.ts";
import { decisionsFile } from "../../predict/index.ts";
import { exportMlflow, exportRun, exportTargets, mlflowServer } from "../../runs/index.ts";
import { argumentError, type CommandContext, writeResult } from "../context.ts";
import { bytes } from "../sizes.ts";

export interface ExportCommandOptions {
  readonly to?: string;
  readonly out?: string;
  readonly uri?: string;
  readonly experiment?: string;
}

const targets = [...exportTargets, "mlflow"] as const;

/** @throws E_ARGUMENT for another target and for options that it does not have; what exporting throws */
export async function exportCommand(
  run: string,
  options: ExportCommandOptions,
  context: CommandContext,
): Promise<void> {
  const to = targets.find((target) => target === options.to);
  if (!to)
    throw argumentError("--to", {
      problem: options.to === undefined ? "say what to export to" : "there is no such target",
      expected: targets.join(", "),
      got: options.to,
    });
  checkOptions(to, options);
  const out = options.out === undefined ? undefined : resolve(options.out);
  if (to === "mlflow") return await toMlflow(run, options, context);
  const { files, integrity } = await exportRun(run, { to, out });
  for (const file of files)
    writeResult(context, file, () =>
      say(context.language, "export.written", { path: file.path, size: bytes(file.bytes) }),
    );
  if (integrity !== undefined)
    return writeResult(context, { integrity }, () => say(context.language, "export.integrity", { integrity }));
  if (!context.quiet && files.some((file) => basename(file.path) === decisionsFile))
    context.stderr.write(`${say(context.language, "mitigation.exported")}\n`);
}

async function toMlflow(
  run: string,
  { uri, experiment }: ExportCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { env, language } = context;
  const address = uri ?? env.MLFLOW_TRACKING_URI;
  if (!address)
    throw argumentError("--uri", {
      problem: "the server's address is missing",
      expected: "--uri http://host:port, or MLFLOW_TRACKING_URI in the environment",
    });
  const result = await exportMlflow(run, mlflowServer(address, env), experiment === undefined ? {} : { experiment });
  const { runId, metrics, settings, artifacts } = result;
  writeResult(context, result, () =>
    say(language, "export.sent", { run: runId, metrics, settings, artifacts: artifacts.length }),
  );
}

/** An option that the target does not have would do nothing: it is refused. */
function checkOptions(to: (typeof targets)[number], options: ExportCommandOptions): void {
  const foreign = to === "mlflow" ? (["out"] as const) : (["uri", "experiment"] as const);
  for (const name of foreign)
    if (options[name] !== undefined)
      throw argumentError(`--${name}`, { problem: `has no meaning for --to ${to}`, got: options[name] });
}
