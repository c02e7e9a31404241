// Text about policies that choose by context.
export const banditMessages = {
  "bandit.verdict.better": {
    en: "Better than the best fixed action ({action}): mean reward higher by {difference}.",
    zh: "优于最好的固定动作（{action}）：平均奖励高 {difference}。",
  },
  "bandit.verdict.same": {
    en: "No difference found from the best fixed action ({action}): {difference}. The fixed action may be enough.",
    zh: "与最好的固定动作（{action}）相比未发现差异：{difference}。固定动作可能已经足够。",
  },
  "bandit.verdict.worse": {
    en: "WORSE than the best fixed action ({action}): {difference}. Use the fixed action.",
    zh: "差于最好的固定动作（{action}）：{difference}。请使用固定动作。",
  },
  "bandit.verdict.few": {
    en: "Too few decisions to say whether it is better than the best fixed action ({action}): {difference}. The weights of each policy should be worth 30 decisions or more.",
    zh: "决策太少，无法判断是否优于最好的固定动作（{action}）：{difference}。每个策略的权重应相当于 30 个或更多决策。",
  },
  "bandit.policy": {
    en: "{name}: mean reward {dr} doubly robust; SNIPS {snips}, IPS {ips}; weights worth {rows} decisions, {clipped} clipped",
    zh: "{name}：平均奖励 {dr}（双重稳健）；SNIPS {snips}，IPS {ips}；权重相当于 {rows} 个决策，截断 {clipped} 个",
  },
  "bandit.best": { en: "always {action}", zh: "总选 {action}" },
  "bandit.uniform": { en: "uniform", zh: "均匀随机" },
  "bandit.logged": {
    en: "The log itself earned {value} on the {judged} decisions that judge; {learned} were learned from. Brackets show 95 % confidence intervals.",
    zh: "日志在用于评估的 {judged} 个决策上的平均奖励为 {value}；{learned} 个用于学习。方括号内为 95 % 置信区间。",
  },
  "bandit.frequency": {
    en: "No propensities: each action counts as likely as it is frequent. That holds only if actions did not depend on the context.",
    zh: "没有倾向概率：按各动作的频率计算。只有当动作与上下文无关时才成立。",
  },
  "bandit.chosen": {
    en: "{action} (propensity {propensity}: log it with the reward)",
    zh: "{action}（倾向概率 {propensity}：请与奖励一起记录）",
  },
} as const;
