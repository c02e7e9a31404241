// One page about a released model for whoever it concerns, in English and in Chinese: first the decision and who signed it, then what the
// model is for, how good it is and for whom it is worse. Made from the passport, the keys that signed it and the time of its release.

import { type Language, say } from "../../messages/index.ts";
import { count, type Html, html, htmlDocument } from "../../pages/index.ts";
import { limitText, type Measured, type Passport, type Statement, statedIn } from "../../passport/index.ts";
import { inputNoun, inputStory } from "../model-inputs.ts";
import { performanceFinding } from "./chosen-values.ts";
import { knownLimitStatements, spentText, valuesUnder } from "./facts.ts";
import { amountOf, boundWords, valueWords } from "./value-words.ts";

/** How a passport became a release. */
export interface Decision {
  /** Keys whose signatures the passport has. */
  readonly signedBy: readonly string[];
  /** ISO 8601. */
  readonly at: string;
}

/** Fewer rows than this say little about a group. */
const fewRows = 30;

const hundred = (share: number): number => Math.round(100 * share);

/** Shows one language at a time; where `:has` is unknown, both. */
const oneLanguage = `
main:has(#zh:target) #en,main:not(:has(#zh:target)) #zh{display:none}
.decision{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--c3);border-radius:.5rem;padding:.75rem 1rem;margin:1rem 0}
.decision.exception{border-left-color:var(--edge);background:var(--warn)}
.decision p:first-child{font-size:1.15rem;font-weight:600;margin-top:0}
article li{break-inside:avoid}
article p{orphans:3;widows:3}
`;

/** `plain.html`: English, and Chinese at `#zh`. */
export function plainPage(passport: Passport, decision: Decision): string {
  const body = html`<header><nav aria-label="Language / 语言"><ul><li><a href="#en" lang="en">English</a></li><li><a href="#zh" lang="zh-CN">中文</a></li></ul></nav></header>
<main>
${article(passport, decision, "en")}
${article(passport, decision, "zh")}
</main>`;
  const title = say("en", "plain.title", { name: passport.name });
  return htmlDocument({ language: "en", title, body, more: oneLanguage });
}

type Answered = readonly [question: string, answer: Html | undefined];

/** The questions of the page with their answers. @param withLimits with the known limits. Default false */
export function passportAnswers(passport: Passport, language: Language, withLimits = false): Html {
  const { about } = passport;
  const owners = (statement: Statement | undefined) => stated(statement, language);
  const list = (items: readonly (string | Html)[]) => html`<ul>${items.map((one) => html`<li>${one}</li>`)}</ul>`;
  const known = knownLimitStatements(passport, language).map((limit) => statedHtml(limit, language));
  const limits: readonly Answered[] = withLimits ? [[say(language, "plain.limits"), list(known)]] : [];
  const questions: readonly Answered[] = [
    [say(language, "plain.purpose"), owners(about.purpose)],
    [say(language, "plain.users"), owners(about.users)],
    [say(language, "plain.instructions"), owners(about.instructions)],
    [say(language, "plain.misuse"), owners(about.misuse)],
    [say(language, "plain.oversight"), owners(about.oversight)],
    [say(language, "plain.how"), html`${inputStory(passport, language)}`],
    [say(language, "plain.good"), html`${goodText(passport, language)}`],
    [say(language, "plain.fair"), list(fairTexts(passport, language))],
    [say(language, "plain.private"), html`${privateText(passport, language)}`],
    ...limits,
    [say(language, "plain.verify"), html`${say(language, "plain.verify.text")}`],
    [say(language, "plain.contact"), owners(about.contact)],
  ];
  return html`${questions.map(
    ([question, answer]) => html`<h2>${question}</h2>
<div>${answer ?? say(language, "plain.unknown")}</div>
`,
  )}`;
}

const article = (
  passport: Passport,
  decision: Decision,
  language: Language,
): Html => html`<article id="${language}" lang="${tag(language)}">
<h1>${say(language, "plain.title", { name: passport.name })}</h1>
${decisionBox(passport, decision, language, "released")}
${passportAnswers(passport, language, true)}</article>`;

const tag = (language: Language): string => (language === "zh" ? "zh-CN" : "en");

/** The owner's words; marked where they are not in the reader's language. */
function stated(statement: Statement | undefined, language: Language): Html | undefined {
  const found = statedIn(statement, language);
  return found && statedHtml(found, language);
}

const statedHtml = (found: { readonly text: string; readonly language: Language }, language: Language): Html =>
  found.language === language
    ? html`${found.text}`
    : html`<span lang="${tag(found.language)}">${found.text}</span> <small>${say(language, "plain.untranslated")}</small>`;

