// Chinese of the recipe keys of single tasks and heads. See descriptions-zh.ts.
export const headDescriptions: Readonly<Record<string, string>> = {
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
};
