// Text of passports, releases and their verification.
export const releaseMessages = {
  "plain.title": { en: "{name}: what you should know", zh: "{name}：您需要了解的事" },
  "plain.unknown": { en: "The owner has not said.", zh: "所有者未作说明。" },
  "plain.purpose": { en: "What is it for?", zh: "它的用途是什么？" },
  "plain.users": { en: "Who should use it?", zh: "应由谁使用？" },
  "plain.instructions": { en: "How should it be used?", zh: "应如何使用？" },
  "plain.untranslated": { en: "(not translated into English by the owner)", zh: "（所有者未提供中文译文）" },
  "plain.decision": { en: "Approved for release on {date}.", zh: "已于 {date} 批准发布。" },
  "plain.decision.exceptions": {
    en: "Approved for release on {date}, with exceptions. The failed checks are listed here.",
    zh: "已于 {date} 附豁免批准发布。未通过的检查列于此处。",
  },
  "plain.exception": {
    en: "Failed: {check}. Measured {measured} ({bound}), limit {limit}. Approved as an exception by {who}, because “{reason}”",
    zh: "未通过：{check}。测得 {measured}（{bound}），限值 {limit}。由{who}豁免批准，理由：“{reason}”",
  },
  "plain.signer": { en: "{name} ({role})", zh: "{name}（{role}）" },
  "plain.signer.key": { en: "the holder of key {key}…", zh: "密钥 {key}… 的持有者" },
  "plain.signed": { en: "Signed by: {names}.", zh: "签署方：{names}。" },
  "plain.unsigned": { en: "Nobody has signed it.", zh: "尚无人签署。" },
  "plain.misuse": { en: "What must it not be used for?", zh: "不得用于什么？" },
  "plain.how": { en: "How does it work?", zh: "它如何工作？" },
  "plain.how.text": {
    en: "It is a language model of {parameters} numbers, taught with {train} examples. It reads a text of up to {length} word pieces and answers with one of its known answers. It does not understand, and it can be wrong.",
    zh: "它是一个含 {parameters} 个参数的语言模型，用 {train} 条示例训练而成。它最多读取 {length} 个词元的文本，并从已知答案中给出回答。它并不真正理解内容，也可能出错。",
  },
  "plain.how.image": {
    en: "It is an image model of {parameters} numbers, taught with {train} examples. It reads an image, brought to {side} × {side} pixels, and answers with one of its known answers. It does not understand, and it can be wrong.",
    zh: "它是一个含 {parameters} 个参数的图像模型，用 {train} 条示例训练而成。它读取缩放为 {side} × {side} 像素的图像，并从已知答案中给出回答。它并不真正理解内容，也可能出错。",
  },
  "plain.how.other": {
    en: "It is a model of {parameters} numbers, taught with {train} examples. It reads {inputs} and answers with one of its known answers. It does not understand, and it can be wrong.",
    zh: "它是一个含 {parameters} 个参数的模型，用 {train} 条示例训练而成。它读取{inputs}，并从已知答案中给出回答。它并不真正理解内容，也可能出错。",
  },
  "plain.what.texts": { en: "texts", zh: "文本" },
  "plain.what.images": { en: "images", zh: "图像" },
  "plain.good": { en: "How good is it?", zh: "它有多准确？" },
  "plain.good.text": {
    en: "Of 100 {what} it had never seen, about {right} were answered rightly (between {low} and {high}, with 95 % confidence). It was tried on {rows} {what}.",
    zh: "在 100 条从未见过的{what}中，约有 {right} 条回答正确（95 % 置信区间 {low} 至 {high}）。共在 {rows} 条{what}上测试。",
  },
  "plain.good.other": { en: "It was tried on {rows} {what}: {scores}.", zh: "在 {rows} 条{what}上测试：{scores}。" },
  "plain.fair": { en: "Is it as good for everybody?", zh: "它对每个人都一样好吗？" },
  "plain.fair.worst": {
    en: "By {attribute}: highest accuracy for {best}; lowest for {worst}.",
    zh: "按“{attribute}”划分：准确率最高的是{best}；最低的是{worst}。",
  },
  "plain.fair.share": {
    en: "“{group}”, {right} of 100 right (95 % interval {low} to {high})",
    zh: "“{group}”，每 100 条中 {right} 条正确（95 % 置信区间 {low} 至 {high}）",
  },
  "plain.fair.shareOf": {
    en: "“{group}”, {right} of 100 right (95 % interval {low} to {high}; {rows} rows)",
    zh: "“{group}”，每 100 条中 {right} 条正确（95 % 置信区间 {low} 至 {high}；共 {rows} 条）",
  },
  "plain.fair.few": {
    en: "By {attribute}: “{group}” has only {rows} rows, which is too few to say.",
    zh: "按“{attribute}”划分：“{group}”只有 {rows} 条数据，数量太少，无法判断。",
  },
  "plain.fair.none": {
    en: "This was not measured: no groups were named.",
    zh: "未作测量：没有指明任何群体。",
  },
  "plain.private": {
    en: "What about the people whose data it learned from?",
    zh: "它从谁的数据中学习？他们的隐私如何？",
  },
  "plain.private.none": {
    en: "It was trained without a mathematical guarantee of privacy. Parts of the training data may be recoverable by an attacker.",
    zh: "训练时没有数学意义上的隐私保证，攻击者可能恢复部分训练数据。",
  },
  "plain.private.dp": {
    en: "It was trained with differential privacy (ε = {epsilon}, δ = {delta}): what it says depends hardly on any single row. The smaller ε, the stronger the protection.",
    zh: "训练采用差分隐私（ε = {epsilon}，δ = {delta}）：它的回答几乎不取决于任何单条数据。ε 越小，保护越强。",
  },
  "plain.private.study": {
    en: "Each organisation trained with differential privacy under a budget ε of its own, and states what it spent: {members}. The smaller ε, the stronger the protection.",
    zh: "各机构均以差分隐私训练，各有 ε 预算，并声明已用量：{members}。ε 越小，保护越强。",
  },
  "limit.unstated": {
    en: "Trained with differential privacy, but these participants do not state the ε they spent: {members}.",
    zh: "采用差分隐私训练，但以下参与方未声明已用的 ε：{members}。",
  },
  "plain.limits": { en: "What are its known limits?", zh: "有哪些已知局限？" },
  "plain.checks.text": {
    en: "{passed} of the {all} checks that the release policy requires passed.",
    zh: "发布策略要求的 {all} 项检查中，{passed} 项通过。",
  },
  "plain.verify": { en: "How can I check this?", zh: "我如何核实？" },
  "plain.verify.text": {
    en: "Every number here comes from a signed record. “concord verify” on the folder that holds this page shows who signed it and finds any file that was changed.",
    zh: "本页所有数字均来自签名记录。对包含本页的文件夹运行“concord verify”，即可看到签名者，并发现任何被改动的文件。",
  },
  "plain.contact": { en: "Whom can I ask?", zh: "可以向谁询问？" },

  "limit.unaudited.fairness": { en: "Not audited: fairness.", zh: "未审计：公平性。" },
  "limit.unaudited.privacy": { en: "Not audited: privacy.", zh: "未审计：隐私。" },
  "limit.unaudited.explanation": { en: "Not audited: explanation.", zh: "未审计：可解释性。" },
  "limit.unaudited.robustness": { en: "Not audited: robustness.", zh: "未审计：稳健性。" },
  "limit.noGuarantee": {
    en: "Training rows have no differential-privacy guarantee.",
    zh: "训练数据没有差分隐私保证。",
  },
  "limit.overridden": {
    en: "A check failed and was approved as an exception: {value}. Reason: {reason}",
    zh: "一项检查未通过，经豁免批准：{value}。理由：{reason}",
  },

  "report.release": { en: "Release", zh: "发布" },
  "report.release.text": {
    en: "This page belongs to a release. Its digest is in the log; every number that gates ask for is in the signed passport. Texts are not quoted.",
    zh: "本页属于一次发布，其摘要已记入日志；各项关卡所用的数值均在已签名的护照中。本页不引用原文。",
  },
  "report.release.gates": { en: "Gates of the policy", zh: "策略关卡" },
  "report.release.value": { en: "value", zh: "数值" },
  "report.release.measured": { en: "measured", zh: "测得" },
  "report.release.limit": { en: "limit", zh: "限值" },
  "report.release.result": { en: "result", zh: "结果" },
  "report.release.signers": { en: "signed by", zh: "签名者" },
  "report.release.weights": { en: "weights, SHA-256", zh: "权重 SHA-256" },
  "report.release.policy": { en: "policy, SHA-256", zh: "策略 SHA-256" },
  "report.release.limits": { en: "Known limits", zh: "已知局限" },

  "keys.made": { en: "made the signer {name} (key {id}…)", zh: "已创建签名者 {name}（密钥 {id}…）" },
  "keys.private": {
    en: "private, keep it to yourself: {path}",
    zh: "私钥，请妥善保管：{path}",
  },
  "keys.public": { en: "public, for policies: {path}", zh: "公开文件，用于策略：{path}" },
  "policy.made": {
    en: "wrote {path} with {gates} gates; every limit is a proposal",
    zh: "已写入 {path}，含 {gates} 项发布门槛；各限值均为建议",
  },
  "policy.signers": {
    en: 'it names one signer, keys/builder.pub.json; make it with: concord keys keys/builder --name "Your organisation"',
    zh: '其中只有一个签署方 keys/builder.pub.json；可用以下命令创建：concord keys keys/builder --name "贵机构名称"',
  },
  "policy.next": {
    en: "next: read it, decide the limits, then concord release {run} --policy {policy} --key keys/builder.key",
    zh: "下一步：阅读并确定限值，然后运行 concord release {run} --policy {policy} --key keys/builder.key",
  },
  "release.done": { en: "released: {folder}", zh: "已发布：{folder}" },
  "release.gate.passed": { en: "passed", zh: "通过" },
  "release.gate.failed": { en: "FAILED", zh: "未通过" },
  "release.gate.overridden": { en: "FAILED, approved as an exception", zh: "未通过，经豁免批准" },
  "release.gate.line": {
    en: "{value}: {measured} ({bound}); limit {limit}",
    zh: "{value}：{measured}（{bound}）；限值 {limit}",
  },
  "inspect.passport": { en: "passport of {name}, made {made}", zh: "{name} 的护照，生成于 {made}" },
  "inspect.signatures": { en: "signed by keys", zh: "签名密钥" },
  "inspect.unverified": {
    en: "read, not verified: concord verify checks signatures and files",
    zh: "仅供查看，未经核实：请用 concord verify 核对签名与文件",
  },
  "release.signed": { en: "signed by {role}: {name}", zh: "{role} 已签名：{name}" },
  "release.logged": { en: "logged as entry {index} in {folder}", zh: "已记入日志 {folder}，第 {index} 条" },
  "sign.done": { en: "{name} signed {path}", zh: "{name} 已签署 {path}" },
  "verify.ok": { en: "VALID: {name}, released {made}", zh: "有效：{name}，发布于 {made}" },
  "verify.ok.override": {
    en: "VALID, with 1 override: {name}, released {made}",
    zh: "有效，含 1 项豁免：{name}，发布于 {made}",
  },
  "verify.ok.overrides": {
    en: "VALID, with {count} overrides: {name}, released {made}",
    zh: "有效，含 {count} 项豁免：{name}，发布于 {made}",
  },
  "verify.override": {
    en: "override: {gate}, by {name} ({role}), because “{reason}”",
    zh: "豁免：{gate}，由 {name}（{role}）批准，理由：“{reason}”",
  },
  "verify.files": { en: "{count} files are as they were signed", zh: "{count} 个文件与签名时一致" },
  "verify.unchecked": {
    en: "NOT CHECKED, worded by another version of Concord: {files}. The signed passport.json holds what they tell.",
    zh: "未核对（由另一版本的 Concord 生成）：{files}。其内容以已签名的 passport.json 为准。",
  },
  "verify.gates": {
    en: "{passed} of {all} gates passed; {failed} failed and approved as exceptions",
    zh: "{all} 项发布门槛中 {passed} 项通过；{failed} 项未通过，均经豁免批准",
  },
  "verify.gates.all": { en: "all {all} gates passed", zh: "{all} 项发布门槛全部通过" },
  "verify.logged": { en: "in the log as entry {index}, {at}", zh: "已在日志中，第 {index} 条，{at}" },
  "verify.recomputed": {
    en: "recomputed on {rows} test rows: {same} of {all} values agree within {tolerance}",
    zh: "在 {rows} 条测试数据上重新计算：{all} 个数值中 {same} 个一致（容差 {tolerance}）",
  },
  "verify.countersigned": { en: "counter-signed by {role}: {name}", zh: "{role} 已会签：{name}" },
  "log.head": { en: "{size} entries, root {root}, last {at}", zh: "{size} 条记录，根 {root}，最近 {at}" },
  "log.included": { en: "entry {index} is in the log", zh: "第 {index} 条记录在日志中" },
  "log.consistent": {
    en: "the log continues the one of {size} entries",
    zh: "该日志是此前 {size} 条记录的延续",
  },
} as const;
