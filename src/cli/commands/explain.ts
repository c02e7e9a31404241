// concord explain: say which words drive an answer.
import { defineCommand, numeric } from "../command.ts";
import { groupOfTexts, runOrModel } from "./texts.ts";

export const explain = defineCommand({
  name: "explain",
  about: { en: "explain a prediction: attribution of each word", zh: "解释预测：各词的归因" },
  arguments: {
    "<run>": runOrModel,
    "<text>": { en: "text to explain (text pairs: separated by a tab)", zh: "要解释的文本（文本对之间用制表符分隔）" },
  },
  options: {
    "--method <method>": {
      en: "ig, gradient, saliency, rollout, occlusion, shap or flip (default: ig)",
      zh: "ig、gradient、saliency、rollout、occlusion、shap 或 flip（默认 ig）",
    },
    "--label <label>": { en: "label to explain (default: the most probable)", zh: "要解释的标签（默认概率最高的）" },
    "--word <word>": {
      en: "for entities: word whose label to explain (default: the most probable entity)",
      zh: "实体任务：要解释其标签的词（默认概率最高的实体）",
    },
    "--baseline <token>": {
      en: "baseline token that replaces words: mask, pad or unk (default: the first of these in the tokenizer)",
      zh: "基线：替换词所用的词元 mask、pad 或 unk（默认取分词器具有的第一个）",
    },
    "--steps <count>": numeric({
      en: "integration steps of ig (default: 50, doubled if needed)",
      zh: "ig 的积分步数（默认 50，必要时加倍）",
    }),
    "--nearest <count>": numeric({
      en: "number of most similar training texts to show (default: 0)",
      zh: "显示最相似的训练文本条数（默认 0）",
    }),
    "--group <value>": groupOfTexts,
    "--out <page>": { en: "write the explanation to a .html file", zh: "将解释写入 .html 文件" },
  },
  examples: [
    'concord explain runs/disease "a dry cough and fever"',
    'concord explain runs/disease "a dry cough and fever" --method shap --out why.html',
  ],
  run: async ({ run: folder, text }, options, context) =>
    (await import("../actions/explain.ts")).explain(folder, text, options, context),
});
