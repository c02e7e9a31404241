// Comments of the recipe that `concord init` writes.
export const initMessages = {
  "inspect.headless": {
    en: "the first line looks like a row, and not like names of columns: data.columns names them",
    zh: "首行看似数据，而不是列名：可用 data.columns 给出列名",
  },
  "inspect.unreadable": { en: "cannot be read: {kind}", zh: "无法读取：{kind}" },
  "init.otherLabels": {
    en: "label: {column}; it could also be {others} (--label)",
    zh: "标签列：{column}；也可能是 {others}（--label）",
  },
  "init.spread": {
    en: "labels: the columns {columns} hold 0 and 1 and are read as one label each",
    zh: "标签：{columns} 各列为 0 和 1，各作为一个标签",
  },
  "init.pair": {
    en: "pair: {column}; the model reads {text} and {column} together",
    zh: "pair：{column}；模型同时读取 {text} 与 {column}",
  },
  "init.part": {
    en: "split: the column {column} names the parts, and is kept",
    zh: "划分：{column} 列已给出各部分，予以保留",
  },
  "init.task": { en: "task: {task}", zh: "任务：{task}" },
  "init.why.classes": {
    en: "task: single-label, because {distinct} whole numbers come again and again; if they are amounts: --task regression",
    zh: "任务：single-label，因为 {distinct} 个整数反复出现；若为数值：--task regression",
  },
  "init.why.amounts": {
    en: "task: regression, because {column} holds {distinct} different numbers; if they name classes: --task single-label",
    zh: "任务：regression，因为 {column} 有 {distinct} 个不同的数值；若为类别编号：--task single-label",
  },
  "init.why.tags": {
    en: "task: entities, because {column} holds a number for each word: tags, whose names are needed: --set data.labels=[O,B-…]",
    zh: "任务：entities，因为 {column} 为每个词给出一个数字：须给出标记名称：--set data.labels=[O,B-…]",
  },
  "init.why.vectors": {
    en: "task: multi-label, because {column} holds lists of 0 and 1, whose names are needed: --set data.labels=[…]",
    zh: "任务：multi-label，因为 {column} 为 0/1 列表：须给出名称：--set data.labels=[…]",
  },
  "init.separator": {
    en: "separator: {column} holds several labels between {sign}",
    zh: "分隔符：{column} 含多个标签，以 {sign} 分隔",
  },
  "init.nothingWords": {
    en: "{column} holds {words}: read as values. If they mean that nothing is there: --set data.missing=[…]; to leave out a label: --set data.exclude=[…]",
    zh: "{column} 含 {words}：作为普通值读取。若表示缺失：--set data.missing=[…]；若要去掉某个标签：--set data.exclude=[…]",
  },
  "init.sheet": { en: "Which sheet holds the rows?", zh: "数据在哪个工作表？" },
  "init.odd": { en: "CHECK: {text}", zh: "请检查：{text}" },
  "init.goOn": { en: "Write the recipe all the same?", zh: "仍要写出配方吗？" },
  "init.goOn.yes": { en: "yes", zh: "是" },
  "init.goOn.no": { en: "no, stop here", zh: "否，就此停止" },
  "init.firstLine": {
    en: "The first line looks like a row: {line}. What is it?",
    zh: "首行看似数据：{line}。它是什么？",
  },
  "init.firstLine.row": { en: "a row: the table has no names of columns", zh: "一行数据：表中没有列名" },
  "init.firstLine.names": { en: "names of columns", zh: "列名" },
  "init.whichNothing": {
    en: "Which of these words mean that nothing is there?",
    zh: "以下哪些词表示缺失？",
  },
  "recipe.pair": { en: "column of the second text", zh: "第二段文本所在列" },
  "recipe.labels": { en: "columns of 0 and 1, one for each label", zh: "0/1 列，每列一个标签" },
  "init.decimal": {
    en: 'decimal: numbers can be read only with "{mark}" before decimals; another sign stands between thousands',
    zh: "decimal：只有以“{mark}”为小数点才能读取数值；另一符号为千位分隔",
  },
  "recipe.decimal": { en: "before decimals; 1.234,5 is read with a comma", zh: "小数点符号；取逗号时可读取 1.234,5" },
  "recipe.separator": { en: "between several labels in one field", zh: "同一字段中多个标签之间的分隔符" },
  "recipe.missing": { en: "words that mean that nothing is there", zh: "表示缺失的词" },
  "recipe.given": { en: "as given to concord init", zh: "由 concord init 的参数给出" },
  "recipe.part": { en: "the parts that the table names", zh: "表中给出的划分" },
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
  "init.why.words": {
    en: "task: entities with scheme none, because {column} has a tag for each word that is no tag of a span",
    zh: "任务：entities，scheme 为 none，因为 {column} 为每个词给出标记，且不是片段标记",
  },
  "recipe.scheme": { en: "each word has a class of its own", zh: "每个词有自己的类别" },
  "recipe.accept": { en: "rows without a label are left out, and counted", zh: "略去没有标签的行，并计数" },
  "recipe.headFirst": {
    en: "the fresh head alone first, so that what was pretrained is not forgotten",
    zh: "先只训练新的分类头，以免遗忘预训练所学",
  },
  "recipe.pretrain.few-labels": {
    en: "few labels: of three tables with 400 to 508 labels it brought 0.28, 0.06 and 0.015 macro F1 (docs/pretraining.md); the run's probe says what it brings here",
    zh: "标签较少：在三个有 400 至 508 个标签的表上，宏平均 F1 分别提高 0.28、0.06 和 0.015（docs/pretraining.md）；运行中的探针会说明在此处的收益",
  },
  "recipe.pretrain.groups": {
    en: "texts without labels, with groups: the one such table measured gained 0.07 macro F1 with 4,000 labels, 0.28 with 400 (docs/pretraining.md); the run's probe says what it brings here",
    zh: "无标签文本带有分组：在所测的一个此类表上，4,000 个标签时宏平均 F1 提高 0.07，400 个时提高 0.28（docs/pretraining.md）；运行中的探针会说明在此处的收益",
  },
  "recipe.pretrain.given": {
    en: "not proposed: the model was pretrained already",
    zh: "不建议：该模型已经过预训练",
  },
  "recipe.pretrain.entities": {
    en: "not proposed for entities: the one table measured gained 0.03 F1 (docs/pretraining.md)",
    zh: "实体任务不建议：所测的一个表 F1 只提高 0.03（docs/pretraining.md）",
  },
  "recipe.pretrain.task": {
    en: "not proposed: it was measured for one text with one label only (docs/pretraining.md)",
    zh: "不建议：只在单条文本、单个标签的任务上测量过（docs/pretraining.md）",
  },
  "recipe.pretrain.few-texts": {
    en: "not proposed: fewer texts than it was ever measured with (docs/pretraining.md)",
    zh: "不建议：文本数少于测量过的规模（docs/pretraining.md）",
  },
  "recipe.pretrain.many-labels": {
    en: "not proposed: with many labels and no groups it brought nothing (4,045 mails, docs/pretraining.md)",
    zh: "不建议：标签多且没有分组时没有收益（4,045 封邮件，docs/pretraining.md）",
  },
  "recipe.pretrain.file": { en: "texts; labels in it are not read", zh: "文本；不读取其中的标签" },
  "recipe.pretrain.objective": { en: "which text belongs to which", zh: "哪些文本属于一起" },
  "recipe.pretrain.group": { en: "texts with the same value belong together", zh: "取值相同的文本属于一起" },
  "init.unlabelled": {
    en: "unlabelled: {rows} of {all} rows have no value of {column}; they are left out, and their texts are pretrained on where that helps",
    zh: "无标签：{all} 行中有 {rows} 行没有 {column}；这些行被略去，有益时用其文本预训练",
  },
  "recipe.maxLength": { en: "longest text in tokens; the rest is cut off", zh: "文本最多的词元数，超出部分截去" },
  "recipe.method": {
    en: "full trains all weights, lora a small adapter",
    zh: "full 训练全部权重，lora 只训练小的适配器",
  },
  "recipe.epochs": { en: "passes over the training rows", zh: "遍历训练数据的次数" },
  "recipe.report": { en: "of report.html: en or zh", zh: "report.html 的语言：en 或 zh" },
  "recipe.export": { en: "also write the model as ONNX", zh: "同时导出 ONNX 模型" },
} as const;
