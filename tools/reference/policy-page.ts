// The page of a policy's keys, and of the values that its gates may name.
import { policyJsonSchema } from "../../src/release/policy-file.ts";
import { valueWords } from "../../src/report/release/value-words.ts";
import { code, generatedBy, type Language, table } from "./markdown.ts";
import { keySections, type Schema } from "./schema-tables.ts";

/** Names of values as examples of their kinds, in the order of a run's stages. */
const values: readonly { readonly en: string; readonly zh: string; readonly names: readonly string[] }[] = [
  {
    en: "Scores on the test set",
    zh: "测试集得分",
    names: [
      "metrics.accuracy",
      "metrics.macroF1",
      "metrics.calibrationError",
      "metrics.calibration.ece",
      "metrics.classes.spam.recall",
      "metrics.groups.region.islands.accuracy",
    ],
  },
  {
    en: "Beside simple baselines",
    zh: "与简单基线比较",
    names: ["metrics.baselines.majority.macroF1", "metrics.baselines.linear.macroF1", "metrics.beyondBaseline.macroF1"],
  },
  {
    en: "Fairness (audit.fairness)",
    zh: "公平性（audit.fairness）",
    names: [
      "fairness.gaps",
      "fairness.region.gap.accuracy",
      "fairness.region.accuracy.difference",
      "fairness.counterfactual.gender.flipRate",
    ],
  },
  {
    en: "Privacy (adapt.privacy, audit.privacy)",
    zh: "隐私（adapt.privacy、audit.privacy）",
    names: [
      "privacy.epsilon",
      "privacy.delta",
      "privacy.membership.strongest.auc",
      "privacy.membership.strongest.tprAtFpr0.01",
    ],
  },
  {
    en: "Explanation and robustness (audit.explanation, audit.robustness)",
    zh: "可解释性与稳健性（audit.explanation、audit.robustness）",
    names: [
      "explanation.occlusion.aboveRandom",
      "robustness.clean.accuracy",
      "robustness.typos10.loss",
      "robustness.typos10.flips",
      "robustness.foreign.knn.auroc",
      "robustness.sets.coverage",
      "robustness.sets.size",
    ],
  },
  {
    en: "Size and speed",
    zh: "大小与速度",
    names: [
      "size.model.bytes",
      "size.onnx.bytes",
      "speed.prediction.textsPerSecond",
      "speed.training.examplesPerSecond",
      "memory.training.bytes",
    ],
  },
];

const opening = {
  en: `# Policy keys and gate values

A policy says who must sign a release and which values a model must reach. [How to write one](../how-to/write-a-policy.md).`,
  zh: `# 发布策略的键与门槛数值

发布策略规定谁必须签署，以及模型的数值须达到什么要求。参见[如何编写](../how-to/write-a-policy.md)。`,
};

const closing = {
  en: `## Values that a gate can name

A gate names one measured value. A name is built from parts with points between them; \`*\` stands for any one part, so
\`metrics.groups.region.*.accuracy\` asks the same of each region. \`needs\` lists the regions that must have been measured. \`npx concord policy init RUN\` writes the names that a run
measured, with its numbers. \`npx concord release\` refuses a gate whose value was not measured, and suggests the nearest name.`,
  zh: `## 门槛可以使用的数值

每个门槛指定一个测得的数值。名称由若干段组成，以点分隔；\`*\` 代表任意一段，因此
\`metrics.groups.region.*.accuracy\` 对每个地区提出同样的要求，\`needs\` 列出必须已测量的地区。\`npx concord policy init RUN\` 写出某次运行测得的名称及其数值。
若门槛的数值没有测量，\`npx concord release\` 会拒绝，并给出最接近的名称。`,
};

const head = { en: ["name", "in words"], zh: ["名称", "含义"] };

export const policyPage = (language: Language): string =>
  [
    generatedBy("tools/reference from the schema of src/release"),
    opening[language],
    ...keySections(policyJsonSchema() as Schema, "", language),
    closing[language],
    ...values.map(
      (kind) =>
        `### ${kind[language]}\n\n${table(
          head[language],
          kind.names.map((name) => [code(name), valueWords(name, language)]),
        )}`,
    ),
  ].join("\n\n");
