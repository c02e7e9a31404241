// Text of decisions that treat groups alike: while they are fitted, and when they answer.
export const mitigationMessages = {
  "mitigation.fitted": {
    en: "{rule}, fitted on the validation set: largest difference between groups of {attribute} ({criterion}) {before} → {after}, accuracy {accuracyBefore} → {accuracyAfter}. The test set shows the effect on new rows.",
    zh: "{rule}，在验证集上拟合：{attribute} 各组最大差异（{criterion}）{before} → {after}，准确率 {accuracyBefore} → {accuracyAfter}。在新数据上的效果见测试集。",
  },
  "mitigation.rule.model": { en: "The model's own rule", zh: "模型自身的规则" },
  "mitigation.rule.group-thresholds": { en: "Thresholds by group", zh: "分组阈值" },
  "mitigation.rule.linear-post": { en: "Linear post-processing", zh: "线性后处理" },
  "mitigation.rule.exponentiated-gradient": { en: "Exponentiated gradient", zh: "指数梯度法" },
  "mitigation.short": {
    en: "The tolerance of {tolerance} was not reached within an accuracy cost of {cost}. The fairest rule within this cost is used.",
    zh: "在准确率代价 {cost} 之内未能达到容差 {tolerance}，采用该代价内最公平的规则。",
  },
  "mitigation.noisy": {
    en: "{group} has only {rows} validation rows, so its rate is known only within ±{error}. The effect may not generalize.",
    zh: "{group} 只有 {rows} 行验证数据，其比率的误差可达 ±{error}，效果未必能推广。",
  },
  "mitigation.left": {
    en: "Groups of {attribute} with too few validation rows keep the model's own predictions: {groups}",
    zh: "{attribute} 中验证数据过少的分组保留模型自身的预测：{groups}",
  },
  "mitigation.unknownGroup": {
    en: "{rows} texts have a {attribute} without fitted thresholds. They keep the model's own predictions.",
    zh: "{rows} 条文本的 {attribute} 没有拟合阈值，保留模型自身的预测。",
  },
  "mitigation.exported": {
    en: "This model needs decisions.json for its predictions. Other runtimes do not apply it: the ONNX file alone gives the scores before mitigation.",
    zh: "该模型的预测需要 decisions.json，其他运行时不会应用它：单独的 ONNX 文件只给出缓解前的得分。",
  },
  "mitigation.explained": {
    en: "The prediction comes from {rule}. The explanation is of the model's score before this rule.",
    zh: "预测由 {rule} 决定，解释针对的是应用该规则之前的模型得分。",
  },
  "fairness.change.criterion": {
    en: "{attribute}: largest difference between groups ({criterion}): {before} before, {after} after, change {change} [{low}, {high}]",
    zh: "{attribute}：各组最大差异（{criterion}）：缓解前 {before}，缓解后 {after}，变化 {change} [{low}, {high}]",
  },
} as const;
