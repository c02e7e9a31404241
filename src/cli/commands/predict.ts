// concord predict: answer texts with a run's model.
import { defineCommand, numeric } from "../command.ts";
import { delimiter, device, encoding, groupOfTexts, runOrModel, sheet } from "./texts.ts";

export const predict = defineCommand({
  name: "predict",
  about: { en: "answer texts with a run's model", zh: "用运行得到的模型回答文本" },
  arguments: {
    "<run>": runOrModel,
    "[text...]": {
      en: "texts; without any, one is read from each line of standard input",
      zh: "文本；若不给出，则从标准输入逐行读取",
    },
  },
  options: {
    "--file <table>": {
      en: "table of texts: CSV, TSV, JSONL, Parquet or Excel, or .txt with a text on each line",
      zh: "文本数据表：CSV、TSV、JSONL、Parquet、Excel，或每行一条文本的 .txt",
    },
    "--column <name>": { en: "its column of texts (default: the recipe's)", zh: "文本所在列（默认按配方）" },
    "--encoding <name>": encoding,
    "--delimiter <sign>": delimiter,
    "--sheet <name>": sheet,
    "--group <value>": groupOfTexts,
    "--out <file>": {
      en: "write answers to a .csv, .tsv, .jsonl or .parquet file; the columns of --file stay beside them",
      zh: "把结果写入 .csv、.tsv、.jsonl 或 .parquet 文件；--file 的各列保留在旁",
    },
    "--abstain <probability>": numeric({
      en: "give no label below this probability, 0 … 1",
      zh: "低于该概率（0 … 1）时不给出标签",
    }),
    "--top <count>": numeric({
      en: "labels to show with their probabilities (default: 1)",
      zh: "显示概率最高的几个标签（默认 1）",
    }),
    "--sets <coverage>": numeric({
      en: "also give a set of labels (or an interval) that holds the truth with this probability, such as 0.9",
      zh: "同时给出以该概率（如 0.9）包含真值的标签集合（或区间）",
    }),
    "--device <cpu|gpu>": device,
  },
  examples: [
    'concord predict runs/disease "a dry cough and fever"',
    "concord predict runs/disease --file new.csv --out answers.csv",
  ],
  run: async ({ run: folder, text: texts }, options, context) =>
    (await import("../actions/predict.ts")).predict(folder, texts, options, context),
});
