// The model card (Mitchell 2019, arXiv:1810.03993) as the Hugging Face hub reads it: YAML front matter with a model-index, then
// Markdown. Made from a passport alone.

import { say } from "../../messages/index.ts";
import { bytes, count } from "../../pages/index.ts";
import { type EpochSelection, limitText, type Passport, type Statement } from "../../passport/index.ts";
import { inputFormat, inputSentence } from "../model-inputs.ts";
import { auditFinding, compressionFinding, type Finding, groupFinding, performanceFinding } from "./chosen-values.ts";
import { english, knownLimits, overallScores, spentText } from "./facts.ts";
import { measured, plain, table } from "./markdown.ts";
import { amountOf, boundWords, valueWords } from "./value-words.ts";

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
  const section = (title: string, text: string | undefined) => (text ? [`## ${title}`, "", text, ""] : []);
  const owners = (statement: Statement | undefined) => {
    const text = english(statement);
    return text && plain(text);
  };
  const list = (items: readonly string[]) => items.map((item) => `- ${plain(item)}`).join("\n");
  const tableOf = (finding: Finding | undefined) =>
    finding?.values.length
      ? table(
          ["what", "value [95 % interval]"],
          finding.values
            .slice(0, most)
            .map(([k, v]) => [`${plain(valueWords(k, "en"))} (\`${plain(k)}\`)`, measured(k, v)]),
        )
      : undefined;
  const body = [
    `# ${plain(name)}`,
    "",
    `${plain(english(about.purpose) ?? "Its owner has not said what it is for.")} Made with Concord ${plain(versions.concord ?? "")} on ${made.slice(0, 10)}; every number below comes from the signed passport (\`passport.json\`).`,
    "",
    ...section("Model", modelTable(passport)),
    ...section("Users", owners(about.users)),
    ...section("Instructions for use", owners(about.instructions)),
    ...section("Not for", owners(about.misuse)),
    ...section("Oversight", owners(about.oversight)),
    ...section("Scores on the test set", tableOf(performanceFinding(passport))),
    ...section("By group", tableOf(groupFinding(passport))),
    ...section("Fairness", tableOf(auditFinding(passport, "fairness"))),
    ...section("Privacy", privacyTable(passport) ?? tableOf(auditFinding(passport, "privacy"))),
    ...section("Explanation", tableOf(auditFinding(passport, "explanation"))),
    ...section("Robustness", tableOf(auditFinding(passport, "robustness"))),
    ...section("Compressed model", compressionText(passport)),
    ...section("Compression, before and after", tableOf(compressionFinding(passport))),
    ...section("Known limits", list(knownLimits(passport))),
    ...section(
      "Release",
      table(
        ["gate", "measured", "limit", "result"],
        policy.gates.map((g) => {
          const amount = (n: number) => amountOf(g.value, n);
          return [
            plain(valueWords(g.value, "en")),
            `${amount(g.measured)} (${boundWords(g, passport.values[g.value], "en")})`,
            limitText(g, amount),
            g.passed ? "passed" : "FAILED, approved as an exception",
          ];
        }),
      ),
    ),
    ...section("Contact", owners(about.contact)),
  ];
  return `${frontMatter(passport)}\n${body.join("\n").trimEnd()}\n`;
}

/** What was done to the model in the folder compressed. */
function compressionText({ compression }: Passport): string | undefined {
  if (!compression) return undefined;
  const { steps, size, onnx } = compression;
  const done = steps.map(({ step, settings }) => `- ${plain(step)}: \`${plain(JSON.stringify(settings))}\``);
  const file = onnx === undefined ? "compressed/model.safetensors" : `compressed/onnx/${onnx}`;
  return [`\`${plain(file)}\`, ${bytes(size.after)} of ${bytes(size.before)}:`, "", ...done].join("\n");
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

/** What was trained, by the passport's `method`. */
const trainedWith: Readonly<Record<string, string>> = {
  lora: "LoRA adapter, merged",
  dora: "DoRA adapter, merged",
  miss: "MiSS adapter, merged",
  ia3: "IA³ factors, merged",
  bottleneck: "bottleneck adapter",
  biases: "biases only",
  prefix: "prefix of virtual tokens",
};

const modelTable = ({ model, rows, selection, digests, values }: Passport): string =>
  table(
    ["", ""],
    [
      ["architecture", `${plain(model.architecture)}, ${count(model.parameters)} parameters`],
      ["starting point", model.from ? plain(model.from) : "random weights"],
      ["training", trainedWith[model.method] ?? "all weights"],
      ...(selection ? [["epoch", selectionSentence(selection)]] : []),
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

/** Which epoch's weights the model has, and who chose it. */
function selectionSentence({ kept, epochs, planned, keep, score }: EpochSelection): string {
  const ran = epochs < planned ? `${epochs} (stopped early; ${planned} planned)` : `${epochs}`;
  const name = say("en", `report.devScore.${score}`);
  return keep === "best"
    ? `${kept} of ${ran}, chosen by validation ${name}; validation scores are therefore optimistic`
    : `${kept} of ${ran}; validation ${name} decided when to stop`;
}

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
    `      name: ${q(`${name}, test set (${passport.rows.test ?? 0} rows)`)}`,
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
