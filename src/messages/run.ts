// Text of a run's events.
export const runMessages = {
  "run.new": { en: "it has not run yet", zh: "尚未运行" },
  "run.changed": { en: "changed: {keys}", zh: "已改变：{keys}" },
  "run.inputs": { en: "its inputs changed", zh: "输入已改变" },
  "run.after": { en: "{stage} runs before it", zh: "前一阶段 {stage} 要重新运行" },
  "run.again": { en: "it was asked for again", zh: "被要求重新运行" },
  "run.shared": { en: "taken from another run of this workspace", zh: "取自此工作区的另一次运行" },
  "run.unshared": { en: "the result is not shared: {problem}", zh: "结果未共享：{problem}" },
  "run.same": { en: "nothing changed", zh: "没有改变" },
  "run.kept": { en: "kept: nothing changed", zh: "保留：没有改变" },
  "run.runs": { en: "runs: {why}", zh: "运行：{why}" },
  "run.done": { en: "done  {seconds} s", zh: "完成  {seconds} 秒" },
  "run.does.run": { en: "run", zh: "运行" },
  "run.does.keep": { en: "keep", zh: "保留" },
  "run.folder": { en: "run folder: {path}", zh: "运行文件夹：{path}" },
  "run.warning": { en: "warning  {stage}: {text}", zh: "警告  {stage}：{text}" },
  "run.epoch": { en: "epoch {epoch}", zh: "第 {epoch} 轮" },
  "run.epochScore": { en: "epoch {epoch}  dev {name} {score}", zh: "第 {epoch} 轮  开发集{name} {score}" },
  "run.exportLarge": {
    en: "the model is larger than 2 GiB: its weights lie in onnx/model.onnx_data, and a page cannot open it. concord export --to onnx-int8 makes a smaller one",
    zh: "模型大于 2 GiB：权重另存于 onnx/model.onnx_data，网页无法打开。可用 concord export --to onnx-int8 生成较小的文件",
  },
  "run.textComposed": {
    en: "text is read in the form NFKC (full-width letters and ℃ as plain ones): the model's tokenizer does it",
    zh: "文本按 NFKC 形式读取（全角字母、℃ 等视同普通字符）：由模型的分词器完成",
  },
  "run.textAsWritten": {
    en: "text is read as written: the pretrained tokenizer knows which characters it has tokens for",
    zh: "文本按原样读取：预训练分词器自行处理各种字符",
  },
  "targets.training": {
    en: "the numbers are learned on a scale (mean {mean}, standard deviation {std} of the training rows) and answered in their own unit",
    zh: "数值按训练集标准化后学习（均值 {mean}，标准差 {std}），预测时还原为原单位",
  },
  "targets.recipe": {
    en: "the numbers are learned on the recipe's scale (adapt.targets: mean {mean}, standard deviation {std}) and answered in their own unit",
    zh: "数值按配方给出的尺度学习（adapt.targets：均值 {mean}，标准差 {std}），预测时还原为原单位",
  },
  "run.cut": {
    en: "{rows} of {all} training texts are longer than {limit} tokens: {percent} % of all tokens are cut off. 95 of 100 texts have at most {percentile95} (model.maxLength)",
    zh: "{all} 条训练文本中有 {rows} 条超过 {limit} 个词元，共 {percent} % 的词元被截去；95 % 的文本不超过 {percentile95} 个（model.maxLength）",
  },
  "run.loss": { en: "loss {loss}  rate {rate}", zh: "损失 {loss}  学习率 {rate}" },
  "run.devMae": { en: "dev MAE {score}", zh: "开发集 MAE {score}" },
  "run.dev": { en: "dev {score}", zh: "开发集 {score}" },
  "run.rate": { en: "{rate} examples/s", zh: "{rate} 例/秒" },
  "run.left": { en: "{elapsed} elapsed, {left} left", zh: "已用 {elapsed}，剩余 {left}" },
  "evaluate.someClasses": {
    en: "The table shows {half} of {all} classes by their number of rows, and the {half} worst of the others; {file} has all.",
    zh: "共 {all} 个类别，表中为行数最多的 {half} 个，以及其余类别中得分最低的 {half} 个；全部见 {file}。",
  },
  "evaluate.single": {
    en: "accuracy {accuracy}, macro F1 {macroF1} (95 % intervals), calibration error {error} at temperature {temperature} (from {rows} validation rows)",
    zh: "准确率 {accuracy}，宏平均 F1 {macroF1}（95 % 置信区间），温度 {temperature} 下的校准误差 {error}（由 {rows} 行验证集拟合）",
  },
  "evaluate.several": {
    en: "macro F1 {macroF1}, micro F1 {microF1} (95 % intervals)",
    zh: "宏平均 F1 {macroF1}，微平均 F1 {microF1}（95 % 置信区间）",
  },
  "evaluate.entities": {
    en: "F1 of entities {f1} (95 % interval), {tags} % of the tags right",
    zh: "实体 F1 {f1}（95 % 置信区间），{tags} % 的标记正确",
  },
  "prepare.summary": {
    en: "{rows} rows read: {train} training, {dev} validation, {test} test; {left} left out.",
    zh: "读入 {rows} 行：训练集 {train}、验证集 {dev}、测试集 {test}；略去 {left}。",
  },
  "prepare.odd": { en: "{counts} CHECK: {odd}.", zh: "{counts}请检查：{odd}。" },
  "evaluate.untrained": {
    en: "Without the {leftOut} test rows that are also in training ({rows} rows left): {scores}.",
    zh: "不计同时出现在训练集中的 {leftOut} 行测试数据（余 {rows} 行）：{scores}。",
  },
  "evaluate.allTrained": {
    en: "All {rows} test rows are also in training: these scores say nothing about new rows.",
    zh: "全部 {rows} 行测试数据都出现在训练集中：这些得分不能说明模型对新数据的表现。",
  },
  "evaluate.repeated": {
    en: "{rows} of {all} rows have what the model was trained on: the scores are too good",
    zh: "{all} 行中有 {rows} 行的内容曾用于训练：得分偏高",
  },
  "evaluate.quarantined": {
    en: "{rows} of {all} rows cannot be used: {reasons}",
    zh: "{all} 行中有 {rows} 行无法使用：{reasons}",
  },
  "evaluate.absent": { en: "the table has no column {column}: it is left out", zh: "表中没有列 {column}，已略去" },
} as const;
