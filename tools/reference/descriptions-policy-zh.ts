// Chinese of the keys of policies. See descriptions-zh.ts.
export const policyDescriptions: Readonly<Record<string, string>> = {
  "Version of the policy format.": "发布策略格式的版本。",
  "Trusted signers by role: public key files made by concord keys. Paths start from the policy's folder.":
    "受信任的签署方，按角色列出：由 concord keys 生成的公钥文件。路径以策略文件所在文件夹为起点。",
  "Roles that must sign before a release.": "发布前必须签署的角色。",
  "Roles that may approve a failed gate as an exception, with a reason.": "可说明理由、豁免未通过门槛的角色。",
  "Roles of which one must have counter-signed the log, by its own clock. Default none: the time is the signers' own.":
    "须有其中一个角色按自己的时钟会签日志。默认没有：时间只是签署方自己的。",
  "What the privacy ledger of a private run rests on. logged: each charge was signed into the log before its steps ran. stated: the builder's word.":
    "私有训练的隐私账本以何为据。logged：每次消耗在各步执行之前已签名记入日志；stated：构建方的声明。",
  "Roles whose keys may revoke the keys of others in the log. Default none: a key is revoked by itself only.":
    "可在日志中吊销他人密钥的角色。默认没有：密钥只能由其自身吊销。",
  "The log that a release must be in, with the rotations and revocations of keys. Default only the release's own proof is checked, unless --log names a log.":
    "发布必须在其中的日志，含密钥的更换与吊销。默认只检查发布自带的证明，除非用 --log 指定日志。",
  "Folder of the log, from the policy's folder. verify and serve read it; without it they refuse.":
    "日志文件夹，以策略所在文件夹为起点。verify 与 serve 会读取它；没有它则拒绝。",
  "Age in days that the log's newest head may have: of a witness where witness names roles, else of its signer. An older copy of the log is refused. Default any age.":
    "日志最新日志头允许的天数：若 witness 列有角色则取见证方的，否则取签署方的。更旧的日志副本会被拒绝。默认不限。",
  "Time stamps of signatures (RFC 3161). Default none counts.": "签名的时间戳（RFC 3161）。默认不采信任何时间戳。",
  "Files of PEM certificates of authorities that count, or of those that issue theirs.":
    "PEM 证书文件：可信时间戳机构的证书，或为其签发证书者的证书。",
  "Whether each signature of a release must have a time stamp.": "发布的每个签名是否都须有时间戳。",
  "Name of the measured value. * stands for any one part of the name.": "测得数值的名称。* 代表名称中的任意一段。",
  "What the first * of value must stand for at least, such as attributes or groups. Required with *: one that was not measured fails.":
    "value 中第一个 * 至少要代表的名称，例如属性或群组。有 * 时必填：没有测量的，门槛不通过。",
  "Smallest number that passes. Equal passes.": "通过的最小值，等于也算通过。",
  "Largest number that passes. Equal passes.": "通过的最大值，等于也算通过。",
  "Number that is compared. value: the point estimate; interval: the less favourable end of the 95 % interval.":
    "用于比较的数值。value：点估计；interval：95 % 置信区间中较不利的一端。",
  "Reason for the gate, shown where it fails.": "设置该门槛的理由，未通过时显示。",
  "Limits that measured values must meet.": "测得的数值必须满足的限值。",
};
