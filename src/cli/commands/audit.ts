// concord audit: audit a finished run, or any system's table of answers.
import { defineCommand, each, numeric } from "../command.ts";
import { decimal, delimiter, encoding, sheet } from "./texts.ts";

export const audit = defineCommand({
  name: "audit",
  about: {
    en: "audit a finished run, or a table of predictions of any system",
    zh: "审计已完成的运行，或任意系统的预测表",
  },
  arguments: { "[run]": { en: "run folder, or table of predictions", zh: "运行文件夹，或预测表" } },
  options: {
    "--parts <parts>": {
      en: "for a run: audits, separated by commas (default: all audits of the task)",
      zh: "对运行：要做的审计，用逗号分隔（默认该任务的全部审计）",
    },
    "--predictions <table>": {
      en: "table of predictions (same as the argument)",
      zh: "预测表（与位置参数相同）",
    },
    "--truth <column>": { en: "column with the true label or value", zh: "真实值所在列" },
    "--predicted <column>": { en: "column with the prediction", zh: "预测所在列" },
    "--score <column>": {
      en: "column with a score (higher: more likely positive)",
      zh: "得分所在列（越高越可能为正类）",
    },
    "--threshold <score>": numeric({
      en: "scores above it count as positive (default: 0.5)",
      zh: "得分高于此值即为正类（默认 0.5）",
    }),
    "--positive <value>": {
      en: "value of the positive class (default: 1, true or yes)",
      zh: "正类的取值（默认 1、true 或 yes）",
    },
    "--probabilities <columns>": {
      en: "probability columns, named like the classes, separated by commas",
      zh: "各类别的概率列，列名即类别名，用逗号分隔",
    },
    "--numbers": { en: "regression: true values and predictions are numbers", zh: "回归：真实值与预测是数值" },
    "--attributes <columns>": {
      en: "columns whose groups to compare, separated by commas",
      zh: "要比较其分组的列，用逗号分隔",
    },
    "--bins <edges>": each({
      en: "group edges of a numeric attribute, such as age=18,40,65; repeatable (default: quintiles; age=none: one group per value)",
      zh: "数值属性的分组边界，如 age=18,40,65，可重复给出（默认按五分位数；age=none 表示每个取值一组）",
    }),
    "--missing <words>": {
      en: "words that mean “missing”, separated by commas (default: only an empty field)",
      zh: "表示缺失的词，用逗号分隔（默认只有空字段）",
    },
    "--encoding <name>": encoding,
    "--delimiter <sign>": delimiter,
    "--sheet <name>": sheet,
    "--decimal <mark>": decimal,
    "--group <column>": {
      en: "column of the patient, customer … (cluster bootstrap for the intervals)",
      zh: "患者、客户等所在列（区间用聚类自助法计算）",
    },
    "--tolerance <gap>": numeric({
      en: "limit for gaps between groups (default: 0.05)",
      zh: "组间差距的限值（默认 0.05）",
    }),
    "--measures <names>": {
      en: "measures to compare, separated by commas (default: accuracy, or mae)",
      zh: "要比较的指标，用逗号分隔（默认 accuracy 或 mae）",
    },
    "--no-pairs": { en: "skip combinations of two attributes", zh: "不分析两个属性的组合" },
    "--resamples <count>": numeric({ en: "bootstrap resamples (default: 1000)", zh: "自助重抽样次数（默认 1000）" }),
    "--smallest <rows>": numeric({
      en: "hide groups with fewer rows (default: 10)",
      zh: "隐藏行数更少的分组（默认 10）",
    }),
    "--out <file>": {
      en: "write all results to a .json file; of a table also a page (.html)",
      zh: "把全部结果写入 .json 文件；对预测表还可写成网页（.html）",
    },
  },
  examples: [
    "concord audit runs/disease",
    "concord audit runs/disease --parts fairness --tolerance 0.02",
    "concord audit predictions.csv --truth y --predicted yhat --attributes sex,age --bins age=18,40,65",
    "concord audit predictions.csv --truth y --predicted yhat --attributes sex --out audit.html",
  ],
  run: async ({ run }, options, context) => (await import("../actions/audit.ts")).audit(run, options, context),
});
