// A run's events as lines and bars, or as JSON. Knows no stage.
import { say } from "../messages/index.ts";
import type { RunEvent } from "../stages/index.ts";
import { inLanguage } from "../translations/index.ts";
import type { CommandContext } from "./context.ts";
import { type Progress, progress } from "./progress.ts";

/** A run on a terminal. */
export interface RunDisplay {
  /** Shows an event. */
  readonly show: (event: RunEvent) => void;
  /** Ends the bar and says that work is being saved; further progress is not shown. */
  readonly stopping: () => void;
}

/**
 * Shows what `runRecipe` reports: results on standard output, everything else on standard error.
 * @param isResult whether a stage's notes are results, which are never silenced. Default those of evaluation
 */
export function showRun(
  { json, quiet, stdout, stderr, language }: CommandContext,
  isResult = (stage: string): boolean => stage === "evaluate",
): RunDisplay {
  let bar: { stage: string; total: number; line: Progress; since: number; examples: number } | undefined;
  let stopped = false;
  let began = performance.now();
  const line = (text: string) => (bar ? bar.line.above(text) : void stderr.write(`${text}\n`));
  const endBar = () => {
    bar?.line.end();
    bar = undefined;
  };
  const show = (event: RunEvent) => {
    if (json) return void stdout.write(`${JSON.stringify(event)}\n`);
    if (event.kind === "metrics") return; // a note says them in words
    if (event.kind === "warning")
      return line(say(language, "run.warning", { stage: event.stage, text: inLanguage(language, event.text) }));
    if (event.kind === "note" && isResult(event.stage)) {
      endBar();
      return void stdout.write(`${event.text}\n`);
    }
    if (quiet) return;
    if (event.kind === "note") return line(event.text);
    if (event.kind === "stage") {
      endBar();
      began = performance.now();
      return line(`${event.stage.padEnd(17)} ${stageText(event, language)}`);
    }
    if (stopped) return;
    if (bar?.stage !== event.stage || bar.total !== event.total) {
      endBar();
      const shown = progress({ total: event.total, label: event.stage, stream: stderr, language, since: began });
      bar = { stage: event.stage, total: event.total, line: shown, since: performance.now(), examples: 0 };
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
      ...(seconds > 1 && bar.examples > 0
        ? [say(language, "run.rate", { rate: Math.round(bar.examples / seconds) })]
        : []),
    ];
    bar.line.update(event.done, parts.join("  "));
  };
  const stopping = () => {
    if (stopped || json) return;
    stopped = true;
    if (stderr.isTTY) stderr.write("\n"); // below the ^C that the terminal shows
    bar = undefined;
    if (!quiet) stderr.write(`${say(language, "run.stopping")}\n`);
  };
  return { show, stopping };
}

function stageText(
  { state, why, seconds }: Extract<RunEvent, { kind: "stage" }>,
  language: CommandContext["language"],
): string {
  if (state === "cached") return say(language, "run.kept");
  if (state === "started") return say(language, "run.runs", { why });
  return say(language, "run.done", { seconds: (seconds ?? 0).toFixed(1) });
}
