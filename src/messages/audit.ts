// Text of the audit's parts, as the terminal shows it.
export const auditMessages = {
  "audit.membership": {
    en: "membership attack {attack}: AUC {auc}, {tpr} found at 1 % false alarms, ε at least {epsilon}",
    zh: "成员推断攻击 {attack}：AUC {auc}，误报率 1 % 时找出 {tpr}，ε 至少为 {epsilon}",
  },
  "audit.membership.weak": {
    en: "only the weakest attack was tried: set audit.privacy.references to 4 or more for attacks against models trained alike",
    zh: "只尝试了最弱的攻击：把 audit.privacy.references 设为 4 或以上，才能以同样方式训练的参考模型进行攻击",
  },
  "audit.canaries": {
    en: "planted secrets: exposure {bits} bits, {chance} by chance",
    zh: "植入的秘密：暴露度 {bits} 比特，随机水平 {chance}",
  },
} as const;
