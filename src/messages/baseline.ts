// Text about baselines and probes.
export const baselineMessages = {
  "baseline.majority": { en: "most frequent answer", zh: "最常见的答案" },
  "baseline.mean": { en: "mean of the training rows", zh: "训练集均值" },
  "baseline.linear": { en: "linear model of characters (TF-IDF)", zh: "字符 TF-IDF 线性模型" },
  "baseline.pixels": { en: "linear model of pixels", zh: "像素线性模型" },
  "baseline.lookup": { en: "each word's usual tag", zh: "每个词最常见的标签" },
  "baseline.score.macroF1": { en: "macro F1", zh: "宏平均 F1" },
  "baseline.score.accuracy": { en: "accuracy", zh: "准确率" },
  "baseline.score.microF1": { en: "micro F1", zh: "微平均 F1" },
  "baseline.score.r2": { en: "R²", zh: "R²" },
  "baseline.score.mae": { en: "mean absolute error", zh: "平均绝对误差" },
  "baseline.score.rmse": { en: "root mean squared error", zh: "均方根误差" },
  "baseline.score.spearman": { en: "Spearman's ρ", zh: "斯皮尔曼相关系数 ρ" },
  "baseline.score.f1": { en: "F1 of entities", zh: "实体 F1" },
  "baseline.list": {
    en: "Baselines on the same rows, {score}: {list}.",
    zh: "同一测试集上的基线（{score}）：{list}。",
  },
  "baseline.better": {
    en: "Better than the best baseline ({baseline}) by {value} in {score} [{low}, {high}].",
    zh: "{score}比最好的基线（{baseline}）好 {value} [{low}, {high}]。",
  },
  "baseline.no-difference": {
    en: "No difference found from the best baseline ({baseline}): {value} in {score} [{low}, {high}]. The simple model may be enough.",
    zh: "与最好的基线（{baseline}）相比未发现差异：{score}相差 {value} [{low}, {high}]。简单模型可能已经足够。",
  },
  "baseline.worse": {
    en: "WORSE than the best baseline ({baseline}) by {value} in {score} [{low}, {high}]. Use the simple model, or improve this one.",
    zh: "{score}比最好的基线（{baseline}）差 {value} [{low}, {high}]。请使用简单模型，或改进本模型。",
  },
  "baseline.untold": {
    en: "The difference from the best baseline ({baseline}) is {value} in {score}, without an interval: with so few test rows per class, redrawn rows lose classes. These rows do not tell which is better; use more test rows per class.",
    zh: "与最好的基线（{baseline}）相比，{score}相差 {value}，不给出区间：每个类别的测试行太少，重抽样会丢失类别。这些行不足以判断孰优；请为每个类别提供更多测试行。",
  },
  "baseline.intervals": {
    en: "All on the same test rows; 95 % intervals in brackets.",
    zh: "均在同一测试集上；方括号内为 95 % 置信区间。",
  },
  "baseline.belowMean": {
    en: "R² is {r2}: answering every text with the mean of the test rows would be closer. Do not use this model.",
    zh: "R² 为 {r2}：对每条文本都回答测试集均值反而更接近。请勿使用本模型。",
  },
  "baseline.lowerR2": {
    en: "R² {r2} is below that of the best baseline ({baseline}): {other}.",
    zh: "R² 为 {r2}，低于最好的基线（{baseline}）的 {other}。",
  },
  "baseline.private": {
    en: "The baselines were fitted without differential privacy. Their scores stay out of the passport.",
    zh: "基线未采用差分隐私训练，其得分不写入模型档案。",
  },
  "baseline.section": { en: "Against simple models", zh: "与简单模型相比" },
  "baseline.model": { en: "model", zh: "模型" },
  "baseline.this": { en: "this model", zh: "本模型" },
  "baseline.rows": { en: "training rows", zh: "训练行数" },
  "init.linear": {
    en: "A linear model of characters reaches {score} {linear} on {heldOut} held-out rows (fitted on {fitted}; {simplest} {majority}).",
    zh: "字符线性模型在 {heldOut} 行留出数据上的{score}为 {linear}（用 {fitted} 行拟合；{simplest}为 {majority}）。",
  },
  "init.linear.enough": {
    en: "It may be all you need: a transformer has little left to win.",
    zh: "它可能已经足够：Transformer 的提升空间很小。",
  },
  "init.linear.beat": { en: "A transformer has to beat that.", zh: "Transformer 应当超过这一得分。" },
  "pretrain.held": {
    en: "{texts} unlabelled texts are left out: the validation or test part has nearly the same text, or the same patient",
    zh: "略去 {texts} 条无标签文本：验证集或测试集中有几乎相同的文本或同一患者",
  },
  "probe.text": {
    en: "Probe: a linear model of the frozen features of {rows} labelled training rows scores {pretrained} ({score}, validation set); with random weights {random}.",
    zh: "探针：对 {rows} 条带标签训练文本的冻结特征拟合线性模型，验证集{score}为 {pretrained}；随机权重为 {random}。",
  },
  "probe.useless": {
    en: "{text} Pretraining brought nothing: change its objective, rate or length, or leave it out.",
    zh: "{text}预训练没有带来提高：请调整目标、学习率或时长，或不做预训练。",
  },
} as const;
