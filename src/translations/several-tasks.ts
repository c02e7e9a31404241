// Chinese of what is wrong with several tasks on one encoder. See reading.ts.
export const taskFaults: Readonly<Record<string, string>> = {
  "the model has several heads: no one answer is to be explained so far": "模型有多个头：目前不解释其回答",
  "a model with one head": "单头模型",
  "names that begin with a letter, of letters, digits, spaces, _ and -":
    "名称以字母开头，由字母、数字、空格、_ 和 - 组成",
  "two to 64 tasks; a single one needs no name: set task and data.label":
    "2 至 64 个任务；单个任务无需名称：请设置 task 和 data.label",
  "only multi-task has several tasks: set task: multi-task": "只有 multi-task 有多个任务：请设置 task: multi-task",
  "name the tasks, each with its column: tasks: { urgency: { task: single-label, label: urgency } }":
    "请列出各任务及其列：tasks: { urgency: { task: single-label, label: urgency } }",
  "several heads read texts so far: set modality: text": "多个头目前只读取文本：请设置 modality: text",
  "each task has its own column: tasks.NAME.label": "每个任务有自己的列：tasks.NAME.label",
  "each task has its own separator: tasks.NAME.separator": "每个任务有自己的分隔符：tasks.NAME.separator",
  "each task has its own labels: write it in the task's section, tasks.NAME":
    "每个任务有自己的标签：请写在该任务的部分 tasks.NAME 中",
  "labels of several heads are not smoothed so far: leave it out": "目前不平滑多个头的标签：请去掉该项",
  "each task has its own mean and standard deviation: tasks.NAME.targets":
    "每个任务有自己的均值与标准差：tasks.NAME.targets",
  "mitigation changes decisions of one head: leave it out": "缓解措施改变单个头的决策：请去掉该项",
  "audits look at models with one head so far: leave it out": "审计目前只支持单头模型：请去掉该项",
  "models with several heads are not compressed so far: leave it out": "目前不压缩多头模型：请去掉该项",
  "models with several heads are not compressed so far": "目前不压缩多头模型",
  "studies learn one task together so far: leave it out": "研究目前只共同学习一个任务：请去掉该项",
  "numbers have no labels: leave it out": "数值没有标签：请去掉该项",
  "only several labels are separated: leave it out": "只有多标签才需要分隔：请去掉该项",
  "there is nothing to learn: check that {0}.label names the right column":
    "没有可学习的内容：请检查 {0}.label 是否指向正确的列",
  "a model with several heads gives no one label to look at": "多头模型不给出单一的标签",
  "rows with a label of each task": "每个任务都有带标签的行",
  "no training row has a label of the task {0}": "没有训练行带有任务 {0} 的标签",
  "rows of every task in training": "训练集中有每个任务的行",
  "{0} rows, all of them for validation or test": "{0} 行，全部用于验证或测试",
  "add rows with such a label, or leave the task out": "请添加带有该标签的行，或去掉该任务",
};
