// Chinese of the recipe keys on preferences and rewards. See descriptions-zh.ts.
export const preferenceDescriptions: Readonly<Record<string, string>> = {
  "Preferences: column with an answer that is worse than data.answer. With it the model learns from pairs.":
    "偏好：比 data.answer 差的回答所在的列。有此列时，模型从成对回答学习。",
  "1 if the answer is data.answer, apart from spaces around it; else 0.":
    "回答与 data.answer 相同（忽略两端空白）为 1，否则为 0。",
  "Factor on this reward; the rewards of an answer are added up.": "该奖励的系数；一个回答的各项奖励相加。",
  "1 if the whole answer matches a regular expression; else 0.": "整个回答匹配正则表达式为 1，否则为 0。",
  "Regular expression, as in --pattern of predict.": "正则表达式，同 predict 的 --pattern。",
  "1 if the answer is JSON that a schema allows; else 0.": "回答是符合 JSON Schema 的 JSON 为 1，否则为 0。",
  "JSON Schema, as in --schema of predict.": "JSON Schema，同 predict 的 --schema。",
  "1 if the answer has so many characters; less by its distance from the limit over most; at least 0.":
    "回答的字符数在范围内为 1；超出时减去与界限的距离除以 most，最低为 0。",
  "Fewest characters.": "最少字符数。",
  "Most characters.": "最多字符数。",
  "The score of a reward model.": "奖励模型的得分。",
  "Folder of a run with task: reward, or of its model.": "task: reward 的运行文件夹，或其模型文件夹。",
  "What a server answers, for each prompt and answer.": "服务器对每个提示与回答给出的数。",
  "Address that takes POST with JSON.": "接受 JSON 的 POST 地址。",
  "Longest wait for a batch, in seconds.": "每个批次的最长等待时间，单位为秒。",
  "Answers to each prompt. Each is judged against the others.": "每个提示的回答数。每个回答与其他回答比较。",
  "Longest answer, in tokens.": "回答的最大长度，单位为词元。",
  "Temperature of sampling.": "采样温度。",
  "Samples from the k most probable tokens. 0: all.": "只从概率最高的 k 个词元中采样。0：全部。",
  "Samples from the most probable tokens with this total probability.": "只从累计概率达到该值的最可能词元中采样。",
  "Samples from tokens with at least this share of the highest probability.":
    "只从概率不低于最高概率该比例的词元中采样。",
  "Updates with each batch of answers.": "每批回答用于更新的次数。",
  "grpo: limit of the change of a token's probability ratio. Matters with updates above 1.":
    "grpo：词元概率比变化的界限。updates 大于 1 时才起作用。",
  "Weight of the KL divergence from the start model, per token. 0: none.":
    "与起始模型的 KL 散度的权重，按词元计。0：不用。",
  "Text generation: what is learned. supervised: the answers. dpo, orpo: data.answer over data.rejected. kto: answers that data.label calls good or bad. grpo, reinforce: answers of the model's own, by adapt.rewards.":
    "文本生成：学习什么。supervised：回答本身。dpo、orpo：data.answer 优于 data.rejected。kto：由 data.label 标为好或坏的回答。grpo、reinforce：模型自己的回答，依据 adapt.rewards。",
  "dpo, kto: strength of the tie to the start model. orpo: weight of the odds ratio.":
    "dpo、kto：与起始模型保持接近的强度。orpo：优势比的权重。",
  "grpo, reinforce: how answers are sampled and learned from.": "grpo、reinforce：如何采样回答并从中学习。",
  "grpo, reinforce: rewards of an answer. They are added up.": "grpo、reinforce：一个回答的各项奖励，相加计算。",
};
