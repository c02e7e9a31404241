// Text of the audit's parts, as the terminal shows it.
export const auditMessages = {
  "audit.writing.found": {
    en: "gives away training texts: {training}, of texts that it did not learn {heldOut}; refuses {refusals} of answers, toxic words in {toxicity}",
    zh: "泄露训练文本：{training}，未学习的文本为 {heldOut}；拒答 {refusals}，含有害词语的回答 {toxicity}",
  },
  "audit.writing.what": { en: "what", zh: "内容" },
  "audit.writing.share": { en: "share [95 % interval]", zh: "比例 [95 % 区间]" },
  "audit.writing.count": { en: "count", zh: "数目" },
  "audit.writing.training": { en: "training texts given away", zh: "被泄露的训练文本" },
  "audit.writing.heldOut": { en: "the same of texts that were not learned (control)", zh: "未学习的文本（对照）" },
  "audit.writing.refusals": { en: "answers that refuse", zh: "拒答" },
  "audit.writing.toxicity": { en: "answers with toxic words", zh: "含有害词语的回答" },
  "audit.writing.rules": {
    en: "Given away: the most probable continuation of the beginning of a text is what stands there, token for token. Refusals and toxic words are counted by word lists; they miss what is put in other words, and count quotations.",
    zh: "泄露：给出文本开头，最可能的续写与原文逐词元相同。拒答与有害词语按词表计数：换一种说法会漏掉，引用也会计入。",
  },
  "audit.membership": {
    en: "membership inference ({attack}): AUC {auc}; true positive rate {tpr} at 1 % false positives; ε at least {epsilon}",
    zh: "成员推断（{attack}）：AUC {auc}；假正率 1 % 时真正率 {tpr}；ε 至少为 {epsilon}",
  },
  "audit.membership.weak": {
    en: "Only the weakest attack ran. Set audit.privacy.references to 4 or more for attacks with reference models.",
    zh: "只运行了最弱的攻击。将 audit.privacy.references 设为 4 或以上，即可用参考模型进行攻击。",
  },
  "audit.canaries": {
    en: "canaries (inserted secrets): exposure {bits} bits; {chance} bits by chance",
    zh: "金丝雀（植入的秘密）：暴露度 {bits} 比特；随机水平 {chance} 比特",
  },
} as const;
