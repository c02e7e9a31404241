// Text of the audit's part robustness and of prediction sets.
export const robustnessMessages = {
  "robustness.audit": {
    en: "robustness on {rows} rows: score {clean} as they are, {worst} at worst ({way})",
    zh: "在 {rows} 行上的稳健性：原样得分 {clean}，最差 {worst}（{way}）",
  },
  "report.robustness": { en: "Robustness", zh: "稳健性" },
  "report.robustness.text": {
    en: "The same {rows} test rows, changed in ways that leave the right answer right. Score: {measure}.",
    zh: "同样的 {rows} 行测试数据，作不影响正确答案的改动。得分：{measure}。",
  },
  "report.robustness.measure.accuracy": { en: "share of right answers", zh: "正确率" },
  "report.robustness.measure.exactMatch": {
    en: "share of rows with exactly the right labels",
    zh: "标签完全正确的比例",
  },
  "report.robustness.measure.absoluteError": { en: "mean absolute error", zh: "平均绝对误差" },
  "report.robustness.shifts": { en: "Scores on changed inputs", zh: "改动后的得分" },
  "report.robustness.shift": { en: "change", zh: "改动" },
  "report.robustness.score": { en: "score", zh: "得分" },
  "report.robustness.loss": { en: "lost", zh: "损失" },
  "report.robustness.flips": { en: "other answers", zh: "回答改变" },
  "report.robustness.ece": { en: "calibration error", zh: "校准误差" },
  "report.robustness.changed": { en: "rows changed", zh: "被改动的行" },
  "report.robustness.clean": { en: "as they are", zh: "原样" },
  "report.robustness.change.typos": { en: "misspelt: {rate} of the words", zh: "错别字：{rate} 的词" },
  "report.robustness.change.synonyms": {
    en: "synonyms: {rate} of the words that have one",
    zh: "同义词：{rate} 有同义词的词",
  },
  "report.robustness.change.brightness": { en: "lighter or darker by {rate}", zh: "亮度增减 {rate}" },
  "report.robustness.change.contrast": { en: "contrast changed by {rate}", zh: "对比度增减 {rate}" },
  "report.robustness.change.noise": { en: "noise: {rate} of the range", zh: "噪声：取值范围的 {rate}" },
  "report.robustness.change.shift": { en: "moved by {rate} of each side", zh: "平移每边的 {rate}" },
  "report.robustness.change.cutout": { en: "a grey square over {rate} of the image", zh: "灰色方块遮住图像的 {rate}" },
  "report.robustness.foreign": { en: "Foreign texts", zh: "无关文本" },
  "report.robustness.foreignText": {
    en: "Can {texts} texts about football, cooking, law or nothing at all be told from the test texts? Area under the ROC curve; 0.5 is chance.",
    zh: "能否把 {texts} 条关于足球、烹饪、法律或毫无意义的文本与测试文本区分开？ROC 曲线下面积；0.5 为随机水平。",
  },
  "report.robustness.unsureness": { en: "1 − largest probability", zh: "1 − 最大概率" },
  "report.robustness.energy": { en: "energy", zh: "能量" },
  "report.robustness.distance": {
    en: "distance from the training texts (Mahalanobis)",
    zh: "与训练文本的距离（马氏距离）",
  },
  "report.robustness.auroc": { en: "ROC area", zh: "ROC 面积" },
  "report.robustness.sets": { en: "Prediction sets", zh: "预测集合" },
  "report.robustness.setsText": {
    en: "Sets are calibrated on the dev part to hold the truth for {promised} of the rows. On test they hold it for {coverage} ({low}–{high}). Mean size {size}; {single} hold one label, {empty} none. The promise is for rows like those of dev, on average over all of them, not for each group.",
    zh: "集合在开发集上校准，承诺对 {promised} 的行包含真值。测试集上实际为 {coverage}（{low}–{high}）。平均大小 {size}；{single} 只含一个标签，{empty} 为空。该承诺只针对与开发集同类的行，是总体平均，而非对每个群体。",
  },
  "report.robustness.interval": {
    en: "Intervals are calibrated on the dev part to hold the truth for {promised} of the rows. On test they hold it for {coverage} ({low}–{high}). Mean length {size}.",
    zh: "区间在开发集上校准，承诺对 {promised} 的行包含真值。测试集上实际为 {coverage}（{low}–{high}）。平均长度 {size}。",
  },
  "report.robustness.coverage": { en: "coverage", zh: "覆盖率" },
} as const;
