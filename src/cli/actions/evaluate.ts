// concord evaluate: scores of a finished run's model, on its test part or on another table.
import { say } from "../../messages/index.ts";
import { evaluateRun } from "../../runs/index.ts";
import { inLanguage } from "../../translations/index.ts";
import { type CommandContext, writeResult } from "../context.ts";
import { checkedDevice } from "../device.ts";
import { type ReadingOptions, tableWriting } from "../reading.ts";

export interface EvaluateCommandOptions extends ReadingOptions {
  readonly data?: string;
  readonly out?: string;
  readonly device?: string;
}

export async function evaluate(
  run: string,
  { data, out, device, ...reading }: EvaluateCommandOptions,
  context: CommandContext,
): Promise<void> {
  const { language, stderr } = context;
  const writing = tableWriting(data, "--data", reading);
  const metrics = await evaluateRun(run, {
    ...writing,
    data,
    out,
    device: checkedDevice(device),
    language,
    onWarning: (text) =>
      stderr.write(`${say(language, "run.warning", { stage: "evaluate", text: inLanguage(language, text) })}\n`),
  });
  writeResult(context, metrics.record, () => metrics.text);
}
