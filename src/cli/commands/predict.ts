// concord predict: answer texts with a run's model.
import { defineCommand, numeric } from "../command.ts";
import { delimiter, device, encoding, groupOfTexts, runOrModel, sheet } from "./texts.ts";

export const predict = defineCommand({
  name: "predict",
  about: { en: "predict labels for texts, or continue them", zh: "预测文本的标签，或续写文本" },
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
    "--nearest <table>": {
      en: "embeddings: show the rows of this table that lie nearest (--top: how many, default 5)",
      zh: "向量：显示此数据表中最邻近的行（--top 指定条数，默认 5）",
    },
    "--words <share>": numeric({
      en: "embeddings, with --nearest: how much shared words (BM25) count beside the vectors, 0 … 1 (default: vectors alone)",
      zh: "向量，与 --nearest 同用：共有的词（BM25）相对于向量所占的比重，0 … 1（默认只用向量）",
    }),
    "--max-tokens <count>": numeric({
      en: "text generation: most tokens of a continuation (default: 128)",
      zh: "文本生成：续写的最多词元数（默认 128）",
    }),
    "--bits <8|4>": numeric({
      en: "text generation: hold the model's matrices in 8 or 4 bits while it writes, which is faster and a little less exact (default: as they are stored)",
      zh: "文本生成：生成时用 8 位或 4 位保存模型矩阵，更快，精度略低（默认按存储的格式）",
    }),
    "--temperature <number>": numeric({
      en: "text generation: sampling temperature (default: 0, the most probable token)",
      zh: "文本生成：采样温度（默认 0，取概率最高的词元）",
    }),
    "--top-k <count>": numeric({
      en: "text generation: sample from the k most probable tokens (default: 0, all)",
      zh: "文本生成：只从概率最高的 k 个词元中采样（默认 0，全部）",
    }),
    "--top-p <probability>": numeric({
      en: "text generation: sample from the most probable tokens up to this total probability (default: 1)",
      zh: "文本生成：只从累计概率达到此值的词元中采样（默认 1）",
    }),
    "--min-p <share>": numeric({
      en: "text generation: sample from tokens with at least this share of the highest probability (default: 0)",
      zh: "文本生成：只采样概率不低于最高概率此比例的词元（默认 0）",
    }),
    "--repetition-penalty <factor>": numeric({
      en: "text generation: penalty on tokens that have occurred (default: 1, none)",
      zh: "文本生成：对已出现词元的惩罚（默认 1，无惩罚）",
    }),
    "--no-repeat-ngram <count>": numeric({
      en: "text generation: no sequence of so many tokens occurs twice (default: 0, no limit)",
      zh: "文本生成：任何此长度的词元序列不重复出现（默认 0，不限制）",
    }),
    "--beams <count>": numeric({
      en: "text generation: number of beams (default: 1)",
      zh: "文本生成：束搜索的束数（默认 1）",
    }),
    "--length-penalty <power>": numeric({
      en: "text generation: exponent of the length when beams are compared (default: 1)",
      zh: "文本生成：比较各束时长度的指数（默认 1）",
    }),
    "--stop <text>": {
      en: "text generation: stop before this text",
      zh: "文本生成：遇到此文本即停止（不含该文本）",
    },
    "--seed <number>": numeric({
      en: "text generation: seed of sampling (default: 0)",
      zh: "文本生成：采样的随机种子（默认 0）",
    }),
    "--window": {
      en: "text generation: read only the last tokens of a prompt that is too long",
      zh: "文本生成：提示过长时只读取其最后部分",
    },
    "--pattern <expression>": {
      en: "text generation: regular expression that the whole continuation matches",
      zh: "文本生成：整段续写须匹配的正则表达式",
    },
    "--schema <file>": {
      en: "text generation: JSON Schema of the continuation, which is then valid JSON",
      zh: "文本生成：续写须符合的 JSON Schema，输出为有效的 JSON",
    },
    "--plain": {
      en: "text generation: continue the text itself, without the chat template of the model",
      zh: "文本生成：直接续写文本，不使用模型的对话模板",
    },
    "--device <cpu|gpu>": device,
  },
  examples: [
    'concord predict runs/disease "a dry cough and fever"',
    "concord predict runs/disease --file new.csv --out predictions.csv",
    'concord predict runs/mails --temperature 0.8 --seed 1 "Dear"',
    'concord predict runs/disease --top 3 --sets 0.9 "a dry cough"',
  ],
  run: async ({ run: folder, text: texts }, options, context) =>
    (await import("../actions/predict.ts")).predict(folder, texts, options, context),
});
