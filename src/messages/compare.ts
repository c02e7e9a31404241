// Text of runs beside each other: concord compare.
export const compareMessages = {
  "compare.title": { en: "Comparison of runs: {runs}", zh: "运行比较：{runs}" },
  "compare.run": { en: "run", zh: "运行" },
  "compare.score": { en: "score", zh: "得分" },
  "compare.better-than": { en: "better than {run} by", zh: "优于 {run} 的幅度" },
  "compare.better": { en: "better", zh: "更好" },
  "compare.worse": { en: "worse", zh: "更差" },
  "compare.no-difference": { en: "no difference found", zh: "未发现差异" },
  "compare.untold": { en: "too few rows per class to say", zh: "每个类别的行数太少，无法判断" },
  "compare.same": {
    en: "All runs were scored on the same {rows} test rows. Brackets hold 95 % intervals; differences are paired, row by row.",
    zh: "所有运行都在同样的 {rows} 行测试数据上评分。方括号内为 95 % 置信区间；差异按行配对计算。",
  },
  "compare.common": {
    en: "TEST ROWS DIFFER ({runs}): only the {rows} test rows that all runs have are compared. Brackets hold 95 % intervals; differences are paired, row by row.",
    zh: "测试数据不同（{runs}）：只比较所有运行共有的 {rows} 行测试数据。方括号内为 95 % 置信区间；差异按行配对计算。",
  },
  "compare.many": {
    en: "Intervals hold for one difference each. Whoever picks the best of many runs on test rows finds some difference by chance; choose on validation rows.",
    zh: "每个区间只针对一个差异。若在测试数据上从多次运行中挑选最好的，总会偶然发现某些差异；请依据验证集选择。",
  },
  "compare.key": { en: "recipe", zh: "配方" },
  "compare.recipes": { en: "What the recipes say differently", zh: "配方的不同之处" },
  "compare.equal": { en: "The recipes do not differ.", zh: "配方没有不同之处。" },
  "compare.written": { en: "Page: {path}", zh: "页面：{path}" },
} as const;
