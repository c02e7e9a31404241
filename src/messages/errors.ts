// What each error code means and what to do about it, and the frame in which an error is shown.
export const errorMessages = {
  "error.problem": { en: "problem", zh: "问题" },
  "error.expected": { en: "expected", zh: "应为" },
  "error.got": { en: "got", zh: "实际" },
  "error.try": { en: "try", zh: "建议" },
  "error.in": { en: "in", zh: "位置" },
  "error.at": { en: "at", zh: "代码" },
  "error.bug": {
    en: "This is a bug in Concord. Please report the lines above.",
    zh: "这是 Concord 自身的缺陷，请反馈以上内容。",
  },

  "meaning.E_SHAPE": { en: "Array shapes do not match what the operation expects.", zh: "数组形状不符合运算要求。" },
  "remedy.E_SHAPE": {
    en: "compare both shapes with the shapes that the operation expects",
    zh: "将两个数组的形状与运算要求的形状对照",
  },
  "meaning.E_DTYPE": {
    en: "The operation does not support the element type of an array.",
    zh: "该运算不支持数组的元素类型。",
  },
  "remedy.E_DTYPE": { en: "convert the array to the expected type", zh: "将数组转换为要求的类型" },
  "meaning.E_GRAPH": { en: "The graph is not valid.", zh: "计算图无效。" },
  "remedy.E_GRAPH": {
    en: "check the traced function; print the graph to find the named value",
    zh: "检查被追踪的函数；打印计算图以找到所指的值",
  },
  "meaning.E_GRADIENT": {
    en: "The value has no gradient.",
    zh: "该值没有梯度。",
  },
  "remedy.E_GRADIENT": {
    en: "differentiate with respect to float inputs, through differentiable operations",
    zh: "只对浮点输入求导，且途经的运算都须可导",
  },
  "meaning.E_LOWER": {
    en: "The graph cannot be compiled for the chosen target.",
    zh: "计算图无法编译到所选目标。",
  },
  "remedy.E_LOWER": { en: "choose another target, such as cpu", zh: "选择其他目标，例如 cpu" },
  "meaning.E_RUNTIME": { en: "ONNX Runtime could not run a graph.", zh: "ONNX Runtime 无法执行计算图。" },
  "remedy.E_RUNTIME": {
    en: "run concord doctor, or use a smaller batch",
    zh: "运行 concord doctor 检查环境，或减小批量",
  },
  "meaning.E_DEVICE": {
    en: "The requested device is missing or cannot do this work.",
    zh: "指定的设备不存在，或不支持这项工作。",
  },
  "remedy.E_DEVICE": { en: "use --device cpu", zh: "请使用 --device cpu" },
  "meaning.E_DEPENDENCY": {
    en: "A required optional package is not installed.",
    zh: "缺少所需的可选软件包。",
  },
  "remedy.E_DEPENDENCY": { en: "install the named package", zh: "安装所指明的软件包" },
  "meaning.E_FORMAT": {
    en: "The file is damaged or has another format than its name says.",
    zh: "文件已损坏，或实际格式与名称不符。",
  },
  "remedy.E_FORMAT": { en: "download or create the file again", zh: "重新下载或重新生成该文件" },
  "meaning.E_VERSION": {
    en: "A newer version of Concord wrote this file.",
    zh: "该文件由更新版本的 Concord 写出。",
  },
  "remedy.E_VERSION": { en: "update Concord", zh: "请升级 Concord" },
  "meaning.E_CHECKSUM": {
    en: "The file content does not match its recorded checksum.",
    zh: "文件内容与记录的校验和不符。",
  },
  "remedy.E_CHECKSUM": { en: "copy the file again from its source", zh: "从来源重新复制该文件" },
  "meaning.E_CONFIG": {
    en: "The configuration has a wrong, missing or unknown key.",
    zh: "配置中有错误、缺失或未知的键。",
  },
  "remedy.E_CONFIG": {
    en: "correct the key; editors suggest keys from schema/recipe.schema.json",
    zh: "改正该键；编辑器可依据 schema/recipe.schema.json 给出提示",
  },
  "meaning.E_MODEL": {
    en: "The files of the model do not match, or its architecture is not supported.",
    zh: "模型的文件互不匹配，或不支持其架构。",
  },
  "remedy.E_MODEL": {
    en: "use config.json, weights and tokenizer of the same model; docs/models.md lists the supported models",
    zh: "请使用同一模型的 config.json、权重和分词器；支持的模型见 docs/models.md",
  },
  "meaning.E_TOKENIZER": {
    en: "The tokenizer file is not usable, or the text cannot be tokenized.",
    zh: "分词器文件无法使用，或文本无法分词。",
  },
  "remedy.E_TOKENIZER": { en: "use the tokenizer.json of the model", zh: "使用模型自带的 tokenizer.json" },
  "meaning.E_DATA": { en: "Input data is missing, empty or malformed.", zh: "输入数据缺失、为空或格式有误。" },
  "remedy.E_DATA": {
    en: "check the named line; concord inspect describes the table",
    zh: "检查所指的行；可用 concord inspect 查看数据表",
  },
  "meaning.E_ARGUMENT": {
    en: "An argument or option has a value that is not accepted.",
    zh: "参数或选项的值不被接受。",
  },
  "remedy.E_ARGUMENT": { en: "run concord <command> --help", zh: "运行 concord <命令> --help" },
  "meaning.E_IO": { en: "A file or folder cannot be read or written.", zh: "文件或文件夹无法读取或写入。" },
  "remedy.E_IO": {
    en: "check the path, its permissions and the free disk space",
    zh: "检查路径、权限和磁盘剩余空间",
  },
  "meaning.E_SERVER": {
    en: "The server cannot be reached or refused the request.",
    zh: "无法连接服务器，或服务器拒绝了请求。",
  },
  "remedy.E_SERVER": {
    en: "check the address, the network and your access rights",
    zh: "检查地址、网络和访问权限",
  },
  "meaning.E_MEMORY": {
    en: "The work needs more memory than this machine has.",
    zh: "所需内存超过本机内存。",
  },
  "remedy.E_MEMORY": {
    en: "use a smaller batchSize or maxLength, or method: lora",
    zh: "减小 batchSize 或 maxLength，或使用 method: lora",
  },
  "meaning.E_DIVERGED": {
    en: "Training stopped because it produced NaN or Infinity.",
    zh: "训练产生 NaN 或无穷大，已停止。",
  },
  "remedy.E_DIVERGED": {
    en: "use a smaller learningRate or a larger warmupRatio",
    zh: "减小 learningRate，或增大 warmupRatio",
  },
  "meaning.E_SIGNATURE": {
    en: "A signature is missing or not valid, or its signer is not trusted.",
    zh: "签名缺失或无效，或签署方不受信任。",
  },
  "remedy.E_SIGNATURE": {
    en: "use the named key or signer; the policy lists the trusted signers",
    zh: "使用指明的密钥或签署方；受信任的签署方见策略文件",
  },
  "meaning.E_GATE": { en: "The model does not meet the release policy.", zh: "模型不符合发布策略。" },
  "meaning.E_ROUND": {
    en: "A message of a round was refused: it is forged, out of date, or not allowed in this phase.",
    zh: "轮次中的一条消息被拒绝：伪造、过期，或当前阶段不允许。",
  },
  "remedy.E_GATE": {
    en: "improve the model, or let an authorized signer override the gate with a reason",
    zh: "改进模型，或由有权的签署方说明理由后豁免该门槛",
  },
  "remedy.E_ROUND": {
    en: "ask the named sender to resend, or exclude it from the study; the message was not used",
    zh: "请所指的发送方重发，或将其排除在研究之外；该消息未被使用",
  },
  "meaning.E_LOCKED": { en: "Another process is using this folder.", zh: "另一个进程正在使用该文件夹。" },
  "remedy.E_LOCKED": {
    en: "wait for it, stop it, or choose another folder with --out",
    zh: "等待其结束、停止它，或用 --out 指定其他文件夹",
  },
  "meaning.E_INTERRUPTED": {
    en: "The run was interrupted. You can resume it.",
    zh: "运行已中断，可以继续。",
  },
  "remedy.E_INTERRUPTED": { en: "resume with: concord resume <run>", zh: "继续运行：concord resume <运行文件夹>" },
} as const;
