// Text about baselines and probes.
export const baselineMessages = {
  "baseline.majority": { en: "majority class", zh: "多数类" },
  "baseline.mean": { en: "mean of the training rows", zh: "训练集均值" },
  "baseline.ridge": { en: "ridge regression on character TF-IDF", zh: "字符 TF-IDF 岭回归" },
  "baseline.linear": { en: "logistic regression on character TF-IDF", zh: "字符 TF-IDF 逻辑回归" },
  "baseline.pixels": { en: "linear model on pixels", zh: "像素线性模型" },
  "baseline.lookup": { en: "most frequent tag of each word", zh: "每个词最常见的标记" },
  "baseline.bm25": { en: "search by words (BM25)", zh: "按词检索（BM25）" },
  "baseline.ngram": { en: "n-gram model of bytes", zh: "字节 n-gram 模型" },
  "baseline.score.ndcg": { en: "nDCG@10", zh: "nDCG@10" },
  "baseline.score.recallAt1": { en: "recall@1", zh: "recall@1" },
  "baseline.score.recallAt10": { en: "recall@10", zh: "recall@10" },
  "baseline.score.mrr": { en: "MRR@10", zh: "MRR@10" },
  "baseline.longer": { en: "prefers the longer answer", zh: "总选较长的回答" },
  "baseline.start": { en: "the model before tuning", zh: "微调前的模型" },
  "baseline.score.preferenceAccuracy": { en: "agreement with preferences", zh: "偏好一致率" },
  "baseline.score.preferenceMargin": { en: "mean margin", zh: "平均优势" },
  "baseline.score.reward": { en: "mean reward", zh: "平均奖励" },
  "baseline.score.bitsPerByte": { en: "bits per byte", zh: "每字节比特数" },
  "baseline.score.perplexity": { en: "perplexity per token", zh: "每词元困惑度" },
  "baseline.score.macroF1": { en: "macro F1", zh: "宏平均 F1" },
  "baseline.score.accuracy": { en: "accuracy", zh: "准确率" },
  "baseline.score.microF1": { en: "micro F1", zh: "微平均 F1" },
  "baseline.score.r2": { en: "R²", zh: "R²" },
  "baseline.score.mae": { en: "mean absolute error", zh: "平均绝对误差" },
  "baseline.score.rmse": { en: "root mean squared error", zh: "均方根误差" },
  "baseline.score.spearman": { en: "Spearman's ρ", zh: "斯皮尔曼相关系数 ρ" },
  "baseline.score.f1": { en: "entity F1", zh: "实体 F1" },
  "baseline.list": {
    en: "Baselines on the same test rows, {score}: {list}.",
    zh: "同一测试集上的基线（{score}）：{list}。",
  },
  "baseline.better": {
    en: "Better than the best baseline ({baseline}): {score} better by {value} [{low}, {high}].",
    zh: "优于最好的基线（{baseline}）：{score} 的改善为 {value} [{low}, {high}]。",
  },
  "baseline.no-difference": {
    en: "No difference found from the best baseline ({baseline}). Gain in {score}: {value} [{low}, {high}]. The baseline may be enough.",
    zh: "与最好的基线（{baseline}）相比未发现差异。{score} 的改善为 {value} [{low}, {high}]。基线可能已经足够。",
  },
  "baseline.worse": {
    en: "WORSE than the best baseline ({baseline}): {score} worse by {value} [{low}, {high}]. Use the baseline, or improve the model.",
    zh: "差于最好的基线（{baseline}）：{score} 的差距为 {value} [{low}, {high}]。请使用基线，或改进模型。",
  },
  "baseline.untold": {
    en: "The difference from the best baseline ({baseline}) is {value} in {score}. There is no interval, because some classes have too few test rows. Use more test rows per class.",
    zh: "与最好的基线（{baseline}）相比，{score}相差 {value}。部分类别的测试行太少，无法给出区间。请为每个类别提供更多测试行。",
  },
  "baseline.intervals": {
    en: "All models use the same test rows. Brackets show 95 % confidence intervals.",
    zh: "所有模型使用相同的测试行。方括号内为 95 % 置信区间。",
  },
  "baseline.belowMean": {
    en: "R² is {r2}: the mean of the test set is a better prediction. Do not use this model.",
    zh: "R² 为 {r2}：直接用测试集均值作为预测反而更好。请勿使用本模型。",
  },
  "baseline.lowerR2": {
    en: "R² {r2} is lower than that of the best baseline ({baseline}): {other}.",
    zh: "R² 为 {r2}，低于最好的基线（{baseline}）的 {other}。",
  },
  "baseline.private": {
    en: "The baselines were trained without differential privacy. Their scores are not in the passport.",
    zh: "基线未采用差分隐私训练，其得分不写入模型档案。",
  },
  "baseline.section": { en: "Comparison with baselines", zh: "与基线比较" },
  "baseline.model": { en: "model", zh: "模型" },
  "baseline.this": { en: "this model", zh: "本模型" },
  "baseline.rows": { en: "training rows", zh: "训练行数" },
  "init.linear": {
    en: "A {model} has {score} {linear} on {heldOut} held-out rows (trained on {fitted} rows; {simplest}: {majority}).",
    zh: "{model}在 {heldOut} 行留出数据上的{score}为 {linear}（用 {fitted} 行训练；{simplest}：{majority}）。",
  },
  "init.linear.enough": {
    en: "This simple model may be enough. A transformer can improve little on it.",
    zh: "这一简单模型可能已经足够，Transformer 的提升空间很小。",
  },
  "init.linear.beat": {
    en: "Use this score as the baseline for a transformer.",
    zh: "请以此得分作为 Transformer 的基线。",
  },
  "pretrain.held": {
    en: "{texts} unlabelled texts are skipped: the validation or test set has nearly the same text or the same group",
    zh: "跳过 {texts} 条无标签文本：验证集或测试集中有几乎相同的文本或同一分组",
  },
  "probe.text": {
    en: "Linear probe on frozen features of {rows} labelled training rows: validation {score} {pretrained}, with random weights {random}.",
    zh: "线性探针（{rows} 行带标签训练数据的冻结特征）：验证集{score}为 {pretrained}，随机权重为 {random}。",
  },
  "probe.useless": {
    en: "{text} Pretraining did not help. Change its objective, learning rate or length, or remove it.",
    zh: "{text}预训练没有带来提高。请更改其目标、学习率或时长，或去掉预训练。",
  },
} as const;
