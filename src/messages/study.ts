// Text of a study's start model and of its page.
export const studyMessages = {
  "study.start": { en: "initial model with {labels} labels: {folder}", zh: "带 {labels} 个标签的初始模型：{folder}" },
  "studyReport.title": { en: "{name}: study of several organisations", zh: "{name}：多机构联合研究" },
  "studyReport.made": { en: "Created {when}, run {run}", zh: "生成于 {when}，运行 {run}" },
  "studyReport.about": {
    en: "Each organisation trained on its own rows. Updates and counts were summed under secret masks. Nobody, not even the coordinator, saw those of one organisation.",
    zh: "各机构仅在自己的数据上训练。更新与计数在秘密掩码下求和。包括协调方在内，任何人都看不到单个机构的更新与计数。",
  },
  "studyReport.unscored": { en: "No round has scores on test rows.", zh: "没有任何轮次在测试集上评分。" },
  "studyReport.comparison": { en: "Joint model, local models, pooled data", zh: "联合模型、各机构单独训练、合并数据" },
  "studyReport.comparison.caption": { en: "Macro F1 on the same test rows", zh: "相同测试数据上的宏平均 F1" },
  "studyReport.way": {
    en: "The study closes {share} % of the gap between the mean local model and a model trained on pooled data [{low}, {high}].",
    zh: "联合研究弥补了各机构单独训练的平均水平与合并数据训练之间差距的 {share} % [{low}, {high}]。",
  },
  "studyReport.model": { en: "model", zh: "模型" },
  "studyReport.members": { en: "Organisations", zh: "参与机构" },
  "studyReport.member": { en: "organisation", zh: "机构" },
  "studyReport.member.rounds": { en: "training rounds", zh: "训练轮次数" },
  "studyReport.member.state": { en: "participation", zh: "参与情况" },
  "studyReport.member.values": {
    en: "Test scores of an organisation are shown only with its consent.",
    zh: "仅在机构同意时显示其测试得分。",
  },
  "studyReport.stayed": { en: "to the end", zh: "全程参与" },
  "studyReport.silent": { en: "no consent", zh: "未同意" },
  "studyReport.left": { en: "left: {reason}", zh: "已退出：{reason}" },
  "studyReport.run": { en: "run", zh: "运行" },
  "studyReport.threshold": { en: "threshold", zh: "阈值" },
  "studyReport.threshold.text": {
    en: "a round is valid if {threshold} of {members} organisations stay",
    zh: "{members} 个机构中至少 {threshold} 个留到最后，该轮次才有效",
  },
  "studyReport.strategy": { en: "aggregation", zh: "聚合方法" },
  "studyReport.rounds": { en: "Rounds", zh: "各轮次情况" },
  "studyReport.round": { en: "round", zh: "轮次" },
  "studyReport.round.survivors": { en: "organisations counted", zh: "计入的机构" },
  "studyReport.leftOut": {
    en: "Round {round}: the sum of bucket {bucket} ({members}) is left out: {reason}. Nobody can say which participant caused it.",
    zh: "第 {round} 轮：第 {bucket} 桶（{members}）的总和未计入：{reason}。无法判断由哪个参与方造成。",
  },
  "studyReport.round.before": { en: "validation macro F1 before the round", zh: "该轮次之前的验证集宏平均 F1" },
  "studyReport.curve": { en: "Validation score by round.", zh: "各轮次的验证集得分。" },
  "studyReport.curve.described": {
    en: "Macro F1 on the organisations' validation rows: {first} in the first round, {last} before the last round.",
    zh: "各机构验证集上的宏平均 F1：第一轮次为 {first}，最后一轮次之前为 {last}。",
  },
} as const;
