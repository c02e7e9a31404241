// What each error code means and what to do about it, and the frame in which an error is shown.
export const errorMessages = {
  "error.problem": { en: "problem", zh: "问题" },
  "error.expected": { en: "expected", zh: "应为" },
  "error.got": { en: "got", zh: "实际" },
  "error.try": { en: "try", zh: "建议" },
  "error.in": { en: "in", zh: "位置" },
  "error.at": { en: "at", zh: "代码" },
  "error.bug": {
    en: "This is a fault of Concord itself. Please report the lines above.",
    zh: "这是 Concord 自身的错误，请把以上内容反馈给开发者。",
  },

  "meaning.E_SHAPE": { en: "Array sizes do not fit an operation.", zh: "数组的形状与运算不符。" },
  "remedy.E_SHAPE": {
    en: "compare the two shapes with the ones that the operation expects",
    zh: "对照运算要求的形状检查两边的数组",
  },
  "meaning.E_DTYPE": {
    en: "An array has an element type that an operation does not take.",
    zh: "数组的元素类型不被该运算接受。",
  },
  "remedy.E_DTYPE": { en: "convert the array to the expected type", zh: "把数组转换为所要求的类型" },
  "meaning.E_GRAPH": { en: "A graph breaks one of its own rules.", zh: "计算图违反了自身的规则。" },
  "remedy.E_GRAPH": {
    en: "check the function that was traced; print the graph to see the value named",
    zh: "检查被追踪的函数；打印计算图以找到所指的值",
  },
  "meaning.E_GRADIENT": {
    en: "A gradient was asked of something that has none.",
    zh: "对没有梯度的对象求了梯度。",
  },
  "remedy.E_GRADIENT": {
    en: "differentiate with respect to float inputs, through operations that have a gradient",
    zh: "只对浮点输入求导，并且途经的运算都要有梯度",
  },
  "meaning.E_LOWER": {
    en: "A graph cannot be lowered to the chosen target.",
    zh: "计算图无法转换到所选的目标。",
  },
  "remedy.E_LOWER": { en: "choose another target, such as cpu", zh: "换一个目标，例如 cpu" },
  "meaning.E_RUNTIME": { en: "The runtime refused or failed to run a graph.", zh: "运行库拒绝执行或执行失败。" },
  "remedy.E_RUNTIME": {
    en: "run concord doctor; try a smaller batch",
    zh: "运行 concord doctor 检查环境；或减小批量",
  },
  "meaning.E_DEVICE": {
    en: "The device that was asked for is not there, or cannot do the work.",
    zh: "所要求的设备不存在，或不能完成这项工作。",
  },
  "remedy.E_DEVICE": { en: "use --device cpu", zh: "使用 --device cpu" },
  "meaning.E_DEPENDENCY": {
    en: "An optional package that this work needs is not installed.",
    zh: "这项工作需要的可选软件包没有安装。",
  },
  "remedy.E_DEPENDENCY": { en: "install the package that is named", zh: "安装所指的软件包" },
  "meaning.E_FORMAT": {
    en: "A file is broken or is not what it claims to be.",
    zh: "文件已损坏，或不是它声称的格式。",
  },
  "remedy.E_FORMAT": { en: "fetch or write the file again", zh: "重新获取或重新生成该文件" },
  "meaning.E_VERSION": {
    en: "A file was written by a newer Concord than this one.",
    zh: "文件由更新版本的 Concord 写出。",
  },
  "remedy.E_VERSION": { en: "use the newer Concord", zh: "请使用更新版本的 Concord" },
  "meaning.E_CHECKSUM": {
    en: "A file's content differs from its recorded checksum.",
    zh: "文件内容与记录的校验和不符。",
  },
  "remedy.E_CHECKSUM": { en: "copy the file again from where it came", zh: "从来源重新复制该文件" },
  "meaning.E_CONFIG": {
    en: "A configuration has a wrong, missing or unknown entry.",
    zh: "配置中有错误、缺失或未知的条目。",
  },
  "remedy.E_CONFIG": {
    en: "correct the entry; editors complete recipes from schema/recipe.schema.json",
    zh: "改正该条目；编辑器可依据 schema/recipe.schema.json 自动补全",
  },
  "meaning.E_MODEL": {
    en: "A model folder's parts do not fit together, or its architecture is unknown.",
    zh: "模型文件夹的各部分不相配，或架构未知。",
  },
  "remedy.E_MODEL": {
    en: "use config.json, weights and tokenizer of one and the same model; docs/models.md lists what is covered",
    zh: "config.json、权重与分词器须出自同一模型；支持范围见 docs/models.md",
  },
  "meaning.E_TOKENIZER": {
    en: "A tokenizer file cannot be used, or a text cannot be tokenized as asked.",
    zh: "分词器文件无法使用，或文本无法按要求分词。",
  },
  "remedy.E_TOKENIZER": { en: "use the tokenizer.json that came with the model", zh: "使用模型自带的 tokenizer.json" },
  "meaning.E_DATA": { en: "Input data is missing, empty or malformed.", zh: "输入数据缺失、为空或格式有误。" },
  "remedy.E_DATA": {
    en: "look at the line that is named; concord inspect shows what a table holds",
    zh: "查看所指的那一行；可用 concord inspect 查看表格内容",
  },
  "meaning.E_ARGUMENT": {
    en: "A function or command was called with a value that it does not take.",
    zh: "函数或命令收到了不接受的参数值。",
  },
  "remedy.E_ARGUMENT": { en: "see concord <command> --help", zh: "参见 concord <命令> --help" },
  "meaning.E_IO": { en: "A file or folder cannot be read or written.", zh: "文件或文件夹无法读取或写入。" },
  "remedy.E_IO": {
    en: "check the path, its owner and mode, and the space left on the disk",
    zh: "检查路径、所有者与权限，以及磁盘剩余空间",
  },
  "meaning.E_SERVER": {
    en: "A server cannot be reached, or refuses a request.",
    zh: "无法连接服务器，或请求被服务器拒绝。",
  },
  "remedy.E_SERVER": {
    en: "check the address, the network and the access rights",
    zh: "检查服务器地址、网络与访问权限",
  },
  "meaning.E_MEMORY": {
    en: "The work needs more memory than the machine has.",
    zh: "这项工作需要的内存超过了本机内存。",
  },
  "remedy.E_MEMORY": {
    en: "use a smaller batchSize or maxLength, or method: lora",
    zh: "减小 batchSize 或 maxLength，或使用 method: lora",
  },
  "meaning.E_DIVERGED": {
    en: "Training produced NaN or Infinity and was stopped.",
    zh: "训练中出现 NaN 或无穷大，已停止。",
  },
  "remedy.E_DIVERGED": {
    en: "use a smaller learningRate or a longer warmupRatio",
    zh: "减小 learningRate，或增大 warmupRatio",
  },
  "meaning.E_SIGNATURE": {
    en: "A signature is missing, wrong, or by a signer who is not trusted.",
    zh: "签名缺失、有误，或签名者不受信任。",
  },
  "remedy.E_SIGNATURE": {
    en: "use the key or the signer that is named; the policy lists whom it trusts",
    zh: "使用所指明的密钥或签名者；策略文件列出了受信任的签名者",
  },
  "meaning.E_GATE": { en: "A model does not meet the policy of its release.", zh: "模型不符合发布策略。" },
  "meaning.E_ROUND": {
    en: "A message of a round is refused: forged, stale, or not what its phase takes.",
    zh: "一轮中的消息被拒绝：伪造、过期，或不属于当前阶段。",
  },
  "remedy.E_GATE": {
    en: "mend the model, or let a signer who may do so override the gate with a reason",
    zh: "改进模型，或由有权的签名者说明理由后放行",
  },
  "remedy.E_ROUND": {
    en: "the sender is named: ask it to resend, or leave it out of the study; nothing of the message was used",
    zh: "已指明发送方：请其重发，或将其排除在研究之外；该消息未被使用",
  },
  "meaning.E_LOCKED": { en: "Another run works in the folder.", zh: "另一个任务正在使用该文件夹。" },
  "remedy.E_LOCKED": {
    en: "wait for it, stop it, or name another folder with --out",
    zh: "等待它结束、停止它，或用 --out 指定别的文件夹",
  },
  "meaning.E_INTERRUPTED": {
    en: "The work was interrupted; it can be resumed.",
    zh: "工作已中断，可以继续。",
  },
  "remedy.E_INTERRUPTED": { en: "concord resume <run> goes on from there", zh: "用 concord resume <运行文件夹> 继续" },
} as const;
