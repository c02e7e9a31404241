// Comments of the recipe that `concord init` writes.
export const initMessages = {
  "inspect.headless": {
    en: "The first line looks like data, not like column names. Use data.columns to name the columns.",
    zh: "首行看似数据而非列名。请用 data.columns 指定列名。",
  },
  "inspect.unreadable": { en: "not readable: {kind}", zh: "无法读取：{kind}" },
  "init.otherLabels": {
    en: "label: {column}. Other candidates: {others} (--label)",
    zh: "标签：{column}。其他候选列：{others}（--label）",
  },
  "init.spread": {
    en: "labels: columns {columns} contain 0 and 1. Each column is one label.",
    zh: "标签：{columns} 各列为 0 和 1，每列为一个标签。",
  },
  "init.pair": {
    en: "pair: {column}. The model reads {text} and {column} together.",
    zh: "pair：{column}。模型同时读取 {text} 和 {column}。",
  },
  "init.part": {
    en: "split: column {column} already assigns the rows. Concord keeps this split.",
    zh: "划分：列 {column} 已指定各行的划分，予以保留。",
  },
  "init.task": { en: "task: {task}", zh: "任务：{task}" },
  "init.why.classes": {
    en: "task: single-label. The column has {distinct} repeated whole numbers. For amounts use --task regression.",
    zh: "任务：single-label。该列有 {distinct} 个重复出现的整数。若为数值，请用 --task regression。",
  },
  "init.why.amounts": {
    en: "task: regression. {column} has {distinct} different numbers. For classes use --task single-label.",
    zh: "任务：regression。{column} 有 {distinct} 个不同的数值。若为类别，请用 --task single-label。",
  },
  "init.why.tags": {
    en: "task: entities. {column} has one number per word. Name the tags with --set data.labels=[O,B-…].",
    zh: "任务：entities。{column} 为每个词给出一个数字。请给出标记名称：--set data.labels=[O,B-…]。",
  },
  "init.why.vectors": {
    en: "task: multi-label. {column} has lists of 0 and 1. Name the labels with --set data.labels=[…].",
    zh: "任务：multi-label。{column} 为 0/1 列表。请给出标签名称：--set data.labels=[…]。",
  },
  "init.separator": {
    en: "separator: {column} has several labels per row, separated by {sign}",
    zh: "分隔符：{column} 每行有多个标签，以 {sign} 分隔",
  },
  "init.nothingWords": {
    en: "{column} contains {words}, which are read as ordinary values. If they mean “missing”: --set data.missing=[…]. To exclude a label: --set data.exclude=[…].",
    zh: "{column} 含 {words}，目前作为普通值读取。若表示缺失：--set data.missing=[…]。若要排除某个标签：--set data.exclude=[…]。",
  },
  "init.sheet": { en: "Which sheet contains the rows?", zh: "数据在哪个工作表？" },
  "init.odd": { en: "CHECK: {text}", zh: "请检查：{text}" },
  "init.goOn": { en: "Write the recipe anyway?", zh: "仍要写出配方吗？" },
  "init.goOn.yes": { en: "yes", zh: "是" },
  "init.goOn.no": { en: "no, stop here", zh: "否，就此停止" },
  "init.firstLine": {
    en: "The first line looks like a row: {line}. What is it?",
    zh: "首行看似数据：{line}。它是什么？",
  },
  "init.firstLine.row": { en: "a row: the table has no names of columns", zh: "一行数据：表中没有列名" },
  "init.firstLine.names": { en: "names of columns", zh: "列名" },
  "init.whichNothing": {
    en: "Which of these words mean “missing”?",
    zh: "以下哪些词表示缺失？",
  },
  "recipe.pair": { en: "column with the second text", zh: "第二段文本所在列" },
  "recipe.labels": { en: "columns of 0 and 1, one per label", zh: "0/1 列，每个标签一列" },
  "init.decimal": {
    en: 'decimal: the numbers use "{mark}" as the decimal mark, and another sign between thousands',
    zh: "decimal：数值以“{mark}”为小数点，千位之间用另一符号分隔",
  },
  "recipe.decimal": { en: "decimal mark; with a comma, 1.234,5 is read", zh: "小数点符号；取逗号时可读取 1.234,5" },
  "recipe.separator": { en: "separates several labels in one field", zh: "分隔同一字段中的多个标签" },
  "recipe.missing": { en: "words that mean “missing”", zh: "表示缺失的词" },
  "recipe.given": { en: "given on the command line", zh: "由命令行给出" },
  "recipe.part": { en: "column that assigns the rows to splits", zh: "指定各行划分的列" },
  "recipe.head": {
    en: "Written by concord init from {rows} rows of {file}. Run it with: concord run {recipe}",
    zh: "由 concord init 根据 {file} 的 {rows} 行生成。运行：concord run {recipe}",
  },
  "recipe.task": {
    en: "single-label: one class per text · multi-label: any number of classes · regression: a number · entities: spans in the text",
    zh: "single-label：每条文本一个类别 · multi-label：任意多个类别 · regression：一个数值 · entities：文本中的片段",
  },
  "recipe.seed": { en: "the same seed gives bit-identical results", zh: "相同的种子得到逐位相同的结果" },
  "recipe.file": { en: "path relative to this file, or absolute", zh: "相对本文件的路径，或绝对路径" },
  "recipe.text": { en: "column with the text", zh: "文本所在列" },
  "recipe.label": { en: "column to predict: {values}", zh: "要预测的列：{values}" },
  "recipe.group": {
    en: "rows with the same {column} stay in one split",
    zh: "{column} 相同的行留在同一划分中",
  },
  "recipe.noGroup": {
    en: "group: patient   # column whose rows must stay in one split, if there is one",
    zh: "group: patient   # 若某列取值相同的行须留在同一划分中，在此写出该列",
  },
  "recipe.attributes": { en: "scores are also reported by group of these columns", zh: "得分也按这些列的分组报告" },
  "recipe.split": { en: "share of rows per split; the rest is for training", zh: "各划分所占比例，其余用于训练" },
  "recipe.scratch": {
    en: "a small BERT trained from scratch",
    zh: "从头训练的小型 BERT",
  },
  "init.encoder": {
    en: "model: concord/encoder-en, the pretrained English encoder in this package (--model scratch: a smaller model from scratch)",
    zh: "模型：concord/encoder-en，随包附带的英文预训练编码器（--model scratch：从头训练一个更小的模型）",
  },
  "recipe.fromPackage": {
    en: "pretrained encoder in this package, for English; concord init --model scratch trains a smaller model from scratch",
    zh: "随包附带的英文预训练编码器；concord init --model scratch 则从头训练一个更小的模型",
  },
  "recipe.from": { en: "folder of the pretrained model", zh: "预训练模型文件夹" },
  "init.why.words": {
    en: "task: entities with scheme none. {column} has one tag per word, without B- and I- prefixes.",
    zh: "任务：entities，scheme 为 none。{column} 为每个词给出一个标记，没有 B- 和 I- 前缀。",
  },
  "recipe.scheme": { en: "each word has its own class", zh: "每个词有自己的类别" },
  "recipe.accept": { en: "rows without a label are skipped and counted", zh: "跳过并统计没有标签的行" },
  "recipe.headFirst": {
    en: "epochs that train only the new head, to protect the pretrained weights",
    zh: "先只训练新分类头的训练轮数，以保护预训练权重",
  },
  "recipe.pretrain.few-labels": {
    en: "few labels: pretraining gained 0.28, 0.06 and 0.015 macro F1 on three tables with 400 to 508 labels (docs/pretraining.md). A probe measures the gain on your data.",
    zh: "标签较少：在三个有 400 至 508 个标签的表上，预训练使宏平均 F1 提高 0.28、0.06 和 0.015（docs/pretraining.md）。探针会测量在您数据上的收益。",
  },
  "recipe.pretrain.groups": {
    en: "unlabelled texts with groups: pretraining gained 0.07 macro F1 with 4,000 labels and 0.28 with 400, measured on one table (docs/pretraining.md)",
    zh: "带分组的无标签文本：在一个表上测得，4,000 个标签时宏平均 F1 提高 0.07，400 个时提高 0.28（docs/pretraining.md）",
  },
  "recipe.pretrain.given": {
    en: "not recommended: the model is already pretrained",
    zh: "不建议：该模型已经过预训练",
  },
  "recipe.pretrain.entities": {
    en: "not recommended for entities: it gained 0.03 F1 on the one table measured (docs/pretraining.md)",
    zh: "实体任务不建议：在唯一测量的表上 F1 只提高 0.03（docs/pretraining.md）",
  },
  "recipe.pretrain.task": {
    en: "not recommended: measured only for one text with one label (docs/pretraining.md)",
    zh: "不建议：只在单条文本、单个标签的任务上测量过（docs/pretraining.md）",
  },
  "recipe.pretrain.few-texts": {
    en: "not recommended: the table has fewer texts than any table measured (docs/pretraining.md)",
    zh: "不建议：文本数少于所有测量过的表（docs/pretraining.md）",
  },
  "recipe.pretrain.many-labels": {
    en: "not recommended: no gain with many labels and no groups (4,045 mails, docs/pretraining.md)",
    zh: "不建议：标签多且没有分组时没有收益（4,045 封邮件，docs/pretraining.md）",
  },
  "recipe.pretrain.file": { en: "texts; labels are not read", zh: "文本；不读取标签" },
  "recipe.pretrain.objective": { en: "learns which texts belong together", zh: "学习哪些文本属于一起" },
  "recipe.pretrain.group": { en: "texts with the same value belong together", zh: "取值相同的文本属于一起" },
  "init.unlabelled": {
    en: "unlabelled: {rows} of {all} rows have no {column}. They are not used for training, only for pretraining where it helps.",
    zh: "无标签：{all} 行中有 {rows} 行没有 {column}。它们不用于训练，只在有益时用于预训练。",
  },
  "recipe.maxLength": { en: "maximum tokens per text; longer texts are cut", zh: "每条文本的最大词元数，超出部分截去" },
  "recipe.method": {
    en: "full trains all weights; lora trains a small adapter",
    zh: "full 训练全部权重；lora 只训练小型适配器",
  },
  "recipe.epochs": { en: "passes over the training set", zh: "遍历训练集的次数" },
  "recipe.report": { en: "language of report.html: en or zh", zh: "report.html 的语言：en 或 zh" },
  "recipe.export": { en: "also export the model as ONNX", zh: "同时导出 ONNX 模型" },
} as const;
