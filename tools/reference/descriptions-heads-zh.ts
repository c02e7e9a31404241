// Chinese of the recipe keys of single tasks and heads. See descriptions-zh.ts.
export const headDescriptions: Readonly<Record<string, string>> = {
  "multi-task: the tasks that one encoder learns, each with a head of its own, by name. A row may lack labels of some of them.":
    "multi-task：一个编码器学习的各个任务，按名称列出，各有自己的头。一行可以缺少其中一些任务的标签。",
  "What the head predicts of the whole text. single-label: one class; multi-label: any number of classes; regression: a number. Tags of words, classes in an order and written texts need a model of their own.":
    "该头对整条文本预测什么。single-label：一个类别；multi-label：任意多个类别；regression：一个数值。词的标注、有序类别和文本生成需要各自的模型。",
  "Column of its labels or numbers. Default: the task's name.": "其标签或数值所在的列。默认为任务的名称。",
  "Factor on its loss, and its weight in the score of the validation set.":
    "其损失的系数，也是它在验证集得分中的权重。",
  "As data.labels, of this task.": "同 data.labels，用于该任务。",
  "As data.separator, of this task.": "同 data.separator，用于该任务。",
  "As data.rename, of this task.": "同 data.rename，用于该任务。",
  "Labels that count as none. A row without another label is left out.": "视为没有的标签。没有其他标签的行会被略去。",
  "As adapt.targets, of this task.": "同 adapt.targets，用于该任务。",
  "Text generation: column with the answer to data.text. Default: none; the text itself is learned, or the assistant's messages if it is a chat. Question answering: column with the answers, as they stand in data.pair; empty: there is none.":
    "文本生成：对 data.text 的回答所在的列。默认没有：学习文本本身；文本为对话时学习 assistant 的消息。问答：答案所在的列，与 data.pair 中的原文一致；空表示没有答案。",
  "Question answering: column with the place in data.pair where the answer begins, in units of data.offsets. Default: the answer's first occurrence, or as SQuAD's answer_start says.":
    "问答：答案在 data.pair 中起点所在的列，单位为 data.offsets。默认为答案首次出现之处，或 SQuAD 的 answer_start 所示之处。",
  "Question answering: how answers are found.": "问答：如何找到答案。",
  "Multiple choice: column with the list of choices, or a column for each of them. A list holds texts, or ARC's labels and texts. Where there is data.pair, each choice goes on from it.":
    "选择题：选项列表所在的列，或每个选项各一列。列表由文本组成，或如 ARC 那样由标签和文本组成。有 data.pair 时，每个选项接在其后。",
  "ranking: of all second texts of a batch, a text's own is the nearest. triplet: it is nearer than the text in data.negative, by a margin. cosine: the cosine of a pair is the number in data.label. cosent: cosines have the order of these numbers.":
    "ranking：同一批的所有第二条文本中，自己的那条最近；triplet：它比 data.negative 中的文本更近，差距不小于 margin；cosine：文本对的余弦等于 data.label 中的数值；cosent：余弦的次序与这些数值一致。",
  "ranking and cosent: factor on the cosine similarities.": "ranking 与 cosent：余弦相似度的系数。",
  "cosine and cosent: least and largest number in data.label. cosine learns them as 0 and 1.":
    "cosine 与 cosent：data.label 的最小值与最大值；cosine 分别当作 0 与 1 学习。",
  "Text generation: how texts are written unless asked otherwise. Saved as generation_config.json. Default: as in the folder of model.from.":
    "文本生成：未另行要求时如何生成文本，保存为 generation_config.json。默认沿用 model.from 文件夹中的设置。",
  "Most tokens of a continuation. Default 128.": "续写的最多词元数。默认 128。",
  "Sampling temperature. Default 0: the most probable token.": "采样温度。默认 0：取概率最高的词元。",
  "Only the k most probable tokens. Default 0: all.": "只从概率最高的 k 个词元中采样。默认 0：全部。",
  "Only the most probable tokens up to this total probability. Default 1: all.":
    "只从累计概率达到此值的词元中采样。默认 1：全部。",
  "Only tokens with at least this share of the highest probability. Default 0.":
    "只采样概率不低于最高概率此比例的词元。默认 0。",
  "Penalty on tokens that have occurred. Default 1: none.": "对已出现词元的惩罚。默认 1：无。",
  "No sequence of so many tokens occurs twice. Default 0.": "任何此长度的词元序列不重复出现。默认 0：不限制。",
  "Number of beams. Default 1.": "束搜索的束数。默认 1。",
  "Exponent of the length when beams are compared. Default 1.": "比较各束时长度的指数。默认 1。",
  "Texts before which a continuation ends. Default none.": "遇到这些文本即停止（不含该文本）。默认没有。",
};
