// concord bandit learn: a policy from a log of decisions, judged on the half that it did not see.
import { defineCommand } from "../../command.ts";
import { decimal, delimiter, encoding, sheet } from "../texts.ts";

export const learn = defineCommand({
  name: "learn",
  about: {
    en: "learn a policy from a log and estimate what it would have earned",
    zh: "从日志学习策略，并估计它本可获得的奖励",
  },
  arguments: { "<log>": { en: "table of decisions, one a row", zh: "决策表，每行一个决策" } },
  options: {
    "--context <column...>": { en: "columns that are known before the choice", zh: "选择之前已知的列" },
    "--action <column>": {
      en: "column with the action that was taken (default: action)",
      zh: "所选动作的列（默认 action）",
    },
    "--reward <column>": { en: "column with the reward (default: reward)", zh: "奖励的列（默认 reward）" },
    "--propensity <column>": {
      en: "column with the probability of that action (default: propensity; none if the table has no such column)",
      zh: "该动作被选中的概率的列（默认 propensity；表中没有此列则不用）",
    },
    "--kind <name>": {
      en: "linucb, thompson or neural-linear (default: linucb)",
      zh: "linucb、thompson 或 neural-linear（默认 linucb）",
    },
    "--exploration <number>": {
      en: "linucb: width of the confidence bound; others: noise of the reward (default: 1)",
      zh: "linucb：置信上界的宽度；其他：奖励的噪声标准差（默认 1）",
      value: "number",
    },
    "--lambda <number>": { en: "strength of regularisation (default: 1)", zh: "正则化强度（默认 1）", value: "number" },
    "--clip <weight>": {
      en: "largest weight of a decision in the estimates (default: none is cut)",
      zh: "估计中单个决策的最大权重（默认不截断）",
      value: "number",
    },
    "--test <share>": {
      en: "share of the log that judges the policies (default: 0.5)",
      zh: "用于评估策略的日志比例（默认 0.5）",
      value: "number",
    },
    "--seed <number>": {
      en: "seed of the split and of draws (default: 0)",
      zh: "划分与采样的种子（默认 0）",
      value: "number",
    },
    "--encoding <name>": encoding,
    "--delimiter <sign>": delimiter,
    "--sheet <name>": sheet,
    "--decimal <mark>": decimal,
    "--out <file>": { en: "file for the policy (default: none is written)", zh: "策略文件（默认不写）" },
  },
  examples: [
    "concord bandit learn decisions.csv --context age region --action offer --reward clicked --propensity chance --out policy.json",
  ],
  run: async ({ log }, options, context) =>
    (await import("../../actions/bandit.ts")).learnBandit(log, options, context),
});
