// concord audit: audit a finished run, or any system's table of answers.
import { defineCommand, each, numeric } from "../command.ts";
import { decimal, delimiter, encoding, sheet } from "./texts.ts";

export const audit = defineCommand({
  name: "audit",
  about: { en: "audit a finished run, or any system's table of answers", zh: "审计已完成的运行，或任意系统的回答表" },
  arguments: { "[run]": { en: "run folder, or table of answers", zh: "运行文件夹，或回答表" } },
  options: {
    "--parts <parts>": {
      en: "of a run: parts to audit, with commas between (default: all that its task has)",
      zh: "对运行：要审计的部分，用逗号分隔（默认该任务的全部部分）",
    },
    "--predictions <table>": {
      en: "table of answers: the same as naming it plainly",
      zh: "回答表：与直接给出该表相同",
    },
    "--truth <column>": { en: "column of what is true", zh: "真实值所在列" },
    "--predicted <column>": { en: "column of what was answered", zh: "回答所在列" },
    "--score <column>": {
      en: "column of a score: higher means more likely positive",
      zh: "得分所在列：越高越可能为正类",
    },
    "--threshold <score>": numeric({
      en: "scores above it are positive answers (default: 0.5)",
      zh: "得分高于此值即为正类（默认 0.5）",
    }),
    "--positive <value>": {
      en: "value of the positive class (default: 1, true or yes)",
      zh: "正类的取值（默认 1、true 或 yes）",
    },
    "--probabilities <columns>": {
      en: "columns of the classes' probabilities, named as the classes, with commas between",
      zh: "各类别概率所在列，列名即类别名，用逗号分隔",
    },
    "--numbers": { en: "truth and answers are numbers, not classes", zh: "真实值与回答是数值而非类别" },
    "--attributes <columns>": {
      en: "columns whose groups are compared, with commas between",
      zh: "要比较其分组的列，用逗号分隔",
    },
    "--bins <edges>": each({
      en: "edges of the groups of an attribute that is a number, such as age=18,40,65; may be given several times (default: five groups of about as many rows; age=none: each value is a group)",
      zh: "数值属性的分组边界，如 age=18,40,65，可重复给出（默认分为行数大致相等的五组；age=none 表示每个取值为一组）",
    }),
    "--missing <words>": {
      en: "words that mean that nothing is there, separated by commas (default: only an empty field)",
      zh: "表示缺失的词，用逗号分隔（默认只有空字段）",
    },
    "--encoding <name>": encoding,
    "--delimiter <sign>": delimiter,
    "--sheet <name>": sheet,
    "--decimal <mark>": decimal,
    "--group <column>": {
      en: "column of the patient, customer …: redrawn whole in intervals",
      zh: "患者、客户等所在列：计算区间时整体重抽",
    },
    "--tolerance <gap>": numeric({ en: "gap that is tolerated (default: 0.05)", zh: "可容忍的差距（默认 0.05）" }),
    "--measures <names>": {
      en: "measures by which gaps are called, with commas between (default: accuracy, or mae)",
      zh: "用于判定差距的指标，用逗号分隔（默认 accuracy 或 mae）",
    },
    "--no-pairs": { en: "leave out attributes two by two", zh: "不分析两两组合的属性" },
    "--resamples <count>": numeric({ en: "bootstrap draws (default: 1000)", zh: "自助重抽次数（默认 1000）" }),
    "--smallest <rows>": numeric({
      en: "groups of fewer rows are not shown (default: 10)",
      zh: "行数更少的分组不显示（默认 10）",
    }),
    "--out <file>": { en: "write everything to a .json file", zh: "把全部结果写入 .json 文件" },
  },
  examples: [
    "concord audit runs/disease --parts fairness",
    "concord audit answers.csv --truth y --predicted yhat --attributes sex,age --bins age=18,40,65",
  ],
  run: async ({ run }, options, context) => (await import("../actions/audit.ts")).audit(run, options, context),
});
