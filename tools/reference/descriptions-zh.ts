// The Chinese of what the schemas of recipes and policies say of their keys, by the English sentence: a changed sentence has none and fails a test.
import { headDescriptions } from "./descriptions-heads-zh.ts";
import { policyDescriptions } from "./descriptions-policy-zh.ts";
import { preferenceDescriptions } from "./descriptions-preferences-zh.ts";
import { togetherDescriptions } from "./descriptions-together-zh.ts";

export const descriptionsInChinese: Readonly<Record<string, string>> = {
  ...headDescriptions,
  ...policyDescriptions,
  ...preferenceDescriptions,
  ...togetherDescriptions,
  "Version of the recipe format.": "配方格式的版本。",
  "Name of the run, as shown in reports.": "运行的名称，显示在报告中。",
  "Kind of data: text, image or series.": "数据类型：文本、图像或时间序列。",
  "Tokens that a window of a long text shares with the one before; at most half of a window.":
    "长文本的窗口与前一窗口共享的词元数；至多为窗口的一半。",
  "Longest answer, in tokens.": "答案的最大长度（词元）。",
  "Whether a text may hold no answer.": "文本是否可以没有答案。",
  "Text generation: architecture of the decoder. Default gpt2.": "文本生成：解码器的架构。默认为 gpt2。",
  "Text generation: tokens by which the window moves between predictions. Smaller gives more context. Default: half of model.maxLength.":
    "文本生成：评估时窗口每次移动的词元数。越小上下文越多。默认为 model.maxLength 的一半。",
  "Seed of all random choices. The same seed gives the same bits on the same kind of CPU.":
    "所有随机选择的种子。在同类 CPU 上，相同的种子给出逐位相同的结果。",
  "The table, how it is read, and what its columns mean.": "数据表、读取方式以及各列的含义。",
  "Labelled table, or a folder with its files: CSV, TSV, JSON, JSONL, Parquet, Excel (.xlsx), CoNLL columns or FastText lines.":
    "带标签的数据表，或存放其文件的文件夹：CSV、TSV、JSON、JSONL、Parquet、Excel（.xlsx）、CoNLL 列或 FastText 行。",
  "File format. Default: by the file extension.": "文件格式。默认由扩展名决定。",
  "Sheet of an Excel workbook. Default: the only visible sheet with data.":
    "Excel 工作簿中的工作表。默认为唯一可见且有数据的工作表。",
  "Character encoding. Default: detected.": "字符编码。默认自动识别。",
  "Field delimiter of CSV. Default: detected from the header.": "CSV 的字段分隔符。默认由表头识别。",
  "Decimal mark of numbers. If set, thousands separators are read as well: 1.234,5. Default: a point, without thousands separators.":
    "数值的小数点符号。设置后也识别千位分隔符，如 1.234,5。默认为句点，不识别千位分隔符。",
  "Whether CSV fields may be quoted. Default: yes; for tab-separated tables only if all quotes are closed.":
    "CSV 字段是否可用引号括起。默认可以；制表符分隔的表只有在所有引号都闭合时才可以。",
  "Column names of a CSV table without a header.": "没有表头的 CSV 表的列名。",
  "Words that mean “missing”. Default: none, only an empty field or null.":
    "表示缺失的词。默认没有，只有空字段或 null 表示缺失。",
  "Column with the text.": "文本所在的列。",
  "Images: column with the file path, relative to the table. Default: image. Not needed for a folder.":
    "图像：文件路径所在的列，路径相对于数据表。默认为 image。使用文件夹时不需要。",
  "Column with the second text of a pair.": "文本对中第二段文本所在的列。",
  "Label names for numeric labels (0 is the first), 0/1 vectors, or columns of 0 and 1. Ordinal: the classes from the lowest to the highest; default for numbers: by their size.":
    "标签名称，用于数字标签（0 为第一个）、0/1 向量或取值为 0 和 1 的列。ordinal：从低到高的类别；数字默认按大小排序。",
  "Separator of several labels in one field. Default: ; and its full-width form.":
    "同一字段中多个标签之间的分隔符。默认为半角和全角分号。",
  "Tagging scheme of entities. none: each word has its own class.": "实体的标注体系。none：每个词各有一个类别。",
  "Unit of entity offsets: code points (as in Python) or UTF-16 (as in JavaScript).":
    "实体位置的单位：码点（与 Python 相同）或 UTF-16（与 JavaScript 相同）。",
  "Column, such as the patient, whose rows with equal values stay in one split.":
    "分组列，如患者；取值相同的行始终在同一划分中。",
  "Columns, such as sex or region, whose groups get their own scores.": "属性列，如性别或地区；各群体有单独的得分。",
  "New names for labels: from → to.": "标签的新名称：原名 → 新名。",
  "Labels to exclude, with their rows. For entities: their spans.":
    "要排除的标签，连同带有该标签的行。实体任务中排除相应的片段。",
  "Problems of the table that are intended and should not stop the run.": "数据表中有意保留的问题，不应因此停止运行。",
  "How the rows are split into training, validation (dev) and test sets. Without column and files: drawn with the seed.":
    "如何把各行划分为训练集、验证集（dev）和测试集。没有给出 column 和 files 时按种子抽取。",
  "Column that assigns each row to a split: train, dev or test.": "指定每行所属划分的列：train、dev 或 test。",
  "Tables that are the validation set (dev) or the test set. They are read like data.file.":
    "作为验证集（dev）或测试集的数据表。读取方式与 data.file 相同。",
  "Table of the validation set.": "验证集的数据表。",
  "Table of the test set.": "测试集的数据表。",
  "Share of the rows for the validation set.": "验证集所占的比例。",
  "Seed of the draw: with it, recipes of other seeds have the same splits. Default the recipe's seed.":
    "划分抽样的种子：设置后，种子不同的配方划分相同。默认为配方的种子。",
  "Share of the rows for the test set.": "测试集所占的比例。",
  "Similarity from which texts count as near-duplicates and stay in one split.":
    "达到该相似度的文本视为近似重复，始终在同一划分中。",
  "Whether rows that repeat another row stay. Default keep where split.column or split.files give the parts; else drop.":
    "是否保留与其他行重复的行。由 split.column 或 split.files 给出划分时默认 keep，否则默认 drop。",
  "Maximum share of rejected rows. Above it the run stops.": "被剔除的行所占的最大比例。超过则停止运行。",
  "Maximum number of characters. Rows with longer texts are rejected.": "最大字符数。文本更长的行会被剔除。",
  "The model to train: from a folder, or from scratch.": "要训练的模型：来自文件夹，或从零建立。",
  "Folder of a pretrained model (config.json, model.safetensors, tokenizer.json).":
    "预训练模型的文件夹（config.json、model.safetensors、tokenizer.json）。",
  "A model trained from scratch: a BERT with a vocabulary learned from the training texts, a ViT, or for text generation a decoder (GPT-2 or Llama).":
    "从零训练的模型：词表取自训练文本的 BERT、ViT，或用于文本生成的解码器（GPT-2 或 Llama）。",
  "Texts: vocabulary size. Default 8000.": "文本：词表大小。默认 8000。",
  "Images: side length in pixels. Each image is resized to it.": "图像：边长（像素）。每张图像都缩放到该大小。",
  "Images: side length of a patch in pixels; default 16. Series: steps of a patch; default an eighth of the horizon, at most 16.":
    "图像：图像块的边长（像素），默认 16。时间序列：每个片段的步数，默认为预测步数的八分之一，至多 16。",
  "Width of the hidden states. A multiple of heads.": "隐藏状态的宽度，须为 heads 的倍数。",
  "Number of transformer layers.": "Transformer 层数。",
  "Number of attention heads in each layer.": "每层的注意力头数。",
  "Width of the feed-forward layer.": "前馈层的宽度。",
  "Standard deviation of the initial weights.": "初始权重的标准差。",
  "Dropout rate in training.": "训练时的 dropout 比率。",
  "Maximum input length in tokens. Longer inputs are cut.": "输入的最大词元数。更长的输入会被截断。",
  "Pooling of a text for the head. cls: first token. mean: mean over tokens, as in sentence encoders. max: maximum over tokens. attention: mean over tokens by learned weights. last: last token (embeddings only). Default: as in the model, else cls; mean for a model trained from scratch or with model.head.":
    "任务头读取文本的池化方式。cls：第一个词元；mean：各词元的平均，句子编码器即如此；max：各词元的最大值；attention：按学得的权重平均；last：最后一个词元（仅向量任务）。默认与模型一致，否则为 cls；从零训练或设置了 model.head 的模型为 mean。",
  "Embeddings: column with a text that does not belong to data.text, though it may seem so.":
    "向量：不属于 data.text、却可能看似相属的文本所在的列。",
  "Classes with very few rows: how the loss makes up for it.": "行数极少的类别：损失如何补偿。",
  "Focal loss: exponent γ. Rows that the model is sure of count less. 2 is usual; 0: cross-entropy.":
    "Focal 损失：指数 γ。模型已有把握的行权重更小。通常取 2；0 为交叉熵。",
  "Weights of classes. balanced: inverse of their rows. effective: inverse of their effective number of rows, which is milder.":
    "各类别的权重。balanced：行数的倒数；effective：有效行数的倒数，较为温和。",
  "effective: β of the effective number (1 − β^n) / (1 − β). Nearer to 1 is nearer to balanced.":
    "effective：有效行数 (1 − β^n) / (1 − β) 中的 β。越接近 1 越接近 balanced。",
  "Embeddings: how pairs of texts are learned.": "向量：如何学习文本对。",
  "triplet: margin, in cosine similarity.": "triplet：以余弦相似度计的间隔。",
  "Whether vectors have length 1. Default: as in the model, else yes.": "向量长度是否为 1。默认与模型一致，否则为是。",
  "What reads a text. linear: one layer; mlp: two layers, with keys for their width, activation and dropout. Entities: linear: each word by itself; crf: the likeliest sequence of tags, with learned transitions. Default: as in the model, else the architecture's own; of entities linear.":
    "用什么读取文本。linear：单层；mlp：两层，可设置宽度、激活函数与 dropout。实体任务：linear：逐词决定；crf：取最可能的标记序列，转移分数由训练得出。默认与模型一致，否则用该架构自带的头；实体任务为 linear。",
  "linear: one layer. mlp: two, an activation between them.": "linear：单层。mlp：两层，中间有激活函数。",
  "mlp: width between the layers. Default: the model's.": "mlp：两层之间的宽度。默认与模型相同。",
  "mlp: activation between the layers.": "mlp：两层之间的激活函数。",
  "Dropout rate before each layer.": "每层之前的 dropout 比率。",
  "Pretraining on unlabelled texts before fine-tuning.": "微调之前在无标签文本上预训练。",
  "Table of unlabelled texts. Default: the training texts.": "无标签文本的数据表。默认使用训练文本。",
  "Column with these texts. Default: data.text.": "这些文本所在的列。默认与 data.text 相同。",
  "Number of passes over the training set.": "遍历训练集的次数。",
  "Number of rows per optimizer step.": "每个优化步的行数。",
  "What runs the training steps. concord: this library, on the CPU. pytorch: the same job in PyTorch, on a GPU where there is one; the interpreter is python3, or what the environment variable CONCORD_PYTHON names.":
    "由谁执行训练步。concord：本库，在 CPU 上。pytorch：由 PyTorch 执行同一任务，有 GPU 时使用 GPU；解释器为 python3，或环境变量 CONCORD_PYTHON 所指定的解释器。",
  "Highest learning rate of AdamW.": "AdamW 的最大学习率。",
  "Share of the steps in which the learning rate rises from 0. After them it falls linearly to 0.":
    "学习率从 0 上升的步数所占比例。之后学习率线性降至 0。",
  "Longest update of a participant in a round (Euclidean norm over all its numbers). Longer updates are scaled down by the participant, which is told their norm, and each participant proves to the coordinator, without showing its update, that its own is no longer: about four times this norm cannot be sent. It takes the place of together.bound. Choose about the norm that honest updates have. Default: not checked.":
    "参与方在一轮中更新的最大长度（全部数值的欧几里得范数）。更长的更新由参与方自行缩小，并告知其范数；每个参与方还向协调方证明自己的更新不超过此长度，而不透露更新本身：约为此范数四倍的更新无法发送。它取代 together.bound。请选择与诚实更新的范数相近的值。默认：不检查。",
  "Embeddings: searches by vectors and by shared words (BM25) together. The validation set chooses how much each counts.":
    "嵌入：同时按向量和共有的词（BM25）检索。两者各占多少由验证集选定。",
  "Parts that a batch is run in, one after the other, with one step for all of them: less memory.":
    "每个批次分成几部分依次运行，合起来更新一次：占用内存更少。",
  "Keeps only what passes from layer to layer, and computes the rest again for the gradients: less memory, more time, the same updates.":
    "只保留层与层之间传递的值，求梯度时重新计算其余部分：内存更少，时间更长，更新结果相同。",
  "Batches of rows of similar length, taken from runs of 20 shuffled batches: less padding, faster steps.":
    "每批由长度相近的行组成，在每 20 个打乱的批次内按长度分组：填充更少，每步更快。",
  "masked-words: predict masked words. contrast: contrastive learning, which pulls the two halves of a text, or texts of one group, together.":
    "masked-words：预测被遮盖的词。contrast：对比学习，使同一文本的两半或同组的文本彼此靠近。",
  "contrast: column, such as the patient, whose texts with equal values form positive pairs.":
    "contrast：分组列，如患者；取值相同的文本构成正样本对。",
  "contrast: temperature that divides the cosine similarities.": "contrast：余弦相似度所除以的温度。",
  "Whether dropout is used in pretraining. Default: yes for masked-words, no for contrast.":
    "预训练时是否使用 dropout。默认 masked-words 使用，contrast 不使用。",
  "masked-words: share of masked tokens.": "masked-words：被遮盖词元的比例。",
  "Canaries, with which the audit measures how much the model memorizes single texts.":
    "金丝雀：审计据此测量模型对单条文本的记忆程度。",
  "Number of canaries: random secrets of five words that are inserted into the training texts.":
    "金丝雀的个数：植入训练文本的、由五个词组成的随机秘密。",
  "Number of copies of each canary.": "每个金丝雀的份数。",
  "Fine-tuning on the labelled rows.": "在有标签的行上微调。",
  "full: all weights are trained. lora: only a small adapter and the head are trained.":
    "full：训练全部权重。lora：只训练小型适配器和任务头。",
  "Adapters: how the frozen matrices are held while training. int8 is the fastest on processors with VNNI. nf4 (QLoRA) takes an eighth of the memory and is slower than float32.":
    "适配器：训练时冻结矩阵的保存形式。int8 在支持 VNNI 的处理器上最快。nf4（QLoRA）只占八分之一的内存，但比 float32 慢。",
  "Column with the time: 2014-03-05 12:00, 2014-03-05T12:00:00+08:00, 2014年3月5日, 2014-03, 2014Q1. Or a list of columns: year, month, day, hour, minute.":
    "时间列：2014-03-05 12:00、2014-03-05T12:00:00+08:00、2014年3月5日、2014-03、2014Q1；或多列：年、月、日、时、分。",
  "Column with the number that is forecast.": "要预测的数值列。",
  "Column, such as the station, that tells several series of one table apart. Default: one series.":
    "区分同一表格中多个序列的列，如监测站。默认只有一个序列。",
  "Columns of numbers that are known up to the time of the forecast, such as measured wind.":
    "截至预测时刻已知的数值列，如实测风速。",
  "Columns of numbers that are known in advance, such as a price or a planned closure.":
    "事先已知的数值列，如价格或计划停运。",
  "Time between two steps: hour, 15 minutes, day, month. Default: the most frequent in the table.":
    "两步之间的时间：hour、15 minutes、day、month。默认取表格中最常见的间隔。",
  "How several records of one step are combined, and irregular times put on the grid. Default: not at all; such a table stops the run.":
    "同一步内多条记录如何合并、不规则的时间如何归入网格。默认不合并，遇到这样的表格即停止。",
  "Time zone of times without an offset, for daylight saving. Default: times are used as written.":
    "不带偏移的时间所属时区，用于处理夏令时。默认按原样使用。",
  "Number of steps that are forecast.": "预测的步数。",
  "Number of steps before the forecast that the model reads. Default: 7 horizons, from 32 to 512 steps.":
    "模型读取的预测前步数。默认为预测步数的 7 倍，介于 32 与 512 之间。",
  "Steps after which values repeat, for the seasonal naive forecast and MASE. Default by the frequency: 24 for hours, 7 for days, 52 for weeks, 12 for months, 4 for quarters.":
    "数值重复的周期（步数），用于季节朴素法与 MASE。默认随频率而定：小时 24、日 7、周 52、月 12、季 4。",
  "Whether the model also reads the hour of the day, the day of the week and the day of the year.":
    "模型是否同时读取一天中的时刻、星期几和一年中的日期。",
  "Least value that there can be, such as 0 for a concentration: no forecast is below it. Default: none.":
    "数值的下限，如浓度为 0：预测不会低于它。默认没有。",
  "Largest value that there can be: no forecast is above it. Default: none.": "数值的上限：预测不会高于它。默认没有。",
  "Steps between two training windows. Default 1, or as many as keep the windows below about 4,000.":
    "相邻训练窗口之间的步数。默认为 1；窗口多于约 4,000 个时自动加大。",
  "Series: columns of the time, the value and of covariates, and how windows are cut. Splits are made by time: data.split.test is the last share, data.split.dev the share before it.":
    "时间序列：时间列、数值列与协变量列，以及窗口的切分方式。划分按时间进行：data.split.test 为最后一段，data.split.dev 为其前一段。",
  "Forecasting: levels of the quantiles that are learned, 0.5 among them. The lowest and the highest are the ends of the interval.":
    "预测：要学习的分位数水平，须含 0.5。最低与最高水平为预测区间的两端。",
  "Rank of LoRA.": "LoRA 的秩。",
  "Early stopping: training stops when the validation score has not improved for this many epochs. The score is macro F1; of entities F1; of multiple choice accuracy; of multi-task the mean of the tasks' scores by their weights; of regression and ordinal the mean absolute error, of forecasts the weighted quantile loss (lower is better). Default: all epochs run.":
    "提前停止：验证得分连续这么多个训练轮没有提高时停止训练。得分为宏平均 F1；实体任务为 F1；选择题为准确率；multi-task 为各任务得分按权重的均值；回归与有序类别为平均绝对误差，预测任务为加权分位数损失（越低越好）。默认运行全部训练轮。",
  "Epoch whose weights become the model. best: the one with the best validation score (see patience). last: the last one that ran. Default last.":
    "取哪个训练轮的权重作为模型。best：验证得分最好的一轮（见 patience）；last：最后运行的一轮。默认 last。",
  "Weight decay of AdamW.": "AdamW 的权重衰减。",
  "Adapter: only a small part is trained beside the head, and the model's matrices stay frozen. Use it instead of method: lora.":
    "适配器：除任务头外只训练一小部分参数，模型的矩阵保持冻结。用它代替 method: lora。",
  "lora: a low-rank update of each matrix. dora: LoRA with the size of each output apart. miss: an update shared by all shards of a matrix, half the parameters of LoRA. ia3: one factor for each key, value and inner unit. bottleneck: a small network after each sublayer. biases: the model's own biases (BitFit). prefix: keys and values of virtual tokens before every text. prompt: virtual tokens before every text, as rows of the word table.":
    "lora：每个矩阵的低秩更新。dora：把每个输出的大小分开学习的 LoRA。miss：矩阵各分片共享一个更新，参数为 LoRA 的一半。ia3：每个键、值和内层单元一个系数。bottleneck：每个子层之后的小网络。biases：模型自身的偏置（BitFit）。prefix：每个文本之前的虚拟词元的键和值。prompt：每个文本之前的虚拟词元，即词表中的行。",
  "lora, dora, miss: inner width of the adapter. Default: 8.": "lora、dora、miss：适配器的内部宽度。默认 8。",
  "lora, dora: the update is multiplied by alpha / rank. Default: twice the rank.":
    "lora、dora：更新乘以 alpha / rank。默认是秩的两倍。",
  "lora, dora, miss: share of the adapter's inputs that is dropped in training. Default: 0.":
    "lora、dora、miss：训练时丢弃适配器输入的比例。默认 0。",
  "lora, dora, miss: layers that get an adapter. A list: names or ends of names, such as [query, value]. A text: a regular expression for whole names, or all-linear. Default: all-linear, every linear layer except the head.":
    "lora、dora、miss：加适配器的层。列表：名称或名称的结尾，例如 [query, value]。文本：匹配完整名称的正则表达式，或 all-linear。默认 all-linear：任务头以外的所有线性层。",
  "lora, dora: rsLoRA, the update is multiplied by alpha / √rank, so that large ranks learn as fast as small ones. Default: false.":
    "lora、dora：rsLoRA，更新乘以 alpha / √rank，使大的秩与小的秩学得一样快。默认 false。",
  "lora, dora: LoRA+, learning rate of matrix B over that of matrix A, such as 16. Default: 1.":
    "lora、dora：LoRA+，矩阵 B 与矩阵 A 的学习率之比，例如 16。默认 1。",
  "bottleneck: inner width of the small network. Default: 16.": "bottleneck：小网络的内部宽度。默认 16。",
  "prefix, prompt: number of virtual tokens. Default: 16.": "prefix、prompt：虚拟词元的数量。默认 16。",
  "bottleneck: sublayers that it follows. Default: both (Houlsby). [feed-forward] is Pfeiffer's form, with half the parameters.":
    "bottleneck：跟在哪些子层之后。默认两者（Houlsby）。[feed-forward] 是 Pfeiffer 的形式，参数减半。",
  "Number of first layers that are not trained; the embeddings below them are not trained either. Default: none.":
    "不训练的前几层的数量；其下的嵌入也不训练。默认不冻结。",
  "Layer-wise learning rates: each layer learns at this factor of the rate of the layer above it; the head learns at the full rate. Default: all layers at the full rate.":
    "逐层学习率：每一层的学习率是其上一层的该倍数；任务头用完整的学习率。默认各层都用完整的学习率。",
  "Share of each target that is spread over all labels. 0: none.": "把每个目标的多大比例分摊给所有标签。0：不分摊。",
  "Trains the new head alone before the whole model. This protects pretrained features (Kumar 2022, arXiv:2202.10054).":
    "先单独训练新的任务头，再训练整个模型，以保护预训练的特征（Kumar 2022，arXiv:2202.10054）。",
  "Number of passes over the training set with only the head trained.": "只训练任务头时遍历训练集的次数。",
  "Highest learning rate of these passes.": "该阶段的最大学习率。",
  "Factor on the learning rate of all weights except the head. 0 freezes the encoder.":
    "任务头以外所有权重的学习率系数。0 表示冻结编码器。",
  "Share of the last steps whose weights are averaged for the final model. 0: weights of the last step.":
    "最终模型取最后多大比例步数的权重平均。0：取最后一步的权重。",
  "Share of training tokens replaced by the mask token, sampled again in each epoch.":
    "训练时替换为掩码标记的词元比例，每个训练轮重新抽取。",
  "Image augmentation, sampled again in each epoch.": "图像增强，每个训练轮重新抽取。",
  "Random horizontal flip with probability 0.5.": "以 0.5 的概率随机水平翻转。",
  "Maximum shift in pixels.": "最大平移（像素）。",
  "Fill of the area that a shift leaves empty.": "平移后空出区域的填充方式。",
  "Random brightness factor between 1 − x and 1 + x.": "亮度随机乘以 1 − x 至 1 + x 之间的系数。",
  "Random contrast factor between 1 − x and 1 + x.": "对比度随机乘以 1 − x 至 1 + x 之间的系数。",
  "Number of CPU threads for training.": "训练使用的 CPU 线程数。",
  "Regression: mean and standard deviation that standardize the targets. Predictions are in the original unit. Default: those of the training set.":
    "回归：用于标准化目标的均值和标准差。预测仍以原单位给出。默认取训练集的均值和标准差。",
  "Mean of the targets.": "目标的均值。",
  "Standard deviation of the targets.": "目标的标准差。",
  "Bias mitigation: what training does against differences between groups.": "偏差缓解：训练如何缩小群体之间的差异。",
  "Attribute (one of data.attributes) whose group differences are reduced.":
    "要缩小群体差异的属性（data.attributes 之一）。",
  "reweighing: labels independent of groups (Kamiran & Calders); balancing: every group weighs the same; resampling: rows of smaller groups repeated; group-robust: groups with higher loss weigh more from step to step (Sagawa).":
    "reweighing：使标签与群体独立（Kamiran & Calders）；balancing：各群体权重相同；resampling：重复较小群体的行；group-robust：损失较高的群体逐步加权（Sagawa）。",
  "Strength of balancing and resampling: 1 makes groups equal; smaller values do less.":
    "balancing 与 resampling 的强度：1 使各群体相等，较小的值作用较弱。",
  "Step size of the group weights of group-robust.": "group-robust 中群体权重的步长。",
  "Table with the columns from and to: phrases, and how a group words them. Training texts with such a phrase are added again with the replacement.":
    "含 from 与 to 两列的表：短语，以及某个群体的说法。含有该短语的训练文本会在替换后再加入一次。",
  "Counterfactual data augmentation: training texts that mention a person are added again about another person.":
    "反事实数据增强：提到某人的训练文本，换成另一个人后再加入一次。",
  "Weight λ of counterfactual logit pairing (Garg). The loss includes the difference of logits between a text and its copy about another person. Start with 0.1. Values well above 0.3 can collapse all predictions to one label.":
    "反事实 logit 配对（Garg）的权重 λ。损失中包含文本与其换人副本之间的 logit 差。可从 0.1 开始；明显超过 0.3 时，所有预测可能退化为同一个标签。",
  "After training, for single labels. model: its likeliest label; group-thresholds: thresholds by group (Hardt), which need the attribute of each text that is answered; linear-post: by estimated probabilities of the groups (Xian & Zhao), which need it of none; exponentiated-gradient: the head is learned anew on the frozen rest under a bound (Agarwal).":
    "训练后如何决策，用于单个标签。model：模型概率最大的标签；group-thresholds：按群体设阈值（Hardt），预测时需要每条文本的属性；linear-post：按估计的群体概率（Xian & Zhao），预测时不需要属性；exponentiated-gradient：冻结其余部分，在约束下重新学习任务头（Agarwal）。",
  "Fairness criterion of decisions: equal selection rates, equal true positive rates, or equal true and false positive rates.":
    "决策的公平准则：入选率相等、真正率相等，或真正率与假正率都相等。",
  "Decisions: label whose rates are compared. Default: every label.": "决策：比较哪个标签的比率。默认为每个标签。",
  "Decisions: target for the largest difference between two groups on the validation set.":
    "决策：验证集上两个群体之间最大差异的目标值。",
  "Decisions: accuracy on the validation set that may be lost for this.": "决策：为此允许损失的验证集准确率。",
  "Differentially private training.": "差分隐私训练。",
  "Privacy budget ε. The noise is computed from it.": "隐私预算 ε。噪声由它计算得出。",
  "δ of the privacy budget. Default 1/n^1.1 for n training rows.": "隐私预算的 δ。默认 1/n^1.1，n 为训练行数。",
  "Noise multiplier, instead of one computed from ε.": "噪声倍数，代替由 ε 计算的值。",
  "Clipping norm of per-row gradients.": "逐行梯度的裁剪范数。",
  "Sampling of batches: Poisson (ε for one row added or removed) or fixed size (ε for one row replaced).":
    "批次的抽样方式：泊松（ε 针对增删一行）或固定大小（ε 针对替换一行）。",
  "Clipping of all layers together (flat), or of each layer.": "裁剪方式：所有层一起（flat），或逐层。",
  "Rows per micro-batch. A batch is split into as many as needed.": "每个微批次的行数。批次按需拆分。",
  "Number of Gaussian numbers summed for one noise value. 4 protects against float32 attacks, at four times the cost of noise; 1 does not.":
    "每个噪声值由几个高斯数相加而成。4 可防御针对 float32 的攻击，噪声的开销为四倍；1 不能防御。",
  "What is protected: one row, or all rows of a person, whom data.group names. With person a batch has at most one row of each, and an epoch as many rows as there are persons.":
    "保护的对象：一行（row），或一个人的所有行（person，由 data.group 指明）。用 person 时，一批中每人至多一行，一轮的行数等于人数。",
  "Folder of the ledger of the data: what all private runs have spent on these rows. Default .concord/privacy beside the table.":
    "数据账本的文件夹：所有私有训练在这些行上的消耗。默认为表旁的 .concord/privacy。",
  "Whether embedding tables are trained, with noise in every row.": "是否训练嵌入表（每行都加噪声）。",
  "Scores on the test set, of all rows and by group.": "测试集上的得分：全部行以及各群体。",
  "Bootstrap resamples of each interval.": "每个区间的自助法重抽样次数。",
  "Groups with fewer rows are not reported.": "行数更少的群体不予报告。",
  "Group edges of numeric attributes. Default: quintiles.": "数值属性的分组边界。默认为五分位数。",
  "Differences between groups (data.attributes) and their intersections.":
    "各群体（data.attributes）及其交叉之间的差异。",
  "Whether combinations of two attributes are compared as well.": "是否也比较两个属性的组合。",
  "Limit for gaps between groups. For errors of regression: a share of the error.":
    "群体差距的限值。对回归误差而言，是误差的一个比例。",
  "Measures that are compared. Default accuracy, exactMatch or mae.":
    "要比较的指标。默认 accuracy、exactMatch 或 mae。",
  "Number of test texts, sampled with the seed, in which words for a person are replaced. 0: no counterfactual test.":
    "替换指人词语的测试文本数，按种子抽取。0：不做反事实检验。",
  "Attributes whose words are replaced. For attributes other than gender, the precision of the rules is unknown (docs/counterfactual.md).":
    "替换哪些属性的词语。除 gender 外，规则的精确率未知（docs/counterfactual.md）。",
  "Number of text pairs to quote, those with the largest score change. 0: none.":
    "引用的文本对数，取得分变化最大者。0：不引用。",
  "Run folder on the same data without mitigation. The report then compares gaps and scores before and after.":
    "同一数据上没有缓解措施的运行文件夹。报告据此比较前后的差距与得分。",
  "Positive label, for rates of decisions and AUC.": "正类标签，用于决策比率和 AUC。",
  "Membership inference and canaries: what an attacker can learn about training rows.":
    "成员推断与金丝雀：攻击者能了解到训练行的哪些信息。",
  "Number of training rows to attack. As many rows outside the training set are attacked too.":
    "受攻击的训练行数。训练集之外的同样多的行也会受攻击。",
  "Number of reference models, trained like this one. They make attacks stronger; each costs one training run.":
    "参考模型的个数，训练方式与本模型相同。它们使攻击更强；每个需要训练一次。",
  "Number of other secrets that each canary is compared with.": "与每个金丝雀比较的其他秘密的个数。",
  "Attribution of words or patches, and its faithfulness.": "词或图块的归因及其忠实度。",
  "Number of test rows, sampled with the seed, on which the faithfulness of each method is measured.":
    "测量各方法忠实度所用的测试行数，按种子抽取。",
  "Attribution methods. Images: occlusion and shap, of the patches that the model reads.":
    "归因方法。图像：occlusion 和 shap，针对模型读取的图块。",
  "Integration steps of integrated gradients; doubled if the attribution error is large.":
    "积分梯度的积分步数；归因误差较大时加倍。",
  "Number of subsets of the words, or of the patches of an image, that SHAP evaluates.":
    "SHAP 评估的子集个数：词的子集，或图像图块的子集。",
  "Whether explanations are compared with those of a model with random weights.": "是否与随机权重模型的解释比较。",
  "Number of test texts used to find the most important words of each class.": "寻找各类别最重要的词所用的测试文本数。",
  "Number of words to report per class. 0: none.": "每个类别报告的词数。0：不报告。",
  "Minimum number of texts with a word before the word is reported.": "一个词至少出现在多少条文本中才会报告。",
  "Number of cohorts with a high error rate to report. 0: none.": "报告多少个错误率高的子群体。0：不报告。",
  "Accepted false discovery rate of these cohorts.": "这些子群体可接受的错误发现率。",
  "Changed inputs (typos, noise …), out-of-distribution texts, prediction sets.":
    "改动的输入（拼写错误、噪声等）、分布外文本、预测集。",
  "Number of test rows, sampled with the seed, that are changed.": "改动的测试行数，按种子抽取。",
  "Texts: shares of words and Chinese characters with typos.": "文本：有拼写错误的词和汉字的比例。",
  "Texts: shares of words that are replaced by a synonym, of those that have one.":
    "文本：在有同义词的词中，替换为同义词的比例。",
  "Images: values x by which brightness is multiplied, as 1 + x or 1 − x. Default [0.3].":
    "图像：亮度乘以 1 + x 或 1 − x，此处为 x 的取值。默认 [0.3]。",
  "Images: shares by which contrast is raised or lowered. Default [0.3].": "图像：对比度增减的比例。默认 [0.3]。",
  "Images: standard deviations of Gaussian noise, as shares of the range. Default [0.1].":
    "图像：高斯噪声的标准差，以取值范围的比例表示。默认 [0.1]。",
  "Images: shifts, as shares of each side. Default [0.1].": "图像：平移量，以边长的比例表示。默认 [0.1]。",
  "Images: areas of a grey square, as shares of the image. Default [0.1].":
    "图像：灰色方块的面积，以图像的比例表示。默认 [0.1]。",
  "Texts: whether the detection of out-of-distribution texts is tested.": "文本：是否检验对分布外文本的识别。",
  "Number of training texts used to fit the distance of out-of-distribution texts.": "拟合分布外距离所用的训练文本数。",
  "Method of the prediction sets: lac (smallest) or aps (adaptive).": "预测集的方法：lac（最小）或 aps（自适应）。",
  "Target coverage: share of rows whose prediction set contains the true label.":
    "目标覆盖率：预测集包含真实标签的行所占比例。",
  "Calibrate the coverage for each label separately. Sets become larger.": "按每个标签分别校准覆盖率。预测集会变大。",
  "Attribute whose groups get a separate coverage calibration in the audit.": "审计中按该属性的各群体分别校准覆盖率。",
  "What the run writes besides the model folder.": "除模型文件夹外，运行还写出什么。",
  "Whether the run also writes the model as ONNX, for transformers.js and browsers.":
    "是否同时以 ONNX 写出模型，供 transformers.js 和浏览器使用。",
  "A text, or { en: …, zh: … } for readers of both languages.": "一段文字，或用 { en: …, zh: … } 给出两种语言。",
  "Statements of the owner about the model, shown in card, passport and technical file. Concord does not measure them.":
    "模型所有者的声明，显示在模型卡、模型档案和技术文件中。Concord 不测量这些内容。",
  "What the model is for.": "模型的用途。",
  "The statement in English.": "英文声明。",
  "The statement in Chinese.": "中文声明。",
  "Who is meant to use it.": "供谁使用。",
  "How to use it: what to enter, how to read a prediction, when to ask a person.":
    "如何使用：输入什么、怎样理解预测、何时应询问人。",
  "What it must not be used for.": "不得用于什么。",
  "Human oversight: who monitors it, and how to overrule or stop it.": "人工监督：由谁监督，如何推翻其结果或停用。",
  "Known limits, one sentence each.": "已知的局限，每条一句。",
  "SPDX name of the model's licence.": "模型许可证的 SPDX 名称。",
  "Who answers questions about the model.": "由谁回答有关模型的问题。",
  "Languages of the texts: en, zh …": "文本的语言：en、zh 等。",
  "How report.html is written.": "report.html 如何写出。",
  "Language of report.html.": "report.html 的语言。",
  "Entities: whether the table per tag has O, the words outside entities, and its averages count it.":
    "实体：逐标注的表及其平均值是否包含 O（实体之外的词）。",
  "Number of test texts to quote of each kind. 0: none.": "每类引用的测试文本数。0：不引用。",
  "Compression of the model after it was evaluated, with an audit of what it changed.":
    "评估之后压缩模型，并审计压缩带来的变化。",
  "Steps in their order. quantise comes last: what it writes cannot be trained.":
    "按顺序执行的步骤。quantise 放在最后：其结果不能再训练。",
  "Quantisation: int8, int8-weights, int4 or fp16, or { to: … } with settings.":
    "量化：int8、int8-weights、int4 或 fp16，或带设置的 { to: … }。",
  "int8: products of 8-bit integers. int8-weights, int4: weights alone in 8 or 4 bits. fp16: weights alone in 16-bit floats.":
    "int8：以 8 位整数做乘法。int8-weights、int4：只把权重存为 8 位或 4 位。fp16：只把权重存为 16 位浮点数。",
  "int8: scale of the numbers that weights are multiplied with. static: fixed on calibration rows, the fastest. row: of each row as it comes.":
    "int8：与权重相乘的数值的比例。static：由校准行固定，最快。row：逐行计算。",
  "int8, static: how the range follows from calibration rows: all of it, the 99.99 % of smallest magnitude, or the cut that loses the least information.":
    "int8、static：如何由校准行得出范围：全部范围、绝对值最小的 99.99 %，或信息损失最小的截断。",
  "int8: number of validation rows, sampled with the seed, on which ranges are measured.":
    "int8：用于测量范围的验证集行数，按种子抽取。",
  "int8: bits used of weights. 7 is exact on every processor; 8 needs AVX-VNNI, AVX512-VNNI or ARM, and is silently wrong elsewhere.":
    "int8：权重使用的位数。7 位在任何处理器上都精确；8 位需要 AVX-VNNI、AVX512-VNNI 或 ARM，在其他处理器上会出错而没有提示。",
  "int8: strength of SmoothQuant, which moves the range of activations into the weights. 0: none.":
    "int8：SmoothQuant 的强度，把激活的范围移入权重。0 表示不用。",
  "int8-weights, int4: number of weights that share a scale. Default 32 in 4 bits, 64 in 8. In 8 bits, from 128 on, the last bit of an answer may depend on its place in a batch.":
    "int8-weights、int4：共用一个比例的权重个数。默认 4 位为 32，8 位为 64。8 位时若为 128 或更大，答案的末位可能取决于它在批次中的位置。",
  "int8-weights, int4: blocks without a zero point of their own.": "int8-weights、int4：各块没有自己的零点。",
  "Number of test rows, sampled with the seed, whose explanations are compared. 0: none.":
    "比较其解释的测试行数，按种子抽取。0 表示不比较。",
  "Largest size of the weights, as a share of the model's.": "权重的最大大小，占原模型的比例。",
  "Longest time for one input, as a share of the model's.": "单个输入的最长耗时，占原模型的比例。",
  "Largest loss of the task's main score on the validation set, such as 0.01 of macro F1.":
    "任务主要得分在验证集上的最大损失，如宏平均 F1 的 0.01。",
  "Limits for a search: ways to store the weights are tried after the steps and after each list of candidates, and the fastest that keeps them is taken.":
    "搜索的限值：在各步骤之后、以及每个候选列表之后尝试不同的权重存储方式，选取满足限值的最快方式。",
  "With a target: lists of steps that are tried after steps, each besides none. Each list is trained once, then stored in every way. Default: half of the heads and inner units, half of the layers, training for int8; see minutes.":
    "配合 target：在 steps 之后尝试的步骤列表，此外也尝试不加步骤。每个列表只训练一次，然后用各种方式存储。默认：一半的注意力头和内部单元、一半的层、为 int8 训练；见 minutes。",
  "With a target and without candidates: minutes for models that are trained for the search. One is tried only if the speed of the run's own training foretells that its training ends in time. 0: nothing is trained. Default 10.":
    "配合 target 且未给出 candidates：为搜索训练模型的分钟数。按该运行自身训练的速度估计，只有训练能及时结束的才会尝试。0 表示不训练。默认 10。",
  "int4: parameters stored in 8 bits instead: names, or the beginnings of names.":
    "int4：改用 8 位存储的参数：名称或名称的开头。",
  "Mixed precision: each matrix alone is stored in fewer bits, and the most sensitive are kept until the loss is accepted: as they are, of int4 in 8 bits. Default: none are.":
    "混合精度：逐个把单个矩阵存为更少位数，让最敏感的矩阵保持原样（int4 时为 8 位），直到损失可接受。默认不保留。",
  "Largest loss of the task's main score on the validation set, such as 0.002 of macro F1.":
    "任务主要得分在验证集上的最大损失，如宏平均 F1 的 0.002。",
  "Number of validation rows, sampled with the seed, on which the answers are compared.":
    "用于比较预测的验证集行数，按种子抽取。",
  "int8, int8-weights, int4: training on the training rows with weights and activations rounded as they will be stored. Default: none.":
    "int8、int8-weights、int4：在训练行上训练，权重和激活按存储方式舍入（量化感知训练）。默认不训练。",
  "Whether tables of words and positions are stored so as well.": "词表和位置表是否也这样存储。",
  "Parameters left as they are: names, or the beginnings of names.": "保持原样的参数：名称或名称的开头。",
  "Largest worsening of values of the audit that is accepted: { accuracy: 0.01, gap.region: 0.02, flips: 0.01 }. The compression is refused beyond it.":
    "审计数值可接受的最大变差：{ accuracy: 0.01, gap.region: 0.02, flips: 0.01 }。超过则拒绝压缩。",
  "Pruning: whole heads and inner units, which makes the model faster, or single weights. Add recovery to importance: without training again scores drop.":
    "剪枝：删除整个注意力头和前馈层单元（模型变快），或单个权重。用 importance 时请加上 recovery：不再训练，分数会下降。",
  "importance: gradient times activation on validation rows. movement: scores that are learned while the model trains. magnitude: the smallest weights, while it trains.":
    "importance：验证集上梯度乘激活。movement：训练时学到的得分。magnitude：训练时最小的权重。",
  "Share of the single weights of each matrix that becomes zero, by movement or magnitude. The model keeps its shape and its speed; its file is smaller once it is zipped.":
    "每个矩阵中变为零的单个权重的比例，用 movement 或 magnitude。模型的形状和速度不变；压缩打包后文件更小。",
  "importance: number of validation rows, sampled with the seed, on which it is measured.":
    "importance：测量重要性所用的验证集行数，按种子抽取。",
  "movement, magnitude: training in which parts are removed, on the training rows. Default: its defaults.":
    "movement、magnitude：在训练行上边训练边删除。默认使用其默认设置。",
  "Share of the steps after which the first parts are removed.": "训练进行到这一比例后开始删除。",
  "Share of the steps after which all are removed; the rest trains what is left.":
    "训练进行到这一比例后全部删除完；其余步数训练剩余部分。",
  "Training of what is left, on the training rows, from labels and the run's own model. Default: none.":
    "在训练行上用标签和该运行自身的模型训练剩余部分。默认不训练。",
  "Share of each layer's attention heads that is removed. BERT and its kin.":
    "每层删除的注意力头的比例，适用于 BERT 及同类模型。",
  "Share of each layer's inner units of the feed-forward part that is removed.": "每层删除的前馈层单元的比例。",
  "Share of the second moment of a matrix's outputs that its factors keep. A matrix stays whole where they would hold more numbers.":
    "因子保留的矩阵输出二阶矩的比例。若因子含有更多的数，矩阵保持不变。",
  "Number of validation rows, sampled with the seed, on which inputs of matrices are measured.":
    "测量矩阵输入所用的验证集行数，按种子抽取。",
  "Training of the factors, on the training rows, from labels and the run's own model. Default: none.":
    "在训练行上用标签和该运行自身的模型训练因子。默认不训练。",
  "Matrices become two factors of a lower rank, chosen by their inputs on validation rows. Transformers cannot read such a model; its ONNX file runs everywhere.":
    "矩阵变为两个低秩因子，按其在验证集上的输入选取。Transformers 不能读取这样的模型；它的 ONNX 文件在各处都能运行。",
  "Drops tokens that training rows do not use, from the vocabulary and the word table.":
    "从词表和词嵌入表中删除训练行没有用到的词元。",
  "The most tokens to keep, the most frequent first. Default: all that training rows use.":
    "最多保留的词元数，频率高的优先。默认保留训练行用到的全部词元。",
  "Tokens that training rows use less often are dropped.": "训练行中出现次数更少的词元会被删除。",
  "The model learns from the run's own model as it was evaluated, on the training rows.":
    "模型在训练行上向该运行评估过的模型学习。",
  "Layers of the student, taken evenly from the model. Default: as many as the model has now.":
    "学生模型的层数，从模型中均匀选取。默认与模型当前层数相同。",
  "Passes over the training rows.": "训练行的遍数。",
  "Rows per update.": "每次更新的行数。",
  "Highest learning rate; it falls linearly to 0.": "最高学习率，线性降到 0。",
  "Divides the logits of both.": "两个模型的 logits 都除以它。",
  "Weight of the loss against labels.": "标签损失的权重。",
  "Weight of the divergence from the teacher's logits.": "与教师模型 logits 的散度的权重。",
  "Weight of 1 − cosine between rows of the last layers (DistilBERT).":
    "最后一层各行之间 1 − 余弦的权重（DistilBERT）。",
  "Weight of the squared error between hidden states of paired layers (TinyBERT).":
    "配对层隐藏状态之间平方误差的权重（TinyBERT）。",
  "Weight of the squared error between attention scores of paired layers (TinyBERT).":
    "配对层注意力得分之间平方误差的权重（TinyBERT）。",
  "Search for settings (concord tune). concord run leaves it aside.":
    "搜索设置（concord tune）。concord run 不使用它。",
  "Number of settings among which these were chosen; concord tune sets it. Scores then also have intervals that hold for all of them together.":
    "这组设置是从多少组中选出的，由 concord tune 填写。此时得分另附对所有各组同时成立的区间。",
  "One of these values. null takes the key away.": "取其中一个值。null 表示去掉该键。",
  "A number between two bounds.": "两个界限之间的数。",
  "A number between two bounds, even in its logarithm: learning rates.": "两个界限之间的数，按对数均匀：如学习率。",
  "A whole number; both bounds are included.": "整数，包括两端。",
  "A whole number, even in its logarithm: ranks.": "整数，按对数均匀：如秩。",
  "The key varies only where other keys of the space have one of these values.":
    "仅当空间中其他键取这些值之一时，该键才变化。",
  "Keys of the recipe with their ranges, such as adapt.learningRate: { log: [1e-5, 1e-2] }.":
    "配方的键及其取值范围，如 adapt.learningRate: { log: [1e-5, 1e-2] }。",
  "How settings are chosen. tpe: tree-structured Parzen estimator. gaussian-process: expected improvement of the first objective, for few keys and trials. grid: every combination.":
    "如何选择设置。tpe：树状 Parzen 估计。gaussian-process：第一个目标的期望改进，适合键少、试验少的情形。grid：所有组合。",
  "tpe, gaussian-process: trials at random before the first that is modelled.":
    "tpe、gaussian-process：开始建模前随机试验的次数。",
  "grid: values of each numeric key.": "grid：每个数值键取多少个值。",
  "When a trial stops after an epoch. median: below the median of earlier trials. halving: not among the best third at epochs 1, 3, 9 … hyperband: several such races.":
    "试验何时在某轮之后提前停止。median：低于先前试验的中位数。halving：在第 1、3、9……轮不属于最好的三分之一。hyperband：多组这样的竞争。",
  "What is wanted, on validation rows. score: the task's main score. size: bytes of the weights. latency: milliseconds for one row. gap: largest difference of the score between groups. The winner is best in the first; several give a Pareto front.":
    "在验证集上追求的目标。score：任务的主要得分。size：权重字节数。latency：一行所需毫秒数。gap：各群体得分的最大差距。第一个目标最好者胜出；多个目标给出帕累托前沿。",
  "Number of settings that are tried.": "试验多少组设置。",
  "Time after which no further trial starts, in minutes, all sessions of the study together. Default none.":
    "超过此时间后不再开始新试验，单位为分钟，各次运行合计。默认不限。",
  "Trials at the same time, each in a process, as far as memory allows.":
    "同时进行的试验数，各占一个进程，以内存允许为限。",
  "Trainings of each trial, with seeds seed, seed + 1, …; their mean counts.":
    "每个试验训练几次，种子为 seed、seed + 1……，取平均值。",
  "Settings that are tried first: values for all keys of the space that exist beside them.":
    "最先尝试的设置：给出在该设置下存在的所有键的值。",
  "What is predicted. single-label: one class; ordinal: one class of classes in an order; multi-label: any number of classes; regression: a number; entities: spans in the text; embeddings: vectors of texts that belong together lie close; question-answering: the part of a text that answers a question; multi-task: several of these about the whole text, see tasks; multiple-choice: which of a row's own answers is right; text-generation: text that continues a text or answers a prompt; forecasting: the next steps of a series, as quantiles; reward: how good an answer is.":
    "预测什么。single-label：一个类别；ordinal：有序类别中的一个；multi-label：任意多个类别；regression：一个数值；entities：文本中的片段；embeddings：相属文本的向量彼此靠近；question-answering：文本中回答问题的部分；multi-task：关于整条文本的多个上述任务，见 tasks；multiple-choice：一行自带的多个答案中哪个正确；text-generation：续写文本或回答提示的文本；forecasting：时间序列后续各步的分位数；reward：回答有多好。",
  "Column to predict: labels, a number, tags or spans. Multiple choice: the right choice, as a number from 0, a letter from A, its own name, or its text. adapt.objective kto: whether the answer is good, true or false.":
    "要预测的列：标签、数值、标注或片段。选择题：正确选项，可为从 0 起的编号、从 A 起的字母、选项自己的名称或其文本。adapt.objective 为 kto 时：回答是否好，true 或 false。",
  "Audits of the model: fairness, privacy, explanation and robustness; of a model that writes: writing.":
    "模型审计：公平性、隐私、可解释性与稳健性；生成文本的模型：writing。",
  "Number of training texts, and of test texts, that are looked at.": "检查的训练文本数，测试文本也取同样多。",
  "Extraction: most tokens of a text that are given. At least half of the text is left.":
    "提取：最多给出文本的多少词元。至少留下一半文本。",
  "Extraction: most tokens that the model has to give back.": "提取：模型须还原的最大词元数。",
  "Phrases that make an answer a refusal. Default: a short list in English and Chinese.":
    "使回答算作拒答的短语。默认：一份简短的中英文列表。",
  "Words that make an answer toxic. Default: a short list in English and Chinese.":
    "使回答算作有害的词语。默认：一份简短的中英文列表。",
  "Text generation: training text given away, refusals and toxic words by group.":
    "文本生成：泄露的训练文本，以及各分组的拒答与有害词语。",
};
