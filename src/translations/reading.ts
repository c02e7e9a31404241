// Chinese of what reading tables finds. The English of each entry is the sentence in the code, with {0}, {1} … for what it fills in;
// a test holds the two together.
export const readingFaults: Readonly<Record<string, string>> = {
  "read data": "读取数据",
  "read text": "读取文本",
  prepare: "数据准备",
  "the file is empty": "文件为空",
  "check that it was saved, or copied whole": "检查文件是否已保存、是否完整复制",
  "an Excel workbook or another zip archive, not a table of text": "这是 Excel 工作簿或其他 zip 压缩包，不是文本表格",
  "in Excel: Save As, CSV UTF-8 (comma delimited); of an archive: unpack it and name the table inside":
    "在 Excel 中：另存为“CSV UTF-8（逗号分隔）”；若为压缩包：解压后指定其中的表格",
  "an old Excel workbook (.xls), or one with a password, which is not read":
    "这是旧版 Excel 工作簿（.xls）或带密码的工作簿，无法读取",
  "in Excel: Save As, Excel Workbook (.xlsx) without a password, or CSV UTF-8 (comma delimited)":
    "请在 Excel 中另存为不带密码的 Excel 工作簿 (.xlsx)，或 CSV UTF-8（逗号分隔）",
  "an OpenDocument file (.ods), which is not read": "这是 OpenDocument 文件（.ods），无法读取",
  "in LibreOffice: Save As, Excel 2007-365 (.xlsx), or Text CSV":
    "请在 LibreOffice 中另存为 Excel 2007-365 (.xlsx) 或文本 CSV",
  "a workbook's name ends in .xlsx; of an archive: unpack it and name the table inside":
    "工作簿的文件名应以 .xlsx 结尾；若为压缩包，请解压并指定其中的表格",
  "the workbook is broken or cut short": "工作簿已损坏或不完整",
  "copy it again, or save it again in Excel": "请重新复制，或在 Excel 中重新保存",
  "the workbook unpacks to more than is read": "工作簿解压后的大小超过上限",
  "at most {0} files in the archive": "压缩包内最多 {0} 个文件",
  "each file at most {0} MiB, and {1} times its packed size": "每个文件最多 {0} MiB，且不超过压缩后大小的 {1} 倍",
  "at most {0} MiB in all": "合计最多 {0} MiB",
  "{0} bytes from {1} bytes": "由 {1} 字节解压为 {0} 字节",
  "{0} bytes or more": "{0} 字节或更多",
  "keep the sheet of the rows alone, or save it as CSV UTF-8": "请只保留数据所在的工作表，或另存为 CSV UTF-8",
  "a row has more cells than the header": "某行的单元格多于表头",
  "{0} columns": "{0} 列",
  "column {0}": "第 {0} 列",
  "name each column in the first row, or data.columns": "请在首行为每列命名，或使用 data.columns",
  "there is no sheet {0}": "没有工作表 {0}",
  "hidden sheets are not read": "不读取隐藏的工作表",
  "the workbook has several sheets": "工作簿有多个工作表",
  "the workbook holds nothing": "工作簿没有内容",
  "one of them by name": "按名称指定其中之一",
  "a sheet with a header and rows": "含表头与数据行的工作表",
  "no visible sheet with a value": "没有含值的可见工作表",
  "a zip archive, and no workbook": "是 zip 压缩包，不是工作簿",
  "an Excel workbook (.xlsx)": "Excel 工作簿（.xlsx）",
  "unpack it, and name the table inside": "请解压并指定其中的表格",
  "the workbook is too large": "工作簿过大",
  "save it as CSV UTF-8, which is read row by row": "请另存为 CSV UTF-8，它可逐行读取",
  "no Excel workbook, though the name says so": "文件名如此，内容却不是 Excel 工作簿",
  "an .xlsx file, without a password": "不带密码的 .xlsx 文件",
  "open it in Excel and save it as Excel Workbook (.xlsx) without a password, or as CSV UTF-8":
    "请在 Excel 中打开，另存为不带密码的 Excel 工作簿 (.xlsx) 或 CSV UTF-8",
  "the first row has merged cells: it looks like a title, or like names over several columns":
    "首行含合并单元格：看似标题，或跨多列的名称",
  "a name for each column, in the first row": "首行为每列给出名称",
  "remove the rows above the names of the columns, and unmerge the names": "请删去列名上方的行，并取消列名的合并",
  "a column has values and no name": "某列有值而没有名称",
  "correct the first row; a table without a row of names needs data.columns":
    "请改正首行；没有表头的表需要 data.columns",
  "the workbook has too many merged cells": "工作簿的合并单元格过多",
  "fewer than {0}": "少于 {0}",
  "unmerge them in Excel": "请在 Excel 中取消合并",
  "{0}: {1} merged areas are read as if each of their cells held the value": "{0}：{1} 处合并单元格按每格都有该值读取",
  "the package hucre is not installed, which reads Excel workbooks": "未安装读取 Excel 工作簿所需的 hucre 包",
  "in Excel: Save As, CSV UTF-8 (comma delimited)": "在 Excel 中：另存为“CSV UTF-8（逗号分隔）”",
  "a packed file that is not read": "不支持的压缩格式",
  "unpack it, or pack it with gzip": "请解压，或改用 gzip 压缩",
  "an Arrow file, which is not read": "这是 Arrow 文件，不支持读取",
  "save it as Parquet: dataset.to_parquet(…) in Python": "请存为 Parquet：Python 中 dataset.to_parquet(…)",
  "a database, not a table": "这是数据库，不是表格",
  "write the table out as CSV or Parquet": "请导出为 CSV 或 Parquet",
  "a PDF, not a table": "这是 PDF，不是表格",
  "write its texts into a table: CSV, JSONL or Parquet": "请把其中的文本写成表格：CSV、JSONL 或 Parquet",
  "a web page, not a table": "这是网页，不是表格",
  "download the file itself: the server sent a page": "请下载文件本身：服务器返回的是网页",
  "a pointer of Git LFS, not the file": "这是 Git LFS 指针，不是文件本身",
  "fetch the file itself: git lfs pull": "请取回文件本身：git lfs pull",
  "CSV, TSV, JSON, JSONL, Parquet or CoNLL, as it is or in gzip":
    "CSV、TSV、JSON、JSONL、Parquet 或 CoNLL，可用 gzip 压缩",
  "a header and rows": "表头与数据行",
  "the gzip file is broken or cut short": "gzip 文件已损坏或不完整",
  "copy or download it again": "请重新复制或下载",
  "neither the file's name nor its beginning tells its format": "文件名与文件开头都看不出格式",
  "give it one of these endings, or name it in the recipe: data.format":
    "请使用上述扩展名之一，或在配方中指定：data.format",
  "the folder holds tables of several formats": "文件夹中有多种格式的表格",
  "the folder holds no table": "文件夹中没有表格",
  "files of one format: {0}": "同一种格式的文件：{0}",
  "name one file of it": "请指定其中一个文件",
  "Concord downloads no data; a data set of the Hugging Face Hub: download its Parquet files first, and name the file or folder":
    "Concord 不下载数据；若为 Hugging Face Hub 的数据集：请先下载其 Parquet 文件，再指定该文件或文件夹",
  "two columns have the same name": "两列同名",
  "each column named once, in the first line": "首行中每列名称各不相同",
  "rename one of them; a table without a line of names needs data.columns":
    "请改掉其中一个；没有表头的表格请设置 data.columns",
  "a row has another number of fields than the header": "有一行的字段数与表头不同",
  "{0} fields between {1}": "以 {1} 分隔的 {0} 个字段",
  'a text that contains the delimiter must be in quotes: "…"': '含分隔符的文本须加引号："…"',
  "a quote seems to swallow {0} rows: one field runs over {1} lines that look like rows":
    "一个引号似乎吞掉了 {0} 行：某个字段跨越了 {1} 行看似数据的内容",
  "a field that ends in its row": "在本行内结束的字段",
  'a quote inside a quoted text is written twice: ""; where quotes are characters: data.quotes: false; if the text is right: data.quotes: true':
    '引号内的引号须写两遍：""；若引号只是普通字符：data.quotes: false；若文本无误：data.quotes: true',
  'a quote inside a quoted text is written twice: ""; where quotes are characters: data.quotes: false':
    '引号内的引号须写两遍：""；若引号只是普通字符：data.quotes: false',
  "a quote is opened and never closed": "引号没有闭合",
  "a quote stands where none may": "引号出现在不允许的位置",
  "a closing quote before the end of the file": "文件结束前应有闭合引号",
  "fields with or without quotes around them": "整个字段加引号，或完全不加",
  "the package {0} is not installed": "软件包 {0} 没有安装",
  "npm install {0}": "npm install {0}",
  "a line lacks the word or its tag": "有一行缺少词或其标记",
  "{0} columns: the word is number {1}, its tag number {2}; or an empty line between sentences":
    "{0} 列：第 {1} 列为词，第 {2} 列为标记；句子之间为空行",
  "complete the line, or leave it out": "请补全该行，或删除它",
  "not a line of JSON": "该行不是 JSON",
  "not a line of JSON: the line holds no object": "该行不是 JSON 对象",
  "not JSON": "不是 JSON",
  "an element of the array is no object": "数组中有元素不是对象",
  "the JSON file is too large to be read as one value": "JSON 文件过大，无法整体读取",
  "at most {0} characters": "最多 {0} 个字符",
  "write it as JSONL: one object a line; in Python: frame.to_json(path, orient='records', lines=True)":
    "请写成 JSONL：每行一个对象；Python 中 frame.to_json(path, orient='records', lines=True)",
  "the JSON value holds no rows": "JSON 中没有数据行",
  "write an array of objects, or one object a line": "请写成对象数组，或每行一个对象",
  '{"text": …, "label": …} on one line, or an array of such objects':
    '每行一个 {"text": …, "label": …}，或这样的对象组成的数组',
  "correct the line that is named; each line has to be whole": "请改正所指的那一行；每行须完整",
  "{0} is not JSON: write null where there is no value": "{0} 不是 JSON：没有值的地方请写 null",
  "not a Parquet file that can be read": "不是可读取的 Parquet 文件",
  "write it again, or copy it whole": "请重新写出，或完整复制",
  "the column {0} holds a class number that has no name": "列 {0} 中有没有名称的类别编号",
  "numbers of the names that the file's metadata lists": "文件元数据所列名称的编号",
  "write the file again with the datasets library, or write names instead of numbers":
    "请用 datasets 库重新写出，或用名称代替编号",
  "the column {0} cannot be read: it holds {1}": "列 {0} 无法读取：其内容为 {1}",
  "texts, numbers, dates, lists or structs": "文本、数值、日期、列表或结构",
  "name another column, or write this one as text": "请指定其他列，或把该列写成文本",
  "the encoding cannot be told from the bytes": "无法由字节判断编码",
  "UTF-8, UTF-16, or text of a language whose encodings are told apart": "UTF-8、UTF-16，或其编码可以区分的语言的文本",
  "save it as UTF-8, or name its encoding with data.encoding or --encoding: {0}":
    "请存为 UTF-8，或用 data.encoding 或 --encoding 指定编码：{0}",
  "bytes that are not {0}: the file mixes encodings or has another one":
    "有字节不属于 {0}：文件混用了编码，或使用了其他编码",
  "correct these bytes and save it as UTF-8, or name its encoding with data.encoding or --encoding: {0}":
    "请改正这些字节并存为 UTF-8，或用 data.encoding 或 --encoding 指定编码：{0}",
  "the whole file may be {0}: data.encoding: {1} (--encoding {2})":
    "整个文件可能是 {0}：data.encoding: {1}（--encoding {2}）",
  "the file ends inside a character": "文件在字符中间结束",
  "{0} is not UTF-8: read as {1}, because {2}; if that is wrong, name it: data.encoding (--encoding)":
    "{0} 不是 UTF-8：按 {1} 读取，因为{2}；若有误，请指定：data.encoding（--encoding）",
  "{0}: hidden rows are read like the others ({1})": "{0}：隐藏的行与其他行一样读取（{1} 行）",
  "delete them if they are not meant": "如不需要，请删除",
  "{0}: hidden columns are read like the others ({1})": "{0}：隐藏的列与其他列一样读取（{1} 列）",
  "{0} has no byte-order mark: read as {1}": "{0} 没有字节顺序标记：按 {1} 读取",
  "{0} of its double bytes are usual Chinese characters": "其双字节中 {0} 为常用汉字",
  "its bytes above ASCII are accents and marks among {0} Latin letters, and {1}":
    "其 ASCII 以外的字节为 {0} 个拉丁字母之间的重音字母与标点，且{1}",
  "every encoding of Latin letters reads them alike": "各种拉丁字母编码的读法相同",
  "they are letters of one language, which they are not as {0}": "它们是同一种语言的字母，按 {0} 读取则不是",
  "they make words: {0} frequent words of its languages, {1} as {2}":
    "它们构成单词：相应语言的常用词有 {0} 个，按 {2} 读取则有 {1} 个",
  "there is “{0}”, which would be “{1}” as {2}: both are possible":
    "其中有“{0}”，按 {2} 读取则为“{1}”：两种读法都有可能",
  "{0} and {1} fit them alike": "{0} 与 {1} 同样符合",
  "{0} of the {1} characters above ASCII are {2}, in usual frequencies":
    "ASCII 以外的 {1} 个字符中有 {0} 个{2}，频率正常",
  "Cyrillic letters": "西里尔字母",
  "Greek letters": "希腊字母",
  "{0} characters are UTF-8, {1} bytes are not": "{0} 个字符为 UTF-8，{1} 个字节不是",
  "the bytes fit none of the encodings that are told apart by their bytes": "字节不符合任何可由字节判断的编码",
  "{0} of its characters are Japanese kana": "其中 {0} 的字符为日文假名",
  "{0} of its characters are Korean syllables": "其中 {0} 的字符为韩文音节",
  "{0} of its characters are the most frequent ones of traditional Chinese": "其中 {0} 的字符为最常用的繁体汉字",
  "{0} rows of {1} hold nothing but delimiters: left out": "{1} 中有 {0} 行只有分隔符：已略去",
  "{0}: quotes are read as characters, because not every one that opens a field closes it":
    "{0}：引号按普通字符读取，因为并非每个字段开头的引号都闭合",
  "{0} tasks have annotations that differ, such as {1}: the first of each is read":
    "{0} 个任务有不一致的标注，例如 {1}：各取第一个",
  "{0}: of {1} columns, number {2} is read as the word and number {3} as its tag":
    "{0}：共 {1} 列，第 {2} 列作为词，第 {3} 列作为标记",
  "{0}: {1} files are read as one table": "{0}：{1} 个文件作为一个表格读取",
  "the beginnings of their names are the parts": "文件名开头即为所属部分",
  "two columns of {0} are named {1} and hold the same values: read as one":
    "{0} 中有两列同名 {1}，且各行取值相同：按一列读取",
  "{0} rows of {1} repeat the names of the columns: left out": "{1} 中有 {0} 行重复列名：已略去",
  "the line of dashes below the names of the columns of {0} is left out": "略去 {0} 列名下方的横线行",
  "the first line names {0} of {1} columns: it looks like a title, or like names over several columns":
    "首行只给 {1} 列中的 {0} 列命名：它像是标题，或跨多列的名称",
  "a name for each column, in the first line": "首行给出每一列的名称",
  "remove the lines above the names of the columns": "请删去列名之上的各行",
  "{0} records of Prodigy were rejected or ignored: left out, because their labels do not hold":
    "Prodigy 中有 {0} 条记录被拒绝或忽略：其标签不成立，已略去",
};
