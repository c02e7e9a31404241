// Chinese of what is wrong with texts that a model writes, and with chat templates. See reading.ts.
export const generatingFaults: Readonly<Record<string, string>> = {
  "chat template": "对话模板",
  "text generation": "文本生成",
  "correct chat_template in tokenizer_config.json, or take it out: chats are then plain lines":
    "请修正 tokenizer_config.json 中的 chat_template，或将其删除：对话将按普通文本行处理",
  "the template is too long": "模板太长",
  "{0} characters": "{0} 个字符",
  "the template cannot be run": "模板无法运行",
  "the template cannot be read": "模板无法读取",
  "the template counts too far": "模板的计数过大",
  "range of {0}": "range 为 {0}",
  "the model's chat template refuses these messages": "模型的对话模板拒绝这些消息",
  "messages as the model was trained on": "与模型训练时格式相同的消息",
  "the template does not end": "模板运行不会结束",
  "the template writes too much": "模板输出的文本过长",
  "more than {0} steps": "超过 {0} 步",
  "more than {0} characters": "超过 {0} 个字符",
  "prompt {0} is empty, and the tokenizer has no token that begins a text":
    "第 {0} 条提示为空，而分词器没有表示文本开头的词元",
  "a prompt of at least one character": "至少一个字符的提示",
  "a stop string is empty": "停止文本为空",
  "texts of at least one character": "至少一个字符的文本",
  "beams follow the likeliest tokens: nothing is drawn": "束搜索只跟随概率最高的词元，不进行采样",
  "beams 1, or temperature 0": "束数为 1，或温度为 0",
  "the tokenizer has no token that ends a text": "分词器没有表示文本结束的词元",
  "an eos_token in tokenizer_config.json": "tokenizer_config.json 中的 eos_token",
  "name one there; GPT-2's is <|endoftext|>": "请在其中指定；GPT-2 的是 <|endoftext|>",
  "the template writes earlier messages anew when one is added: answers have no place of their own":
    "添加消息时，模板会改写先前的消息，因此无法确定回答的位置",
  "a template that only adds to what it has written": "只在已有文本之后追加内容的模板",
  "message {0} of {1}": "第 {0} 条消息，共 {1} 条",
  "keep chats to one answer each, or use a plainer chat_template":
    "请让每个对话只含一个回答，或使用更简单的 chat_template",
  "prompt {0} is too long: the model reads at most {1} tokens, the continuation among them":
    "第 {0} 条提示太长：模型最多读取 {1} 个词元，续写的部分也计算在内",
  "shorten it, or use --window: only its last tokens are read": "请缩短提示，或使用 --window 只读取其最后的词元",
  "a prompt does not fit the model": "提示与模型的长度不符",
  "a model for {0} does not write texts": "用于 {0} 的模型不能生成文本",
  "a causal language model, such as GPT2LMHeadModel or LlamaForCausalLM":
    "因果语言模型，如 GPT2LMHeadModel 或 LlamaForCausalLM",
  "weights of the model are missing": "模型缺少权重",
  "a whole causal language model": "完整的因果语言模型",
  "a model that writes texts gives no labels to look at": "生成文本的模型不给出可供查看的标签",
  "a byte-level vocabulary holds every byte and the special tokens": "字节级词表须包含所有字节和特殊词元",
  "the model gives labels: it does not write texts": "该模型给出标签，不生成文本",
  "the model writes texts: it has no labels": "该模型生成文本，没有标签",
  "stopped before the last text; nothing was written": "在处理完最后一条文本之前停止；没有写入任何内容",
  "name the column of the answers: data.answer; a chat needs a message of the role assistant":
    "请指定回答所在的列：data.answer；对话中须有角色为 assistant 的消息",
  "nothing in the row is an answer that could be learned": "该行中没有可以学习的回答",
};
