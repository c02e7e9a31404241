// Text of the audit's parts, as the terminal shows it.
export const auditMessages = {
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
