// concord compress: the compressed model of a run, with a table of what changed.
import { say } from "../../messages/index.ts";
import { compressRun } from "../../runs/index.ts";
import { argumentError, type CommandContext } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { showRun } from "../show-run.ts";

export interface CompressCommandOptions {
  readonly to?: string;
  readonly activations?: string;
  readonly calibration?: string;
  readonly drop?: number;
  readonly target?: string;
  readonly tolerance?: readonly string[];
}

export async function compress(run: string, options: CompressCommandOptions, context: CommandContext): Promise<void> {
  const settings = settingsOf(options);
  const { json, quiet, language, stdout, stderr } = context;
  const shown = showRun(context, () => true);
  const onEvent: typeof shown.show = (event) => {
    if (!json || event.kind !== "note") shown.show(event); // the values say it
  };
  const { folder, values } = await untilInterrupted(
    context,
    (signal) => compressRun(run, { settings, language, signal, onEvent }),
    shown.stopping,
  );
  if (json) stdout.write(`${JSON.stringify({ kind: "compression", folder, values })}\n`);
  if (!quiet) stderr.write(`${say(language, "compress.written", { path: folder })}\n`);
}

/** Settings as a recipe has them; undefined where nothing was said. */
function settingsOf({ to, activations, calibration, drop, target, tolerance = [] }: CompressCommandOptions): unknown {
  const tolerances = Object.fromEntries(tolerance.map((text) => limitIn(text, "--tolerance")));
  if (target !== undefined) {
    const other = Object.entries({ to, activations, calibration, drop }).find(([, value]) => value !== undefined);
    if (other)
      throw argumentError(`--${other[0]}`, {
        problem: "a target chooses how weights are stored",
        expected: "--target alone",
      });
    return {
      target: Object.fromEntries(target.split(",").map((text) => limitIn(text.trim(), "--target"))),
      tolerances,
    };
  }
  if (to === undefined) {
    const idle = Object.entries({ activations, calibration, drop, tolerance: tolerance[0] }).find(
      ([, v]) => v !== undefined,
    );
    if (idle)
      throw argumentError(`--${idle[0]}`, {
        problem: "says how, and nothing says to what",
        expected: "--to int8, int8-weights, int4 or fp16",
      });
    return undefined;
  }
  if (to !== "int8" && (activations ?? calibration) !== undefined)
    throw argumentError(activations === undefined ? "--calibration" : "--activations", {
      problem: `has no meaning for --to ${to}`,
      expected: "--to int8",
    });
  const quantise = {
    to,
    ...(activations && { activations }),
    ...(calibration && { calibration }),
    ...(drop !== undefined && { sensitivity: { drop } }),
  };
  return { steps: [{ quantise }], tolerances };
}

function limitIn(text: string, option: "--tolerance" | "--target"): [string, number] {
  const [, name, limit] = /^([^=]+)=([\d.]+(?:e-?\d+)?)$/i.exec(text) ?? [];
  if (name && Number.isFinite(Number(limit))) return [name, Number(limit)];
  throw argumentError(option, {
    problem: "not a name and its limit",
    expected: option === "--target" ? "size=0.3,latency=0.6,drop=0.01" : "accuracy=0.01",
    got: text,
  });
}
