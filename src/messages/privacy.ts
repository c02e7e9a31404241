// Private training: what is spent, what is protected, and what is not.
export const privacyMessages = {
  "privacy.spent": {
    en: "privacy: ε = {epsilon} at δ = {delta} after step {through}",
    zh: "隐私：第 {through} 步之后 ε = {epsilon}（δ = {delta}）",
  },
  "privacy.earlier": {
    en: "privacy: {runs} earlier private runs have spent ε = {epsilon} at δ = {delta} on these rows. Their cost is added to this run's, and the noise is computed for the rest of the budget.",
    zh: "隐私：此前有 {runs} 次私有训练在这些数据行上已消耗 ε = {epsilon}（δ = {delta}）。其消耗计入本次运行，噪声按预算的剩余部分计算。",
  },
  "privacy.largeDelta": {
    en: "δ = {delta} is not below 1/n (n = {examples} training rows), so it would allow publishing a random row. Choose a smaller adapt.privacy.delta.",
    zh: "δ = {delta} 不小于 1/n（n = {examples} 行训练数据），这等于允许公开随机的一行。请减小 adapt.privacy.delta。",
  },
  "privacy.groups": {
    en: "ε protects single rows, not all rows of one {column}. Several rows together have less protection.",
    zh: "ε 保护的是单独的行，而不是同一 {column} 的所有行。多行合计受到的保护较弱。",
  },
  "report.privacy": { en: "Privacy of the training data", zh: "训练数据的隐私" },
  "report.privacy.none": {
    en: "Trained without differential privacy. What the model reveals about single rows has no guaranteed limit.",
    zh: "训练未采用差分隐私。模型会泄露单行的多少信息没有保证上限。",
  },
  "report.privacy.statement": {
    en: "Trained with differential privacy: ε ≤ {epsilon} at δ = {delta}. Adding or changing one row makes no outcome more than e^ε times as likely, except with probability δ. {neighbours}",
    zh: "训练采用差分隐私：ε ≤ {epsilon}，δ = {delta}。增减或更改一行，任一结果的概率之比不超过 e^ε（例外概率为 δ）。{neighbours}",
  },
  "report.privacy.add-or-remove-one": {
    en: "Neighbouring data sets differ by one added or removed row.",
    zh: "相邻数据集相差一行（增加或删除）。",
  },
  "report.privacy.replace-one": {
    en: "Neighbouring data sets differ in the content of one row.",
    zh: "相邻数据集有一行内容不同。",
  },
  "report.privacy.unit": {
    en: "The protected unit is one row. A person with several rows has less protection.",
    zh: "保护单位为一行。拥有多行的人受到的保护较弱。",
  },
  "report.privacy.unit.person": {
    en: "The protected unit is one person, with all rows of that person.",
    zh: "保护单位为一个人及其所有行。",
  },
  "report.privacy.accountants": { en: "ε by accountant", zh: "各核算方法的 ε" },
  "report.privacy.accountant": { en: "accountant", zh: "核算方法" },
  "report.privacy.estimate": { en: "estimate", zh: "估计值" },
  "report.privacy.lower": { en: "lower bound", zh: "下界" },
  "report.privacy.upper": { en: "upper bound", zh: "上界" },
  "report.privacy.pld": { en: "privacy loss distribution, numerical", zh: "隐私损失分布（数值合成）" },
  "report.privacy.rdp": { en: "Rényi differential privacy", zh: "Rényi 差分隐私" },
  "report.privacy.gdp": {
    en: "Gaussian differential privacy (approximation, not a bound)",
    zh: "高斯差分隐私（近似，非上界）",
  },
  "report.privacy.mechanism": {
    en: "{steps} steps; sampling rate {rate} ({sampling}); clipping norm {clip} ({clipping}); noise multiplier {noise}.",
    zh: "{steps} 步；采样率 {rate}（{sampling}）；裁剪范数 {clip}（{clipping}）；噪声乘数 {noise}。",
  },
  "report.privacy.draws": {
    en: "Each noise value is the sum of {draws} Gaussian numbers. This protects against attacks on float32 rounding.",
    zh: "每个噪声值为 {draws} 个高斯数之和，用以防范针对 float32 舍入的攻击。",
  },
  "report.privacy.outside": { en: "The guarantee and ε do not cover:", zh: "该保证和 ε 不涵盖：" },
  "report.privacy.outside.vocabulary": {
    en: "the vocabulary, learned from the training texts",
    zh: "从训练文本学得的词表",
  },
  "report.privacy.outside.pretraining": { en: "pretraining on the training texts", zh: "在训练文本上的预训练" },
  "report.privacy.outside.preparation": {
    en: "data preparation: list of labels, duplicates, counts",
    zh: "数据准备：标签列表、重复行、计数",
  },
  "report.privacy.outside.training-loss": { en: "the training loss curve", zh: "训练损失曲线" },
  "report.privacy.outside.dev-selection": {
    en: "what validation rows fit or choose: the temperature, thresholds, the epoch (adapt.keep)",
    zh: "由验证集拟合或选择的内容：温度、阈值、训练轮（adapt.keep）",
  },
  "report.privacy.outside.evaluation": {
    en: "scores and quoted rows of the test set",
    zh: "测试集的得分与所引用的行",
  },
  "report.privacy.outside.exact-audits": { en: "audits, which report exact values", zh: "审计结果（为精确值）" },
  "report.privacy.attacks": { en: "Results of attacks", zh: "攻击的结果" },
  "report.privacy.attack": { en: "measure", zh: "指标" },
  "report.privacy.found": { en: "value", zh: "数值" },
} as const;
