// Text of `concord study review`: what a proposal asks of each owner of rows.
export const reviewMessages = {
  "help.study": { en: "look at a study of several organisations", zh: "查看多机构联合研究" },
  "help.study.review": {
    en: "show what a proposal computes on your rows, and what would leave",
    zh: "显示提案将在您的数据上计算什么、有什么会离开",
  },
  "help.study.review.proposal": {
    en: "proposal, as JSON (or the coordinator's signed message with it)",
    zh: "提案 JSON 文件（或协调方签名的提案消息）",
  },
  "review.title": { en: "Proposal {run}", zh: "提案 {run}" },
  "review.digest": { en: "digest you would sign", zh: "您将签署的摘要" },
  "review.signed.yes": { en: "signed by {name}", zh: "由 {name} 签名" },
  "review.signed.no": { en: "not signed: {name} is only named in it", zh: "未签名：其中仅提及 {name}" },
  "review.who": { en: "Who", zh: "参与方" },
  "review.coordinator": { en: "coordinator", zh: "协调方" },
  "review.members": { en: "members ({count})", zh: "成员（{count}）" },
  "review.threshold": { en: "threshold", zh: "门槛" },
  "review.threshold.text": {
    en: "{threshold} of {members} must stay for a round to count ({drop} may drop out); to see one member's update, a lying coordinator needs {colluders} members on its side",
    zh: "一轮有效须有 {members} 个成员中的 {threshold} 个坚持到底（可有 {drop} 个中途退出）；说谎的协调方须与 {colluders} 个成员串通才能看到某一成员的更新",
  },
  "review.computed": { en: "What is computed on your rows", zh: "在您的数据上计算什么" },
  "review.rounds": { en: "rounds of training", zh: "训练轮数" },
  "review.strategy": { en: "how updates become one model", zh: "更新如何合成一个模型" },
  "review.model": { en: "numbers that are trained", zh: "参与训练的参数" },
  "review.file": { en: "start model", zh: "初始模型" },
  "review.leaves": { en: "What leaves you", zh: "什么会离开您" },
  "review.leaves.update": { en: "changes of the model's numbers", zh: "模型参数的变化" },
  "review.leaves.examples": { en: "number of your rows", zh: "您的数据行数" },
  "review.leaves.counts": { en: "counts on your dev rows", zh: "您的验证行上的计数" },
  "review.leaves.tests": { en: "counts on your test rows", zh: "您的测试行上的计数" },
  "review.leaves.siteValues": { en: "your own test values", zh: "您自己的测试结果" },
  "review.masked": {
    en: "{numbers} numbers, {size}, {times} times; each within {bound}; masked: only the sum over all who stay can be read",
    zh: "{numbers} 个数，{size}，{times} 次；每个不超过 {bound}；已加掩码：只能读到所有坚持到底者的总和",
  },
  "review.shown": {
    en: "as they are, signed by you; only if you agree to it",
    zh: "原样给出并由您签名；仅在您同意时",
  },
  "review.rows": { en: "Your rows never leave.", zh: "您的数据行绝不会离开。" },
  "review.published": { en: "What others get to know", zh: "其他人会知道什么" },
  "review.published.members": { en: "that you take part", zh: "您参与了研究" },
  "review.published.survivors": { en: "in which rounds you stayed", zh: "您在哪些轮坚持到底" },
  "review.published.examples": { en: "the rows of all together, by round", zh: "各轮全体的总行数" },
  "review.published.model": { en: "the model after each round", zh: "每轮之后的模型" },
  "review.published.counts": { en: "sums of the counts, by round", zh: "各轮计数的总和" },
  "review.published.tests": { en: "sums of the test counts", zh: "测试计数的总和" },
  "review.published.siteValues": {
    en: "each member's test values, of those that agree",
    zh: "同意公开的各成员的测试结果",
  },
  "review.privacy": { en: "differential privacy", zh: "差分隐私" },
  "review.privacy.dp": {
    en: "each member trains with ε ≤ {epsilon} at δ = {delta} on its own ledger, which stops that member when it is spent",
    zh: "每个成员以自己的账本在 ε ≤ {epsilon}（δ = {delta}）内训练，用尽即停止该成员",
  },
  "review.privacy.auto": { en: "one below 1/rows", zh: "小于行数的倒数" },
  "review.privacy.none": { en: "none", zh: "无" },
  "review.warnings": { en: "Think twice", zh: "请三思" },
  "review.warning.unsigned": {
    en: "This file is not signed: compare the digest with the coordinator by another way before you consent.",
    zh: "此文件未签名：同意之前请通过其他途径与协调方核对摘要。",
  },
  "review.warning.twoMembers": {
    en: "A round may count with two members: each of the two then knows the other's update, as the sum less its own.",
    zh: "两个成员即可构成有效的一轮：此时双方都能用总和减去自己的更新得知对方的更新。",
  },
  "review.warning.lowThreshold": {
    en: "The threshold is not above two thirds of the members: a third of them or fewer, with a lying coordinator, could see another's update.",
    zh: "门槛未超过成员数的三分之二：不到三分之一的成员与说谎的协调方串通即可看到他人的更新。",
  },
  "review.warning.siteValues": {
    en: "You are asked to show your own test values. You may consent without them.",
    zh: "提案请求您公开自己的测试结果。您可以同意参与而不公开它们。",
  },
  "review.warning.noPrivacy": {
    en: "Training is not differentially private: the published models may give away something about single rows.",
    zh: "训练没有差分隐私：公开的模型可能泄露单行数据的信息。",
  },
  "review.warning.manyExamples": {
    en: "A member may weigh as much as 1,000,000 rows or more: a false count would rule the mean.",
    zh: "单个成员的权重可达一百万行以上：虚报的行数会左右平均值。",
  },
  "review.warning.largeBound": {
    en: "Single numbers of an update may be larger than 100: a member in bad faith could ruin the model.",
    zh: "更新中的单个数可大于 100：恶意成员可能毁坏模型。",
  },
  "review.warning.singleCounts": {
    en: "Fewer than ten rows of a member count: sums over so few rows say something about single people.",
    zh: "每个成员计入的行数不足十行：如此少的行的总和会透露个人信息。",
  },
  "review.consent": {
    en: "Whoever consents signs this digest, and nothing else than what is above.",
    zh: "同意即签署此摘要，且仅限于以上内容。",
  },
} as const;
