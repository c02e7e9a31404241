// concord init: look at a table and write a recipe for it.
import { defineCommand } from "../command.ts";

export const init = defineCommand({
  name: "init",
  about: { en: "inspect a table and write a recipe for it", zh: "检查数据表并为其编写配方" },
  arguments: {
    "[file]": {
      en: "labelled table: CSV, TSV, JSONL, Parquet or Excel (.xlsx)",
      zh: "带标签的数据表：CSV、TSV、JSONL、Parquet 或 Excel（.xlsx）",
    },
  },
  options: {
    "--out <recipe>": { en: "recipe to write (default: recipe.yaml)", zh: "要写出的配方（默认 recipe.yaml）" },
    "--name <name>": { en: "name of the run (default: name of the table)", zh: "运行名称（默认取自数据表文件名）" },
    "--text <column>": { en: "column with the text", zh: "文本所在列" },
    "--label <column>": { en: "column to predict", zh: "要预测的列" },
    "--group <column>": {
      en: "column of the patient, customer … whose rows stay in one split (none: no such column)",
      zh: "患者、客户等所在列，取值相同的行留在同一划分中（none 表示没有）",
    },
    "--attributes <columns>": {
      en: "columns whose groups to report, separated by commas (none: no groups)",
      zh: "报告其分组得分的列，用逗号分隔（none 表示没有）",
    },
    "--task <task>": {
      en: "single-label, multi-label, regression or entities (default: detected from the column)",
      zh: "single-label、multi-label、regression 或 entities（默认由该列判断）",
    },
    "--model <folder>": {
      en: "folder of a pretrained model, concord/encoder-en, or scratch (default: the encoder for few labels of English texts, else scratch)",
      zh: "预训练模型文件夹、concord/encoder-en 或 scratch（默认：英文文本且标签较少时用该编码器，否则 scratch）",
    },
    "--unlabelled <table>": {
      en: "unlabelled table for pretraining, with the same text column",
      zh: "用于预训练的无标签文本表，文本列名相同",
    },
    "--set <key=value...>": {
      en: "set a key of the data section: data.encoding=big5, data.missing=[NA]",
      zh: "设置配方 data 部分的键：data.encoding=big5、data.missing=[NA]",
    },
    "--yes": { en: "accept the detected values without questions", zh: "不询问，直接采用检测结果" },
  },
  examples: [
    "concord init messages.csv",
    "concord init messages.csv --yes --label stance --attributes sex,region",
    "concord init messages.csv --yes --set data.missing=[NA]",
  ],
  run: async ({ file }, options, context) => (await import("../actions/init.ts")).init(file, options, context),
});
