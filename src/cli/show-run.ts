// A run's events as lines and bars, or as JSON. Knows no stage.
import { say } from "../messages/index.ts";
import type { RunEvent } from "../stages/index.ts";
import { inLanguage } from "../translations/index.ts";
import type { CommandContext } from "./context.ts";
import { type Progress, progress } from "./progress.ts";

/** Gives what `runRecipe` reports to: results on standard output, everything else on standard error. */
export function showRun({ json, quiet, stdout, stderr, language }: CommandContext): (event: RunEvent) => void {
  let bar: { stage: string; line: Progress; since: number; examples: number } | undefined;
  const line = (text: string, to = stderr) => {
    bar?.line.end();
    to.write(`${text}\n`);
  };
  return (event) => {
    if (json) return void stdout.write(`${JSON.stringify(event)}\n`);
    if (event.kind === "warning")
      return line(say(language, "run.warning", { stage: event.stage, text: inLanguage(language, event.text) }));
    // what evaluation says is the result: it is never silenced
    if (event.kind === "note" && event.stage === "evaluate") return line(event.text, stdout);
    if (quiet) return;
    if (event.kind === "note") return line(event.text);
    if (event.kind === "stage") {
      bar?.line.end();
      bar = undefined;
      return line(`${event.stage.padEnd(17)} ${stageText(event, language)}`);
    }
    if (bar?.stage !== event.stage) {
      bar?.line.end();
      const shown = progress({ total: event.total, label: event.stage, stream: stderr, language });
      bar = { stage: event.stage, line: shown, since: performance.now(), examples: 0 };
    }
    const { loss, learningRate, dev, devMae, examples = 0 } = event.values;
    bar.examples += examples;
    const seconds = (performance.now() - bar.since) / 1000;
    const parts = [
      ...(loss === undefined || learningRate === undefined
        ? []
        : [say(language, "run.loss", { loss: loss.toFixed(3), rate: learningRate.toExponential(1) })]),
      ...(dev === undefined ? [] : [say(language, "run.dev", { score: dev.toFixed(3) })]),
      ...(devMae === undefined ? [] : [say(language, "run.devMae", { score: devMae.toFixed(3) })]),
      ...(seconds > 1 ? [say(language, "run.rate", { rate: Math.round(bar.examples / seconds) })] : []),
    ];
    bar.line.update(event.done, parts.join("  "));
  };
}

function stageText(
  { state, why, seconds }: Extract<RunEvent, { kind: "stage" }>,
  language: CommandContext["language"],
): string {
  if (state === "cached") return say(language, "run.kept");
  if (state === "started") return say(language, "run.runs", { why });
  return say(language, "run.done", { seconds: (seconds ?? 0).toFixed(1) });
}
