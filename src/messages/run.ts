// Text of a run's events.
export const runMessages = {
  "run.new": { en: "first time", zh: "首次运行" },
  "run.changed": { en: "changed: {keys}", zh: "已更改：{keys}" },
  "run.inputs": { en: "inputs changed", zh: "输入已更改" },
  "run.after": { en: "an earlier stage runs again: {stage}", zh: "前面的阶段要重新运行：{stage}" },
  "run.again": { en: "requested again", zh: "已要求重新运行" },
  "run.shared": { en: "reused from another run in this folder", zh: "复用同一文件夹中另一次运行的结果" },
  "run.unshared": { en: "result not stored for other runs: {problem}", zh: "结果未存储，其他运行无法复用：{problem}" },
  "run.same": { en: "unchanged", zh: "未更改" },
  "run.kept": { en: "reused (unchanged)", zh: "已复用（未更改）" },
  "run.runs": { en: "running ({why})", zh: "正在运行（{why}）" },
  "run.done": { en: "done in {seconds} s", zh: "已完成，用时 {seconds} 秒" },
  "run.does.run": { en: "run", zh: "运行" },
  "run.does.keep": { en: "reuse", zh: "复用" },
  "run.folder": { en: "Run folder: {path}", zh: "运行文件夹：{path}" },
  "run.stopping": {
    en: "Interrupted. Saving a checkpoint; press Ctrl-C again to stop at once.",
    zh: "已中断，正在保存检查点；再按一次 Ctrl-C 立即停止。",
  },
  "run.report": { en: "Report: {path}", zh: "报告：{path}" },
  "run.yourText": { en: "a text of yours", zh: "您的文本" },
  "run.next": { en: "Next:", zh: "下一步：" },
  "run.engine": {
    en: "PyTorch {version} trains on {device} ({deviceName}), Python {python}.",
    zh: "由 PyTorch {version} 在 {device}（{deviceName}）上训练，Python {python}。",
  },
  "run.fresh": {
    en: "New head: {parameters} weight arrays start from random values.",
    zh: "新分类头：{parameters} 个权重数组从随机值开始。",
  },
  "run.warning": { en: "warning  {stage}: {text}", zh: "警告  {stage}：{text}" },
  "run.epoch": { en: "epoch {epoch}", zh: "训练轮 {epoch}" },
  "run.epochScore": { en: "epoch {epoch}  validation {name} {score}", zh: "训练轮 {epoch}  验证集 {name} {score}" },
  "run.stopped": {
    en: "validation {name} has not improved for {patience} epochs; stopping after epoch {epoch}; best epoch {best} ({score})",
    zh: "验证集得分（{name}）已连续 {patience} 个训练轮没有改善；第 {epoch} 轮之后停止训练；最佳为第 {best} 轮（{score}）",
  },
  "run.stoppedAtOnce": {
    en: "validation {name} did not improve; stopping after epoch {epoch}; best epoch {best} ({score})",
    zh: "验证集得分（{name}）没有改善；第 {epoch} 轮之后停止训练；最佳为第 {best} 轮（{score}）",
  },
  "run.keptBest": {
    en: "keeping the weights of epoch {kept} of {epochs}: best validation {name}, {score}",
    zh: "保留第 {kept} 轮（共 {epochs} 轮）的权重：验证集得分（{name}）最佳，为 {score}",
  },
  "run.fewChoose": {
    en: "Only {rows} validation rows choose the epoch. With so few, the choice is largely chance.",
    zh: "只有 {rows} 行验证数据用于选择训练轮。数据这样少，选择在很大程度上是偶然的。",
  },
  "run.neverStops": {
    en: "adapt.patience ({patience}) is not smaller than adapt.epochs ({epochs}), so training cannot stop early.",
    zh: "adapt.patience（{patience}）不小于 adapt.epochs（{epochs}），训练不可能提前停止。",
  },
  "run.exportLarge": {
    en: "The model exceeds 2 GiB, so browsers cannot load it. Its weights are in onnx/model.onnx_data. For a smaller file: concord export --to onnx-int8",
    zh: "模型超过 2 GiB，浏览器无法加载。权重存放在 onnx/model.onnx_data。如需更小的文件：concord export --to onnx-int8",
  },
  "run.textComposed": {
    en: "The tokenizer normalizes text to NFKC: full-width letters and signs such as ℃ become plain characters.",
    zh: "分词器将文本规范化为 NFKC：全角字母和 ℃ 等符号变为普通字符。",
  },
  "run.textAsWritten": {
    en: "Text is not normalized: the pretrained tokenizer handles all characters.",
    zh: "文本不作规范化：由预训练分词器处理所有字符。",
  },
  "targets.training": {
    en: "Targets are standardized for training (training set mean {mean}, standard deviation {std}). Predictions are in the original unit.",
    zh: "训练时对目标值作标准化（训练集均值 {mean}，标准差 {std}）。预测值使用原单位。",
  },
  "targets.recipe": {
    en: "Targets are scaled as adapt.targets says (mean {mean}, standard deviation {std}). Predictions are in the original unit.",
    zh: "目标值按 adapt.targets 缩放（均值 {mean}，标准差 {std}）。预测值使用原单位。",
  },
  "run.cut": {
    en: "{rows} of {all} training texts exceed model.maxLength ({limit} tokens), and {percent} % of all tokens are cut off. 95 % of the texts have at most {percentile95} tokens.",
    zh: "{all} 条训练文本中有 {rows} 条超过 model.maxLength（{limit} 个词元），共截去 {percent} % 的词元。95 % 的文本不超过 {percentile95} 个词元。",
  },
  "run.loss": { en: "loss {loss}  learning rate {rate}", zh: "损失 {loss}  学习率 {rate}" },
  "run.devMae": { en: "validation mean absolute error {score}", zh: "验证集平均绝对误差 {score}" },
  "run.dev": { en: "validation score {score}", zh: "验证集得分 {score}" },
  "run.rate": { en: "{rate} examples/s", zh: "{rate} 样本/秒" },
  "run.left": { en: "{elapsed} elapsed, {left} left", zh: "已用 {elapsed}，剩余 {left}" },
  "evaluate.someClasses": {
    en: "The table shows {half} of {all} classes: those with the most rows, and the {half} lowest-scoring others. All classes are in {file}.",
    zh: "表中列出 {all} 个类别中行数最多的 {half} 个，以及其余类别中得分最低的 {half} 个。全部类别见 {file}。",
  },
  "evaluate.single": {
    en: "accuracy {accuracy}, macro F1 {macroF1} (95 % confidence intervals); calibration error {error} at temperature {temperature}, fitted on {rows} validation rows",
    zh: "准确率 {accuracy}，宏平均 F1 {macroF1}（95 % 置信区间）；校准误差 {error}（温度 {temperature}，由 {rows} 行验证集拟合）",
  },
  "evaluate.ordinal": {
    en: "mean absolute error {error} ranks, quadratic weighted kappa {kappa}, within one rank {within}",
    zh: "平均等级误差 {error}，二次加权 kappa {kappa}，相差不超过一级的比例 {within}",
  },
  "evaluate.several": {
    en: "macro F1 {macroF1}, micro F1 {microF1} (95 % confidence intervals)",
    zh: "宏平均 F1 {macroF1}，微平均 F1 {microF1}（95 % 置信区间）",
  },
  "evaluate.embeddings": {
    en: "nDCG@10 {ndcg}, recall@1 {first}, recall@10 {ten} (95 % confidence intervals), each text searched among {documents} second texts",
    zh: "nDCG@10 {ndcg}，recall@1 {first}，recall@10 {ten}（95 % 置信区间），每条文本在 {documents} 条候选文本中检索",
  },
  "evaluate.likeness": {
    en: "Spearman's ρ {spearman}, Pearson's r {pearson} (95 % confidence intervals) of cosines and the given numbers",
    zh: "余弦与给定数值的斯皮尔曼相关系数 ρ {spearman}，皮尔逊相关系数 r {pearson}（95 % 置信区间）",
  },
  "evaluate.words": {
    en: "Searched by vectors and words together: words count {share}, vectors the rest (predict: --words {share}). By vectors alone nDCG@10 {ndcg}",
    zh: "同时按向量和词检索：词占 {share}，其余为向量（predict：--words {share}）。仅按向量检索 nDCG@10 {ndcg}",
  },
  "evaluate.choices": {
    en: "Accuracy {accuracy}; by chance {chance}.",
    zh: "准确率 {accuracy}；随机选择为 {chance}。",
  },
  "evaluate.answers": {
    en: "F1 of answers {f1}, exact match {exact} (95 % confidence intervals)",
    zh: "答案 F1 {f1}，完全匹配 {exact}（95 % 置信区间）",
  },
  "evaluate.writing": {
    en: "bits per byte {bits}, perplexity per token {perplexity} (95 % confidence intervals)",
    zh: "每字节比特数 {bits}，每词元困惑度 {perplexity}（95 % 置信区间）",
  },
  "evaluate.preferences": {
    en: "agreement with preferences {accuracy}, mean margin {margin} (95 % confidence intervals)",
    zh: "偏好一致率 {accuracy}，平均优势 {margin}（95 % 置信区间）",
  },
  "evaluate.reward": {
    en: "mean reward {reward} (95 % confidence interval)",
    zh: "平均奖励 {reward}（95 % 置信区间）",
  },
  "evaluate.calibration.labels": {
    en: "; calibration error {error} over {count} label decisions (each label of each row)",
    zh: "；校准误差 {error}（{count} 个标签决定，即每行的每个标签）",
  },
  "evaluate.calibration.entities": {
    en: "; calibration error {error} over {count} predicted entities",
    zh: "；校准误差 {error}（{count} 个预测实体）",
  },
  "evaluate.entities": {
    en: "entity F1 {f1} (95 % confidence interval), {tags} % of the tags correct",
    zh: "实体 F1 {f1}（95 % 置信区间），{tags} % 的标记正确",
  },
  "prepare.summary": {
    en: "{rows} rows read: {train} training, {dev} validation, {test} test; {left} left out.",
    zh: "读入 {rows} 行：训练集 {train}、验证集 {dev}、测试集 {test}；略去 {left}。",
  },
  "prepare.tasks": {
    en: "{counts} Rows with a label of each task: {list}.",
    zh: "{counts}各任务有标签的行数：{list}。",
  },
  "evaluate.task": {
    en: "Task {task} ({kind}), {rows} test rows with a label:",
    zh: "任务 {task}（{kind}），{rows} 行测试数据有标签：",
  },
  "evaluate.mean": {
    en: "Mean of the tasks' scores by their weights: {score} (macro F1 of labels, R² of numbers).",
    zh: "各任务得分按权重的均值：{score}（标签为宏平均 F1，数值为 R²）。",
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
    en: "{rows} of {all} rows are also in the training data: scores will be inflated.",
    zh: "{all} 行中有 {rows} 行也在训练数据中：得分会虚高。",
  },
  "evaluate.quarantined": {
    en: "{rows} of {all} rows were rejected: {reasons}",
    zh: "{all} 行中有 {rows} 行被剔除：{reasons}",
  },
  "evaluate.absent": {
    en: "The table has no column {column}. Its scores by group are skipped.",
    zh: "表中没有列 {column}，跳过按该列的分组得分。",
  },
} as const;
