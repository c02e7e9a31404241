// Text of the audit's part robustness and of prediction sets.
export const robustnessMessages = {
  "robustness.audit": {
    en: "robustness on {rows} rows: score {clean} without changes, {worst} in the worst case ({way})",
    zh: "{rows} 行上的稳健性：无改动时得分 {clean}，最差情况 {worst}（{way}）",
  },
  "report.robustness": { en: "Robustness", zh: "稳健性" },
  "report.robustness.text": {
    en: "The same {rows} test rows, with changes that should not affect the prediction. Score: {measure}.",
    zh: "同样的 {rows} 行测试数据，作不应影响预测的改动。得分：{measure}。",
  },
  "report.robustness.measure.accuracy": { en: "accuracy", zh: "准确率" },
  "report.robustness.measure.exactMatch": {
    en: "exact match (all labels correct)",
    zh: "完全匹配（标签全对）",
  },
  "report.robustness.measure.answerF1": { en: "F1 of answers", zh: "答案 F1" },
  "report.robustness.measure.absoluteError": { en: "mean absolute error", zh: "平均绝对误差" },
  "report.robustness.shifts": { en: "Scores on changed inputs", zh: "输入改动后的得分" },
  "report.robustness.shift": { en: "change", zh: "改动" },
  "report.robustness.score": { en: "score", zh: "得分" },
  "report.robustness.loss": { en: "loss of score", zh: "得分下降" },
  "report.robustness.flips": { en: "predictions that change", zh: "预测改变的比例" },
  "report.robustness.ece": { en: "calibration error", zh: "校准误差" },
  "report.robustness.changed": { en: "rows changed", zh: "被改动的行" },
  "report.robustness.clean": { en: "no change", zh: "无改动" },
  "report.robustness.change.typos": { en: "typos in {rate} of the words", zh: "错别字：{rate} 的词" },
  "report.robustness.change.synonyms": {
    en: "synonyms for {rate} of the words that have one",
    zh: "同义词：替换 {rate} 有同义词的词",
  },
  "report.robustness.change.brightness": { en: "brightness ±{rate}", zh: "亮度 ±{rate}" },
  "report.robustness.change.contrast": { en: "contrast ±{rate}", zh: "对比度 ±{rate}" },
  "report.robustness.change.noise": { en: "noise, {rate} of the value range", zh: "噪声：取值范围的 {rate}" },
  "report.robustness.change.shift": { en: "shifted by {rate} of each side", zh: "平移边长的 {rate}" },
  "report.robustness.change.cutout": { en: "grey square on {rate} of the image", zh: "灰色方块遮住图像的 {rate}" },
  "report.robustness.foreign": { en: "Out-of-distribution texts", zh: "分布外文本" },
  "report.robustness.foreignText": {
    en: "Can the model detect {texts} texts that do not belong to the task (football, cooking, law, nonsense)? Area under the ROC curve; 0.5 is chance.",
    zh: "模型能否识别 {texts} 条与任务无关的文本（足球、烹饪、法律、无意义文本）？指标为 ROC 曲线下面积，0.5 为随机水平。",
  },
  "report.robustness.unsureness": { en: "1 − largest probability", zh: "1 − 最大概率" },
  "report.robustness.energy": { en: "energy", zh: "能量" },
  "report.robustness.distance": {
    en: "distance from the training texts (Mahalanobis)",
    zh: "与训练文本的距离（马氏距离）",
  },
  "report.robustness.auroc": { en: "ROC AUC", zh: "ROC AUC" },
  "report.robustness.sets": { en: "Prediction sets", zh: "预测集" },
  "report.robustness.setsText": {
    en: "Prediction sets are calibrated on the validation set to contain the true label for {promised} of the rows. Coverage on the test set: {coverage} ({low}–{high}). Mean size {size}; {single} have one label, {empty} are empty. Coverage is an average over rows like the validation rows, not a promise for each group.",
    zh: "预测集在验证集上校准，目标是对 {promised} 的行包含真实标签。测试集覆盖率：{coverage}（{low}–{high}）。平均大小 {size}；{single} 只含一个标签，{empty} 为空。覆盖率是对与验证集同类数据的总体平均，不是对每个分组的承诺。",
  },
  "report.robustness.interval": {
    en: "Prediction intervals are calibrated on the validation set to contain the true value for {promised} of the rows. Coverage on the test set: {coverage} ({low}–{high}). Mean length {size}.",
    zh: "预测区间在验证集上校准，目标是对 {promised} 的行包含真实值。测试集覆盖率：{coverage}（{low}–{high}）。平均长度 {size}。",
  },
  "report.robustness.coverage": { en: "coverage", zh: "覆盖率" },
} as const;
