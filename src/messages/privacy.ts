// Private training: what is spent, what is protected, and what is not.
export const privacyMessages = {
  "privacy.spent": {
    en: "privacy: ε = {epsilon} at δ = {delta} once step {through} is done",
    zh: "隐私：完成第 {through} 步后 ε = {epsilon}（δ = {delta}）",
  },
  "privacy.largeDelta": {
    en: "δ = {delta} is not below one over the number of training rows ({examples}): publishing a whole row at random would satisfy it. Choose a smaller adapt.privacy.delta",
    zh: "δ = {delta} 不小于训练行数 {examples} 的倒数：随机公开一整行也能满足它。请减小 adapt.privacy.delta",
  },
  "privacy.groups": {
    en: "ε protects single rows, not all rows of one {column}: whoever has several rows is protected less",
    zh: "ε 保护的是单独的行，而不是同一 {column} 的所有行：拥有多行者受到的保护较弱",
  },
  "report.privacy": { en: "Privacy of the training rows", zh: "训练数据的隐私" },
  "report.privacy.none": {
    en: "Training was not private: no bound says what the model gives away about single rows.",
    zh: "训练未采用差分隐私：模型会泄露单行多少信息没有上限。",
  },
  "report.privacy.statement": {
    en: "Training was differentially private with ε ≤ {epsilon} at δ = {delta}: with or without any one row, no outcome is more than e^ε times as likely, but for a chance of δ. {neighbours}",
    zh: "训练满足差分隐私：ε ≤ {epsilon}，δ = {delta}。有无任何一行，任一结果的可能性之比不超过 e^ε（例外概率为 δ）。{neighbours}",
  },
  "report.privacy.add-or-remove-one": {
    en: "Data sets are neighbours when one has one row more.",
    zh: "相差一行的数据集为相邻。",
  },
  "report.privacy.replace-one": {
    en: "Data sets are neighbours when the content of one row differs.",
    zh: "有一行内容不同的数据集为相邻。",
  },
  "report.privacy.unit": {
    en: "The unit is one row: a person with several rows is protected less.",
    zh: "保护单位为一行：拥有多行者受到的保护较弱。",
  },
  "report.privacy.accountants": { en: "ε by accountant", zh: "各核算方法的 ε" },
  "report.privacy.accountant": { en: "accountant", zh: "核算方法" },
  "report.privacy.estimate": { en: "estimate", zh: "估计值" },
  "report.privacy.lower": { en: "at least", zh: "下界" },
  "report.privacy.upper": { en: "at most", zh: "上界" },
  "report.privacy.pld": { en: "numerical composition of the privacy loss", zh: "隐私损失的数值合成" },
  "report.privacy.rdp": { en: "Rényi divergences", zh: "Rényi 散度" },
  "report.privacy.gdp": {
    en: "central limit theorem (an approximation, no bound)",
    zh: "中心极限定理（近似，非上界）",
  },
  "report.privacy.mechanism": {
    en: "{steps} steps, each with a row's chance of {rate} to be in it ({sampling}), clip bound {clip} ({clipping}), noise {noise} times the bound.",
    zh: "共 {steps} 步，每步每行被抽中的概率为 {rate}（{sampling}），裁剪上限 {clip}（{clipping}），噪声为上限的 {noise} 倍。",
  },
  "report.privacy.draws": {
    en: "Each noise value is the sum of {draws} Gaussian numbers, so that the pattern of float32 does not give it away.",
    zh: "每个噪声值为 {draws} 个高斯数之和，以免 float32 的数位规律泄露噪声。",
  },
  "report.privacy.outside": { en: "No guarantee covers, and ε does not count:", zh: "以下内容不受保证，也不计入 ε：" },
  "report.privacy.outside.vocabulary": {
    en: "the vocabulary, which was learned from the training texts",
    zh: "由训练文本学得的词表",
  },
  "report.privacy.outside.pretraining": { en: "pretraining on the training texts", zh: "在训练文本上的预训练" },
  "report.privacy.outside.preparation": {
    en: "preparation of the data: the list of labels, duplicates, counts",
    zh: "数据准备：标签列表、重复行、计数",
  },
  "report.privacy.outside.training-loss": { en: "the curve of the training loss", zh: "训练损失曲线" },
  "report.privacy.outside.dev-selection": {
    en: "the temperature and thresholds, which were chosen on dev rows",
    zh: "在开发集上选定的温度与阈值",
  },
  "report.privacy.outside.evaluation": {
    en: "scores and quoted rows of the test part",
    zh: "测试集的得分与所引用的行",
  },
  "report.privacy.outside.exact-audits": { en: "audits, which are exact", zh: "精确的审计结果" },
  "report.privacy.attacks": { en: "What attacks found", zh: "攻击的结果" },
  "report.privacy.attack": { en: "measure", zh: "指标" },
  "report.privacy.found": { en: "value", zh: "数值" },
} as const;
