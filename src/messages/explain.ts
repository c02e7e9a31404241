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
  "explain.flip.none": {
    en: "leaving out words does not change the answer",
    zh: "去掉词语不会改变回答",
  },
  "explain.flip.fewest": { en: "no smaller set of words does it", zh: "没有更少的词能做到" },
  "explain.flip.enough": {
    en: "each of these words is needed; another, smaller set may exist",
    zh: "这些词缺一不可；可能存在其他更小的组合",
  },
  "explain.nearest": { en: "training texts that are most alike to the model", zh: "模型认为最相似的训练文本" },
  "explain.nearestNote": {
    en: "These are texts of the training data, as they are: keep this page as you keep the data.",
    zh: "以下为训练数据原文：请像保管数据一样保管本页。",
  },
} as const;
