// Chinese of what is wrong with privacy: ledgers, budgets, noise and their keys. See reading.ts.
export const privacyFaults: Readonly<Record<string, string>> = {
  "calibrate noise": "校准噪声",
  "read privacy ledger": "读取隐私账本",
  "charge privacy ledger": "记入隐私账本",
  "account for privacy": "隐私核算",
  "open run key": "打开运行密钥",
  "steps of Poisson batches and steps of batches of fixed size protect different neighbours: their costs cannot be added":
    "泊松抽样批次与固定大小批次保护的是不同的相邻关系：两者的消耗不能相加",
  "one kind of sampling for all that these rows spend": "这些数据行的全部消耗使用同一种抽样",
  "go on with the sampling that the rows began with": "请沿用这些数据行最初的抽样方式",
  "earlier runs on these rows have spent the privacy budget, or all but a tenth of it":
    "此前的运行已用完这些数据行的隐私预算，或只剩不到十分之一",
  "at most epsilon {0} of {1} spent before, at delta {2}": "此前的消耗在 delta 为 {2} 时不超过 {1} 中的 {0}",
  "use a model that was trained on them; or set adapt.privacy.epsilon to a larger total, earlier runs included":
    "请使用已在这些行上训练的模型；或把 adapt.privacy.epsilon 设为更大的总量（含此前的运行）",
  "earlier runs on these rows protected single rows: what they have spent of a person's privacy is unknown":
    "此前在这些行上的运行只保护单独的行：它们消耗了个人隐私的多少无从得知",
  "only runs with adapt.privacy.unit: person": "只有 adapt.privacy.unit: person 的运行",
  "{0} with row": "{0} 次为 row",
  "set adapt.privacy.unit: row, or use rows that no such run has seen":
    "请设 adapt.privacy.unit: row，或使用此类运行没有见过的行",
  "open the ledger of the data": "打开数据的账本",
  "private training keeps beside the data what its rows have spent: name another folder in adapt.privacy.ledger":
    "私有训练把各行的消耗记在数据旁边：请在 adapt.privacy.ledger 中另指定文件夹",
  "the digests of a run's rows were changed after they were written": "某次运行的行摘要写入后被改动",
  "restore them from a copy; without them what these rows have spent is unknown":
    "请用副本恢复；没有它们就不知道这些行已消耗多少",
  "the log shows a private run on these rows that the ledger lacks: the ledger was deleted, cut short or replaced":
    "日志显示这些数据行上有账本所缺的私有训练：账本被删除、截短或替换",
  "{0} steps of the run {1}…": "运行 {1}… 的 {0} 步",
  "no such run": "没有这次运行",
  "another mechanism": "另一种机制",
  "restore the ledger from a copy (.concord/privacy beside the table); without it what these rows have spent is unknown":
    "请用副本恢复账本（表旁的 .concord/privacy）；没有它就不知道这些行已消耗多少",
  "--log with the folder of the log that the release will be put into": "--log 加发布将写入的日志文件夹",
  "--key with the private key that signs the charges": "--key 加为消耗签名的私钥",
  "what is charged could not be logged": "消耗无法记入日志",
  "the recipe asks for no private training: no charge is logged": "配方不要求私有训练：没有消耗可记入日志",
  "adapt.privacy in the recipe, or no log": "配方中有 adapt.privacy，或不用日志",
  "the policy asks for a ledger that was signed into the log before training": "策略要求账本在训练之前已签名记入日志",
  "each charge in the log": "每次消耗都在日志中",
  "none of this run": "没有这次运行的消耗",
  "concord run <recipe> --log <folder> --key <file>": "concord run <配方> --log <文件夹> --key <文件>",
  "the ledger is not the one that was signed into the log": "账本不是签名记入日志的那一个",
  "no amount of noise is enough": "噪声再大也不够",
  "a larger epsilon, or fewer steps": "更大的 epsilon，或更少的步数",
  "line {0} was changed after it was written, or lines before it are missing": "第 {0} 行写入后被改动，或之前有行缺失",
  "what this ledger says cannot be relied on; the run must be done anew and is charged anew":
    "该账本的内容不可信；须重新运行，并重新计入消耗",
  "the ledger was deleted: {0} rests on lines that are gone": "账本被删除：{0} 所依据的行已不存在",
  "the ledger was cut short: {0} rests on lines that are gone": "账本被截短：{0} 所依据的行已不存在",
  "the ledger was replaced: {0} rests on another one": "账本被替换：{0} 依据的是另一个账本",
  "the checkpoint": "检查点",
  "the run that goes on": "继续的运行",
  "the run's privacy.json": "运行的 privacy.json",
  "restore the ledger from a copy; without it what these rows have spent is unknown, and no run on them can be private":
    "请用副本恢复账本；没有账本就不知道这些数据行已消耗多少，也就无法在其上作隐私训练",
  "the next steps would exceed the privacy budget; they were not run": "接下来的步骤会超出隐私预算；没有执行",
  "epsilon at most {0} at delta {1}": "delta 为 {1} 时 epsilon 不超过 {0}",
  "epsilon {0} after step {1}": "第 {1} 步之后 epsilon 为 {0}",
  "train fewer epochs, add noise, or raise adapt.privacy.epsilon":
    "请减少训练轮数、增大噪声，或提高 adapt.privacy.epsilon",
  "the sampling rate is out of range": "抽样率超出范围",
  "the noise multiplier is out of range": "噪声倍数超出范围",
  "the sampling rate": "抽样率",
  "the noise multiplier": "噪声倍数",
  "the number of steps": "步数",
  "a number ≥ 0": "大于等于 0 的数",
  "a whole number ≥ 0": "大于等于 0 的整数",
  "others than its owner may read the secret key of this private run": "所有者之外的用户可读取此隐私运行的密钥",
  "whoever read it can remove the noise: delete the folder and start the run anew, which is charged anew":
    "读到它的人可以去除噪声：请删除文件夹并重新运行，消耗会重新计入",
  "the file is not a run key": "该文件不是运行密钥",
  "step below 2^48, tensor below 2^24": "步号小于 2^48，张量号小于 2^24",
  "numerical composition covers Poisson sampling only": "数值合成只支持泊松抽样",
  "sampling of fixed size": "固定大小抽样",
  "use the accountant rdp": "请使用 rdp 核算方法",
};
