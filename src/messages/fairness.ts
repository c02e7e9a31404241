// Text of audits of fairness: the command, the audit's part and its section of the report.
export const fairnessMessages = {
  "help.audit": {
    en: "audit a finished run, or any system's table of answers",
    zh: "审计已完成的运行，或任意系统的回答表",
  },
  "help.audit.run": { en: "run folder, or table of answers", zh: "运行文件夹，或回答表" },
  "help.audit.parts": {
    en: "of a run: parts to audit, with commas between (default: all that its task has)",
    zh: "对运行：要审计的部分，用逗号分隔（默认该任务的全部部分）",
  },
  "help.audit.predictions": {
    en: "table of answers: the same as naming it plainly",
    zh: "回答表：与直接给出该表相同",
  },
  "help.audit.truth": { en: "column of what is true", zh: "真实值所在列" },
  "help.audit.predicted": { en: "column of what was answered", zh: "回答所在列" },
  "help.audit.score": {
    en: "column of a score: higher means more likely positive",
    zh: "得分所在列：越高越可能为正类",
  },
  "help.audit.threshold": {
    en: "scores above it are positive answers (default: 0.5)",
    zh: "得分高于此值即为正类（默认 0.5）",
  },
  "help.audit.positive": {
    en: "value of the positive class (default: 1, true or yes)",
    zh: "正类的取值（默认 1、true 或 yes）",
  },
  "help.audit.probabilities": {
    en: "columns of the classes' probabilities, named as the classes, with commas between",
    zh: "各类别概率所在列，列名即类别名，用逗号分隔",
  },
  "help.audit.numbers": { en: "truth and answers are numbers, not classes", zh: "真实值与回答是数值而非类别" },
  "help.audit.attributes": {
    en: "columns whose groups are compared, with commas between",
    zh: "要比较其分组的列，用逗号分隔",
  },
  "help.audit.group": {
    en: "column of the patient, customer …: redrawn whole in intervals",
    zh: "患者、客户等所在列：计算区间时整体重抽",
  },
  "help.audit.tolerance": { en: "gap that is tolerated (default: 0.05)", zh: "可容忍的差距（默认 0.05）" },
  "help.audit.measures": {
    en: "measures by which gaps are called, with commas between (default: accuracy, or mae)",
    zh: "用于判定差距的指标，用逗号分隔（默认 accuracy 或 mae）",
  },
  "help.audit.noPairs": { en: "leave out attributes two by two", zh: "不分析两两组合的属性" },
  "help.audit.resamples": { en: "bootstrap draws (default: 1000)", zh: "自助重抽次数（默认 1000）" },
  "help.audit.smallest": {
    en: "groups of fewer rows are not shown (default: 10)",
    zh: "行数更少的分组不显示（默认 10）",
  },
  "help.audit.out": { en: "write everything to a .json file", zh: "把全部结果写入 .json 文件" },

  "help.encoding": {
    en: "character encoding of the table (default: found from its bytes)",
    zh: "表格的字符编码（默认由内容判断）",
  },
  "help.delimiter": {
    en: "sign between the fields of a CSV table (default: found from its header)",
    zh: "CSV 表格字段之间的分隔符（默认由表头判断）",
  },
  "help.decimal": {
    en: "mark that begins a fraction in the table's numbers, . or , (then 1.234,5 is read too; default: a point, and nothing between thousands)",
    zh: "表中数值的小数点符号，. 或 ,（此时也可读取 1.234,5；默认为点，千位之间无分隔）",
  },
  "help.audit.bins": {
    en: "edges of the groups of an attribute that is a number, such as age=18,40,65; may be given several times (default: five groups of about as many rows; age=none: each value is a group)",
    zh: "数值属性的分组边界，如 age=18,40,65，可重复给出（默认分为行数大致相等的五组；age=none 表示每个取值为一组）",
  },
  "help.audit.missing": {
    en: "words that mean that nothing is there, separated by commas (default: only an empty field)",
    zh: "表示缺失的词，用逗号分隔（默认只有空字段）",
  },
  "audit.table.withoutTruth": {
    en: "{rows} rows without a truth are left out",
    zh: "略去 {rows} 行没有真实值的数据",
  },
  "audit.table.withoutAnswer": {
    en: "{rows} rows without an answer are left out: a system that gives no answer may do so to one group more often",
    zh: "略去 {rows} 行没有回答的数据：系统不作回答的情况可能集中在某个分组",
  },
  "audit.table.strange": {
    en: "{rows} rows have an answer that is the truth of no row, and count as wrong: {answers}",
    zh: "{rows} 行的回答不是任何一行的真实值，计为错误：{answers}",
  },
  "audit.table.withoutGroup": {
    en: "{rows} rows have no value in the column of --group: each counts as a unit of its own",
    zh: "{rows} 行在 --group 列中没有取值：各自作为独立单位",
  },
  "audit.table.spellings": {
    en: "spellings that are read as one label: {labels}",
    zh: "视为同一标签的不同写法：{labels}",
  },
  "audit.table.never": {
    en: "truths that are the answer of no row: {labels}",
    zh: "从未作为回答出现的真实值：{labels}",
  },
  "audit.table.negative": {
    en: "all values but the positive one count as negative: {labels}",
    zh: "除正类外的取值都算作负类：{labels}",
  },
  "audit.table.all-right": {
    en: "all answers are right: check that they are not a copy of the truth",
    zh: "所有回答都正确：请确认回答列不是真实值的副本",
  },
  "audit.table.one-truth": {
    en: "all rows have the same truth: rates of the other label have no rows",
    zh: "所有行的真实值相同：另一标签的比率没有对应的行",
  },
  "audit.table.one-answer": {
    en: "all rows have the same answer: differences of selection rates say nothing",
    zh: "所有行的回答相同：选择率的差异没有意义",
  },
  "audit.table.fifths": {
    en: "{attribute} is a number: cut at its quintiles (groups of about as many rows, beginning at {edges}); {how} sets other edges",
    zh: "{attribute} 为数值：按五分位数切分（各组行数大致相等，起点为 {edges}）；{how} 可另设边界",
  },
  "audit.table.edges": { en: "{attribute} is grouped at {edges}", zh: "{attribute} 按边界 {edges} 分组" },
  "audit.written": { en: "audit written to {path}", zh: "审计结果已写入 {path}" },
  "audit.remade": { en: "report.html made anew", zh: "已重新生成 report.html" },
  "fairness.head": {
    en: "{rows} rows, {units}; 95 % intervals: those of gaps hold for all {comparisons} comparisons together, others each for itself",
    zh: "{rows} 行，{units}；95 % 区间：差距的区间对全部 {comparisons} 次比较同时成立，其余各自成立",
  },
  "fairness.all": { en: "all rows: {measure} {value}", zh: "全部行：{measure} {value}" },
  "fairness.all.beside.majority": {
    en: "all rows: {measure} {value}; the most frequent answer alone {baseline}",
    zh: "全部行：{measure} {value}；只答最常见的答案 {baseline}",
  },
  "fairness.all.beside.mean": {
    en: "all rows: {measure} {value}; the mean alone {baseline}",
    zh: "全部行：{measure} {value}；只答均值 {baseline}",
  },
  "fairness.manyClasses": {
    en: "With {classes} classes, calibration and areas under curves are not compared: only the likeliest probabilities of each row are kept.",
    zh: "共 {classes} 个类别：每行只保留最可能的概率，因此不比较校准与曲线下面积。",
  },
  "fairness.group.rows": { en: "rows", zh: "行数" },
  "fairness.undefined": { en: "undefined", zh: "无定义" },
  "fairness.undefined.why": {
    en: "undefined: {measure} of {groups}: {reason}",
    zh: "无定义：{groups} 的{measure}：{reason}",
  },
  "fairness.undefined.positives": { en: "no row is positive in truth", zh: "没有真实值为正类的行" },
  "fairness.undefined.negatives": { en: "no row is negative in truth", zh: "没有真实值为负类的行" },
  "fairness.undefined.answered": { en: "no answer is positive", zh: "没有回答为正类" },
  "fairness.undefined.neither": {
    en: "no row is positive, in truth or by its answer",
    zh: "没有行的真实值或回答为正类",
  },
  "fairness.undefined.both": {
    en: "it needs rows of both classes, in the group and in the others",
    zh: "需要该组与其余各组都有正类和负类的行",
  },
  "fairness.undefined.other": { en: "no row is of the kind that it counts", zh: "没有它所统计的那类行" },
  "fairness.nothing": {
    en: "{attributes}: nothing to compare in {measure}: fewer than two groups have a value",
    zh: "{attributes}：在{measure}上无可比较：有数值的分组不足两个",
  },
  "fairness.group.more": {
    en: "… and {groups} more groups: see --json or the report",
    zh: "…… 另有 {groups} 个分组：见 --json 或报告",
  },
  "fairness.notBetter": {
    en: "the answers are no better than that: equal groups would not make them useful",
    zh: "这些回答并不优于它：即使各组相同，也不说明回答有用",
  },
  "fairness.group.hidden": {
    en: "{groups} groups of {rows} rows together are not shown: they have fewer than {smallest} rows, or would give such a group away",
    zh: "{groups} 个分组（共 {rows} 行）不显示：行数少于 {smallest}，或会暴露这样的分组",
  },
  "fairness.units.rows": { en: "each taken as independent", zh: "各行视为相互独立" },
  "fairness.units.clusters": { en: "{count} independent units (data.group)", zh: "{count} 个独立单位（data.group）" },
  "fairness.detectable": {
    en: "gaps that these rows would show four times in five: {gaps}",
    zh: "以这些行数，五次中有四次能发现的差距：{gaps}",
  },
  "fairness.detectable.one": { en: "{attributes} {gap}", zh: "{attributes} {gap}" },
  "fairness.detectable.none": { en: "{attributes} none", zh: "{attributes} 无" },
  "fairness.gap": {
    en: "{attributes}: {verdict}: {group}, {measure} {gap} worse than all others [{low}, {high}]; tolerated {tolerance}",
    zh: "{attributes}：{verdict}：{group} 在{measure}上比其余各组差 {gap} [{low}, {high}]；可容忍 {tolerance}",
  },
  "fairness.behindNone": {
    en: "{attributes}: {verdict}: no group is behind in {measure}; {group} {gap} better than all others [{low}, {high}]; tolerated {tolerance}",
    zh: "{attributes}：{verdict}：没有分组在{measure}上落后；{group} 比其余各组好 {gap} [{low}, {high}]；可容忍 {tolerance}",
  },
  "fairness.gapBelow": {
    en: "{attributes}: {verdict}: {group}, {measure} {gap} lower than all others [{low}, {high}]; tolerated {tolerance}",
    zh: "{attributes}：{verdict}：{group} 的{measure}比其余各组低 {gap} [{low}, {high}]；可容忍 {tolerance}",
  },
  "fairness.gapAbove": {
    en: "{attributes}: {verdict}: {group}, {measure} {gap} higher than all others [{low}, {high}]; tolerated {tolerance}",
    zh: "{attributes}：{verdict}：{group} 的{measure}比其余各组高 {gap} [{low}, {high}]；可容忍 {tolerance}",
  },
  "fairness.noDifference": {
    en: "{attributes}: {verdict}: {group}, {measure} as in all others, difference {gap} [{low}, {high}]; tolerated {tolerance}",
    zh: "{attributes}：{verdict}：{group} 的{measure}与其余各组相同，差 {gap} [{low}, {high}]；可容忍 {tolerance}",
  },
  "fairness.few": {
    en: "{attributes}: undetermined: {group} is of {units} independent units; at least {fewest} are needed",
    zh: "{attributes}：无法判定：{group} 只有 {units} 个独立单位，至少需要 {fewest} 个",
  },
  "fairness.verdict.gap": { en: "gap found", zh: "发现差距" },
  "fairness.verdict.within": { en: "within tolerance", zh: "在容忍范围内" },
  "fairness.verdict.undetermined": { en: "undetermined", zh: "无法判定" },
  "fairness.noGroups": {
    en: "fairness: there are no groups to compare (data.attributes)",
    zh: "公平性：没有可比较的分组（data.attributes）",
  },
  "fairness.skipped": { en: "{attribute} is left out: {reason}", zh: "略去 {attribute}：{reason}" },
  "fairness.reason.constant": { en: "all rows have one value", zh: "所有行取值相同" },
  "fairness.reason.one-value-per-row": { en: "each row has a value of its own", zh: "每行取值都不同" },
  "fairness.reason.all-groups-small": {
    en: "its groups are too small to show",
    zh: "各分组过小，不能显示",
  },
  "fairness.parity": {
    en: "largest difference between groups: selection rate {selection}, true positive rate {opportunity}, equalized odds {odds}",
    zh: "各组最大差异：选择率 {selection}，真正率 {opportunity}，均等几率 {odds}",
  },

  "fairness.counterfactual.head": {
    en: "the same texts about somebody else: {texts} texts, {without} of them name nobody, {left} are left out because an exchange could change what they say",
    zh: "换成另一类人的相同文本：共 {texts} 条，其中 {without} 条没有提到任何人，{left} 条因替换可能改变原意而不用",
  },
  "fairness.counterfactual.axis": {
    en: "  {axis}: {texts} texts, answers flip in {rate}, largest change of a score {change} on average",
    zh: "  {axis}：{texts} 条文本，回答改变的比例 {rate}，得分最大变化平均 {change}",
  },
  "fairness.counterfactual.placebo": {
    en: "    as many neutral words exchanged in {texts} of them: answers flip in {rate}, change of a score {change}; beyond that {beyond}: {verdict}",
    zh: "    其中 {texts} 条换掉同样多的中性词：回答改变的比例 {rate}，得分变化 {change}；超出部分 {beyond}：{verdict}",
  },
  "fairness.counterfactual.depends": {
    en: "answers depend on who the text is about",
    zh: "回答取决于文本涉及何人",
  },
  "fairness.counterfactual.not shown": { en: "no more than any rewording is shown", zh: "未显示超出一般改写的变化" },
  "fairness.counterfactual.too few": { en: "too few texts to tell", zh: "文本太少，不足以判定" },
  "fairness.change.gap": {
    en: "{attribute}: {group} was {before} behind all others in accuracy and is {after} behind now, change {change} [{low}, {high}]",
    zh: "{attribute}：{group} 的准确率原落后 {before}，现落后 {after}，变化 {change} [{low}, {high}]",
  },
  "fairness.change.flips": {
    en: "answers that flip when a text is about somebody else ({axis}): {before} before, {after} now, change {change} [{low}, {high}]",
    zh: "文本换成另一类人时回答改变的比例（{axis}）：原为 {before}，现为 {after}，变化 {change} [{low}, {high}]",
  },
  "fairness.change.score": {
    en: "largest change of a score then ({axis}): {before} before, {after} now, change {change} [{low}, {high}]",
    zh: "此时得分的最大变化（{axis}）：原为 {before}，现为 {after}，变化 {change} [{low}, {high}]",
  },
  "fairness.pairing": {
    en: "{paired} of {texts} training texts say who they are about and are paired with the same text about somebody else",
    zh: "{texts} 条训练文本中有 {paired} 条说明了涉及何人，已与换成另一类人的相同文本配对",
  },
  "fairness.change.cost": {
    en: "macro F1 {before} before, {after} now, change {change} [{low}, {high}]",
    zh: "宏平均 F1 原为 {before}，现为 {after}，变化 {change} [{low}, {high}]",
  },
  "report.fairness.change": { en: "Before and after the mitigation", zh: "缓解措施前后" },
  "report.fairness.before": { en: "before", zh: "之前" },
  "report.fairness.after": { en: "after", zh: "之后" },
  "report.fairness.changed": { en: "change", zh: "变化" },
  "report.fairness.flips": { en: "{axis}: answers that flip", zh: "{axis}：回答改变的比例" },
  "report.fairness.score": { en: "{axis}: largest change of a score", zh: "{axis}：得分的最大变化" },
  "report.counterfactual": { en: "The same text about somebody else", zh: "同样的文本，换一类人" },
  "report.counterfactual.text": {
    en: "Words that say who a text is about are replaced by their counterparts; the answer should stay. Of {texts} test texts {without} name nobody and say nothing here; {left} are left out because an exchange could change what they say or contradict it. Any rewording moves answers a little: so in the same texts as many neutral words are exchanged, and what counterfactuals do beyond that is what counts.",
    zh: "把说明文本涉及何人的词换成对应的词，回答应当不变。{texts} 条测试文本中有 {without} 条没有提到任何人，不计入此处；{left} 条因替换可能改变原意或自相矛盾而不用。任何改写都会使回答略有变化，因此在同样的文本中换掉同样多的中性词，超出这一变化的部分才算数。",
  },
  "report.counterfactual.axis": { en: "kind of word", zh: "词的类别" },
  "report.counterfactual.rate": { en: "answers that flip", zh: "回答改变的比例" },
  "report.counterfactual.change": { en: "largest change of a score", zh: "得分的最大变化" },
  "report.counterfactual.neutral": { en: "neutral words: answers that flip", zh: "中性词：回答改变的比例" },
  "report.counterfactual.neutralChange": { en: "neutral words: change of a score", zh: "中性词：得分变化" },
  "report.counterfactual.beyond": { en: "change beyond neutral words", zh: "超出中性词的变化" },
  "report.counterfactual.verdict": { en: "verdict", zh: "判定" },
  "report.counterfactual.rules": { en: "What was exchanged", zh: "替换了哪些词" },
  "report.counterfactual.rule": { en: "rule", zh: "规则" },
  "report.counterfactual.times": { en: "words", zh: "词数" },
  "report.counterfactual.right": {
    en: "right when read by hand, of so many pairs",
    zh: "人工阅读判定正确 / 对数",
  },
  "report.counterfactual.examples": { en: "Texts whose answers differ most", zh: "回答差异最大的文本" },
  "report.counterfactual.original": { en: "text", zh: "原文" },
  "report.counterfactual.other": { en: "about somebody else", zh: "换人之后" },
  "report.counterfactual.before": { en: "answer", zh: "回答" },
  "report.counterfactual.after": { en: "answer then", zh: "换人后的回答" },

  "report.fairness": { en: "Is every group served alike?", zh: "各群体是否被同等对待？" },
  "report.fairness.text": {
    en: "Each group of the test part beside all others. Intervals hold for all groups and attributes together, and know which rows are of one patient. A gap is found where the interval lies above what is tolerated; an attribute is within tolerance where the intervals of all its groups lie below; else these rows do not tell. The smallest gap that would be found four times in five stands beside it. Groups under {smallest} rows are not shown, nor what would give them away.",
    zh: "测试集中每个分组与其余各组的比较。区间对所有分组和属性同时成立，并考虑了哪些行属于同一患者。区间整体高于可容忍值时，判定发现差距；一个属性所有分组的区间都低于可容忍值时，判定在容忍范围内；否则这些行不足以判定。表中同时列出五次中有四次能发现的最小差距。少于 {smallest} 行的分组不显示，会泄露它们的分组也不显示。",
  },
  "report.fairness.besideMajority": {
    en: "All rows: {measure} {value}. The most frequent answer, given to every row, has {baseline}.",
    zh: "全部行：{measure} {value}。对每行都给出最常见的答案，得分为 {baseline}。",
  },
  "report.fairness.besideMean": {
    en: "All rows: {measure} {value}. The mean, given to every row, has {baseline}.",
    zh: "全部行：{measure} {value}。对每行都给出均值，得分为 {baseline}。",
  },
  "report.fairness.notBetter": {
    en: "The answers are no better than that: equal groups would not make them useful.",
    zh: "这些回答并不优于它：即使各组相同，也不说明回答有用。",
  },
  "report.fairness.side.below": { en: "{measure} (lower)", zh: "{measure}（偏低）" },
  "report.fairness.side.above": { en: "{measure} (higher)", zh: "{measure}（偏高）" },
  "report.fairness.detectable": { en: "smallest gap that would be found", zh: "能发现的最小差距" },
  "report.fairness.gaps": { en: "The group furthest behind, by attribute", zh: "各属性中落后最多的分组" },
  "report.fairness.worse": { en: "worse by (below 0: better)", zh: "差距（负值为更好）" },
  "report.fairness.tolerated": { en: "tolerated", zh: "可容忍" },
  "report.fairness.measure": { en: "measure", zh: "指标" },
  "report.fairness.verdict": { en: "verdict", zh: "判定" },
  "report.fairness.by": { en: "Measures by {attribute}", zh: "按 {attribute} 的各项指标" },
  "report.fairness.overall": { en: "all rows", zh: "全部" },

  "fairness.measure.accuracy": { en: "accuracy", zh: "准确率" },
  "fairness.measure.precision": { en: "precision", zh: "精确率" },
  "fairness.measure.truePositiveRate": { en: "true positive rate", zh: "真正率" },
  "fairness.measure.falsePositiveRate": { en: "false positive rate", zh: "假正率" },
  "fairness.measure.trueNegativeRate": { en: "true negative rate", zh: "真负率" },
  "fairness.measure.falseNegativeRate": { en: "false negative rate", zh: "假负率" },
  "fairness.measure.selectionRate": { en: "selection rate", zh: "选择率" },
  "fairness.measure.f1": { en: "F1", zh: "F1" },
  "fairness.measure.recall": { en: "recall", zh: "召回率" },
  "fairness.measure.auc": { en: "AUC", zh: "AUC" },
  "fairness.measure.macroF1": { en: "macro F1", zh: "宏平均 F1" },
  "fairness.measure.macroTruePositiveRate": { en: "mean true positive rate", zh: "平均真正率" },
  "fairness.measure.macroFalsePositiveRate": { en: "mean false positive rate", zh: "平均假正率" },
  "fairness.measure.macroAuc": { en: "mean AUC", zh: "平均 AUC" },
  "fairness.measure.macroBpsnAuc": { en: "mean BPSN AUC", zh: "平均 BPSN AUC" },
  "fairness.measure.macroBnspAuc": { en: "mean BNSP AUC", zh: "平均 BNSP AUC" },
  "fairness.measure.calibrationError": { en: "calibration error", zh: "校准误差" },
  "fairness.measure.exactMatch": { en: "all labels right", zh: "标签全对" },
  "fairness.measure.hammingLoss": { en: "share of wrong labels", zh: "错误标签比例" },
  "fairness.measure.mae": { en: "mean absolute error", zh: "平均绝对误差" },
  "fairness.measure.mse": { en: "mean squared error", zh: "均方误差" },
} as const;
