// The page and the text of what watching shows. Computes nothing.

import { inWords, type Language, type Message } from "../messages/index.ts";
import {
  type Content,
  chart,
  count,
  curve,
  decimal,
  facts,
  folded,
  type Html,
  html,
  htmlDocument,
  percent,
  scoreCell,
  table,
} from "../pages/index.ts";
import type { DriftFinding } from "./drift.ts";
import type { MonitorReport } from "./report.ts";

const texts = {
  title: { en: "Monitoring", zh: "监测" },
  none: { en: "No answer has been recorded yet.", zh: "尚未记录任何回答。" },
  version: { en: "version", zh: "版本" },
  shadow: { en: "shadow: its answers are not sent", zh: "影子版本：不发出回答" },
  answers: { en: "answers", zh: "回答数" },
  judged: { en: "with true label", zh: "有真实标签" },
  period: { en: "period (UTC)", zh: "时段（UTC）" },
  abstention: { en: "abstention rate", zh: "拒绝判断的比例" },
  accuracy: { en: "accuracy", zh: "准确率" },
  released: { en: "accuracy at release", zh: "发布时的准确率" },
  mae: { en: "mean absolute error", zh: "平均绝对误差" },
  calibration: { en: "calibration error (by chance)", zh: "校准误差（随机水平）" },
  embedding: { en: "distance of mean vectors (by chance)", zh: "平均向量的距离（随机水平）" },
  alertsTitle: { en: "Alerts", zh: "警报" },
  noAlert: { en: "No alert.", zh: "没有警报。" },
  brokenGate: {
    en: "{value} is {measured} and breaks the policy's gate {gate} {limit}",
    zh: "{value} 为 {measured}，未达到策略的发布门槛 {gate} {limit}",
  },
  time: { en: "time (UTC)", zh: "时间（UTC）" },
  alert: { en: "alert", zh: "警报" },
  gate: { en: "gate", zh: "发布门槛" },
  driftTitle: { en: "Drift", zh: "漂移" },
  driftText: {
    en: "Compared with {reference} test rows of the model's run. A row is an alarm where the adjusted p is below 0.01 and PSI is at least 0.1.",
    zh: "与该模型运行的 {reference} 行测试数据比较。校正后的 p 小于 0.01 且 PSI 不小于 0.1 时为警报。",
  },
  noProfile: {
    en: "This model has no profile, so drift is not tested. Serve a run or a release made by this version.",
    zh: "该模型没有输入概况，因此不检验漂移。请提供由此版本生成的运行或发布。",
  },
  quantity: { en: "quantity", zh: "量" },
  psi: { en: "PSI (by chance)", zh: "PSI（随机水平）" },
  distance: { en: "largest difference", zh: "最大差异" },
  p: { en: "adjusted p", zh: "校正后的 p" },
  verdict: { en: "verdict", zh: "结论" },
  alarm: { en: "ALARM", zh: "警报" },
  fine: { en: "no alarm", zh: "正常" },
  groupsTitle: { en: "Accuracy by group", zh: "各组准确率" },
  group: { en: "group", zh: "组" },
  difference: { en: "difference from the others", zh: "与其他组之差" },
  ratesTitle: { en: "Answers by group", zh: "各组的回答" },
  answer: { en: "answer", zh: "回答" },
  rate: { en: "share", zh: "比例" },
  windowsTitle: { en: "Windows", zh: "时间窗口" },
  window: { en: "window", zh: "窗口" },
  median: { en: "median latency (ms)", zh: "延迟中位数（毫秒）" },
  driftOf: { en: "largest PSI of an alarm", zh: "警报中最大的 PSI" },
  accuracyOver: {
    en: "Accuracy of each window of answers, by true labels that came back.",
    zh: "每个窗口的准确率，依据反馈的真实标签。",
  },
  latencyOver: { en: "Median latency of each window of answers.", zh: "每个窗口的延迟中位数。" },
} as const satisfies Record<string, Message>;

type Say = (key: keyof typeof texts) => string;

const moment = (ms: number | undefined): string =>
  ms === undefined ? "–" : new Date(ms).toISOString().slice(0, 19).replace("T", " ");
const alarmOf = ({ alarm }: DriftFinding, say: Say): string => say(alarm ? "alarm" : "fine");
const signed = (x: number): string => `${x < 0 ? "−" : "+"}${decimal(Math.abs(x))}`;
const probability = (p: number): string => (p < 0.001 ? "< 0.001" : p.toFixed(3));

