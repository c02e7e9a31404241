// Text of the commands by which organisations learn together: coordinator, enrol, participant.
export const togetherMessages = {
  "together.init": { en: "created the coordinator {name} in {folder}", zh: "已在 {folder} 创建协调方 {name}" },
  "together.authority": { en: "certificate authority, SHA-256: {fingerprint}", zh: "证书机构 SHA-256：{fingerprint}" },
  "together.code": {
    en: "One-time code for {name}, valid until {expires}. Send it over a channel that you trust:",
    zh: "{name} 的一次性注册码，有效至 {expires}。请通过可信渠道发送：",
  },
  "together.proposed": {
    en: "proposed {run} to {members} participants: {rounds} rounds, digest {digest}",
    zh: "已向 {members} 个参与方提出 {run}：{rounds} 个轮次，摘要 {digest}",
  },
  "together.revoked": { en: "revoked {name}: {reason}", zh: "已吊销 {name}：{reason}" },
  "together.enrolled": {
    en: "enrolled as {name} with {coordinator}; files are in {folder}",
    zh: "已以 {name} 身份向 {coordinator} 注册；文件位于 {folder}",
  },
  "together.listening": { en: "waiting for participants on port {port}", zh: "在端口 {port} 等待参与方" },
  "together.joined": { en: "{name} enrolled", zh: "{name} 已注册" },
  "together.rounds": { en: "round", zh: "轮次" },
  "together.counted": { en: "{members} participants, {examples} rows", zh: "{members} 个参与方，{examples} 行" },
  "together.failed": { en: "round {round} is not valid: {reason}", zh: "第 {round} 轮次无效：{reason}" },
  "together.stopped": { en: "the study stopped: {reason}", zh: "研究已停止：{reason}" },
  "together.left": { en: "{member} has left the study: {reason}", zh: "{member} 已退出研究：{reason}" },
  "together.refused": { en: "refused a message from {who}: {problem}", zh: "拒绝了 {who} 的消息：{problem}" },
  "together.coordinator": { en: "the coordinator", zh: "协调方" },
  "together.fault": { en: "a request failed on this side: {problem}", zh: "本方处理请求失败：{problem}" },
  "together.missing": {
    en: "Missing transcripts (a release needs them): {members}",
    zh: "以下参与方的通信记录缺失（发布时需要）：{members}",
  },
  "together.done": { en: "the study is finished: {folder}", zh: "研究已完成：{folder}" },
  "together.asked": {
    en: "A proposal needs your consent. Review it:\n  concord study review {path}\nTo consent:\n  concord study consent {folder} {digest}",
    zh: "有提案等待您的同意。请查看：\n  concord study review {path}\n如同意：\n  concord study consent {folder} {digest}",
  },
  "together.ask": { en: "Do you consent to this proposal?", zh: "您同意此提案吗？" },
  "together.ask.siteValues": {
    en: "May the others see your own test scores?",
    zh: "是否同意其他各方看到您的测试得分？",
  },
  "together.ask.yes": { en: "yes", zh: "是" },
  "together.ask.no": { en: "no", zh: "否" },
  "together.agreed": { en: "consented to the proposal {digest}", zh: "已同意提案 {digest}" },
  "together.withdrawing": { en: "consent withdrawn: {reason}", zh: "已撤回同意：{reason}" },
  "together.clipped": {
    en: "round {round}: {count} values were clipped to the bound of the proposal",
    zh: "第 {round} 轮次：{count} 个值被裁剪到提案规定的界限",
  },
  "together.scaled": {
    en: "round {round}: the update was scaled down from norm {norm} to that of the proposal",
    zh: "第 {round} 轮次：更新已从范数 {norm} 缩小到提案规定的范数",
  },
  "together.alarm": { en: "ALARM in round {round}: {reason}", zh: "第 {round} 轮次警报：{reason}" },
  "together.retry": {
    en: "cannot reach the coordinator ({problem}); retrying",
    zh: "无法连接协调方（{problem}），正在重试",
  },
  "together.privacy": {
    en: "round {round}: ε spent so far: at most {epsilon}",
    zh: "第 {round} 轮次：已用 ε 至多 {epsilon}",
  },
  "together.prepared": {
    en: "rows: {train} training, {dev} validation, {test} test",
    zh: "数据行：训练集 {train}，验证集 {dev}，测试集 {test}",
  },
  "together.step": { en: "step {step} of {steps}", zh: "第 {step}/{steps} 步" },
  "together.end.finished": { en: "the study is finished", zh: "研究已完成" },
  "together.end.withdrawn": { en: "you have left the study", zh: "您已退出研究" },
  "together.end.unanswered": { en: "the proposal was not answered in time", zh: "提案未在期限内得到答复" },
} as const;
