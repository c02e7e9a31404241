// The model card (Mitchell 2019, arXiv:1810.03993) as the Hugging Face hub reads it: YAML front matter with a model-index, then
// Markdown. Made from a passport alone.

import { limitText, type Passport } from "../../passport/index.ts";
import { inputFormat, inputSentence } from "../model-inputs.ts";
import { bytes, count } from "../numbers.ts";
import { headline, knownLimits, overallScores, spentText, valuesUnder } from "./facts.ts";
import { measured, plain, table } from "./markdown.ts";

const pipelineTags: Readonly<Record<string, string>> = { entities: "token-classification" };
/** Names of metrics on the hub, by ours. */
const hubMetrics: Readonly<Record<string, string>> = {
  accuracy: "accuracy",
  macroF1: "f1",
  microF1: "f1",
  f1: "f1",
  precision: "precision",
  recall: "recall",
  mae: "mae",
  rmse: "rmse",
  r2: "r_squared",
  pearson: "pearsonr",
};

/** Lines of a table; the passport has all. */
const most = 40;

/** `README.md` of the released model's folder. */
export function modelCard(passport: Passport): string {
  const { name, about, made, policy, versions } = passport;
  const scores = overallScores(passport);
  const section = (title: string, text: string | undefined) => (text ? [`## ${title}`, "", text, ""] : []);
  const list = (items: readonly string[]) => items.map((item) => `- ${plain(item)}`).join("\n");
  const tableOf = (prefix: string) => {
    const found = (prefix === "metrics.groups" ? valuesUnder(passport, prefix) : headline(passport, prefix)).slice(
      0,
      most,
    );
    return found.length
      ? table(
          ["what", "value [95 % interval]"],
          found.map(([k, v]) => [plain(k), measured(v)]),
        )
      : undefined;
  };
  const body = [
    `# ${plain(name)}`,
    "",
    `${plain(about.purpose ?? "Its owner has not said what it is for.")} Made with Concord ${plain(versions.concord ?? "")} on ${made.slice(0, 10)}; every number below comes from the signed passport (\`passport.json\`).`,
    "",
    ...section("Model", modelTable(passport)),
    ...section("Users", about.users && plain(about.users)),
    ...section("Not for", about.misuse && plain(about.misuse)),
    ...section("Oversight", about.oversight && plain(about.oversight)),
    ...section(
      "Scores on the test part",
      table(
        ["score", "value [95 % interval]"],
        scores.map(([k, v]) => [plain(k), measured(v)]),
      ),
    ),
    ...section("By group", tableOf("metrics.groups")),
    ...section("Fairness", tableOf("fairness")),
    ...section("Privacy", privacyTable(passport) ?? tableOf("privacy")),
    ...section("Explanation", tableOf("explanation")),
    ...section("Robustness", tableOf("robustness")),
    ...section("Known limits", list(knownLimits(passport))),
    ...section(
      "Release",
      table(
        ["gate", "measured", "limit", ""],
        policy.gates.map((g) => [
          plain(g.value),
          String(Number(g.measured.toPrecision(4))),
          limitText(g),
          g.passed ? "passed" : "overridden",
        ]),
      ),
    ),
    ...section("Contact", about.contact && plain(about.contact)),
  ];
  return `${frontMatter(passport)}\n${body.join("\n").trimEnd()}\n`;
}

/** What each organisation of a private study spent. */
function privacyTable({ together }: Passport): string | undefined {
  const owned = together?.members.filter(({ budget }) => budget !== null) ?? [];
  if (owned.length === 0) return undefined;
  return table(
    ["organisation", "ε spent of its budget"],
    owned.map((member) => [plain(member.name), plain(spentText(member, "en"))]),
  );
}

const modelTable = ({ model, rows, digests, values }: Passport): string =>
  table(
    ["", ""],
    [
      ["architecture", `${plain(model.architecture)}, ${count(model.parameters)} parameters`],
      ["starting point", model.from ? plain(model.from) : "random weights"],
      ["training", `${model.method === "lora" ? "LoRA adapter, merged" : "all weights"}`],
      ...(model.decisions
        ? [
            [
              "decisions",
              `${plain(model.decisions)}: answers go through decisions.json, not by the highest score alone`,
            ],
          ]
        : []),
      ["input", inputSentence(model)],
      ["answers", plain(model.labels.slice(0, 40).join(", ") || "a number")],
      [
        "rows",
        Object.entries(rows)
          .map(([part, n]) => `${plain(part)} ${count(n)}`)
          .join(", "),
      ],
      ["size", bytes(values["size.model.bytes"]?.value ?? 0)],
      ["weights, SHA-256", `\`${digests.model}\``],
    ],
  );

/** JSON strings are YAML strings, so nothing in a name can become YAML. */
function frontMatter(passport: Passport): string {
  const { name, about, task, model } = passport;
  const q = (text: string) => JSON.stringify(text);
  const tags: Readonly<Record<string, string>> = {
    text: pipelineTags[task] ?? "text-classification",
    image: "image-classification",
  };
  const tag = tags[inputFormat(model)];
  const metrics = overallScores(passport).filter(([key]) => Object.hasOwn(hubMetrics, key));
  return [
    "---",
    ...(about.languages.length ? ["language:", ...about.languages.map((l) => `- ${q(l)}`)] : []),
    ...(about.licence ? [`license: ${q(about.licence.toLowerCase())}`] : []),
    "library_name: transformers",
    ...(tag ? [`pipeline_tag: ${tag}`] : []),
    "tags:",
    "- concord",
    `- ${q(model.architecture)}`,
    "model-index:",
    `- name: ${q(name)}`,
    "  results:",
    "  - task:",
    `      type: ${tag}`,
    "    dataset:",
    `      name: ${q(`${name}, test part (${passport.rows.test ?? 0} rows)`)}`,
    "      type: private",
    "      split: test",
    "    metrics:",
    ...metrics.flatMap(([key, { value, low, high }]) => [
      `    - type: ${hubMetrics[key]}`,
      `      name: ${q(low === undefined ? key : `${key} (95 % interval ${low.toFixed(4)} to ${high!.toFixed(4)})`)}`,
      `      value: ${value}`,
    ]),
    "---",
    "",
  ].join("\n");
}
