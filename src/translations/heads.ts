// Chinese of what is wrong with heads and their settings. See reading.ts.
export const headFaults: Readonly<Record<string, string>> = {
  "{0} crf is for models that label words": "{0} 为 crf 只适用于标注词的模型",
  "only entities have tags of words to decide: leave it out": "只有实体任务逐词决定标签：请去掉该项",
  "private training cannot bound what one text adds to the transitions of a CRF: use head: linear":
    "私有训练无法限制单条文本对 CRF 转移分数的影响：请用 head: linear",
  "studies learn linear heads together so far: use head: linear": "研究目前只共同训练线性头：请用 head: linear",
  "logits of a CRF head are scores of a sequence, not probabilities of words: there is nothing to compare them with":
    "CRF 头的 logits 是整个序列的分数，不是各词的概率：无从比较",
  "an entity has several parts, and a tag for each word cannot say which belong together":
    "一个实体由多段组成，而逐词的标签无法表示哪些段同属一个实体",
  'give each part as an entity of its own, or leave the entity out: [start, end, "TYPE"]':
    '请把每一段写成单独的实体，或去掉该实体：[start, end, "TYPE"]',
  "distil.logits 0, or models with a linear head": "distil.logits 为 0，或使用线性头的模型",
  "a student with a CRF head": "带 CRF 头的学生模型",
  "a teacher with a CRF head": "带 CRF 头的教师模型",
  "the model has a CRF head and its file does not give transitions": "模型带 CRF 头，而其文件没有给出转移分数",
  "an output transitions [labels + 2, labels]": "输出 transitions [标签数 + 2, 标签数]",
  "export the model again with this version": "请用当前版本重新导出模型",
};
