// Chinese of what is wrong with compressing a model. See reading.ts.
export const compressingFaults: Readonly<Record<string, string>> = {
  compress: "压缩",
  "a table of rows is not smoothed": "查找表不做平滑",
  "not a block size": "不是有效的块大小",
  "16, 32, 64, 128 or 256": "16、32、64、128 或 256",
  "the model gives numbers that are not finite before {0}": "模型在 {0} 之前给出非有限的数值",
  "finite activations on the calibration rows": "校准行上的激活均为有限数值",
  "the model has no matrix that can be stored in fewer bits": "模型没有可以用更少位数存储的矩阵",
  "a matrix of at least {0} numbers outside the head": "头部以外至少有一个含 {0} 个数的矩阵",
  "nothing was observed of what {0} is multiplied with": "没有观测到与 {0} 相乘的数值",
  "calibration rows": "校准行",
  "no parameter has this name, or begins with it": "没有参数以此为名称或名称的开头",
  "there are too few validation rows to measure the ranges of activations": "验证集行数太少，无法测量激活的范围",
  "at least {0} rows": "至少 {0} 行",
  "set activations: row, which needs no calibration, or to: int8-weights":
    "请设 activations: row（无需校准），或 to: int8-weights",
  "training to be quantised reads training rows without noise: the guarantee of private training would end":
    "量化感知训练会无噪声地读取训练行：差分隐私训练的保证将失效",
  "fp16 rounds too little to train for: leave out training": "fp16 舍入太小，无需为此训练：请删除 training",
  "a model for {0} answers nothing that could be compared": "用于 {0} 的模型不给出可比较的预测",
  "a tolerance names a value that was not measured: {0}": "容差指定了未测量的数值：{0}",
  "the compressed model is refused: {0}": "压缩后的模型被拒绝：{0}",
  "{0} became worse by {1}, accepted {2}": "{0} 变差 {1}，可接受 {2}",
  "what compress.tolerances accepts": "compress.tolerances 可接受的范围",
  "compress less: int8-weights or fp16, activations: row, or keep the most sensitive matrices":
    "请降低压缩程度：int8-weights 或 fp16、activations: row，或用 keep 保留最敏感的矩阵",
  "the run is not evaluated: there is nothing to compare a compressed model with":
    "该运行尚未评估：压缩后的模型没有可比较的对象",
  "a compressed ONNX file runs on the CPU": "压缩后的 ONNX 文件只在 CPU 上运行",
  "--device cpu, or the run's own model": "--device cpu，或运行自身的模型",
  "the compressed model's file is gone": "压缩后的模型文件已不存在",
  "onnx/{0}, as {1} says": "{1} 所记录的 onnx/{0}",
  "compress the run again: concord compress": "请重新压缩该运行：concord compress",
  "the compressed model has no weights that can be differentiated": "压缩后的模型没有可求导的权重",
  "method shap or occlusion, which ask the model only": "只询问模型的方法 shap 或 occlusion",
  "use --method shap, or explain the run's own model": "请用 --method shap，或解释运行自身的模型",
  "the passport's compression is not what the compressed model says": "模型档案中的压缩记录与压缩后的模型不一致",
  "a search scores candidates on validation rows, and there are none": "搜索要在验证集上评分，而验证集为空",
  "data.split.dev above 0, or steps instead of a target": "data.split.dev 大于 0，或改用 steps 而不用 target",
  "nothing that was tried reaches the target": "尝试过的方式都达不到目标",
  "nearest: {0} ({1} of {2})": "最接近的是：{0}（{1}，得分为 {2}）",
  "raise the limit that the nearest one exceeds": "请放宽最接近者所超出的限值",
  "a target needs a limit: size, latency or drop": "目标需要一个限值：size、latency 或 drop",
  "there is nothing to do: name steps or a target": "没有要做的事：请给出 steps 或 target",
  "a target chooses how weights are stored: leave out the step quantise":
    "target 会选择权重的存储方式：请删除步骤 quantise",
  "the model is compressed already: what was stored in fewer bits cannot be stored again":
    "模型已压缩：已用更少位数存储的内容不能再次压缩",
  "the run that it was made of": "生成它的运行",
  "compress the run's own model in another way: its compressed model is then replaced":
    "请用另一种方式压缩运行自身的模型：原有的压缩模型会被替换",
  "says how, and nothing says to what": "说明了方式，却没有说明压缩成什么",
  "--to int8, int8-weights, int4 or fp16": "--to int8、int8-weights、int4 或 fp16",
  "not a name and its limit": "不是名称及其限值",
  "a target chooses how weights are stored": "target 会选择权重的存储方式",
  "--target alone": "只用 --target",
  "a step has one name: write each step as a list entry of its own":
    "每个步骤只有一个名称：请把每个步骤写成单独的列表项",
  "quantise comes last: a model in integers cannot be changed further": "quantise 放在最后：整数模型不能再修改",
  "compressing measures what changed on a test set: set data.split.test, or remove compress":
    "压缩要在测试集上测量变化：请设 data.split.test，或删除 compress",
};
