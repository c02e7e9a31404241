// Chinese of what is wrong with adapters. See reading.ts.
export const adaptingFaults: Readonly<Record<string, string>> = {
  adapter: "适配器",
  "adapter {0}": "适配器 {0}",
  "merge adapter": "合并适配器",
  "keep adapter": "保留适配器",
  "adapter deltas": "适配器的增量",
  "freeze layers": "冻结层",
  "this kind is not known": "没有这种适配器",
  "it has no {0}": "它没有 {0} 这项设置",
  "no settings of its own": "没有自己的设置",
  "no linear layer is called {0}": "没有名为 {0} 的线性层",
  "which layers of a {0} model give its {1} is not known": "不清楚 {0} 模型的哪些层给出 {1}",
  "use an adapter of kind lora": "请使用 lora 适配器",
  "the expression matches no linear layer": "该表达式没有匹配任何线性层",
  "it has to match a whole name, such as .*attention.*(query|value)":
    "它必须匹配完整的名称，例如 .*attention.*(query|value)",
  "an adapter of kind {0} has no such setting: {1}": "{0} 适配器没有这项设置：{1}",
  "an adapter of kind {0} has no settings: leave it out": "{0} 适配器没有设置：请去掉",
  "method: lora is an adapter already: leave it out, or use adapter with kind: lora":
    "method: lora 本身就是适配器：请去掉，或使用 kind: lora 的 adapter",
  "beside an adapter all layers are frozen: leave it out": "使用适配器时所有层都已冻结：请去掉",
  "private training does not hold for it: use lora, miss, bottleneck or biases":
    "隐私训练不支持它：请使用 lora、miss、bottleneck 或 biases",
  "DoRA reads the norms of the base weights themselves: use base: float32":
    "DoRA 要读取基础权重本身的范数：请使用 base: float32",
  "what members learn with this kind of adapter cannot be added to one model: use lora, miss or biases":
    "参与方用这种适配器学到的内容不能加到同一个模型中：请使用 lora、miss 或 biases",
  "it cannot be trained privately": "它不能进行差分隐私训练",
  "lora, miss, bottleneck or biases": "lora、miss、bottleneck 或 biases",
  "its base cannot be stored in integers": "其基础模型不能以整数存储",
  "its norms join all weights of an output, so that the gradient of one example is not known":
    "它的范数涉及一个输出的所有权重，因此无法得知单个样本的梯度",
  "its factors enter through a product whose example norms are not known":
    "它的系数通过一个乘积进入，无法得知单个样本的范数",
  "it reads the norms of the base weights themselves": "它要读取基础权重本身的范数",
  "plain {0} on linear layers": "线性层上的普通 {0}",
  "an adapter of its linear layers, and weights of its own": "其线性层的适配器，以及自身的权重",
  "an adapter of its linear layers": "其线性层的适配器",
  "did you mean {0}? Else {1}": "您是否指 {0}？否则{1}",
  "{0} has an adapter and is no target": "{0} 有适配器，却不是目标模块",
  "the adapter of {0} is missing": "缺少 {0} 的适配器",
  "the model has fewer layers": "模型没有这么多层",
  "the model keeps an adapter already": "模型已经带有一个适配器",
  "a model without one, or a kind of adapter that is merged": "没有适配器的模型，或可以合并的适配器",
  "an adapter of kind {0} is no change of the base's weights": "{0} 适配器不是对基础模型权重的改动",
  "keep it beside its base": "请把它与基础模型放在一起使用",
  "what an adapter of kind {0} adds depends on the base's weights": "{0} 适配器所加的内容取决于基础模型的权重",
  "lora or miss": "lora 或 miss",
};
