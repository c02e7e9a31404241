// concord evaluate: score a run's model on its test part, or on another table.
import { defineCommand } from "../command.ts";
import { decimal, delimiter, device, encoding, runFolder, sheet } from "./texts.ts";

export const evaluate = defineCommand({
  name: "evaluate",
  about: { en: "evaluate a run's model on its test set or another table", zh: "在测试集或另一数据表上评估模型" },
  arguments: { "<run>": runFolder },
  options: {
    "--data <table>": { en: "labelled table with the columns of the recipe", zh: "与配方列名一致的带标签数据表" },
    "--encoding <name>": encoding,
    "--delimiter <sign>": delimiter,
    "--sheet <name>": sheet,
    "--decimal <mark>": decimal,
    "--out <folder>": {
      en: "folder for metrics.json and predictions.jsonl",
      zh: "存放 metrics.json 与 predictions.jsonl 的文件夹",
    },
    "--device <cpu|gpu>": device,
  },
  examples: ["concord evaluate runs/disease", "concord evaluate runs/disease --data other.csv --out scored"],
  run: async ({ run: folder }, options, context) =>
    (await import("../actions/evaluate.ts")).evaluate(folder, options, context),
});
