// Text of explanations: concord explain, its page, and the audit's part.
export const explainMessages = {
  "help.explain": { en: "say which words drive an answer", zh: "说明是哪些词决定了模型的回答" },
  "help.explain.text": {
    en: "text to explain (a pair: with a tab between)",
    zh: "要解释的文本（文本对之间用制表符分隔）",
  },
  "help.explain.method": {
    en: "ig, gradient, saliency, rollout, occlusion, shap or flip (default: ig)",
    zh: "ig、gradient、saliency、rollout、occlusion、shap 或 flip（默认 ig）",
  },
  "help.explain.label": { en: "label to explain (default: the likeliest)", zh: "要解释的标签（默认概率最高的）" },
  "help.explain.word": {
    en: "of a model of entities: the word whose label is explained (default: the likeliest entity)",
    zh: "对实体模型：要解释其标签的词（默认概率最高的实体）",
  },
  "help.explain.baseline": {
    en: "what stands for a hidden word: mask, pad or unk (default: the first that the tokenizer has)",
    zh: "用什么代替被遮住的词：mask、pad 或 unk（默认取分词器具有的第一个）",
  },
  "help.explain.steps": {
    en: "steps of ig (default: 50, doubled where needed)",
    zh: "ig 的步数（默认 50，必要时加倍）",
  },
  "help.explain.nearest": {
    en: "quote this many of the training texts that the model finds most alike (default: 0)",
    zh: "引用模型认为最相似的若干条训练文本（默认 0）",
  },
  "help.explain.out": { en: "write a page to a .html file", zh: "把页面写入 .html 文件" },

  "explain.method.integratedGradients": { en: "integrated gradients", zh: "积分梯度" },
  "explain.method.gradientInput": { en: "gradient × input", zh: "梯度 × 输入" },
  "explain.method.saliency": { en: "saliency (size of the gradient; no sign)", zh: "显著性（梯度大小，无正负）" },
  "explain.method.rollout": { en: "attention rollout (no sign)", zh: "注意力展开（无正负）" },
  "explain.method.occlusion": { en: "occlusion", zh: "遮挡" },
  "explain.method.shap": { en: "SHAP", zh: "SHAP" },
  "explain.method.flip": { en: "smallest edit", zh: "最小改动" },
  "explain.title": { en: "Why {label}?", zh: "为什么是 {label}？" },
  "explain.titleNumber": { en: "Why {value}?", zh: "为什么是 {value}？" },
  "explain.by": { en: "by {method}", zh: "方法：{method}" },
  "explain.how": {
    en: "A word with + speaks for {label}, one with − against it; the number is what it adds to the model's score.",
    zh: "标 + 的词支持 {label}，标 − 的词反对；数字是该词对模型得分的贡献。",
  },
  "explain.howNumber": {
    en: "A word with + raises the number, one with − lowers it.",
    zh: "标 + 的词使数值升高，标 − 的词使其降低。",
  },
  "explain.howUnsigned": {
    en: "The number says how much the model looks at the word, not which way it speaks.",
    zh: "数字表示模型对该词的关注程度，不表示支持或反对。",
  },
  "explain.hidden": { en: "hidden words are read as {token}", zh: "被遮住的词读作 {token}" },
  "explain.change": {
    en: "score without the words {from}, with them {to}",
    zh: "遮住所有词时得分 {from}，完整文本得分 {to}",
  },
  "explain.flat": {
    en: "the model answers almost the same when every word is hidden: this is its answer by default, and no word is the reason",
    zh: "遮住所有词后模型的回答几乎不变：这是它的默认回答，没有哪个词是原因",
  },
  "explain.cancel": {
    en: "the model answers almost the same when every word is hidden: the words that speak for it and against it cancel out",
    zh: "遮住所有词后模型的回答几乎不变：支持它的词与反对它的词相互抵消",
  },
  "explain.missed": {
    en: "{steps} steps; the numbers miss {percent} % of their sum",
    zh: "{steps} 步；各数之和的误差为 {percent} %",
  },
  "explain.exact": { en: "exact: all {count} sets of words were asked", zh: "精确：询问了全部 {count} 种词的组合" },
  "explain.partition": {
    en: "approximate: {count} sets of words were asked, halves of the text first",
    zh: "近似：询问了 {count} 种词的组合，先按文本对半划分",
  },
  "explain.unseen": {
    en: "not seen by the model (the input is too long), characters {start}–{end}: {text}",
    zh: "模型未读到（输入过长），第 {start}–{end} 个字符：{text}",
  },
  "explain.unseenTitle": { en: "Not seen by the model", zh: "模型未读到的部分" },
  "explain.word": { en: "word", zh: "词" },
  "explain.value": { en: "adds", zh: "贡献" },
  "explain.place": { en: "characters", zh: "字符位置" },
  "explain.words": { en: "Words by what they add", zh: "按贡献排列的词" },
  "explain.written": { en: "page written to {path}", zh: "页面已写入 {path}" },
  "explain.flip.to": { en: "without {words} the answer is {after}", zh: "去掉 {words} 后回答变为 {after}" },
  "explain.flip.one": {
    en: "the text has one word: without it there is no text to answer",
    zh: "文本只有一个词：去掉它就没有可回答的文本",
  },
  "explain.flip.default": {
    en: "no word has to be there: without any word the model still answers {label}, which is its answer by default",
    zh: "不需要任何词：去掉所有词后模型仍回答 {label}，这是它的默认回答",
  },
  "explain.flip.none": {
    en: "none of {count} sets of words that were left out changes the answer: {label} stays, though without any word it would be {other}",
    zh: "去掉所试的 {count} 组词都不改变回答：仍为 {label}，而没有任何词时会是 {other}",
  },
  "explain.flip.fewest": { en: "no smaller set of words does it", zh: "没有更少的词能做到" },
  "explain.flip.enough": {
    en: "each of these words is needed; another, smaller set may exist",
    zh: "这些词缺一不可；可能存在其他更小的组合",
  },
  "explain.nearest": { en: "training texts that are most alike to the model", zh: "模型认为最相似的训练文本" },
  "report.explanation": { en: "Explanations", zh: "解释" },
  "report.explanation.text": {
    en: "How far explanations of single answers can be trusted, on {rows} test texts. Comprehensiveness: what an answer loses without the fifth of the words that is said to matter most (high is good). Sufficiency: what it loses with nothing but those words (low is good). AOPC: comprehensiveness averaged over 1, 5, 10, 20 and 50 % of the words. A method is worth something where it is clearly above a random order.",
    zh: "在 {rows} 条测试文本上衡量对单个回答的解释有多可信。完备性：去掉所指最重要的五分之一的词后回答损失多少（越高越好）。充分性：只留这些词时损失多少（越低越好）。AOPC：去掉 1、5、10、20、50 % 的词时完备性的平均。明显优于随机顺序的方法才有价值。",
  },
  "report.explanation.methods": { en: "Faithfulness of each method", zh: "各方法的忠实度" },
  "report.explanation.method": { en: "method", zh: "方法" },
  "report.explanation.comprehensiveness": { en: "comprehensiveness", zh: "完备性" },
  "report.explanation.sufficiency": { en: "sufficiency", zh: "充分性" },
  "report.explanation.aopc": { en: "AOPC", zh: "AOPC" },
  "report.explanation.aboveRandom": { en: "AOPC above random", zh: "AOPC 高出随机" },
  "report.explanation.randomised.head": { en: "alike with a random head", zh: "随机输出层时的相似度" },
  "report.explanation.randomised.upper": { en: "with a random upper half", zh: "上半部分随机时的相似度" },
  "report.explanation.randomised.all": { en: "with random weights", zh: "全部权重随机时的相似度" },
  "report.explanation.random": { en: "random order", zh: "随机顺序" },
  "report.explanation.flip": {
    en: "Leaving out words changes the answer of {rate} of the texts; it takes {share} of their words.",
    zh: "去掉词语能改变 {rate} 的文本的回答，平均需去掉其 {share} 的词。",
  },
  "report.explanation.words": { en: "Words that drive each class", zh: "决定各类别的词" },
  "report.explanation.wordsText": {
    en: "What a word adds to the score of the class, on average over the texts that have it (in brackets: how many).",
    zh: "含有该词的文本中，该词对类别得分的平均贡献（括号内为文本数）。",
  },
  "report.explanation.cohorts": { en: "Cohorts with more errors", zh: "错误偏多的群体" },
  "report.explanation.cohortsText": {
    en: "{tested} cohorts were tested against the other rows; at most {rate} of those shown are expected to be chance.",
    zh: "共检验了 {tested} 个群体与其余数据的差异；所列群体中预计至多 {rate} 出于偶然。",
  },
  "report.explanation.noCohort": {
    en: "{tested} cohorts were tested; none has clearly more errors than the other rows.",
    zh: "共检验了 {tested} 个群体；没有哪个的错误明显多于其余数据。",
  },
  "report.explanation.cohort": { en: "cohort", zh: "群体" },
  "report.explanation.errors": { en: "errors", zh: "错误率" },
  "report.explanation.rest": { en: "elsewhere", zh: "其余数据" },
  "cohort.attribute": { en: "{name}", zh: "{name}" },
  "cohort.pair": { en: "{name}", zh: "{name}" },
  "cohort.label": { en: "truth: {name}", zh: "真实标签：{name}" },
  "cohort.length": { en: "{name} words long", zh: "长 {name} 个词" },
  "cohort.word": { en: "has the word “{name}”", zh: "含有“{name}”" },
  "explain.audit": {
    en: "explanations of {rows} texts: {method} is the most faithful, without its words answers lose {aopc} of probability, {above} more than without random words",
    zh: "对 {rows} 条文本的解释：{method} 最为忠实，去掉其所指的词后概率下降 {aopc}，比随机去词多 {above}",
  },
  "explain.nearestNote": {
    en: "These are texts of the training data, as they are: keep this page as you keep the data.",
    zh: "以下为训练数据原文：请像保管数据一样保管本页。",
  },
} as const;
