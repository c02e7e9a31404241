// Chinese of what is wrong with heads and their settings. See reading.ts.
export const headFaults: Readonly<Record<string, string>> = {
  "a model that writes texts or makes vectors gives no labels to look at": "生成文本或向量的模型不给出可供查看的标签",
  "a model that finds answers in texts gives no labels to look at": "在文本中找答案的模型不给出可供查看的标签",
  "only answers in texts have a start: leave it out": "只有文本中的答案才有起点：请去掉该项",
  "only answers in texts are found so: set task: question-answering, or leave it out":
    "只有文本中的答案这样查找：请设置 task: question-answering，或去掉该项",
  "questions are answered from texts: set modality: text": "问题由文本回答：请设置 modality: text",
  "name the column of the texts that hold the answers": "请指明含有答案的文本所在的列",
  "name the column of the answers": "请指明答案所在的列",
  "answers in texts are no labels: leave it out": "文本中的答案不是标签：请去掉该项",
  "answers in texts are learned by Concord itself: leave it out": "文本中的答案由 Concord 自身训练：请去掉该项",
  "the answer itself may not be hidden: leave it out": "不可遮盖答案本身：请去掉该项",
  "a long text becomes several examples, and private training bounds each by itself: leave it out":
    "长文本会成为多个样本，而差分隐私训练逐个限制样本：请去掉该项",
  "mitigation changes decisions about labels, and answers in texts are none: leave it out":
    "缓解措施改变的是标签决策，而文本中的答案不是标签：请去掉该项",
  "this audit looks at labels, numbers or entities: leave it out": "该审计只涉及标签、数值或实体：请去掉该项",
  "this audit does not look at answers of this task": "该审计不涉及此任务的答案",
  "a task with labels, numbers, entities or answers in texts": "有标签、数值、实体或文本中答案的任务",
  "models that find answers are not compressed so far: leave it out": "目前不压缩查找答案的模型：请去掉该项",
  "its label is no span of tokens": "其标签不是词元区间",
  "Int32Array [first, last] of {0}": "Int32Array [首, 末]，共 {0} 个词元",
  "this objective does not learn where answers lie": "该目标不学习答案的位置",
  "the model finds no answers in texts": "该模型不在文本中找答案",
  "a model trained with task: question-answering, or a folder of a ForQuestionAnswering class":
    "以 task: question-answering 训练的模型，或 ForQuestionAnswering 类的文件夹",
  "a whole model that finds answers": "查找答案的完整模型",
  "the model finds answers in texts: it has no labels": "该模型在文本中找答案：没有标签",
  "the model finds answers in texts: it does not write": "该模型在文本中找答案：不生成文本",
  "the second text does not hold the answer where it should stand": "第二条文本在应有位置没有该答案",
  "the field of the answers holds something else": "答案字段的内容不是答案",
  "check data.start and its unit, data.offsets; an answer has the very words of the text":
    "请检查 data.start 及其单位 data.offsets；答案须与文本原文一致",
  'an answer is a text, a list of texts, or SQuAD\'s [{"text", "answer_start"}]: data.answer':
    '答案应为文本、文本列表，或 SQuAD 的 [{"text", "answer_start"}]：data.answer',
  "only text generation and question answering learn answers: set task": "只有文本生成与问答任务学习答案：请设置 task",
  triplet: "三元组训练",
  cosine: "余弦训练",
  cosent: "CoSENT 训练",
  neighbours: "近邻训练",
  "neighbours.scale is wrong": "neighbours.scale 有误",
  "a number above 0 and up to 1000": "大于 0 且不超过 1000 的数",
  "triplet.margin is wrong": "triplet.margin 有误",
  "a number from 0 to 2": "0 到 2 之间的数",
  "example {0} has no second text": "第 {0} 个样本没有第二条文本",
  "example {0} has no {1}": "第 {0} 个样本没有 {1}",
  "second text": "第二条文本",
  "text that does not belong to it": "不属于它的文本",
  "the model makes no vectors of texts": "该模型不生成文本向量",
  "a model trained with task: embeddings, or a folder of sentence-transformers":
    "以 task: embeddings 训练的模型，或 sentence-transformers 的文件夹",
  "{0} is for bare encoders of texts": "{0} 只适用于不带头的文本编码器",
  '{ "pooling": "mean", "cls", "max" or "last", "normalize": true or false }':
    '{ "pooling": "mean"、"cls"、"max" 或 "last", "normalize": true 或 false }',
  "a model without a head": "不带头的模型",
  "the first token of this model sees no other": "该模型的首个词元看不到其他词元",
  "the last token is read of models that look back only": "只有单向模型才读取最后一个词元",
  "pooling mean, cls or max": "pooling 为 mean、cls 或 max",
  "pooling last, mean or max": "pooling 为 last、mean 或 max",
  "modules.json has modules that are not covered": "modules.json 中有不支持的模块",
  "Transformer, Pooling and, at most, Normalize, the first in the folder itself":
    "Transformer、Pooling，至多再加 Normalize，且第一个位于文件夹本身",
  "do_lower_case of sentence-transformers is not covered": "不支持 sentence-transformers 的 do_lower_case",
  "false: the tokenizer itself reads capital letters as small ones, where the model wants that":
    "false：若模型需要小写，由分词器自行处理",
  "a whole encoder": "完整的编码器",
  "the model makes vectors of texts: it has no labels": "该模型生成文本向量：没有标签",
  "the model makes vectors of texts: it does not write": "该模型生成文本向量：不生成文本",
  "there is no table whose rows could be near": "没有可供查找邻近行的数据表",
  "the table has no text": "数据表中没有文本",
  "a column of texts": "文本列",
  "the model makes vectors of texts: it gives no labels, texts or explanations":
    "该模型生成文本向量：不给出标签、文本或解释",
  "POST /v1/embeddings": "POST /v1/embeddings",
  "only embeddings learn from texts that do not belong together: leave it out":
    "只有向量任务从不相属的文本学习：请去掉该项",
  "only embeddings are read from the last token: use cls, mean or max":
    "只有向量任务读取最后一个词元：请用 cls、mean 或 max",
  "only embeddings are learned so: set task: embeddings, or leave it out":
    "只有向量任务这样学习：请设置 task: embeddings，或去掉该项",
  "embeddings are learned of texts so far: set modality: text": "目前只学习文本的向量：请设置 modality: text",
  "embeddings are learned from pairs: name the column of the second text": "向量由文本对学习：请指明第二条文本所在的列",
  "triplets need a text that does not belong to the first: name its column, or use loss: ranking":
    "三元组需要一条不属于第一条的文本：请指明其所在列，或用 loss: ranking",
  "embeddings have no labels: leave it out": "向量任务没有标签：请去掉该项",
  "vectors of texts have no head: leave it out": "文本向量没有头：请去掉该项",
  "the loss couples the texts of a batch, and private training bounds each by itself: leave it out":
    "损失把一批文本联系在一起，而差分隐私训练逐个限制：请去掉该项",
  "an example reads several texts, and private training bounds each by itself: leave it out":
    "一个样本读取多条文本，而差分隐私训练逐个限制：请去掉该项",
  "mitigation changes decisions about labels, and vectors have none: leave it out":
    "缓解措施改变对标签的决策，而向量没有标签：请去掉该项",
  "models of vectors are not compressed so far: leave it out": "目前不压缩向量模型：请去掉该项",
  "the folder's pooling is not covered": "不支持该文件夹的池化方式",
  "{0} crf is for models that label words": "{0} 为 crf 只适用于标注词的模型",
  "only labels have a focal loss: leave it out": "只有标签任务有 focal 损失：请去掉该项",
  "a CRF learns whole sequences, which no focal loss weighs: leave it out":
    "CRF 学习整个序列，focal 损失不适用：请去掉该项",
  "a focal loss has no label smoothing: use one of both": "focal 损失不带标签平滑：二者取一",
  "only entities have tags of words to decide: use linear or mlp, or leave it out":
    "只有实体任务需要决定词的标记：请用 linear 或 mlp，或去掉该项",
  "tags of words are decided by one layer or a CRF: use linear or crf": "词的标记由单层或 CRF 决定：请用 linear 或 crf",
  "only models that give a text labels or a number have a head to choose: leave it out":
    "只有给文本打标签或数值的模型才可选择头：请去掉该项",
  "only models that give a text labels or a number pool by attention: use another pooling, or leave it out":
    "只有给文本打标签或数值的模型才用注意力池化：请用其他池化，或去掉该项",
  "{0} is for models that answer about whole texts": "{0} 只适用于对整条文本作答的模型",
  "a head for sequence classification": "序列分类头",
  "{0} is for models that read texts": "{0} 只适用于读取文本的模型",
  "an encoder of texts": "文本编码器",
  "pooling mean, max or attention": "pooling 为 mean、max 或 attention",
  '{ "pooling": {0}; "layer": {1}; "hidden", "activation", "dropout" }':
    '{ "pooling": {0}；"layer": {1}；"hidden"、"activation"、"dropout" }',
  "a folder of a ForMultipleChoice class": "ForMultipleChoice 类的文件夹",
  "a prompt has nothing to choose from": "该提示没有可供选择的答案",
  "two choices or more": "两个或更多选项",
  "choices need a model that scores one choice at a time": "选择题需要逐个给选项打分的模型",
  "its label is not one of its choices": "其标签不是选项之一",
  "this objective does not learn choices": "该目标不学习选择题",
  "a head for ordered classes needs their names, from the lowest to the highest": "有序类别的头需要从低到高的类别名称",
  "id2label with two classes or more": "含两个或更多类别的 id2label",
  "{0} classes": "{0} 个类别",
  "the classes have no order: they are no numbers, and data.labels does not list them":
    "类别没有顺序：既不是数字，data.labels 也未列出",
  "data.labels: the classes from the lowest to the highest": "data.labels：从低到高的类别",
  "data: { labels: [{0}] }, in their order": "data: { labels: [{0}] }，按其顺序",
  "classes in an order are told by thresholds on one score, which no linear head replaces: use group-thresholds or linear-post":
    "有序类别由一个分数的阈值决定，线性头不能替换：请用 group-thresholds 或 linear-post",
  "studies learn classes without an order so far: use single-label": "联合研究目前只学习无序类别：请用 single-label",
  "only single labels are weighed by their rows: leave it out": "只有单标签任务按行数加权：请去掉该项",
  "weights come from counts of the rows, which private training does not cover: leave it out":
    "权重来自各类行数，不在私有训练的保证之内：请去掉该项",
  "studies learn with the plain loss so far: leave it out": "研究目前只使用普通损失：请去掉该项",
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
  "pairs with a number have no text that does not belong to them: leave it out":
    "带数值的文本对没有不相属的文本：请去掉该项",
  "only pairs with a number have a range: use loss: cosine or cosent, or leave it out":
    "只有带数值的文本对才有取值范围：请用 loss: cosine 或 cosent，或去掉该项",
  "the least and the largest number, such as [0, 5]": "最小值与最大值，例如 [0, 5]",
  "pairs with a number are not searched: leave it out": "带数值的文本对不做检索：请去掉该项",
  "the number of a pair lies outside of adapt.embedding.range": "文本对的数值超出 adapt.embedding.range",
  "set adapt.embedding.range to the least and the largest number that data.label may have":
    "请将 adapt.embedding.range 设为 data.label 可取的最小值与最大值",
  "example {0} has no number that says how alike its texts are": "第 {0} 个样本没有表示文本相似程度的数值",
  "cosent.scale is wrong": "cosent.scale 有误",
  "{0}: heads are wrong": "{0}：头有误",
  "two heads or more": "两个或更多头",
  "a name for each head": "每个头各有名称",
  "the labels of a model are not those of its heads": "模型的标签与其各个头的标签不符",
  "the model has several heads: no one answer is its own": "模型有多个头：没有单一的回答",
  "a model with one head; for several predict.headsAnswers of its logits":
    "单头模型；多头模型请对其 logits 使用 predict.headsAnswers",
  "the model has one head, not several": "模型只有一个头",
  "a model with task_heads in its config.json": "config.json 中含 task_heads 的模型",
  "several heads are not distilled so far": "目前不支持蒸馏多头模型",
  "a model with one head, or distil.logits 0": "单头模型，或 distil.logits 为 0",
  "a Float32Array of {0} values": "含 {0} 个值的 Float32Array",
  "example {0}: its label is not that of the model's heads": "第 {0} 个样本：其标签与模型的头不符",
};