/**
 * The dashboard: one self-contained page without scripts.
 * @param refreshSeconds the page loads itself again after this time. Default never
 * @example await writeFile("monitor.html", await monitorPage(await monitorReports(store), "en"));
 */
export async function monitorPage(
  reports: readonly MonitorReport[],
  language: Language,
  { refreshSeconds }: { readonly refreshSeconds?: number } = {},
): Promise<string> {
  const say: Say = (key) => inWords(language, texts[key] as Message);
  const sections = await Promise.all(reports.map((report) => section(report, language, say)));
  const body = html`<main><h1>${say("title")}</h1>${reports.length ? sections : html`<p>${say("none")}</p>`}</main>`;
  const page = htmlDocument({ language, title: say("title"), body });
  const refresh = refreshSeconds ? `<meta http-equiv="refresh" content="${Math.round(refreshSeconds)}">\n` : "";
  return page.replace("<title>", `${refresh}<title>`);
}

async function section(report: MonitorReport, language: Language, say: Say): Promise<Html> {
  const { model, performance, windows } = report;
  const { accuracy, abstention, meanAbsoluteError, calibration } = performance;
  return html`<section><h2>${model.model} <small>${say("version")} ${model.version}${model.shadow && html` (${say("shadow")})`}</small></h2>
${facts([
  [say("answers"), count(report.rows)],
  [say("judged"), count(performance.judged)],
  [say("period"), `${moment(report.from)} – ${moment(report.to)}`],
  accuracy && [say("accuracy"), scoreCell(accuracy)],
  model.accuracy && [say("released"), scoreCell(model.accuracy)],
  meanAbsoluteError !== undefined ? [say("mae"), decimal(meanAbsoluteError)] : undefined,
  abstention && [say("abstention"), scoreCell(abstention)],
  calibration && [say("calibration"), `${decimal(calibration.error)} (${decimal(calibration.byChance)})`],
  report.drift?.embedding && [
    say("embedding"),
    `${decimal(report.drift.embedding.distance)} (${decimal(report.drift.embedding.byChance)})`,
  ],
])}
${alertSection(report, language, say)}
${model.shadow ? undefined : driftSection(report, language, say)}
${groupSection(report, say)}
${windows.length > 1 ? await windowSection(report, say) : undefined}</section>`;
}

function alertSection({ alerts, broken }: MonitorReport, language: Language, say: Say): Html {
  const gates = broken.map(({ gate, limit, value, measured }) =>
    inWords(language, texts.brokenGate, { gate, limit, value, measured: decimal(measured) }),
  );
  return html`<h3>${say("alertsTitle")}</h3>
${gates.length ? html`<div class="warnings"><ul>${gates.map((line) => html`<li>${line}</li>`)}</ul></div>` : undefined}
${
  alerts.length
    ? table({
        caption: say("alertsTitle"),
        columns: [say("time"), say("alert"), say("gate")],
        rows: alerts.map(({ at, text, gate }) => [moment(at), text, gate ?? "–"]),
        texts: [0, 1, 2],
      })
    : gates.length === 0
      ? html`<p>${say("noAlert")}</p>`
      : undefined
}`;
}

function driftSection({ drift, model, rows }: MonitorReport, language: Language, say: Say): Html | undefined {
  if (!model.profile) return html`<h3>${say("driftTitle")}</h3><p>${say("noProfile")}</p>`;
  if (!drift || rows === 0) return undefined;
  const row = (finding: DriftFinding): Content[] => [
    finding.name,
    `${decimal(finding.psi)} (${decimal(finding.psiByChance)})`,
    decimal(finding.distance),
    probability(finding.adjusted),
    alarmOf(finding, say),
  ];
  const columns = [say("quantity"), say("psi"), say("distance"), say("p"), say("verdict")];
  const shown = drift.findings.filter(({ name, alarm }) => alarm || !name.startsWith("embedding."));
  const others = drift.findings.filter((finding) => !shown.includes(finding));
  const tableOf = (findings: readonly DriftFinding[]) =>
    table({ caption: say("driftTitle"), columns, rows: findings.map(row), texts: [0, 4] });
  return html`<h3>${say("driftTitle")}</h3>
<p>${inWords(language, texts.driftText, { reference: count(drift.reference) })}</p>
${tableOf(shown)}
${others.length ? folded(`embedding.* (${others.length})`, tableOf(others)) : undefined}`;
}

