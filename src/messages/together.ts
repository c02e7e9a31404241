// Text of the commands by which organisations learn together: coordinator, enrol, participant.
export const togetherMessages = {
  "together.init": { en: "made the coordinator {name} in {folder}", zh: "已在 {folder} 创建协调方 {name}" },
  "together.authority": { en: "authority, SHA-256: {fingerprint}", zh: "证书机构 SHA-256：{fingerprint}" },
  "together.code": {
    en: "one-time code for {name}, valid until {expires}; give it to {name} over a channel that you trust:",
    zh: "{name} 的一次性注册码，有效至 {expires}；请通过可信渠道交给 {name}：",
  },
  "together.proposed": {
    en: "proposed {run} to {members} members, {rounds} rounds; digest {digest}",
    zh: "已向 {members} 个成员提出 {run}，共 {rounds} 轮；摘要 {digest}",
  },
  "together.revoked": { en: "revoked {name}: {reason}", zh: "已吊销 {name}：{reason}" },
  "together.enrolled": {
    en: "enrolled as {name} with {coordinator}; kept in {folder}",
    zh: "已以 {name} 身份向 {coordinator} 注册；保存于 {folder}",
  },
  "together.listening": { en: "waiting for members on port {port}", zh: "在端口 {port} 等待成员" },
  "together.joined": { en: "{name} enrolled", zh: "{name} 已注册" },
  "together.rounds": { en: "round", zh: "轮次" },
  "together.counted": { en: "{members} members, {examples} rows", zh: "{members} 个成员，{examples} 行" },
  "together.failed": { en: "round {round} does not count: {reason}", zh: "第 {round} 轮不计入：{reason}" },
  "together.stopped": { en: "the study stopped: {reason}", zh: "研究已停止：{reason}" },
  "together.left": { en: "{member} takes no further part: {reason}", zh: "{member} 不再参加：{reason}" },
  "together.refused": { en: "refused a message of {who}: {problem}", zh: "拒绝了 {who} 的消息：{problem}" },
  "together.coordinator": { en: "the coordinator", zh: "协调方" },
  "together.fault": { en: "a request failed here: {problem}", zh: "本方请求处理失败：{problem}" },
  "together.missing": {
    en: "transcripts that did not come, and that a release needs: {members}",
    zh: "以下成员的记录未送达（发布时需要）：{members}",
  },
  "together.done": { en: "the study is finished: {folder}", zh: "研究已完成：{folder}" },
  "together.asked": {
    en: "a proposal waits for your consent. Review it:\n  concord study review {path}\nand agree:\n  concord study consent {folder} {digest}",
    zh: "有提案等待您的同意。请查看：\n  concord study review {path}\n如同意：\n  concord study consent {folder} {digest}",
  },
  "together.ask": { en: "Do you agree to this proposal?", zh: "您同意此提案吗？" },
  "together.ask.siteValues": {
    en: "May your own test values be shown to the others?",
    zh: "是否同意向其他各方公开本机构的测试数值？",
  },
  "together.ask.yes": { en: "yes", zh: "是" },
  "together.ask.no": { en: "no", zh: "否" },
  "together.agreed": { en: "agreed to the proposal {digest}", zh: "已同意提案 {digest}" },
  "together.withdrawing": { en: "consent withdrawn: {reason}", zh: "已撤回同意：{reason}" },
  "together.clipped": {
    en: "round {round}: {count} numbers were clipped to the proposal's bound",
    zh: "第 {round} 轮：{count} 个数被裁剪到提案的界限",
  },
  "together.alarm": { en: "ALARM in round {round}: {reason}", zh: "第 {round} 轮警报：{reason}" },
  "together.retry": {
    en: "the coordinator is not reached ({problem}); trying again",
    zh: "无法连接协调方（{problem}）；正在重试",
  },
  "together.privacy": {
    en: "round {round}: ε spent so far at most {epsilon}",
    zh: "第 {round} 轮：迄今 ε 至多 {epsilon}",
  },
  "together.prepared": {
    en: "rows: {train} to learn from, {dev} dev, {test} test",
    zh: "数据：训练 {train} 行，开发 {dev} 行，测试 {test} 行",
  },
  "together.step": { en: "step {step} of {steps}", zh: "第 {step}/{steps} 步" },
  "together.end.finished": { en: "the study is finished", zh: "研究已完成" },
  "together.end.withdrawn": { en: "you take no further part", zh: "您不再参加" },
  "together.end.unanswered": { en: "the proposal was not answered", zh: "提案未获答复" },
} as const;
