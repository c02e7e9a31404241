// concord init: look at a table and write a recipe for it.
import { defineCommand } from "../command.ts";

export const init = defineCommand({
  name: "init",
  about: { en: "look at a table and write a recipe for it", zh: "查看数据表并为其写出配方" },
  arguments: {
    "[file]": {
      en: "table of labelled rows: CSV, TSV, JSONL, Parquet or Excel (.xlsx)",
      zh: "带标签的数据表：CSV、TSV、JSONL、Parquet 或 Excel（.xlsx）",
    },
  },
  options: {
    "--out <recipe>": { en: "recipe to write (default: recipe.yaml)", zh: "要写出的配方（默认 recipe.yaml）" },
    "--name <name>": { en: "name of the run (default: the table's)", zh: "运行名称（默认取自数据表文件名）" },
    "--text <column>": { en: "column of the text", zh: "文本所在列" },
    "--label <column>": { en: "column of what is predicted", zh: "预测目标所在列" },
    "--group <column>": {
      en: "column of the patient, customer …: never split apart (none for none)",
      zh: "患者、客户等所在列，同一取值不会被拆开（none 表示没有）",
    },
    "--attributes <columns>": {
      en: "columns by which scores are reported, with commas between (none for none)",
      zh: "按其分组报告得分的列，用逗号分隔（none 表示没有）",
    },
    "--task <task>": {
      en: "single-label, multi-label, regression or entities (default: by the column)",
      zh: "single-label、multi-label、regression 或 entities（默认由该列判断）",
    },
    "--model <folder>": {
      en: "folder of a pretrained model (default: a small one made anew)",
      zh: "预训练模型文件夹（默认新建一个小模型）",
    },
    "--unlabelled <table>": {
      en: "table of texts without labels, with the same text column, to pretrain on",
      zh: "用于预训练的无标签文本表，文本列名相同",
    },
    "--set <key=value...>": {
      en: "key of the recipe's section data: data.encoding=big5, data.missing=[NA]",
      zh: "配方 data 部分的键：data.encoding=big5、data.missing=[NA]",
    },
    "--yes": { en: "take what was found without asking", zh: "不询问，直接采用判断结果" },
  },
  examples: ["concord init messages.csv", "concord init messages.csv --yes --label stance --set data.missing=[NA]"],
  run: async ({ file }, options, context) => (await import("../actions/init.ts")).init(file, options, context),
});
