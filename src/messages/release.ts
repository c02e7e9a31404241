// Text of passports, releases and their verification.
export const releaseMessages = {
  "plain.title": { en: "{name}: what you should know", zh: "{name}：您需要了解的事" },
  "plain.unknown": { en: "The owner has not said.", zh: "所有者未作说明。" },
  "plain.purpose": { en: "What is it for?", zh: "它的用途是什么？" },
  "plain.users": { en: "Who should use it?", zh: "应由谁使用？" },
  "plain.instructions": { en: "How should it be used?", zh: "应如何使用？" },
  "plain.oversight": { en: "Who watches it, and how can it be stopped?", zh: "由谁监督？如何停用？" },
  "plain.untranslated": { en: "(not translated into English by the owner)", zh: "（所有者未提供中文译文）" },
  "plain.decision": { en: "Approved for release on {date}.", zh: "已于 {date} 批准发布。" },
  "plain.decision.exceptions": {
    en: "Approved for release on {date}, with exceptions. The failed checks are listed here.",
    zh: "已于 {date} 附豁免批准发布。未通过的检查列于此处。",
  },
  "plain.decision.proposed": {
    en: "Proposed for release. This record was made on {date}.",
    zh: "提议发布。此记录生成于 {date}。",
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
    en: "It is a language model of {parameters} numbers, trained on {train} examples. It reads a text of up to {length} word pieces and answers with one of its known answers. It does not understand, and it can be wrong.",
    zh: "它是一个含 {parameters} 个参数的语言模型，用 {train} 条示例训练而成。它最多读取 {length} 个词元的文本，并从已知答案中给出回答。它并不真正理解内容，也可能出错。",
  },
  "plain.how.image": {
    en: "It is an image model of {parameters} numbers, trained on {train} examples. It reads an image, brought to {side} × {side} pixels, and answers with one of its known answers. It does not understand, and it can be wrong.",
    zh: "它是一个含 {parameters} 个参数的图像模型，用 {train} 条示例训练而成。它读取缩放为 {side} × {side} 像素的图像，并从已知答案中给出回答。它并不真正理解内容，也可能出错。",
  },
  "plain.how.other": {
    en: "It is a model of {parameters} numbers, trained on {train} examples. It reads {inputs} and answers with one of its known answers. It does not understand, and it can be wrong.",
    zh: "它是一个含 {parameters} 个参数的模型，用 {train} 条示例训练而成。它读取{inputs}，并从已知答案中给出回答。它并不真正理解内容，也可能出错。",
  },
  "plain.what.texts": { en: "texts", zh: "文本" },
  "plain.what.images": { en: "images", zh: "图像" },
  "plain.good": { en: "How good is it?", zh: "它有多准确？" },
  "plain.good.text": {
    en: "Of 100 {what} it had never seen, about {right} were predicted correctly (between {low} and {high}, with 95 % confidence). It was tried on {rows} {what}.",
    zh: "在 100 条从未见过的{what}中，约有 {right} 条预测正确（95 % 置信区间 {low} 至 {high}）。共在 {rows} 条{what}上测试。",
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
    zh: "训练采用差分隐私（ε = {epsilon}，δ = {delta}）：它的预测几乎不取决于任何单条数据。ε 越小，保护越强。",
  },
  "plain.private.study": {
    en: "Each organisation trained with differential privacy under a budget ε of its own, and states what it spent: {members}. The smaller ε, the stronger the protection.",
    zh: "各机构均以差分隐私训练，各有 ε 预算，并声明已用量：{members}。ε 越小，保护越强。",
  },
  "limit.outside": {
    en: "The organisations' ε do not cover: {what}.",
    zh: "各机构的 ε 不涵盖：{what}。",
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
    en: "Every number here comes from a signed record. Run “concord verify” on the folder of this page. It shows who signed and finds changed files.",
    zh: "本页所有数字均来自签名记录。对包含本页的文件夹运行“concord verify”，即可看到签署方，并发现任何被改动的文件。",
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
    en: "This page belongs to a release. Its digest is in the log. All gate values are in the signed passport. Texts are not quoted.",
    zh: "本页属于一次发布，其摘要已记入日志。发布门槛所用的数值均在已签名的模型档案中。本页不引用原文。",
  },
  "report.release.gates": { en: "Release gates", zh: "发布门槛" },
  "report.release.value": { en: "value", zh: "数值" },
  "report.release.measured": { en: "measured", zh: "测得" },
  "report.release.limit": { en: "limit", zh: "限值" },
  "report.release.result": { en: "result", zh: "结果" },
  "report.release.signers": { en: "signed by", zh: "签署方" },
  "report.release.weights": { en: "weights, SHA-256", zh: "权重 SHA-256" },
  "report.release.policy": { en: "policy, SHA-256", zh: "策略 SHA-256" },
  "report.release.limits": { en: "Known limits", zh: "已知局限" },

  "keys.made": { en: "created the signer {name} (key {id}…)", zh: "已创建签署方 {name}（密钥 {id}…）" },
  "keys.private": {
    en: "private, keep it to yourself: {path}",
    zh: "私钥，请妥善保管：{path}",
  },
  "keys.rotated": {
    en: "the log states the rotation in entry {index}, {at}. Give the new public file to whoever writes a policy.",
    zh: "日志第 {index} 条（{at}）声明了密钥更换。请把新的公开文件交给编写策略的各方。",
  },
  "keys.revoked": {
    en: "the log states the revocation in entry {index}, {at}. Take the key out of every policy.",
    zh: "日志第 {index} 条（{at}）声明了吊销。请从所有策略中去掉该密钥。",
  },
  "keys.public": { en: "public, for policies: {path}", zh: "公开文件，用于策略：{path}" },
  "policy.why.score": {
    en: "the lowest score that is still useful: decide it from the task, not from this run",
    zh: "仍然有用的最低得分：请根据任务决定，而不是根据本次运行",
  },
  "policy.why.baseline": {
    en: "a simpler model would be cheaper and easier to explain",
    zh: "更简单的模型更便宜，也更容易解释",
  },
  "policy.why.calibration": { en: "people act on the probabilities", zh: "人们会依据概率行事" },
  "policy.why.groups": { en: "every group is served alike", zh: "各分组得到同等的服务" },
  "policy.why.epsilon": { en: "the agreed privacy budget", zh: "约定的隐私预算" },
  "policy.why.membership": { en: "few training rows can be recognised", zh: "能被识别的训练数据很少" },
  "policy.why.explanation": { en: "highlighted words are those that count", zh: "高亮的词确实是起作用的词" },
  "policy.why.size": { en: "the device that it is meant for", zh: "目标设备的容量" },
  "policy.gate.passes": {
    en: "{value}: this run has {measured} ({bound}), which passes {limit}.",
    zh: "{value}：本次运行为 {measured}（{bound}），满足 {limit}。",
  },
  "policy.gate.fails": {
    en: "{value}: this run has {measured} ({bound}), which FAILS {limit}.",
    zh: "{value}：本次运行为 {measured}（{bound}），不满足 {limit}。",
  },
  "policy.comment.head": {
    en: "Release policy: who has to sign, and what a model has to show. Made from one run by concord policy init.",
    zh: "发布策略：谁必须签署，模型须满足什么条件。由 concord policy init 根据一次运行生成。",
  },
  "policy.comment.limits": {
    en: "Every limit here is a proposal. Decide each one with the people whom the model concerns, before the next run.",
    zh: "这里的各项限值都是建议。请在下次运行之前，与受模型影响的人逐项商定。",
  },
  "policy.comment.signers": {
    en: 'Public files of the signers by role, from this file\'s folder. Make one with: concord keys keys/builder --name "Your organisation"',
    zh: '各角色签署方的公钥文件，路径相对于本文件所在文件夹。可用以下命令创建：concord keys keys/builder --name "贵机构名称"',
  },
  "policy.comment.require": { en: "these roles have to sign", zh: "这些角色必须签署" },
  "policy.comment.override": {
    en: "these roles may approve a failed gate as an exception, with a reason",
    zh: "这些角色可以说明理由，将未通过的门槛作为例外批准",
  },
  "policy.gate.zero": {
    en: "Exactly 0 passes, and means no gain. To require a gain, write a limit above 0.",
    zh: "恰好为 0 也算满足，表示没有提升。如要求有提升，请写大于 0 的限值。",
  },
  "policy.comment.gates": {
    en: "use: interval compares the less favourable end of the 95 % interval",
    zh: "use: interval 表示以 95 % 区间中较不利的一端与限值比较",
  },
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
  "release.compressedLeftOut": {
    en: "left out: the compressed model was made from an earlier model of the run; concord compress {run} makes a new one",
    zh: "未包含：压缩后的模型由该运行较早的模型生成；concord compress {run} 可重新生成",
  },
  "release.gate.passed": { en: "passed", zh: "通过" },
  "release.gate.failed": { en: "FAILED", zh: "未通过" },
  "release.gate.overridden": { en: "FAILED, approved as an exception", zh: "未通过，经豁免批准" },
  "release.gate.line": {
    en: "{value}: {measured} ({bound}); limit {limit}",
    zh: "{value}：{measured}（{bound}）；限值 {limit}",
  },
  "inspect.passport": { en: "passport of {name}, created {made}", zh: "{name} 的模型档案，生成于 {made}" },
  "inspect.signatures": { en: "signed by keys", zh: "签名密钥" },
  "inspect.unverified": {
    en: "read, not verified: concord verify checks signatures and files",
    zh: "仅供查看，未经核实：请用 concord verify 核对签名与文件",
  },
  "release.signed": { en: "signed by {role}: {name}", zh: "{role} 已签名：{name}" },
  "release.logged": { en: "logged as entry {index} in {folder}", zh: "已记入日志 {folder}，第 {index} 条" },
  "signPage.title": { en: "Sign the release of {name}", zh: "签署 {name} 的发布" },
  "signPage.how": {
    en: "Read this page. Your signature approves this release and everything that is listed here.",
    zh: "请阅读本页。您的签名即批准此次发布及此处列出的全部内容。",
  },
  "signPage.gates": { en: "Release gates", zh: "发布门槛" },
  "signPage.differences": { en: "What changed since the last release?", zh: "与上次发布相比有何变化？" },
  "signPage.differences.unknown": {
    en: "No earlier release was given. Use --previous FOLDER to compare with one.",
    zh: "未给出以前的发布。可用 --previous 文件夹 与之比较。",
  },
  "signPage.differences.none": {
    en: "Nothing: both releases record the same.",
    zh: "没有变化：两次发布的记录相同。",
  },
  "signPage.differences.caption": {
    en: "Compared with the release made on {made}, whose signatures were not checked here",
    zh: "与 {made} 的发布比较（此处未核对其签名）",
  },
  "signPage.what": { en: "what", zh: "项目" },
  "signPage.before": { en: "before", zh: "之前" },
  "signPage.after": { en: "now", zh: "现在" },
  "signPage.approve": { en: "Sign", zh: "签署" },
  "signPage.key": { en: "signing key", zh: "签名密钥" },
  "signPage.digest": { en: "SHA-256 of the signed record", zh: "被签署记录的 SHA-256" },
  "signPage.read": { en: "I have read this page and approve the release.", zh: "我已阅读本页并批准此次发布。" },
  "signPage.passphrase": { en: "Passphrase of the key", zh: "密钥口令" },
  "signPage.sign": { en: "Sign", zh: "签署" },
  "signPage.refuse": { en: "Do not sign", zh: "不签署" },
  "signPage.signed": { en: "Signed: {name}", zh: "已签署：{name}" },
  "signPage.refused": { en: "Not signed: {name}", zh: "未签署：{name}" },
  "signPage.close": { en: "You can close this page.", zh: "可以关闭本页。" },
  "signPage.open": {
    en: "open this address in a browser on this machine; it works once: {url}",
    zh: "请在本机浏览器中打开此地址（仅可使用一次）：{url}",
  },
  "signPage.wrong": {
    en: "The passphrase is wrong. Tries left: {left}.",
    zh: "口令错误。剩余尝试次数：{left}。",
  },
  "difference.model": { en: "weights of the model", zh: "模型权重" },
  "difference.recipe": { en: "recipe", zh: "配方" },
  "difference.code": { en: "code of Concord", zh: "Concord 代码" },
  "difference.data": { en: "rows of data", zh: "数据行" },
  "difference.otherRows": { en: "(other rows)", zh: "（数据不同）" },
  "difference.noGate": { en: "{value} (no gate)", zh: "{value}（无门槛）" },
  "sign.about": { en: "About to sign: {name}, made {made}", zh: "即将签署：{name}，生成于 {made}" },
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
  "verify.ledger.logged": {
    en: "privacy ledger: signed into the log, charge by charge, before the steps ran; the log shows no other private run on these rows that it lacks",
    zh: "隐私账本：每次消耗在执行之前逐笔签名记入日志；日志中没有账本所缺的、使用同样数据行的其他私有训练",
  },
  "verify.ledger.stated": {
    en: "privacy ledger: as the builder states it; no log shows that earlier runs on the same rows were not left out",
    zh: "隐私账本：以构建者的声明为准；没有日志表明同样数据行上的更早运行没有被略去",
  },
  "verify.clock.log": {
    en: "time {at}: by the clock of {name} ({role}), who signed the log; no witness",
    zh: "时间 {at}：依据日志签署者 {name}（{role}）的时钟；没有见证方",
  },
  "verify.clock.signer": {
    en: "time {at}: by the own clock of {name} ({role}), who signed both the model and the log; no witness",
    zh: "时间 {at}：依据 {name}（{role}）自己的时钟，其既签署了模型也签署了日志；没有见证方",
  },
  "verify.clock.also.log": {
    en: "also in the log by {at}: by the clock of {name} ({role}), who signed a later head",
    zh: "另外，至 {at} 已在日志中：依据签署较晚日志头的 {name}（{role}）的时钟",
  },
  "verify.clock.also.witness": {
    en: "also in the log by {at}: by the clock of the witness {name} ({role})",
    zh: "另外，至 {at} 已在日志中：依据见证方 {name}（{role}）的时钟",
  },
  "verify.clock.made": {
    en: "made {at}: by the clock of the machine that made the passport",
    zh: "生成于 {at}：依据生成模型档案的机器的时钟",
  },
  "verify.clock.timestamp": {
    en: "time {at}: by the clock of the {role} {name}, who stamped all signatures",
    zh: "时间 {at}：依据时间戳机构 {name} 的时钟，其为所有签名加盖了时间戳",
  },
  "verify.stamped": {
    en: "the signature of {name} was there by {at}: time stamp of {authority}",
    zh: "{name} 的签名至 {at} 已存在：由 {authority} 加盖时间戳",
  },
  "verify.stamps.unchecked": {
    en: "NOT CHECKED: time stamps, for the policy names no authority under timestamp",
    zh: "未核对：时间戳，因为策略的 timestamp 没有列出任何机构",
  },
  "verify.keys.unseen": {
    en: "NOT CHECKED: whether keys were replaced or revoked. Give the log with --log.",
    zh: "未核对：密钥是否已更换或吊销。请用 --log 给出日志。",
  },
  "log.key.rotated": {
    en: "entry {index}, {at}: the key of {about} is replaced by that of {to}",
    zh: "第 {index} 条，{at}：{about} 的密钥由 {to} 的密钥接替",
  },
  "log.key.revoked": {
    en: "entry {index}, {at}: the key of {about} is revoked from there on, by {by}: {reason}",
    zh: "第 {index} 条，{at}：{about} 的密钥自此吊销，由 {by} 声明：{reason}",
  },
  "log.key.stolen": {
    en: "entry {index}, {at}: the key of {about} is revoked from {from}, by {by}: {reason}",
    zh: "第 {index} 条，{at}：{about} 的密钥自 {from} 起吊销，由 {by} 声明：{reason}",
  },
  "log.key.ignored": {
    en: "entry {index}, {at}: a statement about a key DOES NOT COUNT: {why}",
    zh: "第 {index} 条，{at}：有关密钥的声明无效：{why}",
  },
  "verify.clock.witness": {
    en: "time {at}: by the clock of the witness {name} ({role})",
    zh: "时间 {at}：依据见证方 {name}（{role}）的时钟",
  },
  "verify.recomputed": {
    en: "recomputed on {rows} test rows: {same} of {all} values agree within {tolerance}",
    zh: "在 {rows} 条测试数据上重新计算：{all} 个数值中 {same} 个一致（容差 {tolerance}）",
  },
  "verify.countersigned": { en: "counter-signed by {role}: {name}", zh: "{role} 已会签：{name}" },
  "log.head": { en: "{size} entries, root {root}, last {at}", zh: "{size} 条记录，根 {root}，最近 {at}" },
  "log.headBy": {
    en: "last head signed by {name} ({role}), by its own clock",
    zh: "最近的日志头由 {name}（{role}）按其自己的时钟签署",
  },
  "log.witnessed": {
    en: "witnessed by {name} ({role}): {size} entries, {at}",
    zh: "由 {name}（{role}）见证：{size} 条记录，{at}",
  },
  "log.witness": { en: "counter-signed: {size} entries, {at}", zh: "已会签：{size} 条记录，{at}" },
  "log.carried": {
    en: "{folder} carries {count} later heads of the log",
    zh: "{folder} 已附带日志的 {count} 个较晚日志头",
  },
  "log.included": { en: "entry {index} is in the log", zh: "第 {index} 条记录在日志中" },
  "log.consistent": {
    en: "the log continues the one of {size} entries",
    zh: "该日志是此前 {size} 条记录的延续",
  },
} as const;
