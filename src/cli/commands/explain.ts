// concord explain: say which words drive an answer.
import { defineCommand, numeric } from "../command.ts";
import { groupOfTexts, runOrModel } from "./texts.ts";

export const explain = defineCommand({
  name: "explain",
  about: { en: "say which words drive an answer", zh: "说明是哪些词决定了模型的回答" },
  arguments: {
    "<run>": runOrModel,
    "<text>": { en: "text to explain (a pair: with a tab between)", zh: "要解释的文本（文本对之间用制表符分隔）" },
  },
  options: {
    "--method <method>": {
      en: "ig, gradient, saliency, rollout, occlusion, shap or flip (default: ig)",
      zh: "ig、gradient、saliency、rollout、occlusion、shap 或 flip（默认 ig）",
    },
    "--label <label>": { en: "label to explain (default: the likeliest)", zh: "要解释的标签（默认概率最高的）" },
    "--word <word>": {
      en: "of a model of entities: the word whose label is explained (default: the likeliest entity)",
      zh: "对实体模型：要解释其标签的词（默认概率最高的实体）",
    },
    "--baseline <token>": {
      en: "what stands for a hidden word: mask, pad or unk (default: the first that the tokenizer has)",
      zh: "用什么代替被遮住的词：mask、pad 或 unk（默认取分词器具有的第一个）",
    },
    "--steps <count>": numeric({
      en: "steps of ig (default: 50, doubled where needed)",
      zh: "ig 的步数（默认 50，必要时加倍）",
    }),
    "--nearest <count>": numeric({
      en: "quote this many of the training texts that the model finds most alike (default: 0)",
      zh: "引用模型认为最相似的若干条训练文本（默认 0）",
    }),
    "--group <value>": groupOfTexts,
    "--out <page>": { en: "write a page to a .html file", zh: "把页面写入 .html 文件" },
  },
  examples: ['concord explain runs/disease "a dry cough and fever"'],
  run: async ({ run: folder, text }, options, context) =>
    (await import("../actions/explain.ts")).explain(folder, text, options, context),
});
