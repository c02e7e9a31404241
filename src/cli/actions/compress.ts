// concord compress: the compressed model of a run, with a table of what changed.
import { say } from "../../messages/index.ts";
import { compressRun } from "../../runs/index.ts";
import { type CompressOptions, compressSettings } from "../compress-settings.ts";
import type { CommandContext } from "../context.ts";
import { untilInterrupted } from "../interrupted.ts";
import { showRun } from "../show-run.ts";

export async function compress(run: string, options: CompressOptions, context: CommandContext): Promise<void> {
  const settings = compressSettings(options);
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
