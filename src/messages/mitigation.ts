// Text of decisions that treat groups alike: while they are fitted, and when they answer.
export const mitigationMessages = {
  "mitigation.fitted": {
    en: "{rule} on dev, the rows it was fitted on (the test part says what holds elsewhere): largest difference between groups of {attribute} ({criterion}) {before} → {after}, accuracy {accuracyBefore} → {accuracyAfter}",
    zh: "{rule}（开发集，即拟合所用的行；在其他数据上的效果见测试集）：{attribute} 各组最大差异（{criterion}）{before} → {after}，准确率 {accuracyBefore} → {accuracyAfter}",
  },
  "mitigation.short": {
    en: "the tolerance of {tolerance} was not reached within an accuracy cost of {cost}: the fairest rule within it is taken",
    zh: "在准确率代价 {cost} 之内未能达到容差 {tolerance}：采用其中最公平的规则",
  },
  "mitigation.noisy": {
    en: "{group} has {rows} dev rows: a share of its answers is known within ±{error} only, so what is reached on dev may not hold elsewhere",
    zh: "{group} 只有 {rows} 条开发集行：其回答比例的误差可达 ±{error}，开发集上的效果未必能推广",
  },
  "mitigation.left": {
    en: "groups of {attribute} with too few dev rows keep the model's own answers: {groups}",
    zh: "{attribute} 中开发集行数过少的分组保留模型自身的回答：{groups}",
  },
  "mitigation.unknownGroup": {
    en: "{rows} texts have a {attribute} that the thresholds do not know: they got the model's own answers",
    zh: "{rows} 条文本的 {attribute} 不在阈值所知范围内：采用了模型自身的回答",
  },
  "mitigation.exported": {
    en: "answers of this model go through decisions.json, which other runtimes do not apply: the ONNX file alone gives the model's own scores",
    zh: "该模型的回答经由 decisions.json 决定，而其他运行时不会应用它：单独的 ONNX 文件只给出模型自身的得分",
  },
  "mitigation.explained": {
    en: "the answer is decided by {rule}; the explanation is of the model's own score of it",
    zh: "该回答由 {rule} 决定；解释针对的是模型自身对它的得分",
  },
  "fairness.change.criterion": {
    en: "{attribute}: largest difference between groups ({criterion}) {before} before, {after} now, change {change} [{low}, {high}]",
    zh: "{attribute}：各组最大差异（{criterion}）原为 {before}，现为 {after}，变化 {change} [{low}, {high}]",
  },
} as const;
