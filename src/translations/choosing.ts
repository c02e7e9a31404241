// Chinese of what is wrong with questions that bring their own choices. See reading.ts.
export const choosingFaults: Readonly<Record<string, string>> = {
  "only multiple choice has choices: set task: multiple-choice": "只有选择题有选项：请设置 task: multiple-choice",
  "choices are texts so far: set modality: text": "选项目前只能是文本：请设置 modality: text",
  "name the column of the choices, or the columns": "请指明选项所在的一列或多列",
  "each row has its own choices, and no label is another row's: leave it out":
    "每行自带选项，与其他行没有共同的标签：请去掉该项",
  "choices are scored from the first token: leave it out": "选项由首个词元打分：请去掉该项",
  "choices are learned by plain cross-entropy: leave it out": "选择题以普通交叉熵学习：请去掉该项",
  "a row becomes as many texts as it has choices, and private training bounds each by itself: leave it out":
    "一行会按选项数成为多条文本，而差分隐私训练逐条限制：请去掉该项",
  "mitigation changes decisions about labels, and choices are none: leave it out":
    "缓解措施改变的是标签决策，而选项不是标签：请去掉该项",
  "models that choose are not compressed so far: leave it out": "目前不压缩选择题模型：请去掉该项",
  "a whole model that chooses among answers": "在答案中选择的完整模型",
  "a row is no question with choices": "该行不是带选项的问题",
  "a text in {0}, and choices in {1}": "{0} 中的文本，以及 {1} 中的选项",
  "a model that chooses among answers gives no labels to look at": "在答案中选择的模型不给出可供查看的标签",
  "the time of one row is not measured of a model that writes, chooses or makes vectors":
    "对生成文本、选择答案或生成向量的模型，不测量单行用时",
  "the model chooses among the answers of each question: it has no labels":
    "该模型在每个问题自带的答案中选择：没有标签",
  "the model chooses among answers, and the question has none": "该模型在答案中选择，而问题没有自带答案",
  "a text, the text that the choices go on from, and two choices or more, with tabs between":
    "一条文本、选项所接的文本，以及两个或更多选项，以制表符分隔",
  "a question and two choices or more, with tabs between; or --file with their columns":
    "一个问题和两个或更多选项，以制表符分隔；或用 --file 给出含这些列的数据表",
  "the model chooses among answers: it does not write": "该模型在答案中选择：不生成文本",
  "choices are a list of texts, ARC's {label, text}, or a column each: data.choices; data.separator divides those of one field":
    "选项为文本列表、ARC 的 {label, text}，或各占一列：data.choices；data.separator 分隔同一字段中的选项",
  "name the columns of all choices: data.choices": "请指明所有选项的列：data.choices",
  "a label is a number from 0, a letter from A, the choice's own name, or its text: data.label":
    "标签为从 0 起的编号、从 A 起的字母、选项自己的名称或其文本：data.label",
  "write the label as a letter, A for the first choice: data.label": "请把标签写成字母，第一个选项为 A：data.label",
  "the field of the choices holds no list of texts": "选项字段不是文本列表",
  "the row has fewer than two choices": "该行的选项少于两个",
  "the label names none of the row's choices": "标签不对应该行的任何选项",
  "the label may mean two of the row's choices": "标签可能指该行的两个选项",
  "the model chooses among answers: it gives no texts, vectors or explanations":
    "该模型在答案中选择：不给出文本、向量或解释",
  "the model does not choose among answers": "该模型不在多个答案中选择",
  "text, and choices: two or more": "text，以及两个或更多 choices",
  "text, pair, choices": "text、pair、choices",
  "text, choices": "text、choices",
  "a text is empty or too long": "文本为空或过长",
  "texts of at most {0} characters": "不超过 {0} 个字符的文本",
  "choices without the text that they answer": "给出了选项，却没有所回答的文本",
};
