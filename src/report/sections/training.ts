// Learning curves of each stage that trained: loss, learning rate, dev score.
import { type Language, say } from "../../messages/index.ts";
import { chart, curve, type Html, html, seconds, short, thinned } from "../../pages/index.ts";
import type { EpochSelection } from "../../passport/index.ts";
import { taskOf } from "../../tasks/index.ts";
import type { ReportInput, Training } from "../input.ts";
import { known } from "../words.ts";

export async function trainingSection(input: ReportInput): Promise<Html> {
  return html`${await Promise.all(input.trainings.map((training) => curvesOf(input, training)))}`;
}

async function curvesOf({ language, task }: ReportInput, training: Training): Promise<Html> {
  const step = say(language, "report.step");
  const loss = thinned(training.loss);
  const stretch = loss[0]?.step ?? 1;
  const rates = training.learningRate.map((value, i) => ({ step: i + 1, value }));
  const kept = rates.filter((_, i) => i % Math.ceil(rates.length / 300) === 0 || i === rates.length - 1);
  const scores = training.epochs.flatMap(({ step, score }) => (score === undefined ? [] : [{ step, value: score }]));
  const figure = (
    points: { step: number; value: number }[],
    caption: string,
    value: string,
    options: Parameters<typeof curve>[2] = {},
  ) => {
    const [from, to] = [points[0], points.at(-1)];
    if (!from || !to) return undefined;
    const described = say(language, "report.curve.described", {
      name: value,
      from: short(from.value),
      first: from.step,
      to: short(to.value),
      last: to.step,
    });
    return chart(curve(points, { step, value }, options), caption, described);
  };
  const devScore = say(language, `report.devScore.${training.devScore ?? taskOf(task).devScore.name}`);
  const { selection } = training;
  const chosen = selection && training.epochs[selection.kept - 1];
  const scoreCaption = chosen ? "report.curve.devKept" : "report.curve.dev";
  const lossText =
    stretch > 1 ? say(language, "report.curve.lossMean", { steps: stretch }) : say(language, "report.curve.loss");
  const figures = await Promise.all([
    figure(loss, lossText, say(language, "report.loss"), { zero: true }),
    figure(kept, say(language, "report.curve.rate"), say(language, "report.learningRate"), {
      zero: true,
      color: "var(--c3)",
    }),
    figure(scores, say(language, scoreCaption, { name: devScore }), devScore, {
      dots: true,
      color: "var(--c2)",
      ...(chosen && { marked: chosen.step }),
    }),
  ]);
  return html`<h3>${known(language, "report.training", training.stage)}</h3>
<p>${say(language, "report.training.facts", {
    steps: training.loss.length,
    epochs: training.epochs.length,
    time: seconds(training.seconds),
  })}${selection && ` ${selectionText(language, selection, devScore)}`}</p>
<div class="side">${figures}</div>`;
}

/** Why training ended where it did, and which epoch's weights the model has. */
function selectionText(language: Language, selection: EpochSelection, name: string): string {
  const { epochs, planned, patience, kept, best, keep, stopped } = selection;
  const score = best.score === null ? "–" : short(best.score);
  const values = { name, epoch: epochs, planned, kept, best: best.epoch, score };
  return [
    ...(stopped && patience !== undefined ? [say(language, "report.selection.stopped", { ...values, patience })] : []),
    say(language, keep === "best" ? "report.selection.best" : "report.selection.last", values),
    say(language, "report.selection.optimistic"),
  ].join(" ");
}
