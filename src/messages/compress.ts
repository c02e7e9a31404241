// What the compression of a model says: the terminal's table, the report's section, names of values.
export const compressMessages = {
  "compress.head": {
    en: "{steps}: {size} × the size, {speed} × as fast",
    zh: "{steps}：大小为原来的 {size} 倍，速度为原来的 {speed} 倍",
  },
  "compress.what": { en: "measured", zh: "指标" },
  "compress.before": { en: "before", zh: "压缩前" },
  "compress.after": { en: "after", zh: "压缩后" },
  "compress.change": { en: "change", zh: "变化" },
  "compress.interval": { en: "95 % interval of the change", zh: "变化的 95 % 区间" },
  "compress.size": { en: "size of the weights", zh: "权重大小" },
  "compress.latency": { en: "time for one input (median)", zh: "单个输入耗时（中位数）" },
  "compress.ece": { en: "calibration error (ECE)", zh: "校准误差（ECE）" },
  "compress.gap": {
    en: "largest gap between groups of {attribute} ({measure})",
    zh: "{attribute} 各群体间的最大差距（{measure}）",
  },
  "compress.group": { en: "{attribute} = {group} ({measure})", zh: "{attribute} = {group}（{measure}）" },
  "compress.membership": { en: "membership inference (AUC)", zh: "成员推断（AUC）" },
  "compress.faithfulness": {
    en: "faithfulness of {method} (AOPC)",
    zh: "{method}的忠实度（AOPC）",
  },
  "compress.sets.coverage": { en: "prediction sets: share with the true value", zh: "预测集：包含真实值的比例" },
  "compress.sets.size": { en: "prediction sets: mean size", zh: "预测集：平均大小" },
  "compress.unmeasured.ece": {
    en: "Not measured: the calibration error, for no test row has a probability in both models' answers.",
    zh: "未测量：校准误差，因为两个模型的预测中没有测试行带有概率。",
  },
  "compress.unmeasured.membership.rows": {
    en: "Not measured: membership inference, for too few rows.",
    zh: "未测量：成员推断，行数太少。",
  },
  "compress.unmeasured.faithfulness.reads": {
    en: "Not measured: faithfulness of explanations, which are of texts and images.",
    zh: "未测量：解释的忠实度，解释只用于文本和图像。",
  },
  "compress.unmeasured.faithfulness.rows": {
    en: "Not measured: faithfulness of explanations, for too few rows with something to explain.",
    zh: "未测量：解释的忠实度，可解释的行太少。",
  },
  "compress.unmeasured.sets.off": {
    en: "No prediction sets: the recipe turns audit.robustness off.",
    zh: "没有预测集：配方关闭了 audit.robustness。",
  },
  "compress.unmeasured.sets.task": {
    en: "No prediction sets: they are of single labels and numbers, and need validation rows.",
    zh: "没有预测集：它们只用于单标签和数值，并且需要验证集。",
  },
  "compress.flips": {
    en: "{changed} of {rows} test rows changed their answer: {wrong} became wrong, {right} became right (exact McNemar test: p = {p}).",
    zh: "{rows} 行测试数据中有 {changed} 行的预测发生变化：{wrong} 行变错，{right} 行变对（精确 McNemar 检验：p = {p}）。",
  },
  "compress.flips.groups": { en: "Answers that changed, by group", zh: "各群体中发生变化的预测" },
  "compress.flips.rows": { en: "test rows", zh: "测试行数" },
  "compress.flips.changed": { en: "changed", zh: "发生变化" },
  "compress.section": { en: "Compression", zh: "压缩" },
  "compress.intro": {
    en: "Both models answered the same test rows. Intervals are 95 % and paired: both models are resampled on the same rows. The temperature was fitted again on the validation set.",
    zh: "两个模型预测了相同的测试行。区间为 95 % 配对区间：两个模型在相同的行上重抽样。温度已在验证集上重新拟合。",
  },
  "compress.steps": { en: "Steps", zh: "步骤" },
  "compress.table": { en: "The model before and after compression", zh: "压缩前后的模型" },
  "compress.written": {
    en: "Compressed model written to {path}. The run's own model is unchanged.",
    zh: "压缩后的模型已写入 {path}。运行自身的模型未改变。",
  },
  "compress.search": {
    en: "Ways to make the model smaller and to store its weights, scored on {rows} validation rows. The fastest that keeps the target was taken.",
    zh: "各种缩小模型和存储权重的方式，在 {rows} 行验证集上评分。选取满足目标的最快方式。",
  },
  "compress.left.time": {
    en: "Not tried: {names}. Their training would take longer than the minutes that the search has.",
    zh: "未尝试：{names}。训练所需时间超过搜索的分钟数。",
  },
  "compress.left.model": {
    en: "Not tried: {names}. This model or its few validation rows do not allow it.",
    zh: "未尝试：{names}。此模型或其过少的验证行不支持。",
  },
  "compress.left.private": {
    en: "Not tried: {names}. They read training rows, and the guarantee of private training would end.",
    zh: "未尝试：{names}。它们会读取训练数据，差分隐私训练的保证将不再成立。",
  },
  "compress.candidate": { en: "candidate", zh: "候选" },
  "compress.sizeRatio": { en: "size", zh: "大小" },
  "compress.latencyRatio": { en: "time", zh: "耗时" },
  "compress.drop": { en: "loss of {score}", zh: "{score}损失" },
  "compress.chosen": { en: "taken", zh: "选用" },
  "compress.pareto": { en: "on the front", zh: "在前沿上" },
  "compress.variant": { en: "{name}: {steps}", zh: "{name}：{steps}" },
  "compress.mixed": {
    en: "Mixed precision: the {kept} most sensitive matrices are kept in {bits} bits. Loss of {score} on validation rows: {drop}.",
    zh: "混合精度：最敏感的 {kept} 个矩阵保留为 {bits} 位。验证集上 {score} 的损失：{drop}。",
  },
  "compress.mixed.none": {
    en: "Mixed precision: no matrix had to be kept in more bits. Loss of {score} on validation rows: {drop}.",
    zh: "混合精度：没有矩阵需要保留更多位数。验证集上 {score} 的损失：{drop}。",
  },
  "compress.mixed.table": {
    en: "How much the answers on validation rows change where a matrix alone is stored in fewer bits",
    zh: "只把一个矩阵存为更少位数时，验证集上预测的变化",
  },
  "compress.mixed.matrix": { en: "matrix", zh: "矩阵" },
  "compress.mixed.divergence": { en: "divergence", zh: "散度" },
  "compress.mixed.kept": { en: "in more bits", zh: "保留更多位数" },
  "compress.mixed.yes": { en: "yes", zh: "是" },
  "compress.front": { en: "Size and loss of each candidate", zh: "各候选的大小与损失" },
  "compress.front.text": {
    en: "Size as a share of the model's, and loss of {score} on validation rows. No candidate on the front is beaten in size, time and loss at once. Numbers are those of the table.",
    zh: "大小占原模型的比例，以及验证集上 {score} 的损失。前沿上的候选不会同时在大小、耗时和损失上被其他候选超过。编号与表中一致。",
  },
  "value.compression.before": { en: "{what}, before compression", zh: "{what}（压缩前）" },
  "value.compression.after": { en: "{what}, after compression", zh: "{what}（压缩后）" },
  "value.compression.change": { en: "{what}, change by compression", zh: "{what}（压缩引起的变化）" },
  "value.flips.share": {
    en: "share of test rows whose answer changed by compression",
    zh: "因压缩而改变预测的测试行比例",
  },
  "value.flips.becameWrong": { en: "answers that became wrong by compression", zh: "因压缩而变错的预测数" },
  "value.flips.becameRight": { en: "answers that became right by compression", zh: "因压缩而变对的预测数" },
  "value.flips.pValue": {
    en: "McNemar test of answers changed by compression, p",
    zh: "因压缩而改变的预测的 McNemar 检验 p 值",
  },
  "value.size.compressed": { en: "size of the compressed weights", zh: "压缩后权重的大小" },
} as const;
