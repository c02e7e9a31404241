// Comments of the recipe that `concord init` writes.
export const initMessages = {
  "recipe.head": {
    en: "Made by concord init from {rows} rows of {file}. Run it: concord run {recipe}",
    zh: "由 concord init 根据 {file} 的 {rows} 行生成。运行：concord run {recipe}",
  },
  "recipe.task": {
    en: "single-label: one class a text · multi-label: any number · regression: a number · entities: spans in the text",
    zh: "single-label：每条文本一个类别 · multi-label：任意多个 · regression：一个数值 · entities：文本中的片段",
  },
  "recipe.seed": { en: "the same seed gives the same result, to the bit", zh: "相同的种子得到逐位相同的结果" },
  "recipe.file": { en: "from this file's folder, or absolute", zh: "相对本文件所在文件夹，或绝对路径" },
  "recipe.text": { en: "column of the text", zh: "文本所在列" },
  "recipe.label": { en: "column of what is predicted: {values}", zh: "预测目标所在列：{values}" },
  "recipe.group": {
    en: "rows of one {column} never fall into different parts",
    zh: "同一 {column} 的各行不会落入不同部分",
  },
  "recipe.noGroup": {
    en: "group: patient   # name the column whose rows must stay together, if there is one",
    zh: "group: patient   # 如有须放在一起的行（如同一患者），在此写出该列",
  },
  "recipe.attributes": { en: "scores are reported by these columns too", zh: "得分也按这些列分组报告" },
  "recipe.split": { en: "shares of the rows; the rest is for training", zh: "各部分所占比例，其余用于训练" },
  "recipe.scratch": {
    en: "a small BERT made anew; for better scores use a pretrained folder: from: models/…",
    zh: "新建的小型 BERT；若要更好的效果，请用预训练模型：from: models/…",
  },
  "recipe.from": { en: "folder of the pretrained model", zh: "预训练模型文件夹" },
  "recipe.maxLength": { en: "longest text in tokens; the rest is cut off", zh: "文本最多的词元数，超出部分截去" },
  "recipe.method": {
    en: "full trains all weights, lora a small adapter",
    zh: "full 训练全部权重，lora 只训练小的适配器",
  },
  "recipe.epochs": { en: "passes over the training rows", zh: "遍历训练数据的次数" },
  "recipe.report": { en: "of report.html: en or zh", zh: "report.html 的语言：en 或 zh" },
  "recipe.export": { en: "also write the model as ONNX", zh: "同时导出 ONNX 模型" },
} as const;
