// concord predict: answer texts with a run's model.
import { defineCommand, numeric } from "../command.ts";
import { delimiter, device, encoding, groupOfTexts, runOrModel, sheet } from "./texts.ts";

export const predict = defineCommand({
  name: "predict",
  about: { en: "predict labels for texts", zh: "预测文本的标签" },
  arguments: {
    "<run>": runOrModel,
    "[text...]": {
      en: "texts (default: one text per line of standard input)",
      zh: "文本（默认从标准输入逐行读取）",
    },
  },
  options: {
    "--file <table>": {
      en: "table: CSV, TSV, JSONL, Parquet or Excel, or .txt with one text per line",
      zh: "数据表：CSV、TSV、JSONL、Parquet、Excel，或每行一条文本的 .txt",
    },
    "--column <name>": { en: "column with the texts (default: as in the recipe)", zh: "文本所在列（默认按配方）" },
    "--encoding <name>": encoding,
    "--delimiter <sign>": delimiter,
    "--sheet <name>": sheet,
    "--group <value>": groupOfTexts,
    "--out <file>": {
      en: "write predictions to a .csv, .tsv, .jsonl or .parquet file; all columns of --file are kept",
      zh: "将预测写入 .csv、.tsv、.jsonl 或 .parquet 文件；保留 --file 的所有列",
    },
    "--abstain <probability>": numeric({
      en: "abstain below this probability (0 … 1)",
      zh: "概率低于此值（0 … 1）时拒绝判断",
    }),
    "--top <count>": numeric({
      en: "number of most probable labels to show (default: 1)",
      zh: "显示概率最高的标签个数（默认 1）",
    }),
    "--sets <coverage>": numeric({
      en: "add prediction sets (or intervals) with this coverage, such as 0.9",
      zh: "同时给出具有此覆盖率（如 0.9）的预测集（或预测区间）",
    }),
    "--workers <count>": numeric({
      en: "threads that answer side by side, each with the model open (default: 1)",
      zh: "并行回答的线程数，每个线程各打开一次模型（默认 1）",
    }),
    "--device <cpu|gpu>": device,
  },
  examples: [
    'concord predict runs/disease "a dry cough and fever"',
    "concord predict runs/disease --file new.csv --out predictions.csv",
    'concord predict runs/disease --top 3 --sets 0.9 "a dry cough"',
  ],
  run: async ({ run: folder, text: texts }, options, context) =>
    (await import("../actions/predict.ts")).predict(folder, texts, options, context),
});