function groupSection({ performance: { gaps, rates } }: MonitorReport, say: Say): Html | undefined {
  if (gaps.length + rates.length === 0) return undefined;
  const accuracy =
    gaps.length > 0
      ? html`<h3>${say("groupsTitle")}</h3>${table({
          caption: say("groupsTitle"),
          columns: [say("group"), say("judged"), say("accuracy"), say("difference")],
          rows: gaps.map(({ attribute, group, accuracy, difference }) => [
            `${attribute} ${group}`,
            count(accuracy.rows),
            scoreCell(accuracy),
            `${signed(difference.value)} [${signed(difference.low)}, ${signed(difference.high)}]`,
          ]),
        })}`
      : undefined;
  const shares =
    rates.length > 0
      ? folded(
          say("ratesTitle"),
          table({
            caption: say("ratesTitle"),
            columns: [say("group"), say("answer"), say("answers"), say("rate")],
            rows: rates.map(({ attribute, group, answer, rows, ...share }) => [
              `${attribute} ${group}`,
              answer,
              count(rows),
              scoreCell(share),
            ]),
            texts: [0, 1],
          }),
        )
      : undefined;
  return html`${accuracy}${shares}`;
}

async function windowSection({ windows }: MonitorReport, say: Say): Promise<Html> {
  const judged = windows.flatMap(({ accuracy }, i) => (accuracy ? [{ step: i + 1, value: accuracy.value }] : []));
  const titles = (value: string) => ({ step: say("window"), value });
  const charts = [
    ...(judged.length > 1
      ? [await chart(curve(judged, titles(say("accuracy")), { dots: true }), say("accuracy"), say("accuracyOver"))]
      : []),
    await chart(
      curve(
        windows.map(({ medianMs }, i) => ({ step: i + 1, value: medianMs })),
        titles(say("median")),
        { dots: true, zero: true },
      ),
      say("median"),
      say("latencyOver"),
    ),
  ];
  return html`<h3>${say("windowsTitle")}</h3>${charts}${folded(
    say("windowsTitle"),
    table({
      caption: say("windowsTitle"),
      columns: [say("time"), say("answers"), say("accuracy"), say("abstention"), say("median"), say("driftOf")],
      rows: windows.map(({ from, rows, accuracy, abstention, medianMs, drift }) => [
        moment(from),
        count(rows),
        accuracy ? scoreCell(accuracy) : "–",
        percent(abstention),
        medianMs.toFixed(1),
        drift === undefined ? "–" : decimal(drift),
      ]),
    }),
  )}`;
}

/** The same as lines for a terminal. */
export function monitorText(reports: readonly MonitorReport[], language: Language): string {
  const say: Say = (key) => inWords(language, texts[key] as Message);
  if (reports.length === 0) return say("none");
  const score = ({ value, low, high }: { readonly value: number; readonly low: number; readonly high: number }) =>
    `${decimal(value)} [${decimal(low)}, ${decimal(high)}]`;
  return reports
    .map(({ model, rows, from, to, performance, drift, broken, alerts }) => {
      const { accuracy, abstention, gaps, judged } = performance;
      const lines = [
        `${model.model}  ${say("version")} ${model.version}`,
        `  ${say("answers")}: ${count(rows)}  ${say("judged")}: ${count(judged)}  ${say("period")}: ${moment(from)} – ${moment(to)}`,
        ...(accuracy ? [`  ${say("accuracy")}: ${score(accuracy)}`] : []),
        ...(model.accuracy ? [`  ${say("released")}: ${score(model.accuracy)}`] : []),
        ...(abstention ? [`  ${say("abstention")}: ${score(abstention)}`] : []),
        ...gaps.map(
          ({ attribute, group, accuracy: own, difference }) =>
            `  ${attribute} ${group}: ${say("accuracy")} ${score(own)}  ${say("difference")} ${score(difference)}`,
        ),
        ...(model.profile || model.shadow ? [] : [`  ${say("noProfile")}`]),
        ...(drift?.findings ?? [])
          .filter(({ alarm }) => alarm)
          .map(
            ({ name, psi, adjusted }) =>
              `  ${say("alarm")}  ${name}: PSI ${decimal(psi)}, ${say("p")} ${probability(adjusted)}`,
          ),
        ...broken.map(
          ({ gate, limit, value, measured }) =>
            `  ${say("alarm")}  ${inWords(language, texts.brokenGate, { gate, limit, value, measured: decimal(measured) })}`,
        ),
        ...alerts.slice(0, 10).map(({ at, text }) => `  ${moment(at)}  ${text}`),
      ];
      return lines.join("\n");
    })
    .join("\n\n");
}