/** Released or released with exceptions, since when, by whom; the checks and how many passed. */
export function decisionBox(
  { policy, values }: Passport,
  { signedBy, at }: Decision,
  language: Language,
  stage: "released" | "proposed",
): Html {
  const { gates, overrides, signers = [] } = policy;
  const [all, passed] = [gates.length, gates.filter((gate) => gate.passed).length];
  const date = at.slice(0, 10);
  const nameOf = (keyid: string) => {
    const signer = signers.find((one) => one.keyid === keyid);
    return signer
      ? say(language, "plain.signer", signer)
      : say(language, "plain.signer.key", { key: keyid.slice(0, 16) });
  };
  const decided =
    stage === "proposed"
      ? say(language, "plain.decision.proposed", { date })
      : say(language, overrides.length ? "plain.decision.exceptions" : "plain.decision", { date });
  const exceptions = overrides.map(({ value, reason, keyid }) => {
    const gate = gates.find((one) => one.value === value);
    const amount = (n: number) => amountOf(value, n);
    return say(language, "plain.exception", {
      check: valueWords(value, language),
      measured: gate ? amount(gate.measured) : "–",
      bound: gate ? boundWords(gate, values[value], language) : "–",
      limit: gate ? limitText(gate, amount) : "–",
      who: nameOf(keyid),
      reason,
    });
  });
  return html`<section class="decision${overrides.length ? " exception" : ""}">
<p>${decided}</p>
<p>${say(language, "plain.checks.text", { passed, all })}</p>
${exceptions.length ? html`<ul>${exceptions.map((one) => html`<li>${one}</li>`)}</ul>` : undefined}
<p>${signedBy.length ? say(language, "plain.signed", { names: signedBy.map(nameOf).join(language === "zh" ? "；" : "; ") }) : say(language, "plain.unsigned")}</p>
</section>`;
}

function goodText(passport: Passport, language: Language): string {
  const rows = count(passport.rows.test ?? 0);
  const what = inputNoun(passport.model, language);
  const right = passport.values["metrics.accuracy"];
  if (!right) {
    const scores = performanceFinding(passport)
      .values.slice(0, 4)
      .map(([name, { value }]) => `${valueWords(name, language)} ${amountOf(name, value)}`);
    return say(language, "plain.good.other", { what, rows, scores: scores.join(language === "zh" ? "；" : "; ") });
  }
  const { value, low = value, high = value } = right;
  return say(language, "plain.good.text", {
    what,
    rows,
    right: hundred(value),
    low: hundred(low),
    high: hundred(high),
  });
}

interface GroupShare {
  readonly group: string;
  readonly share: Measured;
  /** Undefined in passports made before 2026-11-30. */
  readonly rows: number | undefined;
}

/** Groups of each attribute for which a share of right answers is known. */
function groupShares(passport: Passport): Map<string, GroupShare[]> {
  const byAttribute = new Map<string, GroupShare[]>();
  for (const [name, share] of valuesUnder(passport, "metrics.groups")) {
    const [, attribute, group] = /^([^.]+)\.(.+)\.accuracy$/.exec(name) ?? [];
    if (attribute === undefined || group === undefined) continue;
    const rows = passport.values[`metrics.groups.${attribute}.${group}.rows`]?.value;
    byAttribute.set(attribute, [...(byAttribute.get(attribute) ?? []), { group, share, rows }]);
  }
  return byAttribute;
}

/** For each attribute the groups with the highest and the lowest share of right answers; groups of few rows are named, not ranked. */
function fairTexts(passport: Passport, language: Language): string[] {
  const texts = [...groupShares(passport)].flatMap(([attribute, groups]) => {
    const few = groups.filter(({ rows }) => rows !== undefined && rows < fewRows);
    const [worst, ...others] = groups.filter((one) => !few.includes(one)).sort((a, b) => a.share.value - b.share.value);
    const best = others.at(-1);
    const ranked =
      worst && best
        ? [
            say(language, "plain.fair.worst", {
              attribute,
              best: shareText(best, language),
              worst: shareText(worst, language),
            }),
          ]
        : [];
    return [
      ...ranked,
      ...few.map((one) => say(language, "plain.fair.few", { attribute, group: one.group, rows: one.rows! })),
    ];
  });
  return texts.length ? texts : [say(language, "plain.fair.none")];
}

function shareText(
  { group, share: { value, low = value, high = value }, rows }: GroupShare,
  language: Language,
): string {
  const shares = { group, right: hundred(value), low: hundred(low), high: hundred(high) };
  return rows === undefined
    ? say(language, "plain.fair.share", shares)
    : say(language, "plain.fair.shareOf", { ...shares, rows: count(rows) });
}

function privateText({ values, together }: Passport, language: Language): string {
  const owned = together?.members.filter(({ budget, rounds }) => budget !== null && rounds > 0) ?? [];
  if (owned.length > 0)
    return say(language, "plain.private.study", {
      members: owned.map((member) => `${member.name}: ${spentText(member, language)}`).join("; "),
    });
  const [epsilon, delta] = [values["privacy.epsilon"], values["privacy.delta"]];
  if (!epsilon || !delta) return say(language, "plain.private.none");
  return say(language, "plain.private.dp", {
    epsilon: amountOf("privacy.epsilon", epsilon.value),
    delta: amountOf("privacy.delta", delta.value),
  });
}
