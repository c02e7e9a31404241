// One page about a released model for whoever it concerns, in English and in Chinese, made from its passport alone.

import { type Language, say } from "../../messages/index.ts";
import type { Measured, Passport } from "../../passport/index.ts";
import { htmlDocument } from "../document.ts";
import { type Html, html } from "../html.ts";
import { inputNoun, inputStory } from "../model-inputs.ts";
import { count, short } from "../numbers.ts";
import { knownLimits, overallScores, spentText, valuesUnder } from "./facts.ts";

const hundred = (share: number): number => Math.round(100 * share);

/** `plain.html`: English first, then Chinese. */
export function plainPage(passport: Passport): string {
  const body = html`<header><nav aria-label="Language / 语言"><ul><li><a href="#en">English</a></li><li><a href="#zh">中文</a></li></ul></nav></header>
<main>
${article(passport, "en")}
${article(passport, "zh")}
</main>`;
  return htmlDocument({ language: "en", title: say("en", "plain.title", { name: passport.name }), body });
}

function article(passport: Passport, language: Language): Html {
  const { about, name } = passport;
  const unknown = say(language, "plain.unknown");
  const questions = [
    [say(language, "plain.purpose"), about.purpose ?? unknown],
    [say(language, "plain.users"), about.users ?? unknown],
    [say(language, "plain.misuse"), about.misuse ?? unknown],
    [say(language, "plain.how"), inputStory(passport, language)],
    [say(language, "plain.good"), goodText(passport, language)],
    [say(language, "plain.fair"), fairTexts(passport, language)],
    [say(language, "plain.private"), privateText(passport, language)],
    [say(language, "plain.limits"), knownLimits(passport, language)],
    [say(language, "plain.checks"), checkTexts(passport, language)],
    [say(language, "plain.verify"), say(language, "plain.verify.text")],
    [say(language, "plain.contact"), about.contact ?? unknown],
  ] as const;
  return html`<article id="${language}" lang="${language === "zh" ? "zh-CN" : "en"}">
<h1>${say(language, "plain.title", { name })}</h1>
${questions.map(
  ([question, answer]) => html`<h2>${question}</h2>
${typeof answer === "string" ? html`<p>${answer}</p>` : html`<ul>${answer.map((one) => html`<li>${one}</li>`)}</ul>`}
`,
)}</article>`;
}

function goodText(passport: Passport, language: Language): string {
  const rows = count(passport.rows.test ?? 0);
  const right = passport.values["metrics.accuracy"];
  if (!right) {
    const scores = overallScores(passport)
      .slice(0, 4)
      .map(([name, { value }]) => `${name} ${short(value)}`);
    return say(language, "plain.good.other", {
      what: inputNoun(passport.model, language),
      rows,
      scores: scores.join(", "),
    });
  }
  const { value, low = value, high = value } = right;
  return say(language, "plain.good.text", {
    what: inputNoun(passport.model, language),
    rows,
    right: hundred(value),
    low: hundred(low),
    high: hundred(high),
  });
}

/** For each attribute the group that is served best and the one that is served worst, where a share of right answers is known. */
function fairTexts(passport: Passport, language: Language): string[] {
  const byAttribute = new Map<string, [group: string, value: Measured][]>();
  for (const [name, value] of valuesUnder(passport, "metrics.groups")) {
    const [, attribute, group] = /^([^.]+)\.(.+)\.accuracy$/.exec(name) ?? [];
    if (attribute === undefined || group === undefined) continue;
    byAttribute.set(attribute, [...(byAttribute.get(attribute) ?? []), [group, value]]);
  }
  const texts = [...byAttribute].flatMap(([attribute, groups]) => {
    const [worst, ...others] = groups.sort(([, a], [, b]) => a.value - b.value);
    const best = others.at(-1);
    if (!worst || !best) return [];
    const shares = { bestRight: hundred(best[1].value), worstRight: hundred(worst[1].value) };
    return [say(language, "plain.fair.worst", { attribute, best: best[0], worst: worst[0], ...shares })];
  });
  return texts.length ? texts : [say(language, "plain.fair.none")];
}

function privateText({ values, together }: Passport, language: Language): string {
  const owned = together?.members.filter(({ budget, rounds }) => budget !== null && rounds > 0) ?? [];
  if (owned.length > 0)
    return say(language, "plain.private.study", {
      members: owned.map((member) => `${member.name}: ${spentText(member, language)}`).join("; "),
    });
  const [epsilon, delta] = [values["privacy.epsilon"], values["privacy.delta"]];
  if (!epsilon || !delta) return say(language, "plain.private.none");
  return say(language, "plain.private.dp", { epsilon: short(epsilon.value), delta: short(delta.value) });
}

function checkTexts({ policy: { gates, overrides } }: Passport, language: Language): string[] {
  const passed = gates.filter((gate) => gate.passed).length;
  return [
    say(language, "plain.checks.text", { passed, all: gates.length }),
    ...overrides.map(({ value, reason }) => say(language, "plain.checks.overridden", { value, reason })),
  ];
}
