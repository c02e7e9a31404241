// Chinese of the recipe keys on federated training. See descriptions-zh.ts.
export const togetherDescriptions: Readonly<Record<string, string>> = {
  "Federated training with other organisations. `concord run` trains on one table and ignores this section.":
    "与其他机构的联邦训练。`concord run` 只用一张表训练，忽略本节。",
  "Number of federated rounds.": "联邦训练的轮次数。",
  "Minimum number of participants that must stay for a valid round. Default: more than two thirds.":
    "有效轮次中须留下的最少参与方数。默认超过三分之二。",
  "Number of other participants with which each participant shares masks. Default: all; fewer suit studies of some hundred participants. docs/rounds.md says how many colluders each number withstands.":
    "每个参与方与多少个其他参与方共享掩码。默认全部；参与方达数百个时可取较小的值。各个取值能抵御多少个合谋者，见 docs/rounds.md。",
  "Robust aggregation: participants are divided into buckets, each bucket makes a secret sum of its own, and the rule combines the buckets' means so that a few false ones cannot move the model beyond the others. It costs secrecy: a sum is over a bucket only. Default: one sum over all. Not with neighbours.":
    "稳健聚合：参与方分成若干桶，每个桶各自秘密求和，再按规则合并各桶的均值，使少数虚假均值不能让模型超出其余各桶的范围。代价是保密性：求和只在一个桶之内。默认对所有参与方求一个和。不能与 neighbours 同用。",
  "What is taken of the buckets' means, for each parameter. median: withstands false means in fewer than half of the buckets; trimmed-mean: the mean without the largest and the smallest.":
    "对每个参数，如何合并各桶的均值。median：可承受不到半数的桶的均值为虚假；trimmed-mean：去掉最大与最小者之后的均值。",
  "Least number of participants in a bucket. At least three buckets are needed. Who shares a bucket follows from the proposal's digest.":
    "每个桶至少有多少个参与方。至少需要三个桶。谁与谁同桶由提案的摘要决定。",
  "trimmed-mean: share of the buckets that is cut at each end, rounded down. So many buckets may have false means. Default: 0.25.":
    "trimmed-mean：两端各去掉多大比例的桶（向下取整）。可承受这么多个桶的均值为虚假。默认 0.25。",
  "How the mean update of a round changes the model.": "一轮的平均更新如何改变模型。",
  "Aggregation method. fedavg: the mean update is applied (McMahan 2017); fedprox: local training is also held near the round's model (Li 2020); fedadam: Adam on the mean updates (Reddi 2021).":
    "聚合方法。fedavg：应用平均更新（McMahan 2017）；fedprox：本地训练同时被约束在本轮模型附近（Li 2020）；fedadam：对平均更新使用 Adam（Reddi 2021）。",
  "fedprox: μ, the weight of the squared distance to the round's model in the local loss.":
    "fedprox：μ，本地损失中与本轮模型的平方距离的权重。",
  "Server learning rate: factor on the mean update.": "服务器学习率：平均更新的系数。",
  "fedadam: decay rate of the mean of updates.": "fedadam：更新均值的衰减率。",
  "fedadam: decay rate of the mean of squared updates.": "fedadam：更新平方均值的衰减率。",
  "fedadam: τ, added to the denominator. Larger values make the step less adaptive.":
    "fedadam：τ，加在分母上。值越大，步长的自适应程度越低。",
  "Optimizer of the local steps; its state is reset in each round. sgd: plain steps without gradient clipping.":
    "本地优化步所用的优化器；其状态每轮重置。sgd：不裁剪梯度的普通步。",
  "Schedule of adapt.learningRate over the rounds. linear: falls to a tenth in the last round.":
    "adapt.learningRate 随轮次的变化。linear：到最后一轮降至十分之一。",
  "Local steps of a participant per round, each on adapt.batchSize rows. Default: adapt.epochs over all its rows. Fewer steps with more rounds come closer to training on pooled data. Not for private training.":
    "参与方每轮的本地步数，每步 adapt.batchSize 行。默认对其全部行训练 adapt.epochs 遍。步数少、轮次多更接近在合并数据上训练。不用于隐私训练。",
  "Clipping bound for the change of each parameter in a round. The participant is informed of clipped values.":
    "每轮中每个参数变化量的裁剪上界。参与方会得知哪些值被裁剪。",
  "Maximum number of training rows that a participant's weight can reflect. It also bounds counts. Choose about the size of the largest table, because it sets the resolution of the masked sums.":
    "参与方的权重最多反映多少训练行，也是计数的上界。它决定掩码求和的分辨率，取最大数据表的大致行数即可。",
  "Groups to report, by column of data.attributes. All other values are counted together as other.":
    "要报告的群体，按 data.attributes 的列给出。其余取值合并计为 other。",
  "Private training: whether participants show their privacy ledgers, so that others compute ε again from them. hidden: ε is each participant's word, and shown with two digits. shown: also the number of its rows and what earlier private runs spent on them become known.":
    "私有训练：参与方是否出示隐私账本，以便他人据此重新计算 ε。hidden：ε 以各参与方的声明为准，以两位数字给出；shown：其行数以及此前私有训练在这些行上的消耗也会公开。",
  "Whether participants are asked to publish their own test scores too.": "是否也请参与方公布各自的测试得分。",
};
