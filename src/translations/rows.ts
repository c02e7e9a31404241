// Chinese of what is wrong with rows, labels, spans and parts. See reading.ts.
export const rowFaults: Readonly<Record<string, string>> = {
  "read texts": "读取文本",
  evaluate: "评估",
  split: "划分",
  "there is no column {0}": "没有名为 {0} 的列",
  "there is no column {0}, by which this model's thresholds go": "没有列 {0}，而该模型的阈值按此列区分",
  "the column {0} beside the texts": "文本之外的列 {0}",
  "add the column, or --group VALUE where all texts are of one {0}":
    "请添加该列；若所有文本的 {0} 相同，可用 --group VALUE",
  "did you mean {0}? Use {1} {2}": "是否为 {0}？请使用 {1} {2}",
  "use {0} with one of them": "请用 {0} 指定其中一列",
  "the first line looks like a row: name the columns with data.columns: [text, label], or add a line of names":
    "首行看似数据：请用 data.columns: [text, label] 给出列名，或添加表头",
  "did you mean {0}? Set {1}: {2}": "是否为 {0}？请设置 {1}: {2}",
  "did you mean {0}?": "是否为 {0}？",
  "set {0} to one of them": "请把 {0} 设为其中之一",
  "the row names the column {0} in another spelling": "该行中列名 {0} 的写法不同",
  "correct the name in this row": "请改正该行的列名",
  "only {0} rows can be used: scores of so few say almost nothing":
    "只有 {0} 行可用：行数如此之少，得分几乎不能说明什么",
  "{0} of {1} rows are left out ({2} repeats, {3} rejected, {4} excluded by label)":
    "{1} 行中略去了 {0} 行（重复 {2} 行，拒绝 {3} 行，按标签排除 {4} 行）",
  "{0} of {1} rows have no text": "{1} 行中有 {0} 行没有文本",
  "the numbers to predict count the rows: they look like an id": "要预测的数值是逐行递增的编号，看似 id",
  "the label has {0} different values in {1} rows: it looks like an id": "标签列在 {1} 行中有 {0} 个不同的值，看似 id",
  "labels that many rows share": "多行共有的标签",
  "name the column of the classes: data.label": "请用 data.label 指定类别所在的列",
  "numbers to predict need task: regression": "要预测数值须用 task: regression",
  "{0} % of the rows have the label {1}: always answering it looks good by accuracy":
    "{0} % 的行标签为 {1}：总是预测它，准确率看上去也很高",
  "{0} of {1} test rows are also in training": "{1} 行测试数据中有 {0} 行同时出现在训练集中",
  "{0} of {1} test rows repeat another test row": "{1} 行测试数据中有 {0} 行与另一行测试数据重复",
  "{0} of {1} validation rows are also in training": "{1} 行验证数据中有 {0} 行同时出现在训练集中",
  "{0} of {1} validation rows repeat another validation row": "{1} 行验证数据中有 {0} 行与另一行验证数据重复",
  "all are kept, because the data gives the parts (data.duplicates: drop leaves them out)":
    "由于划分由数据给出，这些行全部保留（data.duplicates: drop 可将其略去）",
  "there are no rows": "没有数据行",
  "there are no rows for the part {0}": "{0} 部分没有数据行",
  "there are no rows to score": "没有可评分的数据行",
  "a header and at least one row": "表头与至少一行数据",
  "a header and at least one row with a text and a label": "表头与至少一行含文本和标签的数据",
  "add rows below the header": "请在表头下添加数据行",
  "a header only": "只有表头",
  "a header only, or nothing": "只有表头，或没有内容",
  "{0} of {1} rows cannot be used; {2} because {3}": "{1} 行中有 {0} 行无法使用；其中 {2} 行因为{3}",
  "{0} of {1} rows rejected: {2}; the first at {3}: {4}": "{1} 行中拒绝了 {0} 行：{2}；首例位于 {3}：{4}",
  "at most {0} % (data.quarantineLimit)": "最多 {0} %（data.quarantineLimit）",
  "the text is missing or empty": "文本缺失或为空",
  "a row has no text": "有一行没有文本",
  "the field of the text holds no text": "文本字段的内容不是文本",
  "the label is missing or empty": "标签缺失或为空",
  "the field holds several labels, and the task takes one": "字段含多个标签，而任务只取一个",
  "the field holds an object or places in a text, and no label": "字段内容是对象或文本中的位置，不是标签",
  "the label is a list of 0 and 1, and nothing names its places": "标签是 0/1 列表，而没有给出各位置的名称",
  "the label is not among data.labels": "标签不在 data.labels 之中",
  "the value to predict is not a finite number": "要预测的值不是有限数值",
  "the text is longer than the limit": "文本超过长度上限",
  "the tags are not as many as the words, or are no tags": "标记数与词数不符，或不是标记",
  "the tags are numbers, and nothing names them": "标记是数字，而没有给出其名称",
  "an entity does not lie in the text, or has no type": "实体不在文本范围内，或没有类型",
  "the entity's own text is not what stands at its place": "实体自带的文本与其位置上的内容不符",
  "shorten them, or raise data.longestText": "请缩短文本，或增大 data.longestText",
  "name a column of texts, of words in lists, or of chats: data.text": "请用 data.text 指定文本、词列表或对话所在的列",
  "task: multi-label learns all of them; else leave one label in each row":
    "task: multi-label 可学习全部标签；否则每行只留一个标签",
  "places in a text are for task: entities; of an object, name the field inside: data.label: column.field":
    "文本中的位置用于 task: entities；若为对象，请指定其中的字段：data.label: column.field",
  "name the places in order: data.labels: [first, second, …]": "请按顺序给出名称：data.labels: [first, second, …]",
  "add it to data.labels, or correct the row": "请加入 data.labels，或改正该行",
  "write the number alone, 1234.50, and the currency in the column's name": "请只写数值（1234.50），货币写在列名中",
  "write the number alone, 45 or 0.45, the same in all rows": "请只写数值（45 或 0.45），各行写法一致",
  "{0} numbers have signs between thousands: without them only large numbers would be left out":
    "{0} 个数值带有千位分隔符：略去它们就等于只略去大数",
  "plain numbers, such as 1234.5": "普通数值，如 1234.5",
  "write 1234.5, or say which mark begins a fraction, with data.decimal or --decimal: , reads 1.234,5 and . reads 1,234.5":
    "请写作 1234.5，或用 data.decimal 或 --decimal 指定小数点符号：, 可读取 1.234,5，. 可读取 1,234.5",
  "write 2.35 for 2,35, or say that a comma begins a fraction: data.decimal: ',' (--decimal ,)":
    "请把 2,35 写作 2.35，或指定以逗号为小数点：data.decimal: ','（--decimal ,）",
  "write all numbers with one mark: where a comma begins a fraction, 2,35 and 1.234,5 are read, and 2.35 is not":
    "请统一小数点符号：以逗号为小数点时可读取 2,35 与 1.234,5，不读取 2.35",
  "{0} numbers have a point where a comma begins a fraction (data.decimal): they would be left out, or be a thousand times too large":
    "有 {0} 个数值含有点号，而小数点为逗号（data.decimal）：它们会被略去，或被放大一千倍",
  "check that data.label names the right column; rows that are not labelled yet are left out with data.accept: [unlabelled], and pretrain.file can read their texts":
    "请检查 data.label 是否为正确的列；尚未标注的行可用 data.accept: [unlabelled] 略去，pretrain.file 可读取其文本",
  "{0} is read as {1}: its sign stands between thousands, because {2} begins a fraction":
    "{0} 读作 {1}：其中的符号为千位分隔，因为小数点是 {2}",
  "write one number for each row, such as the middle of the range": "每行请只写一个数值，例如区间的中点",
  "write the number alone, and its unit in the column's name": "请只写数值，单位写在列名中",
  "{0} is read as {1}": "{0} 按 {1} 读取",
  "if the point stands between thousands, write {0}": "若其中的点为千位分隔符，请写作 {0}",
  "all rows have the same number to predict": "所有行要预测的数值相同",
  "all training rows have the same number to predict": "所有训练行要预测的数值相同",
  "there is nothing to learn: check that data.label names the right column":
    "没有可学习的内容：请检查 data.label 是否为正确的列",
  "the numbers to predict are too large": "要预测的数值过大",
  "divide them by a constant, or predict their logarithm": "请除以一个常数，或改为预测其对数",
  "the numbers to predict differ too little for their size: mean {0}, standard deviation {1}":
    "要预测的数值相对其大小差异太小：均值 {0}，标准差 {1}",
  "subtract a constant from them, such as the first year of dates": "请减去一个常数，例如日期的起始年份",
  "check that data.label names the column of the number": "请检查 data.label 是否为数值所在的列",
  "name them in order, O first as in the data's card: data.labels: [O, B-PER, I-PER, …]":
    "请按数据说明的顺序给出名称，O 在前：data.labels: [O, B-PER, I-PER, …]",
  "one tag for each word: B-…, I-… or O; for other classes of words: data.scheme: none":
    "每个词一个标记：B-…、I-… 或 O；词的其他类别：data.scheme: none",
  'a span is [start, end, "TYPE"] or {"start", "end", "label"}':
    '片段写作 [start, end, "TYPE"] 或 {"start", "end", "label"}',
  "check that data.text and data.label name the right columns": "请检查 data.text 与 data.label 是否为正确的列",
  "{0} rows of the part {1} repeat rows of another part: left out of {2}":
    "{1} 部分有 {0} 行与其他部分的行重复：已从 {2} 中略去",
  "{0} test rows say little: scores of so few have wide intervals": "只有 {0} 行测试数据，得分说明不了多少：区间很宽",
  "all rows have the same label": "所有行的标签相同",
  "no row has a label": "没有一行有标签",
  "at least {0} different labels": "至少 {0} 个不同的标签",
  "check data.label, or collect rows of other classes": "请检查 data.label，或收集其他类别的数据",
  "labels differ by case, width or spaces only": "有标签仅大小写、全半角或空格不同",
  "one spelling of each label": "每个标签只有一种写法",
  "if they mean the same, merge them: data.rename: {0}": "若含义相同，请合并：data.rename: {0}",
  "the {0} part has a label that no training row has": "{0} 部分有训练数据中没有的标签",
  "add training rows with it, or take its rows out": "请添加含该标签的训练数据，或去掉这些行",
  'the labels seem to be separated by {0}, and not by ";"': '标签似乎以 {0} 分隔，而不是 ";"',
  "{0} labels such as {1}": "{0} 个标签，例如 {1}",
  "data.separator: {0}; if the sign belongs to the names: data.accept: [separators]":
    "data.separator: {0}；若该符号属于名称本身：data.accept: [separators]",
  "a row has no valid split": "有一行没有给出有效的部分名称",
  "write one of these names, in any case; or leave out data.split.column, and parts are drawn":
    "请写上述名称之一，不分大小写；或去掉 data.split.column，由程序划分",
  "no row is left for training": "没有剩余的训练数据",
  "no rows are left for the test set": "测试集没有剩余的数据",
  "rows that fall into several parts": "能分入多个部分的数据行",
  "name rows for {0} in the column {1}": "请在列 {1} 中指定属于 {0} 的行",
  "similar texts and rows of one group stay together: add other rows, raise data.similarity or leave out data.group":
    "相似文本与同组的行不分开：请添加其他数据、增大 data.similarity，或去掉 data.group",
  "{0} texts look as if they had been read in a wrong encoding once": "{0} 条文本看似曾以错误的编码读取",
  "{0} of {1} texts look as if they had been read in a wrong encoding once":
    "{1} 条文本中有 {0} 条看似曾以错误的编码读取",
  "{0} of {1} texts look as if they had been read in a wrong encoding once, the first at {2}":
    "{1} 条文本中有 {0} 条看似曾以错误的编码读取，首例位于 {2}",
  "texts in the characters of their language": "使用本语言字符的文本",
  "write the table again from its source, in UTF-8": "请由来源重新以 UTF-8 写出",
  "{0} of {1} spans begin or end inside a word": "{1} 个片段中有 {0} 个在词的中间开始或结束",
  "{0} of {1} spans begin or end inside a word: the model learns the whole words":
    "{1} 个片段中有 {0} 个在词的中间开始或结束：模型学习整个词",
  "spans of whole words": "由完整的词组成的片段",
  "{0} of {1} spans overlap a longer one and are left out": "{1} 个片段中有 {0} 个与更长的片段重叠，已略去",
  "spans that lie apart: each word has one tag": "互不重叠的片段：每个词只有一个标记",
  "keep one span of those that overlap": "重叠的片段请只留一个",
  "{0} spans are given twice and are read once": "{0} 个片段重复给出，只读一次",
  "if this is meant: data.accept: [{0}]": "若确实如此：data.accept: [{0}]",
  "correct the offsets: they count from 0, and the end is the place after the last character":
    "请改正位置：从 0 起算，end 为最后一个字符之后的位置",
  "{0} of {1} would fit with data.offsets: {2}": "设置 data.offsets: {2} 后，{1} 个中有 {0} 个相符",
  "{0} of {1} would fit if moved by {2}: correct the offsets in the file":
    "移动 {2} 后，{1} 个中有 {0} 个相符：请改正文件中的位置",
  "the labels are lists of 0 and 1, and nothing names their places": "标签是 0/1 列表，而没有给出各位置的名称",
  "{0} lists of {1}": "{0} 个长度为 {1} 的列表",
  "names of the labels, or their names in order": "标签的名称，或按顺序给出的名称",
  "name them in order: data.labels: [first, second, …] ({0} names)":
    "请按顺序给出：data.labels: [first, second, …]（{0} 个名称）",
  "the labels {0} are the same number: read as {1}": "标签 {0} 是同一个数：读作 {1}",
  "{0} of {1} labels have no row in the test part, and so no score: {2}":
    "{1} 个标签中有 {0} 个在测试部分没有数据，因而没有得分：{2}",
  "{0} rows have the same text as another row and another label": "{0} 行与另一行文本相同而标签不同",
  "{0} clusters of similar texts or groups lie in more than one part: scores on dev and test are too good":
    "{0} 组相似文本或同组数据跨越多个部分：验证与测试的得分偏高",
  "a row has a label that the model's head does not have": "有一行的标签不在模型的标签之中",
  "one of {0}: {1}": "以下 {0} 个之一：{1}",
  "correct the label, or train on rows that have it": "请改正标签，或用含该标签的数据训练",
  "the shares are wrong": "比例有误",
  "three shares of 0 or more that add up to 1": "三个不小于 0 且和为 1 的比例",
  nothing: "无",
  "write the table again from its source, in UTF-8; {0}": "请由来源重新以 UTF-8 写出；{0}",
};
