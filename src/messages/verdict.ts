// Text of a report's first screen: how good the model is, for whom it is worse, what to do next.
export const verdictMessages = {
  "verdict.title": { en: "Verdict", zh: "结论" },
  "verdict.good": { en: "How good is it?", zh: "效果如何？" },
  "verdict.whom": { en: "For whom is it worse?", zh: "对谁更差？" },
  "verdict.next": { en: "What to do next?", zh: "下一步做什么？" },

  "verdict.scores": {
    en: "{score} on the same {rows} test rows: {list}.",
    zh: "同样 {rows} 行测试数据上的{score}：{list}。",
  },
  "verdict.task": { en: "{task}: {lead}", zh: "{task}：{lead}" },
  "verdict.alone": {
    en: "There is no baseline, so nothing shows whether the model is useful.",
    zh: "没有基线，无法说明模型是否有用。",
  },
  "verdict.unmeasured": { en: "The model was not measured on a test set.", zh: "模型没有在测试集上评估。" },

  "verdict.gap": { en: "{group} ({attribute}): gap found.", zh: "{group}（{attribute}）：发现差距。" },
  "verdict.gaps": {
    en: "{group} ({attribute}): gap found. The audit found {count} gaps in all.",
    zh: "{group}（{attribute}）：发现差距。审计共发现 {count} 处差距。",
  },
  "verdict.undetermined": {
    en: "Not determined: the audit has too few rows to rule out a gap.",
    zh: "无法判定：审计的数据太少，不能排除差距。",
  },
  "verdict.worse": {
    en: "Worse for {group} ({attribute}). It is not determined whether the limit is exceeded.",
    zh: "{group}（{attribute}）更差，但无法判定是否超过限值。",
  },
  "verdict.within": {
    en: "No gap detected: all compared groups are within the limit.",
    zh: "未发现差距：所有比较过的分组都在限值内。",
  },
  "verdict.largest": { en: "Largest difference, {gap}.", zh: "最大差异，{gap}。" },
  "verdict.incomparable": {
    en: "Groups were named, but no two of them have enough rows to compare.",
    zh: "指定了分组，但没有两个分组有足够的数据可供比较。",
  },
  "verdict.unaudited": {
    en: "Not determined: the fairness audit was not run.",
    zh: "无法判定：没有运行公平性审计。",
  },
  "verdict.worst": {
    en: "Worst {score}: {value} [{low}, {high}] for {group} ({attribute}).",
    zh: "{score}最差的分组：{group}（{attribute}），{value} [{low}, {high}]。",
  },
  "verdict.noGroups": {
    en: "Unknown: no groups were named.",
    zh: "未知：没有指定分组。",
  },

  "verdict.next.released": {
    en: "This model is released. Check its signatures before use: concord verify FOLDER.",
    zh: "该模型已发布。使用前请检查签名：concord verify 文件夹。",
  },
  "verdict.next.pretrained": {
    en: "Do not release this model. Start from a pretrained model (model.from) and run again.",
    zh: "请勿发布该模型。请从预训练模型开始（model.from），然后重新运行。",
  },
  "verdict.next.improve": {
    en: "Do not release this model. Add training rows (now {rows}) or tune adapt, and run again.",
    zh: "请勿发布该模型。请增加训练数据（现有 {rows} 行）或调整 adapt，然后重新运行。",
  },
  "verdict.next.gap": {
    en: "Reduce the gap before release: add training rows of {group}, or set adapt.mitigation.",
    zh: "发布前请缩小差距：增加 {group}的训练数据，或设置 adapt.mitigation。",
  },
  "verdict.next.gapRows": {
    en: "Reduce the gap before release: add training rows of {group} (now {rows} of {all}), or set adapt.mitigation.",
    zh: "发布前请缩小差距：增加 {group}的训练数据（现有 {rows} 行，共 {all} 行），或设置 adapt.mitigation。",
  },
  "verdict.next.simple": {
    en: "The baseline may be enough. Use it, or add training rows (now {rows}) and run again.",
    zh: "基线可能已经足够。请使用基线，或增加训练数据（现有 {rows} 行）后重新运行。",
  },
  "verdict.next.testRows": {
    en: "Add test rows: some classes have too few (now {rows} rows in all).",
    zh: "请增加测试数据：部分类别的测试行太少（现共 {rows} 行）。",
  },
  "verdict.next.measure": {
    en: "Add a test set (data.split.test) and run again.",
    zh: "请添加测试集（data.split.test），然后重新运行。",
  },
  "verdict.next.units": {
    en: "Add test rows of {group}. It has {units} independent units, so only gaps above {detectable} are likely to be found.",
    zh: "请增加 {group}的测试数据。它只有 {units} 个独立单位，大概只能检出大于 {detectable} 的差距。",
  },
  "verdict.next.few": {
    en: "Add test rows of {group}. It has only {units} independent units.",
    zh: "请增加 {group}的测试数据。它只有 {units} 个独立单位。",
  },
  "verdict.next.compare": {
    en: "Add test rows of the smaller groups and run the audit again.",
    zh: "请增加较小分组的测试数据，然后重新运行审计。",
  },
  "verdict.next.groups": {
    en: "Name the columns of groups, such as sex or region, in data.attributes. Then run again with an audit.",
    zh: "请在 data.attributes 中指定分组列（如性别或地区），然后重新运行并审计。",
  },
  "verdict.next.audit": {
    en: "Audit the groups before release: concord audit RUN.",
    zh: "发布前请审计各分组：concord audit 运行文件夹。",
  },
  "verdict.next.release": {
    en: "Set the limits for release: concord policy init RUN. Then sign: concord release RUN.",
    zh: "请设定发布限值：concord policy init 运行文件夹。然后签署：concord release 运行文件夹。",
  },
} as const;
