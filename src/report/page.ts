// report.html: one page that needs nothing but itself. No script, and a policy that would refuse one.
import { say } from "../messages/index.ts";
import { count, type Html, html, htmlDocument } from "../pages/index.ts";
import { inLanguage } from "../translations/index.ts";
import type { ReportInput } from "./input.ts";
import { byTask } from "./sections/by-task.ts";
import { calibrationSection } from "./sections/calibration.ts";
import { confusionSection } from "./sections/confusions.ts";
import { dataSection } from "./sections/data.ts";
import { doneSection, machineSection } from "./sections/done.ts";
import { examplesSection } from "./sections/examples.ts";
import { explanationSection } from "./sections/explanation.ts";
import { fairnessSection } from "./sections/fairness.ts";
import { forecastsSection } from "./sections/forecasts.ts";
import { groupsSection } from "./sections/groups.ts";
import { privacySection } from "./sections/privacy.ts";
import { releaseSection } from "./sections/release.ts";
import { robustnessSection } from "./sections/robustness.ts";
import { scoresSection } from "./sections/scores.ts";
import { trainingSection } from "./sections/training.ts";
import { verdictSection } from "./sections/verdict.ts";
import { known } from "./words.ts";

/**
 * The report of a run as a self-contained page: no script, nothing loaded, every text of the data escaped.
 * @returns HTML, about 100 to 400 kB
 * @example await writeFile("report.html", await reportPage(input));
 */
export async function reportPage(input: ReportInput): Promise<string> {
  const { language, name, made, versions } = input;
  const more = input.sections?.map(({ id, title, content }) => [id, title, content] as const) ?? [];
  const sections = (
    [
      ["release", say(language, "report.release"), releaseSection(input)],
      ["scores", say(language, "report.scores"), await byTask(input, scoresSection)],
      ["forecasts", say(language, "report.forecasts"), await forecastsSection(input)],
      ["groups", say(language, "report.groups"), await byTask(input, groupsSection)],
      ["confusions", say(language, "report.confusion"), await byTask(input, confusionSection)],
      ["calibration", say(language, "report.calibration"), await byTask(input, calibrationSection)],
      ["fairness", say(language, "report.fairness"), fairnessSection(input)],
      ["privacy", say(language, "report.privacy"), privacySection(input)],
      ["explanation", say(language, "report.explanation"), explanationSection(input)],
      ["robustness", say(language, "report.robustness"), robustnessSection(input)],
      ...more,
      ["examples", say(language, "report.examples"), examplesSection(input)],
      ["data", say(language, "report.data"), await dataSection(input)],
      ["training", say(language, "report.training"), await trainingSection(input)],
      ["done", say(language, "report.done"), doneSection(input)],
      ["machine", say(language, "report.speed"), machineSection(input)],
    ] as const
  ).flatMap(([id, title, content]) => (content === undefined ? [] : [{ id, title, content }]));
  const title = say(language, "report.title", { name });
  const body = html`<header>
<h1>${title}</h1>
<p>${say(language, "report.made", { when: made.slice(0, 16).replace("T", " "), version: versions.concord ?? "" })} (UTC)</p>
<p>${aboutOf(input)}</p>
${verdictSection(input)}
${warningsOf(input)}
<nav aria-label="${say(language, "report.contents")}"><ul>${sections.map((s) => html`<li><a href="#${s.id}">${s.title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(
  ({ id, title, content }) => html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`,
)}</main>`;
  return htmlDocument({ language, title, body });
}

function aboutOf({ language, task, model, data }: ReportInput): string {
  const { train = 0, dev = 0, test = 0 } = data.parts;
  const named = known(language, "report.task", task);
  const parameters = count(model.parameters);
  return say(language, "report.about", {
    task: named,
    parameters,
    train: count(train),
    dev: count(dev),
    test: count(test),
  });
}

function warningsOf({ language, data }: ReportInput): Html | undefined {
  const all = [
    ...(data.parts.dev ? [] : [say(language, "report.noDev")]),
    ...[...(data.remarks ?? []), ...data.warnings].map((text) => inLanguage(language, text)),
  ];
  return all.length
    ? html`<aside class="warnings" aria-labelledby="warnings"><h2 id="warnings">${say(language, "report.warnings")}</h2><ul>${all.map((text) => html`<li>${text}</li>`)}</ul></aside>`
    : undefined;
}
