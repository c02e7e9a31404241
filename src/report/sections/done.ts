// What was done: task, model, method, the stages and the whole recipe.

import { say } from "../../messages/index.ts";
import { bytes, count, facts, folded, type Html, html, seconds, table } from "../../pages/index.ts";
import type { ReportInput } from "../input.ts";
import { inputLimit } from "../model-inputs.ts";
import { known } from "../words.ts";

export function doneSection(input: ReportInput): Html {
  const { language, task, model, recipe, stages } = input;
  return html`${facts([
    [say(language, "report.task"), `${task}: ${known(language, "report.task", task)}`],
    [
      say(language, "report.model"),
      model.from === undefined
        ? say(language, "report.model.made")
        : say(language, "report.model.from", { folder: model.from }),
    ],
    [say(language, "report.parameters"), count(model.parameters)],
    [say(language, "report.method"), known(language, "report.method", model.method)],
    inputLimit(model, language),
    [say(language, "report.seed"), recipe.seed],
    [say(language, "report.digest"), html`<code>${recipe.digest}</code>`],
  ])}
${table({
  caption: say(language, "report.stages"),
  columns: [say(language, "report.stage"), say(language, "report.time"), say(language, "report.key")],
  rows: stages.map((s) => [s.stage, seconds(s.seconds), html`<code>${s.key.slice(0, 16)}</code>`]),
  texts: [0, 2],
})}
${folded(say(language, "report.recipe"), html`<pre>${recipe.text}</pre>`)}`;
}

/** Speed, memory, versions. */
export function machineSection({ language, trainings, machine, sizes, stages, versions }: ReportInput): Html {
  const adapt = trainings.find((t) => t.stage === "adapt");
  const total = stages.reduce((sum, s) => sum + s.seconds, 0);
  return html`${facts([
    adapt?.examplesPerSecond === undefined
      ? undefined
      : [
          say(language, "report.speed.training"),
          say(language, "report.speed.rate", { rate: adapt.examplesPerSecond.toFixed(1) }),
        ],
    machine.peakBytes === undefined ? undefined : [say(language, "report.speed.peak"), bytes(machine.peakBytes)],
    [say(language, "report.speed.total"), seconds(total)],
    ...Object.entries(sizes).map(([name, size]) => [say(language, "report.size", { name }), bytes(size)] as const),
    [
      say(language, "report.machine"),
      say(language, "report.machine.value", {
        processor: machine.processor,
        threads: machine.threads,
        memory: bytes(machine.memoryBytes),
      }),
    ],
  ])}
${table({
  caption: say(language, "report.versions"),
  columns: [say(language, "report.package"), say(language, "report.version")],
  rows: [...Object.entries(versions), ["system", machine.system]],
  texts: [0, 1],
})}`;
}
